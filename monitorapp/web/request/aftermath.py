"""What becomes of the work for a request whose client has left."""

from __future__ import annotations

from typing import Any, Protocol

from monitorapp.core.record.outcome import Outcome
from monitorapp.web.request.awaited import AwaitedCall


class OutcomeTracker(Protocol):
    """Who wants to know it; a `monitorapp.web.request.tracker.RequestTracker`."""

    def monotonic(self) -> float:
        """Return the seconds of a clock that only goes forward."""
        ...

    def tell_outcome(self, number: int, outcome: Outcome, wasted_s: float) -> None:
        """Take what has become known of a request."""
        ...


class Aftermath:
    """Follows the work for one request from the loss of its connection on.

    It holds neither the request nor the call, so it keeps nothing alive: the request holds it,
    and the call does, if it was not cancelled.

    Args:
        tracker: Is told each outcome that becomes known.
        number: Running number of the request.
        lost_s: When its connection was lost, by the tracker's monotonic clock.
    """

    __slots__ = ("_lost_s", "_number", "_outcome", "_tracker")

    def __init__(self, tracker: OutcomeTracker, number: int, lost_s: float) -> None:
        self._tracker = tracker
        self._number = number
        self._lost_s = lost_s
        self._outcome = Outcome.UNKNOWN

    def begin(self, awaited: AwaitedCall | None) -> None:
        """Tell what can be seen once those who wait for the request have been told.

        A call that is still to come is watched until it is made or cancelled.
        """
        if awaited is not None:
            if awaited.was_cancelled:
                self._outcome = Outcome.CANCELLED
            elif awaited.call.active():
                self._outcome = Outcome.WENT_ON
                self._watch(awaited.call)
            else:  # the errbacks have made it come about, so that work was done for nobody
                self._outcome = Outcome.WENT_ON
        self._tracker.tell_outcome(self._number, self._outcome, 0.0)

    def worked(self) -> None:
        """Note that work for the request was just done."""
        if self._outcome is not Outcome.CRASHED:
            self._outcome = Outcome.WENT_ON
            self._tell_wasted()

    def crashed(self) -> None:
        """Note that the response was just finished, which Twisted refuses."""
        self._outcome = Outcome.CRASHED
        self._tell_wasted()

    def _tell_wasted(self) -> None:
        wasted_s = max(0.0, self._tracker.monotonic() - self._lost_s)
        self._tracker.tell_outcome(self._number, self._outcome, wasted_s)

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
