"""Shows passing messages about the work for interrupted requests."""

from __future__ import annotations

from collections.abc import Callable

from monitorapp.core.record.identity import RequestId
from monitorapp.core.record.outcome import LATE_ERROR, Outcome, RequestOutcome
from monitorapp.core.text.format import grouped, seconds
from monitorapp.web.request.tracker import RequestTracker


class OutcomesPresenter:
    """Shows passing messages of responses finished after disconnect.

    Args:
        tracker: Notifies of each.
        show_status: Called with a passing message.
    """

    def __init__(self, tracker: RequestTracker, show_status: Callable[[str], None]) -> None:
        self._show_status = show_status
        tracker.outcome_changed.connect(self._show_crashed)

    def _show_crashed(self, request: RequestId, known: RequestOutcome) -> None:
        if known.outcome is Outcome.CRASHED:
            number, wasted = grouped(request.number), seconds(known.wasted_s)
            self._show_status(
                f"Request {number} was finished {wasted} after its client had left: {LATE_ERROR}"
            )
