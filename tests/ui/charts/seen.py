"""What can be seen of a chart: its texts and where they stand, its grid, its pixels."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pyqtgraph as pg
from numpy.typing import NDArray
from PyQt5.QtCore import QPoint, QPointF, QRect, QRectF
from PyQt5.QtGui import QImage, QPainter, QPicture
from PyQt5.QtWidgets import QGraphicsTextItem, QGraphicsView, QLabel, QWidget

from monitorapp.ui.charts.chart import Chart


@dataclass
class Label:
    """A text in a chart, and where it stands, in pixels of the chart."""

    text: str
    rect: QRectF


def view_of(chart: Chart) -> QGraphicsView:
    view: QGraphicsView = chart.findChild(QGraphicsView, f"{chart.objectName()}_view")
    return view


def viewport_of(chart: Chart) -> QWidget:
    port = view_of(chart).viewport()
    assert port is not None
    return port


def _items(chart: Chart, kind: type) -> list[Any]:
    scene = view_of(chart).scene()
    assert scene is not None
    return [item for item in scene.items() if isinstance(item, kind) and item.isVisible()]


def box_of(chart: Chart) -> Any:
    (box,) = _items(chart, pg.ViewBox)
    return box


def plot_rect(chart: Chart) -> QRectF:
    """Return where the curves are drawn."""
    box = box_of(chart)
    rect: QRectF = box.mapRectToScene(box.rect())
    return rect


def middle(chart: Chart) -> QPoint:
    chart.grab()  # all is laid out
    return plot_rect(chart).center().toPoint()


def _specs(axis: Any) -> tuple[Any, Any, Any]:
    picture = QPicture()
    painter = QPainter(picture)
    try:
        found: tuple[Any, Any, Any] = axis.generateDrawSpecs(painter)
    finally:
        painter.end()
    return found


def tick_labels(chart: Chart, side: str) -> list[Label]:
    """Return the labels of the axis at a side, `left` or `bottom`."""
    (axis,) = (axis for axis in _items(chart, pg.AxisItem) if axis.orientation == side)
    _, _, texts = _specs(axis)
    return [Label(text, axis.mapRectToScene(rect)) for rect, _, text in texts]


def grid(chart: Chart, side: str) -> list[float]:
    """Return where the lines of the grid that belong to an axis are, in pixels of the chart."""
    (axis,) = (axis for axis in _items(chart, pg.AxisItem) if axis.orientation == side)
    _, ticks, _ = _specs(axis)
    places = [axis.mapToScene(begin) for _, begin, _ in ticks]
    return [place.x() if side == "bottom" else place.y() for place in places]


def counts_below(chart: Chart) -> list[Label]:
    """Return the numbers below the x axis, and before them what they are."""
    (axis,) = (axis for axis in _items(chart, pg.AxisItem) if axis.orientation == "bottom")
    return [Label(text, axis.mapRectToScene(rect)) for rect, text in axis.counts.drawn]


def other_labels(chart: Chart) -> list[Label]:
    """Return the title, the legend, the label of the mark and what the pointer reads."""
    return [
        Label(item.toPlainText(), item.sceneBoundingRect())
        for item in _items(chart, QGraphicsTextItem)
        if item.toPlainText().strip()
    ]


def texts(chart: Chart) -> list[str]:
    """Return all that can be read in a chart."""
    chart.grab()  # all is laid out
    empty = chart.findChild(QLabel)
    if empty.isVisible():
        return [empty.text()]
    found = [*tick_labels(chart, "left"), *tick_labels(chart, "bottom"), *other_labels(chart)]
    return [label.text for label in found]


def readings(chart: Chart) -> list[Label]:
    """Return what the pointer reads, with its box; nothing if there is no pointer."""
    return [
        Label(item.toPlainText(), item.sceneBoundingRect())
        for item in _items(chart, pg.TextItem)
        if not isinstance(item, pg.InfLineLabel)
    ]


def reading(chart: Chart) -> str:
    """Return what the pointer reads; empty if there is none."""
    return "".join(label.text for label in readings(chart))


def names(chart: Chart) -> list[str]:
    """Return the names in the legend."""
    return [
        label.item.toPlainText()
        for legend in _items(chart, pg.LegendItem)
        for _, label in legend.items
    ]


def place_of(chart: Chart, x: float, y: float) -> QPointF:
    """Return where a point of the axes is drawn, counted from the left end of the x axis."""
    place: QPointF = box_of(chart).mapViewToScene(QPointF(x, y))
    return place


def span_shown(chart: Chart) -> float:
    """Return how much of the x axis is shown."""
    low, high = box_of(chart).viewRange()[0]
    return float(high - low)


def image_of(chart: Chart) -> QImage:
    return chart.grab().toImage()


def colours(chart: Chart) -> set[str]:
    """Return all colours that are painted, as #rrggbb."""
    return {f"#{colour & 0xFFFFFF:06x}" for colour in np.unique(pixels_of(image_of(chart)))}


def pixels_of(image: QImage) -> NDArray[np.uint32]:
    """Return the pixels of an image in rows, each 0xffrrggbb."""
    image = image.convertToFormat(QImage.Format.Format_RGB32)
    bits = image.constBits()
    assert bits is not None
    content = bits.asstring(image.sizeInBytes())
    return np.frombuffer(content, np.uint32).reshape(image.height(), image.width())


def longest_run(image: QImage, colour: str, *, across: bool, within: QRect) -> int:
    """Return the row, or the column, of pixels within a rectangle with the most of a colour."""
    rows = slice(within.top(), within.bottom())
    columns = slice(within.left(), within.right())
    has_colour = pixels_of(image)[rows, columns] & 0xFFFFFF == int(colour[1:], 16)
    begin = within.top() if across else within.left()
    return begin + int(has_colour.sum(1 if across else 0).argmax())
