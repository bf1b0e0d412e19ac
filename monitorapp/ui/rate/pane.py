"""A pane that shows how many requests end a second, and how late the reactor is."""

from __future__ import annotations

from typing import Final

from PyQt5.QtCore import QSize, QTimer, pyqtSignal
from PyQt5.QtGui import QHideEvent, QKeySequence, QShowEvent
from PyQt5.QtWidgets import QDockWidget, QVBoxLayout, QWidget

from monitorapp.core.filter.time_terms import time_terms
from monitorapp.core.statistics.rates import WINDOW_S, RateHistory, Rates
from monitorapp.core.text.ticks import time_label
from monitorapp.ui.charts.chart import Chart
from monitorapp.ui.charts.lines import Line, LineColour

REDRAW_MS: Final = 500
"""How often the charts are drawn again, in milliseconds; there is news once a second."""

LEAST_S: Final = 60
"""The time axis is at least this long, in seconds."""

_CATCH_PX: Final = 6
"""How near to a peak one must click."""

_CLICK: Final = "click a peak to see the rows of that second"


class RatePane(QDockWidget):
    """Two charts with one time axis: what ended a second, and the reactor's lag.

    It is made of nothing until it is shown first, and is drawn only while it is seen.

    Attributes:
        toggle_action: Shows or hides the pane.

    Signals:
        time_chosen(float, float): The rows from the one time until before the other are wanted,
            in seconds since the epoch.
        told(str): Something worth a line in the status bar.
    """

    time_chosen = pyqtSignal(float, float)
    told = pyqtSignal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Rate", parent)
        self.setObjectName("rate_dock")
        self.setAccessibleName("Requests that end a second")
        self.toggle_action = self.toggleViewAction()
        assert self.toggle_action is not None
        self.toggle_action.setObjectName("rate_action")
        self.toggle_action.setText("&Rate")
        self.toggle_action.setShortcut(QKeySequence("F9"))
        self.toggle_action.setToolTip("Show or hide how many requests end a second (F9)")
        self._rates: Rates | None = None
        self._history = RateHistory([], [], [], [])
        self._chosen_s: int | None = None
        self._drawn_s: int | None = None  # the running second when it was drawn
        self._counts: Chart | None = None
        self._lag: Chart | None = None
        self._body = _Body()
        self._body.setObjectName("rate_charts")
        self.setWidget(self._body)
        self._timer = QTimer(self)
        self._timer.setInterval(REDRAW_MS)
        self._timer.timeout.connect(self.refresh)

    def set_rates(self, rates: Rates) -> None:
        """Say what is shown."""
        self._rates, self._drawn_s = rates, None
        self.refresh()

    def refresh(self) -> None:
        """Show the latest figures, if the pane is seen."""
        if self._counts is None or self._lag is None or not self.isVisible():
            return
        if self._rates is None:
            return
        now = self._rates.history()
        if self._drawn_s == now.time_s[-1]:
            return
        self._drawn_s = now.time_s[-1]
        # The running second is left out: it would always look like a decline.
        self._history = shown = RateHistory(
            now.time_s[:-1], now.answered[:-1], now.interrupted[:-1], now.lag_s[:-1]
        )
        end_s = now.time_s[-1]
        first_s = min(max(now.time_s[0], end_s - WINDOW_S), end_s - LEAST_S)
        times_s: list[float] = [*shown.time_s, end_s] if shown.time_s else []
        lag_ms = [1000 * lag_s for lag_s in shown.lag_s]
        self._counts.set_lines(
            [
                Line("Answered", times_s, _held(shown.answered), LineColour.BLUE, True),
                Line("Interrupted", times_s, _held(shown.interrupted), LineColour.ORANGE, True),
            ]
        )
        self._lag.set_lines([Line("Lag (ms)", times_s, _held(lag_ms), LineColour.PURPLE, True)])
        left_px = max(self._counts.left_px, self._lag.left_px)
        for chart in (self._counts, self._lag):
            chart.set_x_range(first_s, end_s)
            chart.set_left_px(left_px)

    def set_chosen(self, start_s: float | None) -> None:
        """Mark the second whose rows are shown; None if no one's are."""
        self._chosen_s = None if start_s is None else int(start_s)
        for chart in (self._counts, self._lag):
            if chart is not None:
                chart.set_marker(start_s, "" if start_s is None else time_label(start_s))

    def set_filter(self, expression: str) -> None:
        """Take the mark away once its second is no longer part of the filter."""
        chosen_s = self._chosen_s
        if chosen_s is not None and time_terms(chosen_s, chosen_s + 1) not in expression:
            self.set_chosen(None)

    def showEvent(self, event: QShowEvent | None) -> None:
        """Begin to draw."""
        super().showEvent(event)
        if self._counts is None:
            self._make_charts()
        self._timer.start()
        self.refresh()

    def hideEvent(self, event: QHideEvent | None) -> None:
        """Draw no more."""
        super().hideEvent(event)
        self._timer.stop()

    def _make_charts(self) -> None:
        self._counts = Chart("rate_chart", "Requests answered and interrupted a second")
        self._counts.set_axes("", "Per second", x_is_time=True, y_is_whole=True)
        self._counts.setToolTip(f"Requests that ended in each second; {_CLICK}")
        self._counts.clicked_at.connect(self._choose_count)
        self._lag = Chart("lag_chart", "Reactor lag in milliseconds")
        self._lag.set_axes("", "Reactor lag (ms)", x_is_time=True)
        self._lag.setToolTip(f"How late the reactor turned, at its worst in each second; {_CLICK}")
        self._lag.clicked_at.connect(self._choose_lag)
        column = QVBoxLayout(self._body)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(1)
        for chart, stretch in ((self._counts, 3), (self._lag, 2)):
            chart.set_empty_text("The first second is being counted.")
            chart.told.connect(self.told)
            column.addWidget(chart, stretch)
        self.set_chosen(self._chosen_s)

    def _choose_count(self, at_s: float) -> None:
        counts = zip(self._history.interrupted, self._history.answered, strict=True)
        self._choose(at_s, list(counts))

    def _choose_lag(self, at_s: float) -> None:
        self._choose(at_s, [(lag_s, 0.0) for lag_s in self._history.lag_s])

    def _choose(self, at_s: float, heights: list[tuple[float, float]]) -> None:
        """Choose the second of the highest peak near `at_s`, or the nearest of equal ones."""
        times_s = self._history.time_s
        assert self._counts is not None
        if not times_s or at_s < times_s[0]:
            return
        catch_s = self._counts.span_of(_CATCH_PX)
        near = [
            place
            for place, time_s in enumerate(times_s)
            if time_s - catch_s <= at_s < time_s + 1 + catch_s
        ]
        if near:
            best = max(near, key=lambda place: (heights[place], -abs(times_s[place] + 0.5 - at_s)))
            self.time_chosen.emit(float(times_s[best]), float(times_s[best] + 1))
            self.set_chosen(times_s[best])


class _Body(QWidget):
    """Has room for two charts, also before they are made."""

    def sizeHint(self) -> QSize:
        return QSize(360, 300)


def _held(values: list[int] | list[float]) -> list[float]:
    """Return values with the last one again: it holds until its second ends."""
    return [*values, *values[-1:]]
