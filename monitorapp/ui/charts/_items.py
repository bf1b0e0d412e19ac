"""What a plot is made of: pyqtgraph's items, made to fit the look of the app."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from html import escape
from typing import Any, Final

import numpy as np
import pyqtgraph as pg
from PyQt5.QtCore import QRectF, Qt
from PyQt5.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPalette

from monitorapp.ui.charts._ticks import count_label, number_label, time_label
from monitorapp.ui.charts.series import Steps

GAP_PX: Final = 4

APART_PX: Final = 12
"""How far apart the title and the names in the legend are."""

_SAMPLE_PX: Final = 20 + GAP_PX  # what pyqtgraph draws before a name in a legend
_LEAST_ROWS: Final = 5  # as high as so many lines of text is a plot with counts below it
_LABEL_PX: Final = 100  # more than half a label, however large the font


class Curve:
    """A line of steps, and the band around it, in a view box, which owns them."""

    def __init__(self, box: Any) -> None:
        empty = np.zeros(2), np.zeros(1)
        self.line, *self._edges = (
            pg.PlotCurveItem(*empty, stepMode="center", skipFiniteCheck=True) for _ in range(3)
        )
        self._band = pg.FillBetweenItem(*self._edges)
        for item in (self._band, self.line):
            box.addItem(item, ignoreBounds=True)

    def set_steps(self, steps: Steps, base: float) -> None:
        self.line.show()
        self._band.setVisible(steps.band is not None)
        self._x = np.asarray(steps.edges, float)
        self._tops = np.asarray(steps.values, float)
        self.line.setData(self._x - base, self._tops)
        for edge, values in zip(self._edges, steps.band or (), strict=False):
            self._tops = np.asarray(values, float)
            edge.setData(self._x - base, self._tops)

    def highest(self, low: float, high: float) -> float:
        """Return the highest value, or that of the band, from one x to the other."""
        first = max(0, int(np.searchsorted(self._x, low, "right")) - 1)
        last = int(np.searchsorted(self._x, high, "left"))
        return float(self._tops[first:last].max(initial=0.0))

    def hide(self) -> None:
        for item in (self.line, self._band):
            item.hide()

    def set_colour(self, colour: QColor, width_px: float) -> None:
        self.line.setPen(pg.mkPen(colour, width=width_px))
        fill = QColor(colour)
        fill.setAlphaF(0.22)
        self._band.setBrush(fill)


class Axis(pg.AxisItem):
    """An axis whose numbers are written out, and whose labels are never cut or left out."""

    def __init__(self, orientation: str, unit: str, *, is_time: bool = False) -> None:
        self._unit, self._is_time = unit, is_time
        self.base = 0.0  # what its 0 stands for
        self.labels_px = 0
        self.counts = Counts()
        super().__init__(orientation)
        self.enableAutoSIPrefix(False)  # or it would lay out a title at each change
        self.setGrid(True)
        self.setStyle(tickLength=0, tickAlpha=0.14, tickTextOffset=GAP_PX)

    def set_style(self, font: QFont, text: QColor, line: QColor, grid: QColor) -> None:
        self.setTickFont(font)
        self.setPen(line)
        self.setTextPen(text)
        self.setTickPen(grid)
        self.counts.set_style(font, text)

    def fit_counts(
        self, title: str, lines: Sequence[Steps], palette: QPalette, plot_px: float
    ) -> None:
        """Draw the counts of these lines below the labels, if that leaves room for a plot.

        Args:
            title: What they are.
            lines: The lines, each of which has a name above the plot.
            palette: Has their colours.
            plot_px: How high all of it is.
        """
        counts = self.counts
        counts.set_lines(title, lines, palette)
        if plot_px < counts.height_px + (_LEAST_ROWS + len(lines)) * counts.row_px:
            counts.set_lines(title, (), palette)
        self.setHeight(self.labels_px + round(counts.height_px))
        self.picture = None
        self.update()

    def label_of(self, value: float, step: float) -> str:
        if self._is_time:
            return time_label(value)
        return f"{number_label(value, step)} {self._unit}".rstrip()

    def tickStrings(self, values: Sequence[float], scale: float, spacing: float) -> list[str]:
        return [self.label_of(self.base + value, spacing) for value in values]

    def boundingRect(self) -> QRectF:
        """Add the ticks at the ends of the axis, whose labels pyqtgraph would leave out."""
        rect: QRectF = super().boundingRect()
        return rect.adjusted(-_LABEL_PX, -_LABEL_PX, _LABEL_PX, _LABEL_PX)

    def generateDrawSpecs(self, painter: QPainter) -> Any:
        """Move the labels at the ends into the view, and drop those that would overlap."""
        found = super().generateDrawSpecs(painter)
        if found is None:
            return None
        line, ticks, texts = found
        view = self.mapRectFromScene(self.getViewWidget().sceneRect()).adjusted(2, 0, -2, 0)
        taken: list[QRectF] = []
        apart = []
        for text in texts:
            rect = text[0]
            rect.moveLeft(max(view.left(), min(rect.left(), view.right() - rect.width())))
            if not any(rect.intersects(other) for other in taken):
                taken.append(rect)
                apart.append(text)
        return line, ticks, apart

    def drawPicture(self, painter: QPainter, line: Any, ticks: Any, texts: Any) -> None:
        """Draw the counts below the labels too."""
        super().drawPicture(painter, line, ticks, texts)
        if not self.counts.height_px:
            return
        box = self.linkedView()
        low, high = box.viewRange()[0]
        plot = self.mapRectFromItem(box, box.boundingRect())
        view = self.mapRectFromScene(self.getViewWidget().sceneRect())
        places = {
            plot.left() + (x - low) / (high - low) * plot.width(): self.base + x
            for _, of_level in self.tickValues(low, high, plot.width())
            for x in of_level
            if low - 1e-9 <= x <= high + 1e-9
        }
        self.counts.draw(painter, places, view)


class Counts:
    """Numbers below an axis, in a row for each line, under its ticks.

    Attributes:
        drawn: What was drawn last, and where in the coordinates of the axis.
    """

    def __init__(self) -> None:
        self.drawn: list[tuple[QRectF, str]] = []
        self._title = ""
        self._font, self._quiet = QFont(), QColor()
        self._rows: list[tuple[Callable[[float], int], QColor]] = []

    def set_style(self, font: QFont, quiet: QColor) -> None:
        self._font, self._quiet = font, quiet

    def set_lines(self, title: str, lines: Sequence[Steps], palette: QPalette) -> None:
        self.drawn = []
        self._title = title
        self._rows = [(one.count_at, one.colour.on(palette)) for one in lines if one.count_at]

    @property
    def height_px(self) -> float:
        """How high they are with their title."""
        if not self._rows:
            return 0.0
        return (1 + len(self._rows)) * self.row_px + GAP_PX

    @property
    def row_px(self) -> float:
        return QFontMetricsF(self._font).height()

    def width_px(self, low: float, high: float) -> float:
        """Return how wide the widest of them is from one x to another."""
        metrics = QFontMetricsF(self._font)
        xs = (low + (high - low) * part / 10 for part in range(11))
        texts = {count_label(count_at(x)) for x in xs for count_at, _ in self._rows}
        return max(map(metrics.horizontalAdvance, texts), default=0.0)

    def draw(self, painter: QPainter, places: Mapping[float, float], view: QRectF) -> None:
        """Draw them.

        Args:
            painter: Draws, in the coordinates of the axis.
            places: The x of each tick by its place.
            view: What is seen.
        """
        metrics = QFontMetricsF(self._font)
        painter.setFont(self._font)
        painter.setPen(self._quiet)
        top = view.bottom() - 2 - (1 + len(self._rows)) * metrics.height()
        room_px = view.width() - 4 * GAP_PX
        title = metrics.elidedText(self._title, Qt.TextElideMode.ElideRight, room_px)
        width_px = metrics.horizontalAdvance(title)
        rect = QRectF(view.left() + 2 * GAP_PX, top, width_px + 1, metrics.height())
        painter.drawText(rect, Qt.AlignmentFlag.AlignLeft, title)
        self.drawn = [(rect, title)]
        for count_at, colour in self._rows:
            top += metrics.height()
            painter.setPen(colour)
            free_from = view.left() + 2
            for place, x in sorted(places.items()):
                text = count_label(count_at(x))
                width_px = metrics.horizontalAdvance(text)
                left = min(place - width_px / 2, view.right() - 2 - width_px)
                left = max(left, view.left() + 2)
                if left >= free_from:
                    rect = QRectF(left, top, width_px + 1, metrics.height())
                    painter.drawText(rect, Qt.AlignmentFlag.AlignLeft, text)
                    self.drawn.append((rect, text))
                    free_from = left + width_px + 2 * GAP_PX


class Box(pg.ViewBox):
    """A view box that only the left button moves."""

    def mouseDragEvent(self, event: Any, axis: int | None = None) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            super().mouseDragEvent(event, axis)
        else:
            event.ignore()


class _Sample(pg.ItemSample):
    """The colour of a line, which a click does not hide."""

    def mouseClickEvent(self, event: Any) -> None:
        event.ignore()


class Legend(pg.LegendItem):
    """Names in as many columns as there is room for; a layout places it, not the mouse."""

    def __init__(self) -> None:
        super().__init__(size=(1, 1), horSpacing=GAP_PX, sampleType=_Sample)
        self.layout.setContentsMargins(0, 0, 0, 0)
        # Or it would be written to files in another size than all else.
        self.setFlag(self.GraphicsItemFlag.ItemIgnoresTransformations, False)
        self._names: list[str] = []

    def set_lines(self, named: Sequence[tuple[Any, str]], font: QFont, text: QColor) -> None:
        self.clear()
        self._names = [name for _, name in named]
        self._metrics = QFontMetricsF(font)
        self.setLabelTextColor(text)
        for line, _ in named:
            self.addItem(line, "")
        for _, label in self.items:
            del label.opts["size"]  # as large as any text
            label.item.setFont(font)
            label.item.document().setDocumentMargin(0)
        self.setVisible(bool(named))

    @property
    def widest_px(self) -> float:
        """How wide it is with all names in one row."""
        return self._width_px(len(self._names))

    def fit(self, room_px: float) -> None:
        """Use as many columns as fit into `room_px`, and shorten names that do not fit alone."""
        most = range(len(self._names), 1, -1)
        self.setColumnCount(next((n for n in most if self._width_px(n) <= room_px), 1))
        for column in range(self.columnCount - 1):
            self.layout.setColumnSpacing(2 * column + 1, APART_PX)
        name_px = max(0.0, room_px - _SAMPLE_PX)
        for name, (_, label) in zip(self._names, self.items, strict=True):
            shown = self._metrics.elidedText(name, Qt.TextElideMode.ElideMiddle, name_px)
            label.setText(escape(shown))
        self.setMaximumWidth(min(room_px, self._width_px(self.columnCount)))
        self.layout.activate()

    def _width_px(self, columns: int) -> float:
        widths = [self._metrics.horizontalAdvance(name) for name in self._names]
        return sum(
            max(widths[column::columns], default=0.0) + _SAMPLE_PX + APART_PX
            for column in range(columns)
        )

    def hoverEvent(self, event: Any) -> None:
        """Ignore drags, with which pyqtgraph lets the mouse move the legend."""

    def mouseDragEvent(self, event: Any) -> None:
        event.ignore()


def faded(palette: QPalette, share: float) -> QColor:
    """Return the colour of text mixed with that of its ground; 1 for pure text."""
    text, ground = palette.color(QPalette.ColorRole.Text), palette.color(QPalette.ColorRole.Base)
    mixed = (
        round(share * of_text + (1 - share) * of_ground)
        for of_text, of_ground in (
            (text.red(), ground.red()),
            (text.green(), ground.green()),
            (text.blue(), ground.blue()),
        )
    )
    return QColor(*mixed)
