"""Icons in the colours of the palette, so that they suit a light and a dark window."""

from __future__ import annotations

from typing import Final

from PyQt5.QtCore import QByteArray, QRectF, Qt
from PyQt5.QtGui import QColor, QIcon, QPainter, QPalette, QPixmap
from PyQt5.QtSvg import QSvgRenderer

from monitorapp.ui.widgets.resources import resource_path

_SIZES_PX: Final = (16, 24, 32, 48)
_RATIOS: Final = (1, 2)
_APP_SIZES_PX: Final = (16, 24, 32, 48, 64, 128, 256, 512)


def drawing(name: str, color: QColor, size_px: int) -> QPixmap:
    """Return the line drawing `name` in one colour, `size_px` device pixels wide and high.

    Raises:
        FileNotFoundError: There is no drawing of that name.
    """
    svg = resource_path(f"{name}.svg").read_bytes()
    return _rendered(svg.replace(b"currentColor", color.name().encode("ascii")), size_px)


def icon(name: str, palette: QPalette) -> QIcon:
    """Return the icon `name` in the palette's button text colours, enabled and disabled.

    It keeps the colours it was made with: make it again when the palette changes.

    Raises:
        FileNotFoundError: There is no icon of that name.
    """
    made = QIcon()
    for mode, group in (
        (QIcon.Mode.Normal, QPalette.ColorGroup.Active),
        (QIcon.Mode.Disabled, QPalette.ColorGroup.Disabled),
    ):
        color = palette.color(group, QPalette.ColorRole.ButtonText)
        # A pixmap marked with a device pixel ratio would be drawn at half its size on a plain
        # screen; unmarked, QIcon picks by device pixels and marks the one it hands out.
        for size_px in sorted({size * ratio for size in _SIZES_PX for ratio in _RATIOS}):
            made.addPixmap(drawing(name, color, size_px), mode)
    return made


def app_icon() -> QIcon:
    """Return the application's icon in its own colours, from 16 to 512 pixels.

    Raises:
        FileNotFoundError: Its file is missing.
    """
    made = QIcon()
    svg = resource_path("monitorapp.svg").read_bytes()
    for size_px in _APP_SIZES_PX:
        made.addPixmap(_rendered(svg, size_px))
    return made


def _rendered(svg: bytes, size_px: int) -> QPixmap:
    pixmap = QPixmap(size_px, size_px)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    QSvgRenderer(QByteArray(svg)).render(painter, QRectF(0, 0, size_px, size_px))
    painter.end()
    return pixmap
