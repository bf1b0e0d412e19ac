"""A pane that shows how many requests end a second, and how late the reactor is."""

from __future__ import annotations

from typing import Final

from PyQt5.QtCore import QTimer, pyqtSignal
from PyQt5.QtGui import QHideEvent, QKeySequence, QShowEvent
from PyQt5.QtWidgets import QDockWidget, QVBoxLayout, QWidget

from monitorapp.core.filter.time_terms import time_terms
from monitorapp.core.statistics.rates import WINDOW_S, RateHistory, Rates
from monitorapp.ui.charts.chart import Chart
from monitorapp.ui.charts.series import Axes, LineColour, Steps

REDRAW_MS: Final = 500
"""How often the pane looks for new figures, in milliseconds; there are some once a second."""

LEAST_S: Final = 60
"""The time axis is at least this long, in seconds."""

_CATCH_PX: Final = 6
"""How near to a peak one must click."""

_CLICK: Final = "click a peak to see the rows of that second"
_EMPTY: Final = "The first second is being counted."


class RatePane(QDockWidget):
    """Two charts with one time axis: what ended a second, and the reactor's lag.

    They are drawn only while they are seen.

    Attributes:
        toggle_action: Shows or hides the pane.

    Signals:
        time_chosen(float, float): Emitted when the rows from the one time until before the
            other are wanted, in seconds since the epoch.
        status_message(str): Emitted with something worth a line in the status bar.
    """

    time_chosen = pyqtSignal(float, float)
    status_message = pyqtSignal(str)

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
        self._history = RateHistory([], [], [], [], [])
        self._chosen_s: int | None = None
        self._drawn_s: int | None = None  # the running second when it was drawn
        self._counts = Chart(
            "rate_chart",
            "Requests answered and interrupted a second",
            Axes("Per second", x_is_time=True, y_is_whole=True),
            _EMPTY,
        )
        self._counts.setToolTip(f"Requests that ended in each second; {_CLICK}")
        self._counts.clicked_at.connect(self._choose_count)
        self._lag = Chart(
            "lag_chart",
            "Reactor lag in milliseconds",
            Axes("Reactor lag (ms)", y_unit="ms", x_is_time=True),
            _EMPTY,
        )
        self._lag.setToolTip(f"How late the reactor turned, at its worst in each second; {_CLICK}")
        self._lag.clicked_at.connect(self._choose_lag)
        self._counts.zoomed.connect(self._lag.set_zoom)
        self._lag.zoomed.connect(self._counts.set_zoom)
        body = QWidget()
        body.setObjectName("rate_charts")
        column = QVBoxLayout(body)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(1)
        for chart, stretch in ((self._counts, 3), (self._lag, 2)):
            chart.left_px_changed.connect(self._line_up)
            chart.status_message.connect(self.status_message)
            column.addWidget(chart, stretch)
        self.setWidget(body)
        self._timer = QTimer(self)
        self._timer.setInterval(REDRAW_MS)
        self._timer.timeout.connect(self.refresh)

    def set_rates(self, rates: Rates) -> None:
        """Show the figures of these."""
        self._rates, self._drawn_s = rates, None
        self.refresh()

    def refresh(self) -> None:
        """Show the latest figures, if the pane is seen and there are new ones."""
        if self._rates is None or not self.isVisible():
            return
        now = self._rates.history()
        if self._drawn_s == now.time_s[-1]:
            return
        self._drawn_s = end_s = now.time_s[-1]
        # The running second is left out: it would always look like a decline.
        self._history = shown = RateHistory(
            now.time_s[:-1],
            now.dated_s[:-1],
            now.answered[:-1],
            now.interrupted[:-1],
            now.lag_s[:-1],
        )
        x_range = (min(max(now.time_s[0], end_s - WINDOW_S), end_s - LEAST_S), end_s)
        lag_ms = [1000 * lag_s for lag_s in shown.lag_s]
        self._counts.set_lines(
            [
                Steps("Answered", now.time_s, shown.answered, LineColour.BLUE),
                Steps("Interrupted", now.time_s, shown.interrupted, LineColour.ORANGE),
            ],
            x_range,
        )
        self._lag.set_lines([Steps("Lag", now.time_s, lag_ms, LineColour.PURPLE)], x_range)

    def _mark(self, time_s: int | None, dated_s: int | None) -> None:
        """Mark the second whose rows are shown; None if no one's are.

        Args:
            time_s: Where it is drawn.
            dated_s: When it was, by the date that its rows have.
        """
        self._chosen_s = dated_s
        for chart in (self._counts, self._lag):
            chart.set_marker(time_s)

    def set_filter(self, expression: str) -> None:
        """Remove the mark once its second is no longer part of the filter."""
        chosen_s = self._chosen_s
        if chosen_s is not None and time_terms(chosen_s, chosen_s + 1) not in expression:
            self._mark(None, None)

    def showEvent(self, event: QShowEvent | None) -> None:
        """Start drawing, which costs time only while it is seen."""
        super().showEvent(event)
        self._timer.start()
        self.refresh()

    def hideEvent(self, event: QHideEvent | None) -> None:
        """Stop drawing what nobody sees."""
        super().hideEvent(event)
        self._timer.stop()

    def _line_up(self) -> None:
        """Align the left edges of both plots."""
        left_px = max(self._counts.left_px, self._lag.left_px)
        for chart in (self._counts, self._lag):
            chart.set_least_left_px(left_px)

    def _choose_count(self, at_s: float) -> None:
        counts = zip(self._history.interrupted, self._history.answered, strict=True)
        self._choose(at_s, list(counts))

    def _choose_lag(self, at_s: float) -> None:
        self._choose(at_s, [(lag_s, 0.0) for lag_s in self._history.lag_s])

    def _choose(self, at_s: float, heights: list[tuple[float, float]]) -> None:
        """Choose the second of the highest peak near `at_s`, or the nearest of equal ones."""
        times_s = self._history.time_s
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
            dated_s = self._history.dated_s[best]
            self.time_chosen.emit(float(dated_s), float(dated_s + 1))
            self._mark(times_s[best], dated_s)
