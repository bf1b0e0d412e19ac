"""Joins the counts of requests and the counters of the window."""

from __future__ import annotations

from typing import Protocol

from monitorapp.app.ticker import Ticker
from monitorapp.core.record.outcome import Outcome
from monitorapp.core.records.outcomes import Outcomes
from monitorapp.ui.window.main_window import MainWindow
from monitorapp.web.request.tracker import RequestTracker


class Lag(Protocol):
    """How late the reactor turns; see `monitorapp.reactor.LoopLag`."""

    now_s: float

    @property
    def worst_s(self) -> float: ...  # noqa: D102


class CountsPresenter:
    """Shows at each tick how many requests there are, what became of them, and the lag.

    Args:
        tracker: Counts the requests.
        outcomes: Counts what became of the work for interrupted ones.
        lag: How late the reactor turns.
        ticker: Emits when they are to be read.
        window: Shows the counts.
    """

    def __init__(
        self,
        tracker: RequestTracker,
        outcomes: Outcomes,
        lag: Lag,
        ticker: Ticker,
        window: MainWindow,
    ) -> None:
        self._tracker = tracker
        self._outcomes = outcomes
        self._lag = lag
        self._window = window
        ticker.ticked.connect(self._show)

    def _show(self) -> None:
        counts = self._tracker.counts
        self._window.set_counts(counts.waiting, counts.answered, counts.interrupted)
        self._window.set_outcomes(
            self._outcomes.count(Outcome.WENT_ON) + self._outcomes.count(Outcome.RUNNING),
            self._outcomes.count(Outcome.CRASHED),
            counts.unlogged,
        )
        self._window.set_lag(self._lag.now_s, self._lag.worst_s)
