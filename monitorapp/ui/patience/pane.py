"""A pane that shows how long clients wait."""

from __future__ import annotations

from collections.abc import Callable
from random import Random
from typing import Final

from PyQt5.QtCore import QSize, Qt, QTimer, pyqtSignal
from PyQt5.QtGui import QHideEvent, QKeySequence, QShowEvent
from PyQt5.QtWidgets import QComboBox, QDockWidget, QLabel, QVBoxLayout, QWidget

from monitorapp.core.delay.delay import DelayPlan, FixedDelay
from monitorapp.core.filter.language import EVERYTHING, Filter
from monitorapp.core.statistics.survival import SurvivalCurve, survival_curve
from monitorapp.core.statistics.waits import Comparison, Patience
from monitorapp.core.statistics.wording import NO_EVENT, patience_text
from monitorapp.core.text.visible import cut, visible
from monitorapp.ui.charts.chart import Chart
from monitorapp.ui.charts.lines import Band, Line, LineColour

REFRESH_MS: Final = 1_000
"""How often the estimate is made anew, in milliseconds, if there is news."""

DRAWN: Final = 400
"""Steps of a curve that are drawn: as many as there are pixels."""

SAMPLED: Final = 200
"""Delays that stand for a distribution of them."""

_COLOURS: Final = (LineColour.BLUE, LineColour.ORANGE, LineColour.GREEN, LineColour.PURPLE)


class PatiencePane(QDockWidget):
    """Shows the share of clients that is still waiting after a time, and what that means.

    It is made of nothing until it is shown first, and estimates only while it is seen.

    Attributes:
        toggle_action: Shows or hides the pane.

    Signals:
        told(str): Something worth a line in the status bar.
    """

    told = pyqtSignal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Patience", parent)
        self.setObjectName("patience_dock")
        self.setAccessibleName("How long clients wait")
        self.toggle_action = self.toggleViewAction()
        assert self.toggle_action is not None
        self.toggle_action.setObjectName("patience_action")
        self.toggle_action.setText("&Patience")
        self.toggle_action.setShortcut(QKeySequence("F8"))
        self.toggle_action.setToolTip("Show or hide how long clients wait (F8)")
        self._patience: Patience | None = None
        self._filter: Callable[[], Filter] = lambda: EVERYTHING
        self._plan: DelayPlan = FixedDelay()
        self._seen: tuple[object, ...] = ()
        self._chart: Chart | None = None
        self._body = _Body()
        self._body.setObjectName("patience_body")
        self._box = QComboBox()
        self._box.setObjectName("patience_comparison")
        self._box.setAccessibleName("Whose patience is shown")
        self._box.setToolTip(
            "Whose patience is shown. Of answered requests only path and client are known,\n"
            "so only what the filter says of these two counts here"
        )
        for comparison in Comparison:
            self._box.addItem(comparison.value, comparison)
        self._text = QLabel(NO_EVENT)
        self._text.setObjectName("patience_text")
        self._text.setTextFormat(Qt.TextFormat.PlainText)
        self._text.setWordWrap(True)
        self._text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._column = QVBoxLayout(self._body)
        self._column.setContentsMargins(6, 6, 6, 6)
        self._column.addWidget(self._box)
        self._column.addWidget(self._text)
        self._box.currentIndexChanged.connect(lambda _: self.refresh())
        self.setWidget(self._body)
        self._timer = QTimer(self)
        self._timer.setInterval(REFRESH_MS)
        self._timer.timeout.connect(self.refresh)

    def set_source(self, patience: Patience, filter_: Callable[[], Filter]) -> None:
        """Say whose waits are shown, and what returns the present filter."""
        self._patience, self._filter = patience, filter_
        self.refresh()

    def set_plan(self, plan: DelayPlan) -> None:
        """Say which delays responses get."""
        self._plan = plan
        self.refresh()

    def refresh(self) -> None:
        """Show the present estimate, if the pane is seen and there is news."""
        if self._chart is None or self._patience is None or not self.isVisible():
            return
        comparison = Comparison(self._box.currentData())
        filter_ = self._filter()
        news = (self._patience.changes, comparison, filter_.expression, self._plan)
        if news == self._seen:
            return
        self._seen = news
        groups = self._patience.groups(comparison, filter_)
        random = Random(1)  # the same sample each time, so that nothing flickers
        is_fixed = isinstance(self._plan, FixedDelay)
        delays_s = [
            self._plan.delay_s_at(self._plan.lasts_s * part / SAMPLED, random)
            for part in range(1 if is_fixed else SAMPLED)
        ]
        words = self._plan.words
        self._text.setText(
            "\n".join(
                cut(visible(line), 200)
                for line in patience_text(groups, delays_s, words).split("\n")
            )
        )
        self._draw([(name, survival_curve(waits)) for name, waits in groups])

    def showEvent(self, event: QShowEvent | None) -> None:
        """Begin to estimate."""
        super().showEvent(event)
        if self._chart is None:
            self._chart = Chart("patience_chart", "Share of clients still waiting")
            self._chart.set_axes("Seconds", "Still waiting (%)", y_high=100.0)
            self._chart.set_empty_text("No client has left by itself yet.")
            self._chart.setToolTip("The share of clients that still wait, by time waited")
            self._chart.told.connect(self.told)
            self._column.insertWidget(1, self._chart, 1)
        self._timer.start()
        self._seen = ()
        self.refresh()

    def hideEvent(self, event: QHideEvent | None) -> None:
        """Estimate no more."""
        super().hideEvent(event)
        self._timer.stop()

    def _draw(self, curves: list[tuple[str, SurvivalCurve]]) -> None:
        assert self._chart is not None
        lines, bands = [], []
        for (name, curve), colour in zip(curves, _COLOURS, strict=False):
            if not curve.events:
                continue
            x, share, low, high = _steps(curve)
            lines.append(Line(name, x, share, colour, True))
            if len(curves) <= 2:  # more of them would hide one another
                bands.append(Band(x, low, high, colour, True))
        self._chart.set_lines(lines)
        self._chart.set_bands(bands)
        if lines:
            typical_s = self._plan.typical_s
            end_s = max(max(line.x[-1] for line in lines), min(typical_s * 1.1, 3_600.0))
            self._chart.set_x_range(0.0, end_s or 1.0)
            self._chart.set_marker(typical_s, "delay")


class _Body(QWidget):
    """Has room for a chart, also before it is made."""

    def sizeHint(self) -> QSize:
        return QSize(360, 360)


def _steps(
    curve: SurvivalCurve,
) -> tuple[list[float], list[float], list[float], list[float]]:
    """Return times from 0 to the longest wait, and the share and its band in per cent there."""
    places = range(len(curve.times_s))
    if len(places) > DRAWN:
        stride = len(places) / DRAWN
        places_drawn = [int((step + 1) * stride) - 1 for step in range(DRAWN)]
    else:
        places_drawn = list(places)
    x = [0.0, *(curve.times_s[place] for place in places_drawn), curve.longest_s]
    columns = []
    for values in (curve.share, curve.low, curve.high):
        column = [100.0, *(100 * values[place] for place in places_drawn)]
        columns.append([*column, column[-1]])
    share, low, high = columns
    return x, share, low, high
