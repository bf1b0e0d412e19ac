"""Joins the delay of the requests and the bar in which the user changes it."""

from __future__ import annotations

from monitorapp.app.ticker import Ticker
from monitorapp.core.delay.delay import Delay, DelayPlan
from monitorapp.core.text.format import plural
from monitorapp.ui.delay.bar import DelayBar
from monitorapp.ui.window.main_window import MainWindow
from monitorapp.web.request.tracker import RequestTracker


class DelayPresenter:
    """Shows how delays are found, and changes it as the user wants.

    Args:
        delay: The delay of the next request.
        tracker: Has the requests that wait, which may have new delays as well.
        ticker: Emits when the progress of a sweep is to be read.
        bar: Shows the delay.
        window: Shows what follows from it.
    """

    def __init__(
        self,
        delay: Delay,
        tracker: RequestTracker,
        ticker: Ticker,
        bar: DelayBar,
        window: MainWindow,
    ) -> None:
        self._delay = delay
        self._tracker = tracker
        self._bar = bar
        self._window = window
        window.set_delay_plan(delay.plan)
        bar.plan_changed.connect(self._change)
        bar.reschedule_requested.connect(self._reschedule)
        ticker.ticked.connect(self._show_progress)

    def _change(self, plan: DelayPlan) -> None:
        self._delay.plan = plan

    def _reschedule(self) -> None:
        count = self._tracker.reschedule(self._delay.next_s)
        self._window.show_status(
            f"{plural(count, 'waiting request has', 'waiting requests have')} a new delay"
        )

    def _show_progress(self) -> None:
        self._bar.set_progress(self._delay.progress)
