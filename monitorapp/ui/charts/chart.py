"""A chart of lines over one axis of numbers or times."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from PyQt5.QtChart import QAreaSeries, QChart, QLineSeries, QValueAxis
from PyQt5.QtCore import QEvent, QMargins, QPointF, QRectF, Qt, QTimer, pyqtSignal
from PyQt5.QtGui import (
    QColor,
    QContextMenuEvent,
    QFontMetricsF,
    QKeyEvent,
    QPalette,
    QPen,
    QResizeEvent,
)
from PyQt5.QtWidgets import (
    QFileDialog,
    QGraphicsLineItem,
    QGraphicsSimpleTextItem,
    QMenu,
    QVBoxLayout,
    QWidget,
)

from monitorapp.core.text.ticks import (
    local_midnight_s,
    multiples,
    number_label,
    round_step,
    round_time_step_s,
    time_label,
)
from monitorapp.ui.charts.file import ChartFileError, write_chart
from monitorapp.ui.charts.legend import Legend
from monitorapp.ui.charts.lines import Band, Line, corners, faded, plain
from monitorapp.ui.charts.pointer import Pointer
from monitorapp.ui.charts.view import ChartView

_GAP_PX: Final = 6.0


class Chart(QWidget):
    """Draws lines, with bands behind them, and reads their values at the pointer.

    The axes fit what is drawn, y from 0. Nothing moves or grows by the mouse. All text is
    plain. The left and right keys move the pointer by points, Enter clicks.

    Signals:
        clicked_at(float): The plot was clicked at this x.
        told(str): A picture was written, or why not, in one sentence.
    """

    clicked_at = pyqtSignal(float)
    told = pyqtSignal(str)

    def __init__(self, name: str, accessible_name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self.setAccessibleName(accessible_name)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._x_title = self._y_title = ""
        self._x_is_time = self._y_is_whole = False
        self._y_high: float | None = None
        self._x_range: tuple[float, float] | None = None
        self._left_px = 0.0
        self._lines: list[Line] = []
        self._bands: list[Band] = []
        self._marker: tuple[float, str] | None = None
        self._pointed: float | None = None
        self._low, self._high, self._top = 0.0, 1.0, 1.0

        self._chart = QChart()
        self._chart.setMargins(QMargins())
        self._chart.setBackgroundVisible(False)
        self._chart.setMinimumSize(0, 0)
        legend = self._chart.legend()
        if legend is not None:
            legend.hide()  # its text would be HTML
        self._x_axis, self._y_axis = QValueAxis(), QValueAxis()
        for axis, side in (
            (self._x_axis, Qt.AlignmentFlag.AlignBottom),
            (self._y_axis, Qt.AlignmentFlag.AlignLeft),
        ):
            axis.setLabelsVisible(False)  # HTML too
            axis.setTickType(QValueAxis.TickType.TicksDynamic)
            self._chart.addAxis(axis, side)
        self._line_series: list[QLineSeries] = []
        self._band_series: list[tuple[QAreaSeries, QLineSeries, QLineSeries]] = []
        self._ticks: list[QGraphicsSimpleTextItem] = []
        self._legend = Legend(self._chart)
        self._x_text, self._y_text = self._text(), self._text()
        self._empty = self._text()
        self._marker_line = QGraphicsLineItem(self._chart)
        self._marker_text = self._text()
        self._pointer = Pointer(self._chart)
        self._view = ChartView(self._chart, self)
        self._view.setObjectName(f"{name}_view")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._view)
        self._view.pointed.connect(self._point_at)
        self._view.left.connect(self._leave)
        self._view.clicked.connect(self._click)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(0)
        self._timer.timeout.connect(self._draw)
        self._draw()

    def set_axes(
        self,
        x_title: str,
        y_title: str,
        *,
        x_is_time: bool = False,
        y_is_whole: bool = False,
        y_high: float | None = None,
    ) -> None:
        """Say what the axes mean.

        Args:
            x_title: Stands below the x axis; may be empty.
            y_title: Stands above the y axis; may be empty.
            x_is_time: Whether x are seconds since the epoch, shown as local times.
            y_is_whole: Whether y are counts, so that no tick has decimals.
            y_high: The upper end of the y axis; None to fit what is drawn.
        """
        self._x_title, self._y_title = plain(x_title), plain(y_title)
        self._x_is_time, self._y_is_whole, self._y_high = x_is_time, y_is_whole, y_high
        self._draw_soon()

    def set_x_range(self, low: float, high: float) -> None:
        """Let the x axis go from `low` to `high`, whatever is drawn."""
        self._x_range = (low, high)
        self._draw_soon()

    def set_lines(self, lines: Sequence[Line]) -> None:
        """Draw these lines instead of the present ones."""
        self._lines = list(lines)
        self._draw_soon()

    def set_bands(self, bands: Sequence[Band]) -> None:
        """Draw these bands, behind the lines, instead of the present ones."""
        self._bands = list(bands)
        self._draw_soon()

    def set_marker(self, x: float | None, label: str = "") -> None:
        """Mark one x by a dashed line with a label; None for no mark."""
        self._marker = None if x is None else (x, plain(label))
        self._draw_soon()

    def set_empty_text(self, text: str) -> None:
        """Say what stands in the chart while there is nothing to draw."""
        self._empty.setText(plain(text))
        self._draw_soon()

    def flush(self) -> None:
        """Draw now what is due."""
        self._timer.stop()
        self._draw()

    @property
    def left_px(self) -> float:
        """How wide the labels of the y axis are, in pixels."""
        self._fit()
        labels = self._y_labels().values()
        return max((self._metrics().horizontalAdvance(label) for label in labels), default=0.0)

    def set_left_px(self, width_px: float) -> None:
        """Leave at least so much room for the labels of the y axis, to line charts up."""
        if width_px != self._left_px:
            self._left_px = width_px
            self._draw_soon()

    def span_of(self, width_px: float) -> float:
        """Return how much of the x axis lies within so many pixels."""
        return (self._high - self._low) * width_px / self._chart.plotArea().width()

    def reading(self, x: float) -> str:
        """Return the values of all lines at `x`, a line of text for each, below that of `x`."""
        span = self._high - self._low
        where = time_label(x) if self._x_is_time else number_label(x, round_step(span, 500))
        rows = [f"{self._x_title} {where}".strip() if not self._x_is_time else where]
        for line in self._lines:
            value = line.value_at(x)
            if value is not None:
                number = f"{value:,.0f}" if self._y_is_whole else f"{value:,.3g}"
                rows.append(f"{plain(line.name)}: {number}")
        return "\n".join(rows)

    def save(self, path: Path) -> None:
        """Write the chart as PNG or SVG, as the suffix of `path` says.

        Raises:
            ChartFileError: It has another suffix, or cannot be written.
        """
        pointed, self._pointed = self._pointed, None
        self.flush()
        try:
            scene = self._chart.scene()
            assert scene is not None
            background = self.palette().color(QPalette.ColorRole.Base)
            write_chart(scene, self._view.size(), background, path)
        finally:
            self._pointed = pointed
            self._draw_pointer()

    def menu(self) -> QMenu:
        """Return a menu of what can be done with the chart."""
        menu = QMenu(self)
        menu.setObjectName(f"{self.objectName()}_menu")
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for suffix in ("PNG", "SVG"):
            action = menu.addAction(f"Save as &{suffix}…")
            assert action is not None
            action.setObjectName(f"save_{suffix.lower()}_action")
            action.setToolTip(f"Write this chart to a file, as {suffix}")
            action.triggered.connect(lambda _, suffix=suffix: self._ask_path(suffix))
        return menu

    def event(self, event: QEvent | None) -> bool:
        """Show no tooltip over what the pointer reads."""
        if event is not None and event.type() == QEvent.Type.ToolTip and self._pointed is not None:
            return True
        return super().event(event)

    def contextMenuEvent(self, event: QContextMenuEvent | None) -> None:
        """Offer to save the chart."""
        if event is not None:
            self.menu().popup(event.globalPos())

    def changeEvent(self, event: QEvent | None) -> None:
        """Take the colours or the font of the window."""
        super().changeEvent(event)
        if event is not None and event.type() in (
            QEvent.Type.PaletteChange,
            QEvent.Type.FontChange,
        ):
            self._draw_soon()

    def resizeEvent(self, event: QResizeEvent | None) -> None:
        """Fit the chart into the new size."""
        super().resizeEvent(event)
        self._draw_soon()

    def keyPressEvent(self, event: QKeyEvent | None) -> None:
        """Move the pointer by a point, click, or take it away."""
        if event is None:
            return
        key = event.key()
        points = sorted({x for line in self._lines for x in line.x if self._low <= x <= self._high})
        if points and key in (Qt.Key.Key_Left, Qt.Key.Key_Right):
            at = self._high if self._pointed is None else self._pointed
            place = bisect_right(points, at) - 1 + (1 if key == Qt.Key.Key_Right else -1)
            self._pointed = points[min(max(place, 0), len(points) - 1)]
            self._draw_pointer()
        elif self._pointed is not None and key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.clicked_at.emit(self._pointed)
        elif self._pointed is not None and key == Qt.Key.Key_Escape:
            self._leave()
        else:
            super().keyPressEvent(event)

    def _ask_path(self, suffix: str) -> None:
        dialog = QFileDialog(self, f"Save the chart as {suffix}")
        dialog.setObjectName("chart_file_dialog")
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setNameFilter(f"{suffix} pictures (*.{suffix.lower()})")
        dialog.setDefaultSuffix(suffix.lower())
        dialog.fileSelected.connect(self._save)
        dialog.open()

    def _save(self, name: str) -> None:
        try:
            self.save(Path(name))
        except ChartFileError as error:
            self.told.emit(str(error))
        else:
            self.told.emit(f"Saved {plain(name)}")

    def _draw_soon(self) -> None:
        self._timer.start()

    def _draw(self) -> None:
        self._fit()
        self._make_series()
        is_empty = not any(line.x for line in self._lines)
        palette = self.palette()
        self._view.setBackgroundBrush(palette.color(QPalette.ColorRole.Base))
        plot = self._place_text(is_empty)
        self._chart.setPlotArea(plot)
        layout = self._chart.layout()
        if layout is not None:
            layout.activate()  # or the axes would follow the labels only the next time
        for axis in (self._x_axis, self._y_axis):
            axis.setVisible(not is_empty)
            axis.setLinePen(QPen(faded(palette, 0.5)))
            axis.setGridLinePen(QPen(faded(palette, 0.14)))
        for series in self._line_series:
            series.clear()  # or the old points would be laid out for the new axes first
        self._x_axis.setRange(self._low, self._high)
        self._y_axis.setRange(0, self._top)
        for line, series in zip(self._lines, self._line_series, strict=True):
            series.setPen(QPen(line.colour_role.on(palette), 1.6))
            series.replace(corners(line.x, line.y, line.step))
        for band, (area, upper, lower) in zip(self._bands, self._band_series, strict=True):
            fill = band.colour_role.on(palette)
            fill.setAlphaF(0.22)
            area.setPen(QPen(Qt.PenStyle.NoPen))
            area.setBrush(fill)
            upper.replace(corners(band.x, band.high, band.step))
            lower.replace(corners(band.x, band.low, band.step))
        self._draw_marker(plot, is_empty)
        self._draw_pointer()

    def _fit(self) -> None:
        """Find the ends of the axes."""
        xs = [end for line in self._lines if line.x for end in (line.x[0], line.x[-1])]
        low, high = self._x_range or (min(xs, default=0.0), max(xs, default=1.0))
        self._low, self._high = low, high if high > low else low + 1.0
        top = max(
            (max(ys) for ys in [*(line.y for line in self._lines if line.y)]),
            default=0.0,
        )
        top = max([top, *(max(band.high) for band in self._bands if band.high)])
        if self._y_high is not None:
            self._top = self._y_high
        elif top <= 0:
            self._top = 1.0
        else:
            step = self._y_step(top)
            self._top = multiples(top, top + step, step)[0]

    def _y_step(self, top: float) -> float:
        """Return the distance of the ticks of the y axis if it ends at `top`."""
        room = max(2, int(self.height() / (3.2 * self._metrics().height())))
        step = round_step(top, min(room, 6))
        return max(1.0, step) if self._y_is_whole else step

    def _y_labels(self) -> dict[float, str]:
        step = self._y_step(self._top)
        return {y: number_label(y, step) for y in multiples(0, self._top, step)}

    def _x_labels(self, width_px: float) -> dict[float, str]:
        """Set the ticks of the x axis and return the labels for them."""
        span = self._high - self._low
        widest = time_label(0) if self._x_is_time else "0,000.0"
        most = max(1, int(width_px / (1.5 * self._metrics().horizontalAdvance(widest))))
        if self._x_is_time:
            step: float = round_time_step_s(span, most)
            anchor = local_midnight_s(self._low)
        else:
            step, anchor = round_step(span, most), 0.0
        self._x_axis.setTickAnchor(anchor)
        self._x_axis.setTickInterval(step)
        return {
            x: time_label(x) if self._x_is_time else number_label(x, step)
            for x in multiples(self._low, self._high, step, anchor)
        }

    def _make_series(self) -> None:
        """Have a series for each line and band; bands first, so that they lie behind."""
        if (len(self._lines), len(self._bands)) == (
            len(self._line_series),
            len(self._band_series),
        ):
            return
        self._chart.removeAllSeries()
        self._band_series = []
        for _ in self._bands:
            upper, lower = QLineSeries(self), QLineSeries(self)
            self._band_series.append((QAreaSeries(upper, lower), upper, lower))
        self._line_series = [QLineSeries() for _ in self._lines]
        for series in (*(area for area, _, _ in self._band_series), *self._line_series):
            self._chart.addSeries(series)
            series.attachAxis(self._x_axis)
            series.attachAxis(self._y_axis)

    def _place_text(self, is_empty: bool) -> QRectF:
        """Place titles, legend and labels; return where the plot is."""
        metrics, palette = self._metrics(), self.palette()
        width, height = float(self.width()), float(self.height())
        quiet, lines = faded(palette, 0.75), [] if is_empty else self._lines
        row_px = metrics.height()
        self._put(self._y_text, "" if is_empty else self._y_title, QPointF(_GAP_PX, 2), quiet)
        title_px = metrics.horizontalAdvance(self._y_text.text())
        after_px = _GAP_PX + title_px + (2 * _GAP_PX if title_px else 0)
        font = self.font()
        rows = self._legend.place(lines, font, palette, after_px, _GAP_PX, width - _GAP_PX)
        below = 2 + rows * row_px
        left = max(self._left_px, self.left_px) + 2 * _GAP_PX
        foot = row_px + _GAP_PX + (row_px if self._x_title else 0)
        plot = QRectF(left, below + 4, width - left - 2 * _GAP_PX, height - below - foot - 4)
        plot.setWidth(max(1.0, plot.width()))
        plot.setHeight(max(1.0, plot.height()))
        self._y_axis.setTickInterval(self._y_step(self._top))
        labels: list[tuple[str, QPointF]] = []
        for y, label in self._y_labels().items():
            end = QPointF(left - 4 - metrics.horizontalAdvance(label), 0)
            end.setY(plot.bottom() - plot.height() * y / self._top - row_px / 2)
            labels.append((label, end))
        for x, label in self._x_labels(plot.width()).items():
            label_px = metrics.horizontalAdvance(label)
            place = self._x_to_px(x, plot) - label_px / 2
            place = min(max(place, 0.0), width - label_px - 1)
            labels.append((label, QPointF(place, plot.bottom() + 3)))
        if is_empty:
            labels = []
        while len(self._ticks) < len(labels):
            self._ticks.append(self._text())
        for item, (label, at) in zip(self._ticks, labels, strict=False):
            self._put(item, label, at, quiet)
        for item in self._ticks[len(labels) :]:
            item.hide()
        at = QPointF(plot.center().x() - metrics.horizontalAdvance(self._x_title) / 2, 0)
        at.setY(height - row_px - 2)
        self._put(self._x_text, "" if is_empty else self._x_title, at, quiet)
        size = self._empty.boundingRect()
        middle = QPointF((width - size.width()) / 2, (height - size.height()) / 2)
        self._put(self._empty, self._empty.text(), middle, quiet)
        self._empty.setVisible(is_empty)
        return plot

    def _draw_marker(self, plot: QRectF, is_empty: bool) -> None:
        x, label = self._marker or (0.0, "")
        is_seen = self._marker is not None and self._low <= x <= self._high and not is_empty
        self._marker_line.setVisible(is_seen)
        self._marker_text.setVisible(is_seen)
        if is_seen:
            text = self.palette().color(QPalette.ColorRole.Text)
            at = self._x_to_px(x, plot)
            self._marker_line.setPen(QPen(text, 1, Qt.PenStyle.DashLine))
            self._marker_line.setLine(at, plot.top(), at, plot.bottom())
            label_px = self._metrics().horizontalAdvance(label)
            left = at + 4 if at + 4 + label_px < plot.right() else at - 4 - label_px
            self._put(self._marker_text, label, QPointF(left, plot.top()), text)

    def _draw_pointer(self) -> None:
        """Draw the pointer's line with a box of what it reads beside it."""
        plot, x = self._chart.plotArea(), self._pointed
        is_seen = x is not None and any(line.x for line in self._lines)
        if x is None or not is_seen:
            self._pointer.hide()
            return
        at_px = self._x_to_px(min(max(x, self._low), self._high), plot)
        text = self.reading(x)
        self.setAccessibleDescription(text)
        self._pointer.show(text, at_px, plot, float(self.width()), self.font(), self.palette())

    def _point_at(self, place: QPointF) -> None:
        self._pointed = self._px_to_x(place)
        self._draw_pointer()

    def _leave(self) -> None:
        self._pointed = None
        self._draw_pointer()

    def _click(self, place: QPointF) -> None:
        x = self._px_to_x(place)
        if x is not None:
            self.clicked_at.emit(x)

    def _x_to_px(self, x: float, plot: QRectF) -> float:
        return plot.left() + plot.width() * (x - self._low) / (self._high - self._low)

    def _px_to_x(self, place: QPointF) -> float | None:
        """Return what x lies at a place of the chart; None if that is outside the plot."""
        plot = self._chart.plotArea()
        if not plot.contains(place) or not any(line.x for line in self._lines):
            return None
        return self._low + (self._high - self._low) * (place.x() - plot.left()) / plot.width()

    def _metrics(self) -> QFontMetricsF:
        return QFontMetricsF(self.font())

    def _text(self) -> QGraphicsSimpleTextItem:
        return QGraphicsSimpleTextItem(self._chart)  # always plain

    def _put(self, item: QGraphicsSimpleTextItem, text: str, at: QPointF, colour: QColor) -> None:
        item.setText(text)
        item.setFont(self.font())
        item.setBrush(colour)
        item.setPos(at)
        item.show()
