"""Writes a chart to a file, as points or as lines."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from PyQt5.QtCore import QBuffer, QByteArray, QIODevice, QRect, QRectF, QSize
from PyQt5.QtGui import QColor, QImage, QPainter
from PyQt5.QtSvg import QSvgGenerator
from PyQt5.QtWidgets import QGraphicsScene

_POINTS: Final = 2
"""How many points of a PNG lie on one of the screen, each way, so that it can be printed."""


class ChartFileError(Exception):
    """A chart was not written; the message says why and what to do, in one sentence."""


def write_chart(scene: QGraphicsScene, size: QSize, background: QColor, path: Path) -> None:
    """Write a scene as PNG or SVG, as the suffix of `path` says.

    Args:
        scene: What is drawn.
        size: How much of it, from its top left.
        background: What it is drawn on.
        path: The file; replaced if there is one.

    Raises:
        ChartFileError: It has another suffix, or cannot be written.
    """
    form = path.suffix.lower()
    if form not in (".png", ".svg"):
        raise ChartFileError(f"A chart is saved as .png or .svg: {path.name or path} is neither.")
    content = _png(scene, size, background) if form == ".png" else _svg(scene, size, background)
    try:
        path.write_bytes(content)
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else str(error)
        raise ChartFileError(
            f"The chart was not saved to {path} ({reason}): choose another place."
        ) from error


def _png(scene: QGraphicsScene, size: QSize, background: QColor) -> bytes:
    image = QImage(size * _POINTS, QImage.Format.Format_RGB32)
    _paint(scene, size, background, QPainter(image))
    content = QByteArray()
    buffer = QBuffer(content)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    image.save(buffer, "PNG")
    buffer.close()
    return bytes(content)


def _svg(scene: QGraphicsScene, size: QSize, background: QColor) -> bytes:
    content = QByteArray()
    buffer = QBuffer(content)
    generator = QSvgGenerator()
    generator.setOutputDevice(buffer)
    generator.setSize(size)
    generator.setViewBox(QRect(0, 0, size.width(), size.height()))
    generator.setTitle("Chart")
    _paint(scene, size, background, QPainter(generator))
    return bytes(content)


def _paint(scene: QGraphicsScene, size: QSize, background: QColor, painter: QPainter) -> None:
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    device = painter.device()
    assert device is not None
    whole = QRectF(0, 0, size.width(), size.height())
    target = whole
    if isinstance(device, QImage):
        target = QRectF(0, 0, device.width(), device.height())
    painter.fillRect(target, background)
    scene.render(painter, target, whole)
    painter.end()
