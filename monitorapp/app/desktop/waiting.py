"""Joins the requests that wait and the pane in which the user controls them."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from monitorapp.core.delay.delay import Delay
from monitorapp.core.text.format import grouped
from monitorapp.ui.waiting.pane import WaitingPane
from monitorapp.web.request.tracker import RequestTracker


class WaitingPresenter:
    """Shows the requests that wait; finishes, aborts and extends those that the user selects.

    Args:
        tracker: Has the requests.
        delay: Gives by how much one is extended.
        pane: Shows them.
        show_status: Called with a passing message.
    """

    def __init__(
        self,
        tracker: RequestTracker,
        delay: Delay,
        pane: WaitingPane,
        show_status: Callable[[str], None],
    ) -> None:
        self._tracker = tracker
        self._delay = delay
        self._show_status = show_status
        pane.set_source(tracker)
        pane.finish_requested.connect(self._finish)
        pane.abort_requested.connect(self._abort)
        pane.extend_requested.connect(self._extend)

    def _finish(self, numbers: Sequence[int]) -> None:
        self._steer(numbers, self._tracker.finish_now)

    def _abort(self, numbers: Sequence[int]) -> None:
        self._steer(numbers, self._tracker.abort)

    def _extend(self, numbers: Sequence[int]) -> None:
        delay_s = self._delay.delay_s
        self._steer(numbers, lambda number: self._tracker.extend(number, delay_s))

    def _steer(self, numbers: Sequence[int], steer: Callable[[int], bool]) -> None:
        missed = sum(not steer(number) for number in numbers)
        if missed:
            self._show_status(
                f"{grouped(missed)} of {grouped(len(numbers))}: ended meanwhile, or no delayed call"
                " is known that they wait for."
            )
