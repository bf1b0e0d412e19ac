"""A small drawing of how the delays are found."""

from __future__ import annotations

import math
from typing import Final

from PyQt5.QtCore import QPointF, QRectF, QSize, Qt
from PyQt5.QtGui import QColor, QPainter, QPaintEvent, QPalette, QPen, QPolygonF
from PyQt5.QtWidgets import QWidget

from monitorapp.core.chance.distribution import Distribution
from monitorapp.core.delay.delay import MAX_DELAY_S, DelayPlan
from monitorapp.core.delay.sweep import SweepDelay
from monitorapp.core.text.format import seconds, short_seconds

_SHOWN_SHARE: Final = 0.95  # of the delays; the rest is a long tail
_DARK: Final = 128
_LEAST: Final = 1e-6
_SMALL_PX: Final = 40  # a drawing less high than this has smaller labels


def axis_end(value: float) -> float:
    """Return the next of 1, 2, 5, 10, 20 … (or 0.5, 0.2, 0.1 …) that is at least `value`."""
    if value <= 0:
        return 1.0
    value = max(value, _LEAST)  # the smallest floats have no power of ten below them
    power = 10.0 ** math.floor(math.log10(value))
    return next((step * power for step in (1, 2, 5) if value <= step * power), 10 * power)


def in_words(plan: DelayPlan, progress: float) -> str:
    """Return the plan in words; for a running sweep also its present delay."""
    if isinstance(plan, SweepDelay) and progress < 1:
        return f"{plan.words}, now {seconds(plan.delay_s_after(progress), 1)}"
    return plan.words


def draw_delay_curve(
    painter: QPainter, area: QRectF, plan: DelayPlan, progress: float, palette: QPalette
) -> None:
    """Draw a plan.

    A distribution is drawn as its density over the delay, a fixed delay as a line on the same
    kind of axis, and a sweep as the delay over time with a dot where it is.

    Args:
        painter: What draws.
        area: Where, in the painter's coordinates.
        plan: What is drawn.
        progress: How much of a sweep is over, from 0 to 1.
        palette: Gives the colours.
    """
    text = palette.color(QPalette.ColorRole.ButtonText)
    dark = palette.color(QPalette.ColorRole.Window).lightness() < _DARK
    curve = palette.color(QPalette.ColorRole.Highlight)
    curve = curve.lighter(165) if dark else curve
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    font = painter.font()
    font.setPixelSize(9 if area.height() < _SMALL_PX else 11)
    painter.setFont(font)
    plot = area.adjusted(1, 2, -1, -painter.fontMetrics().ascent() - 1)
    _draw_axis(painter, area, plot, _axis_end(plan), text)
    painter.setPen(QPen(curve, 1.5))
    if isinstance(plan, SweepDelay):
        _draw_ramp(painter, plot, plan, progress, curve)
    elif isinstance(plan, Distribution) and not _is_narrow(plan, plot):
        _draw_density(painter, plot, plan, curve)
    else:
        _draw_line(painter, plot, plan.typical_s, _axis_end(plan))
    painter.restore()


class DelayCurve(QWidget):
    """Shows a plan as `draw_delay_curve` draws it; its accessible text is the plan in words."""

    def __init__(self, plan: DelayPlan, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("delay_curve")
        self.setAccessibleName("Curve of the delay")
        self.set_plan(plan)

    def set_plan(self, plan: DelayPlan) -> None:
        """Show another plan."""
        self._plan = plan
        self.setToolTip(plan.words)
        self.setAccessibleDescription(plan.words)
        self.update()

    def sizeHint(self) -> QSize:
        """Ask for a size in which the curve can be judged; Qt knows nothing of the drawing."""
        return QSize(260, 80)

    def paintEvent(self, event: QPaintEvent | None) -> None:
        """Draw the curve, which consists of no widgets."""
        painter = QPainter(self)
        try:
            draw_delay_curve(painter, QRectF(self.rect()), self._plan, 0.0, self.palette())
        finally:
            painter.end()


def _axis_end(plan: DelayPlan) -> float:
    """Return the end of the horizontal axis, in seconds: of time for a sweep, else of the delay."""
    if isinstance(plan, SweepDelay):
        return plan.over_s
    longest_s = plan.typical_s
    if isinstance(plan, Distribution):
        longest_s = plan.quantile_s(_SHOWN_SHARE)
    return min(axis_end(longest_s * 1.05), MAX_DELAY_S)


def _is_narrow(plan: Distribution, plot: QRectF) -> bool:
    """Return whether half of the delays fall into one pixel."""
    half_s = plan.quantile_s(0.75) - plan.quantile_s(0.25)
    return half_s * plot.width() < _axis_end(plan)


def _draw_axis(painter: QPainter, area: QRectF, plot: QRectF, end: float, text: QColor) -> None:
    quiet = QColor(text)
    quiet.setAlphaF(0.4)
    painter.setPen(QPen(quiet, 1))
    bottom = math.floor(plot.bottom()) + 0.5
    painter.drawLine(QPointF(plot.left(), bottom), QPointF(plot.right(), bottom))
    for x in (plot.left(), plot.right()):
        painter.drawLine(QPointF(x, bottom), QPointF(x, bottom + 2))
    quiet.setAlphaF(0.8)
    painter.setPen(quiet)
    labels = area.adjusted(3, 0, -3, 2)
    baseline = Qt.AlignmentFlag.AlignBottom
    painter.drawText(labels, int(Qt.AlignmentFlag.AlignLeft | baseline), "0")
    painter.drawText(labels, int(Qt.AlignmentFlag.AlignRight | baseline), short_seconds(end))


def _draw_line(painter: QPainter, plot: QRectF, delay_s: float, end_s: float) -> None:
    x = plot.left() + plot.width() * min(1.0, delay_s / end_s)
    painter.setPen(QPen(painter.pen().color(), 2))
    painter.drawLine(QPointF(x, plot.top()), QPointF(x, plot.bottom()))


def _draw_density(painter: QPainter, plot: QRectF, plan: Distribution, curve: QColor) -> None:
    end_s = _axis_end(plan)
    columns = max(2, round(plot.width() * 2))
    densities = [plan.density(end_s * column / columns) for column in range(columns + 1)]
    highest = max(densities, default=0.0)
    if not 0 < highest < math.inf:
        _draw_line(painter, plot, plan.typical_s, end_s)
        return
    line = QPolygonF(
        [
            QPointF(
                plot.left() + plot.width() * column / columns,
                plot.bottom() - plot.height() * density / highest,
            )
            for column, density in enumerate(densities)
        ]
    )
    fill = QColor(curve)
    fill.setAlphaF(0.2)
    painter.setBrush(fill)
    pen = painter.pen()
    painter.setPen(Qt.PenStyle.NoPen)
    painter.drawPolygon(QPolygonF([plot.bottomLeft(), *line, plot.bottomRight()]))
    painter.setPen(pen)
    painter.drawPolyline(line)


def _draw_ramp(
    painter: QPainter, plot: QRectF, plan: SweepDelay, progress: float, curve: QColor
) -> None:
    highest_s = max(plan.first_s, plan.last_s) or 1.0

    def point(share: float) -> QPointF:
        height = plot.height() * plan.delay_s_after(share) / highest_s
        return QPointF(plot.left() + plot.width() * share, plot.bottom() - height)

    painter.drawLine(point(0), point(1))
    painter.setBrush(curve)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.drawEllipse(point(min(max(progress, 0.0), 1.0)), 3, 3)
