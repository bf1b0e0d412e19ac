"""What becomes of the work for a request whose client has left."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from monitorapp.core.record.identity import RequestId
from monitorapp.core.record.outcome import Outcome, RequestOutcome
from monitorapp.web.request.awaited import AwaitedCall

# One object for each outcome that nothing was wasted in: nearly all are such.
_PLAIN: Final = {outcome: RequestOutcome(outcome) for outcome in Outcome}


class Aftermath:
    """Follows the work for one request from the loss of its connection on.

    It holds neither the request nor the call, so it keeps nothing alive: the request holds it,
    and the call does, if it was not cancelled.

    Args:
        request: Which request it is.
        lost_s: When its connection was lost, by the monotonic clock.
        monotonic: Returns the seconds of that clock.
        report: Called with the request and its outcome, whenever that becomes known.
    """

    __slots__ = ("_lost_s", "_monotonic", "_outcome", "_report", "_request")

    def __init__(
        self,
        request: RequestId,
        lost_s: float,
        monotonic: Callable[[], float],
        report: Callable[[RequestId, RequestOutcome], object],
    ) -> None:
        self._request = request
        self._lost_s = lost_s
        self._monotonic = monotonic
        self._report = report
        self._outcome = Outcome.UNKNOWN

    def begin(self, awaited: AwaitedCall | None) -> None:
        """Report what can be seen once those who wait for the request have been notified.

        A pending call is watched until it is made or cancelled.
        """
        if awaited is not None:
            if awaited.was_cancelled:
                self._outcome = Outcome.CANCELLED
            elif awaited.call.active():
                self._outcome = Outcome.RUNNING
                self._watch(awaited.call)
            else:  # an errback has made the call happen, so that work was done for nobody
                self._outcome = Outcome.WENT_ON
        self._report(self._request, _PLAIN[self._outcome])

    def worked(self) -> None:
        """Note that work for the request was just done."""
        if self._outcome is not Outcome.CRASHED:
            self._outcome = Outcome.WENT_ON
            self._report_wasted()

    def crashed(self) -> None:
        """Note that the response was just finished, which Twisted refuses."""
        self._outcome = Outcome.CRASHED
        self._report_wasted()

    def _report_wasted(self) -> None:
        wasted_s = max(0.0, self._monotonic() - self._lost_s)
        outcome = RequestOutcome(self._outcome, wasted_s) if wasted_s else _PLAIN[self._outcome]
        self._report(self._request, outcome)

    def _watch(self, call: Any) -> None:
        function, canceller = getattr(call, "func", None), getattr(call, "canceller", None)
        if function is None or canceller is None:  # it is no DelayedCall of Twisted's
            return

        def made(*args: object, **kwargs: object) -> object:
            try:
                return function(*args, **kwargs)
            finally:
                self.worked()

        def cancelled(cancelled_call: object) -> object:
            self.worked()
            return canceller(cancelled_call)

        call.func, call.canceller = made, cancelled
