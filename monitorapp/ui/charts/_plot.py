"""Draws a chart with pyqtgraph; imported when the first one is drawn, for it takes a while.

pyqtgraph has no types: whatever comes from it is checked nowhere but here.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from html import escape
from math import ceil
from typing import Any, Final, cast

import pyqtgraph as pg
from PyQt5.QtCore import QBuffer, QEvent, QIODevice, QPointF, QRectF, Qt, pyqtSignal
from PyQt5.QtGui import QFontMetricsF, QMouseEvent, QPalette, QResizeEvent
from PyQt5.QtWidgets import QWidget

from monitorapp.ui.charts._items import APART_PX, GAP_PX, Axis, Box, Curve, Legend, faded
from monitorapp.ui.charts._ticks import round_number, round_time_s, tick_step
from monitorapp.ui.charts.series import Axes, Steps, plain

_MOST_X: Final = 10  # ticks
_MOST_Y: Final = 6
_LINE_PX: Final = 2
_EDGE_PX: Final = 2.0  # left free at both ends of the y axis, so that no line is cut
_LEFT: Final = cast(Qt.AlignmentFlag, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
_CLOSEST: Final = 100  # how much of the x axis can be enlarged to the whole width
_NEAR_END: Final = 0.1  # what ends so near to the end follows it, of what is shown
_PNG_SCALE: Final = 2  # points of a PNG for one of the screen, each way, so that it prints well


class Plot(pg.GraphicsView):
    """A plot of steps with a title and a legend above it.

    The mouse enlarges and moves the x axis, never beyond its ends; the y axis fits what is
    seen, from 0. All text is plain.

    Signals:
        pointed(object): Emitted with the x that the mouse is over; None once it has left.
        clicked(float): Emitted when the plot is clicked, with the x there.
        double_clicked(): Emitted when it is double-clicked.
        zoomed(object): Emitted when the user chooses a part of the x axis, with its two ends;
            None for all of it.
        left_px_changed(): Emitted when the labels of the y axis need another width.
    """

    pointed = pyqtSignal(object)
    clicked = pyqtSignal(float)
    double_clicked = pyqtSignal()
    zoomed = pyqtSignal(object)
    left_px_changed = pyqtSignal()

    _is_made = False  # Qt calls for events while it is made

    def __init__(self, axes: Axes, parent: QWidget) -> None:
        super().__init__(parent, background=None)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # the chart has it
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.NoContextMenu)
        self._axes = axes
        self._lines: Sequence[Steps] = ()
        self._curves: list[Curve] = []
        self._full = (0.0, 1.0)
        self._marked: float | None = None
        self._zoom: tuple[float, float] | None = None
        self._least_left_px = self.left_px = 0.0
        self._pointed: float | None = None
        self._readout_text = ""

        self._x_axis = Axis("bottom", axes.x_unit, is_time=axes.x_is_time)
        self._y_axis = Axis("left", "")
        self._box = Box(enableMenu=False)
        self._layout = pg.GraphicsLayout()
        self._layout.setContentsMargins(GAP_PX, 2, 2 * GAP_PX, 2)
        self._layout.setSpacing(0)
        self.setCentralItem(self._layout)
        self._title = self._layout.addLabel("", row=0, col=0, justify="left")
        self._title.item.document().setDocumentMargin(2)
        self._legend = Legend()
        self._layout.addItem(self._legend, row=1, col=0, colspan=3)
        self._legend_place = (1, 0, 1, 3)
        rest = pg.GraphicsWidget()  # takes the width that title and legend leave
        rest.setMaximumHeight(0)
        self._layout.addItem(rest, row=0, col=2)
        self._item = self._layout.addPlot(
            row=2,
            col=0,
            colspan=3,
            viewBox=self._box,
            axisItems={"bottom": self._x_axis, "left": self._y_axis},
            enableMenu=False,
        )
        self._item.hideButtons()
        self._layout.layout.setColumnSpacing(0, APART_PX)
        self._layout.layout.setColumnStretchFactor(2, 1)
        self._layout.layout.setRowStretchFactor(2, 1)
        for axis in (self._x_axis, self._y_axis):
            axis.setZValue(-1_000)  # the grid lies behind the lines
        self._box.disableAutoRange()
        self._box.setMouseEnabled(x=True, y=False)

        self._marker = pg.InfiniteLine(angle=90, label="", labelOpts={"position": 1.0})
        self._marker.label.anchors = [(-0.05, 0), (1.05, 0)]  # beside the line, not on it
        self._pointer = pg.InfiniteLine(angle=90)
        for line in (self._marker, self._pointer):
            line.setZValue(1)  # before the lines of steps
            line.hide()
            self._box.addItem(line, ignoreBounds=True)
        self._readout = pg.TextItem()
        self._readout.hide()
        self._readout.setZValue(1_000)
        self.addItem(self._readout)

        self.sceneObj.sigMouseClicked.connect(self._on_click)
        self._box.sigRangeChangedManually.connect(self._on_zoom)
        self._box.sigResized.connect(self._fit_axes)
        self._is_made = True
        self._restyle()

    def draw(self, lines: Sequence[Steps], x_range: tuple[float, float]) -> None:
        """Draw these lines over this range of the x axis.

        What the user has enlarged stays where it is; if it reached up to the end, it follows.
        """
        while len(self._curves) < len(lines):
            self._curves.append(Curve(self._box))
        for unused in self._curves[len(lines) :]:
            unused.hide()
        named = [(line.name, line.colour) for line in lines]
        is_renamed = named != [(line.name, line.colour) for line in self._lines]
        self._lines = lines
        (_, was_end), self._full = self._full, x_range
        if self._zoom is not None:
            low, high = self._zoom
            if high >= was_end - _NEAR_END * (high - low):
                self._zoom = (low + x_range[1] - high, x_range[1])
        for line, curve in zip(lines, self._curves, strict=False):
            curve.set_steps(line, self._base)
        self._x_axis.base = self._base
        span = x_range[1] - x_range[0]
        self._box.setLimits(xMin=0.0, xMax=span, minXRange=span / _CLOSEST)
        if is_renamed:
            self._restyle()
        else:
            self._fit_counts()
        self._show_range()
        self._place_marker()

    def set_zoom(self, zoom: tuple[float, float] | None) -> None:
        """Show only a part of the x axis; None for all of it."""
        self._zoom = zoom
        self._show_range()

    @property
    def is_zoomed(self) -> bool:
        """Whether only a part of the x axis is shown."""
        return self._zoom is not None

    @property
    def shown(self) -> tuple[float, float]:
        """The ends of the part of the x axis that is shown."""
        low, high = self._box.viewRange()[0]
        return self._base + low, self._base + high

    def set_marker(self, x: float | None, label: str) -> None:
        """Mark one x by a dashed line with a label; None for no mark."""
        self._marked = x
        self._marker.setVisible(x is not None)
        self._marker.label.setFormat(plain(label).replace("{", "{{").replace("}", "}}"))
        self._place_marker()

    def set_pointer(self, x: float | None, text: str) -> None:
        """Draw a line at one x with a box of text beside it; None for none."""
        self._pointed, self._readout_text = x, text
        self._place_pointer()

    def set_least_left_px(self, width_px: float) -> None:
        """Leave at least so much room for the labels of the y axis."""
        self._least_left_px = width_px
        self._set_left_px()

    def x_per_px(self) -> float:
        """Return how much of the x axis lies within a pixel."""
        return float(self._box.viewPixelSize()[0])

    def png(self) -> bytes:
        """Return the plot as a PNG, without the pointer."""
        from pyqtgraph.exporters import ImageExporter

        exporter = ImageExporter(self.sceneObj)
        for name, size, follow in (
            ("width", self.width(), exporter.widthChanged),
            ("height", self.height(), exporter.heightChanged),
        ):
            exporter.params.param(name).setValue(_PNG_SCALE * size, blockSignal=follow)
        buffer = QBuffer()
        buffer.open(QIODevice.OpenModeFlag.WriteOnly)
        self._colour_lines(_PNG_SCALE)
        try:
            exporter.export(toBytes=True).save(buffer, "PNG")
        finally:
            self._colour_lines(self.devicePixelRatioF())
        return bytes(buffer.data())

    def svg(self, title: str) -> bytes:
        """Return the plot as an SVG with this title, without the pointer."""
        from pyqtgraph.exporters import SVGExporter

        content: bytes = SVGExporter(self.sceneObj).export(toBytes=True)
        return re.sub(b"<title>.*?</title>", f"<title>{escape(title)}</title>".encode(), content)

    def resizeEvent(self, event: QResizeEvent | None) -> None:
        """Fit the title and the legend into the new width, which pyqtgraph does not do."""
        super().resizeEvent(event)
        if self._is_made:
            self._fit_header()

    def changeEvent(self, event: QEvent | None) -> None:
        """Use the window's new palette or font, which pyqtgraph ignores."""
        super().changeEvent(event)
        kinds = (QEvent.Type.PaletteChange, QEvent.Type.FontChange)
        if self._is_made and event is not None and event.type() in kinds:
            self._restyle()

    def mouseMoveEvent(self, event: QMouseEvent | None) -> None:
        """Report the x that the mouse is over."""
        super().mouseMoveEvent(event)
        if event is not None:
            self.pointed.emit(self._x_at(self.mapToScene(event.pos())))

    def leaveEvent(self, event: QEvent | None) -> None:
        """Report that the mouse has left."""
        super().leaveEvent(event)
        self.pointed.emit(None)

    @property
    def _base(self) -> float:
        """What the view box calls 0: of seconds since the epoch an SVG would lose the last."""
        return self._full[0]

    def _x_at(self, place: QPointF) -> float | None:
        """Return what x lies at a place of the scene; None if that is outside the plot."""
        if not self._box.sceneBoundingRect().contains(place):
            return None
        return self._base + float(self._box.mapSceneToView(place).x())

    def _on_click(self, event: Any) -> None:
        x = self._x_at(event.scenePos())
        if x is None or event.button() != Qt.MouseButton.LeftButton:
            return
        if event.double():
            self.double_clicked.emit()
        else:
            self.clicked.emit(x)

    def _on_zoom(self) -> None:
        low, high = self.shown
        is_all = high - low >= (self._full[1] - self._full[0]) * (1 - 1e-6)
        self._zoom = None if is_all else (low, high)
        self._fit_axes()
        self.zoomed.emit(self._zoom)

    def _show_range(self) -> None:
        low, high = self._zoom or self._full
        self._box.setXRange(low - self._base, high - self._base, padding=0)
        if self._zoom is not None:
            self._zoom = self.shown  # within the ends of the axis
        self._fit_axes()

    def _place_marker(self) -> None:
        if self._marked is not None:
            self._marker.setPos(self._marked - self._base)

    def _restyle(self) -> None:
        """Use the colours and the font of the widget, and the names of the lines."""
        palette, font = self.palette(), self.font()
        metrics = QFontMetricsF(font)
        text = palette.color(QPalette.ColorRole.Text)
        quiet = faded(palette, 0.75)
        self.setBackground(palette.color(QPalette.ColorRole.Base))
        for axis in (self._x_axis, self._y_axis):
            axis.set_style(font, quiet, line=faded(palette, 0.5), grid=text)
        below_px = ceil(0.4 * metrics.height())  # below the half of the lowest label of y
        self._x_axis.setStyle(tickTextOffset=below_px)
        self._x_axis.labels_px = round(0.9 * metrics.height()) + below_px
        self._item.layout.setContentsMargins(0, round(metrics.height() / 2), 0, 0)
        self._title.item.setFont(font)
        self._colour_lines(self.devicePixelRatioF())
        curves = zip(self._lines, self._curves, strict=False)
        named = [(curve.line, plain(line.name)) for line, curve in curves]
        self._legend.set_lines(named if len(named) > 1 else [], font, text)
        self._marker.setPen(pg.mkPen(text, style=Qt.PenStyle.DashLine))
        self._marker.label.setFont(font)
        self._marker.label.setColor(text)
        ground = palette.color(QPalette.ColorRole.Base)
        ground.setAlphaF(0.7)
        self._marker.label.fill = pg.mkBrush(ground)
        self._pointer.setPen(pg.mkPen(faded(palette, 0.7)))
        self._readout.setFont(font)
        self._readout.setColor(palette.color(QPalette.ColorRole.ToolTipText))
        self._readout.fill = pg.mkBrush(palette.color(QPalette.ColorRole.ToolTipBase))
        self._readout.border = pg.mkPen(faded(palette, 0.4))
        self._fit_header()

    def _colour_lines(self, scale: float) -> None:
        """Give the lines their colours, and a width for so many real pixels in one of Qt's."""
        for line, curve in zip(self._lines, self._curves, strict=False):
            curve.set_colour(line.colour.on(self.palette()), _LINE_PX * scale)

    def _fit_header(self) -> None:
        """Put the legend beside the title if it fits there in one row, else below."""
        room_px = max(0.0, self.width() - 3 * GAP_PX)
        metrics, quiet = QFontMetricsF(self.font()), faded(self.palette(), 0.75)
        title = metrics.elidedText(self._axes.title, Qt.TextElideMode.ElideRight, room_px - 4)
        self._title.setText(escape(title), color=quiet)
        title_px = self._title.itemRect().width()
        self._title.setFixedWidth(title_px)
        beside_px = room_px - title_px - APART_PX
        is_beside = self._legend.widest_px <= beside_px
        self._legend.fit(beside_px if is_beside else room_px)
        place = (0, 1, 1, 1) if is_beside else (1, 0, 1, 3)
        if place != self._legend_place:
            self._legend_place = place
            self._layout.layout.removeItem(self._legend)
            self._layout.layout.addItem(self._legend, *place)
            self._layout.layout.setAlignment(self._legend, _LEFT)
        self._fit_counts()
        self._layout.layout.activate()
        self._layout.setGeometry(QRectF(self.rect()))  # it may have needed more before
        self._fit_axes()

    def _fit_counts(self) -> None:
        self._x_axis.fit_counts(self._axes.counts, self._lines, self.palette(), self.height())
        self._item.layout.activate()

    def _fit_axes(self) -> None:
        """Fit the y axis to what is seen, and the ticks of both to the present size."""
        metrics = QFontMetricsF(self.font())
        low, high = self.shown
        y_px = self._box.height() - 2 * _EDGE_PX
        if y_px < 1:  # there would be a great many ticks beyond the edges
            return
        curves = self._curves[: len(self._lines)]
        highest = max((curve.highest(low, high) for curve in curves), default=0.0)
        top = self._axes.y_high or highest or 1.0
        step = tick_step(top, y_px, _MOST_Y, self._round_up, lambda _: metrics.height())
        top = step * ceil(top / step * (1 - 1e-9))
        self._y_axis.setTickSpacing(levels=[(step, 0)])
        edge = top * _EDGE_PX / y_px
        self._box.setYRange(-edge, top + edge, padding=0)
        ticks = (number * step for number in range(round(top / step) + 1))
        needed_px = max(metrics.horizontalAdvance(self._y_axis.label_of(y, step)) for y in ticks)
        if needed_px != self.left_px:
            self.left_px = needed_px
            self._set_left_px()
            self.left_px_changed.emit()
        counts_px = self._x_axis.counts.width_px(low, high)
        x_step = tick_step(
            high - low,
            self._box.width(),
            _MOST_X,
            round_time_s if self._axes.x_is_time else round_number,
            lambda x: max(metrics.horizontalAdvance(self._x_axis.label_of(high, x)), counts_px),
        )
        self._x_axis.setTickSpacing(levels=[(x_step, -(self._base % x_step))])
        self._place_pointer()

    def _round_up(self, least: float) -> float:
        return max(1.0, round_number(least)) if self._axes.y_is_whole else round_number(least)

    def _set_left_px(self) -> None:
        self._y_axis.setWidth(round(max(self.left_px, self._least_left_px)) + 2 * GAP_PX)
        self._item.layout.activate()

    def _place_pointer(self) -> None:
        """Put the pointer where it belongs, and the box beside it, within the widget."""
        low, high = self.shown
        is_seen = self._pointed is not None and low <= self._pointed <= high
        for item in (self._pointer, self._readout):
            item.setVisible(is_seen)
        if self._pointed is None or not is_seen:
            return
        self._pointer.setPos(self._pointed - self._base)
        metrics = QFontMetricsF(self.font())
        rows = (
            metrics.elidedText(row, Qt.TextElideMode.ElideMiddle, 0.5 * self.width())
            for row in self._readout_text.split("\n")
        )
        self._readout.setText("\n".join(rows))
        size = self._readout.boundingRect()
        at = self._box.mapViewToScene(QPointF(self._pointer.value(), 0)).x()
        left = at + GAP_PX
        if left + size.width() > self.width():
            left = max(0.0, at - GAP_PX - size.width())
        top = self._box.sceneBoundingRect().top() + GAP_PX
        self._readout.setPos(left, max(0.0, min(top, self.height() - size.height())))
