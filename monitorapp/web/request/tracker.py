"""All requests of a server: those that wait, and how the others ended."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from twisted.internet.interfaces import IReactorTime
from twisted.web.http_headers import Headers

from monitorapp.core.record.outcome import Outcome
from monitorapp.core.request.ended import EndedRequest
from monitorapp.core.request.waiting import WaitingRequest
from monitorapp.core.signal import Signal

if TYPE_CHECKING:
    from monitorapp.web.request.request import TrackedRequest


class EventTiming(Protocol):
    """When the event that is being handled was read from the network.

    Attributes:
        read_time_s: When it was read, by the monotonic clock; now, if none is being handled.
        read_uncertainty_s: How much earlier it may have happened, in seconds.
    """

    @property
    def read_time_s(self) -> float: ...  # noqa: D102

    @property
    def read_uncertainty_s(self) -> float: ...  # noqa: D102


@dataclass(frozen=True, slots=True)
class RequestCounts:
    """How many requests there are. Each one that began is counted in exactly one place.

    Attributes:
        waiting: Requests being handled.
        answered: Requests whose response was finished.
        interrupted: Requests whose connection was lost before that.
        unlogged: Interrupted requests of which nobody has logged that.
    """

    waiting: int
    answered: int
    interrupted: int
    unlogged: int = 0


class RequestTracker:
    """Registers requests while they are handled and counts how they end.

    Args:
        clock: Schedules the responses; its seconds are since the epoch.
        timing: Tells when the loss of a connection was read.
        monotonic: Measures how long requests wait, in seconds, unmoved by changes of the date.

    Attributes:
        clock: The same.
        timing: The same.
        monotonic: The same.
        is_stopping: Whether the server is stopping, so that requests end because of it.
        begun: Emitted with the headers of each request whose handling begins.
        ended: Emitted once for each request that ends, in any way.
        outcome_changed: Emitted with the number of a request, its outcome, and how long work
            has gone on for nobody, in seconds, whenever that has become known: for one request
            several times if more is seen later.
    """

    def __init__(
        self,
        clock: IReactorTime,
        timing: EventTiming,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self.clock = clock
        self.timing = timing
        self.monotonic = monotonic
        self.is_stopping = False
        self.begun: Signal[[Headers]] = Signal()
        self.ended: Signal[[EndedRequest]] = Signal()
        self.outcome_changed: Signal[[int, Outcome, float]] = Signal()
        self._waiting: dict[int, TrackedRequest] = {}
        self._begun = 0
        self._answered = 0
        self._interrupted = 0
        self._unlogged = 0

    @property
    def counts(self) -> RequestCounts:
        """How many requests wait, were answered and were interrupted."""
        return RequestCounts(len(self._waiting), self._answered, self._interrupted, self._unlogged)

    def numbers(self) -> list[int]:
        """Return the numbers of the requests that wait, in ascending order."""
        return list(self._waiting)

    def facts(self, number: int) -> WaitingRequest | None:
        """Return what is known of a request that waits; None if it does not wait."""
        request = self._waiting.get(number)
        return request.waiting_facts() if request is not None else None

    def begin(self, request: TrackedRequest) -> int:
        """Register a request whose handling begins; return its running number, from 1."""
        self._begun += 1
        self._waiting[self._begun] = request
        return self._begun

    def answered(self, request: TrackedRequest) -> None:
        """Count a request whose response is finished, if it still waited."""
        if self._waiting.pop(request.number, None) is not None:
            self._answered += 1
            self._tell_ended(request)
            self.tell_outcome(request.number, Outcome.ANSWERED, 0.0)

    def interrupted(self, request: TrackedRequest) -> None:
        """Count a request whose connection was lost, if it still waited."""
        if self._waiting.pop(request.number, None) is not None:
            self._interrupted += 1
            self._unlogged += not request.is_logged
            self._tell_ended(request)

    def logged_late(self) -> None:
        """Count an interrupted request as logged after all."""
        self._unlogged -= 1

    def is_waiting(self, request: TrackedRequest) -> bool:
        """Return whether the handling of `request` has begun and not ended."""
        return request.number in self._waiting

    def finish_now(self, number: int) -> bool:
        """Make what a request waits for come now; return whether anything is known of that."""
        request = self._waiting.get(number)
        return request is not None and request.set_due(self.clock.seconds())

    def abort(self, number: int) -> bool:
        """Drop the client of a request; return whether the request waited."""
        request = self._waiting.get(number)
        return request is not None and request.abort()

    def extend(self, number: int, seconds: float) -> bool:
        """Make a request wait so many seconds longer; return whether that can be done."""
        request = self._waiting.get(number)
        return request is not None and request.extend(seconds)

    def reschedule(self, delay_of: Callable[[], float]) -> int:
        """Give each request that waits a new delay, measured from when it began.

        What is then overdue is finished at once.

        Args:
            delay_of: Returns the delay of one request, in seconds; called for each.

        Returns:
            How many requests have a new delay; of the others it is not known what they wait for.
        """
        return sum(request.set_delay(delay_of) for request in tuple(self._waiting.values()))

    def tell_outcome(self, number: int, outcome: Outcome, wasted_s: float) -> None:
        """Tell everybody who wants to know of an outcome."""
        self.outcome_changed.emit(number, outcome, wasted_s)

    def _tell_ended(self, request: TrackedRequest) -> None:
        if not self.ended:
            return
        ended = request.ended()
        self.ended.emit(ended)
