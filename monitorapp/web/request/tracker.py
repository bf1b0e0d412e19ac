"""All requests of a server: those that wait, and how the others ended."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, Protocol

from twisted.internet.interfaces import IReactorTime
from twisted.web.http_headers import Headers

from monitorapp.core.record.identity import RequestId
from monitorapp.core.record.interruption import Interruption
from monitorapp.core.record.outcome import RequestOutcome
from monitorapp.core.request.ended import RequestEnd
from monitorapp.core.request.waiting import WaitingRequest
from monitorapp.core.signal import Signal
from monitorapp.web.request import _steering
from monitorapp.web.request._steering import SteeredRequest

MOST_LOOKED_AT: Final = 2_000
"""With more requests that wait it takes too long to look at each."""


class HandledRequest(SteeredRequest, Protocol):
    """What the tracker wants of a request while it waits.

    Attributes:
        path: What is requested, without the query.
        began_s: When its handling began, in seconds since the epoch.
    """

    path: bytes
    began_s: float

    def is_of(self, host: str, agent: str) -> bool:
        """Return whether its client has this host and sent this User-Agent."""
        ...

    def waiting_facts(self) -> WaitingRequest:
        """Return what is known of it now."""
        ...


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
        unlogged: Interrupted requests whose interruption was not logged.
    """

    waiting: int
    answered: int
    interrupted: int
    unlogged: int = 0


class RequestTracker:
    """Registers requests while they are handled and counts how they end.

    Its methods name a request by its running number, from 1. Outside of this process that
    is only half of its identity, see `RequestId`.

    Args:
        clock: Schedules the responses.
        timing: Knows when the loss of a connection was read.
        monotonic: Measures how long requests wait, in seconds, unmoved by changes of the date.
        wall: Returns the seconds since the epoch, for what is shown.
        origin: Names this process among all whose records may ever come together.

    Attributes:
        clock: The same.
        timing: The same.
        monotonic: The same.
        wall: The same.
        origin: The same.
        is_stopping: Whether the server is stopping, so that requests end because of it.
        begun: Emitted with the headers of each request whose handling begins.
        ended: Emitted once for each request that ends, in any way.
        outcome_changed: Emitted with an interrupted request and its outcome whenever that has
            become known: for one request several times if more is seen later.

    Raises:
        ValueError: `origin` is empty, which stands for an unknown one.
    """

    def __init__(
        self,
        clock: IReactorTime,
        timing: EventTiming,
        monotonic: Callable[[], float] = time.monotonic,
        wall: Callable[[], float] = time.time,
        *,
        origin: str,
    ) -> None:
        if not origin:
            raise ValueError("A tracker needs an origin that names its process.")
        self.clock = clock
        self.timing = timing
        self.monotonic = monotonic
        self.wall = wall
        self.origin = sys.intern(origin)  # each of its records has it
        self.is_stopping = False
        self.begun: Signal[[Headers]] = Signal()
        self.ended: Signal[[RequestEnd]] = Signal()
        self.outcome_changed: Signal[[RequestId, RequestOutcome]] = Signal()
        self._waiting: dict[int, HandledRequest] = {}
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

    def begin(self, request: HandledRequest) -> int:
        """Register a request whose handling begins; return its running number, from 1."""
        self._begun += 1
        self._waiting[self._begun] = request
        return self._begun

    def answered(self, number: int, end: Callable[[], RequestEnd]) -> None:
        """Count a request whose response is finished, if it still waited.

        Args:
            number: Which request.
            end: Returns how it ended; called only if it is needed.
        """
        if self._waiting.pop(number, None) is not None:
            self._answered += 1
            if self.ended:
                self.ended.emit(end())

    def interrupted(self, end: RequestEnd, *, is_logged: bool) -> None:
        """Count a request whose connection was lost, if it still waited.

        Args:
            end: How it ended.
            is_logged: Whether that has its record already.
        """
        if self._waiting.pop(end.number, None) is not None:
            self._interrupted += 1
            self._unlogged += not is_logged
            self.ended.emit(end)

    def logged_late(self) -> None:
        """Count an interrupted request as logged after all."""
        self._unlogged -= 1

    def overlaps(
        self, interruption: Interruption, host: str, agent: str, before_s: float
    ) -> bool | None:
        """Return whether the same client waits for the same path, too.

        Args:
            interruption: What is not meant.
            host: Host of its client.
            agent: What it sent as User-Agent.
            before_s: When the other request has to have begun before, in seconds since the epoch.

        Returns:
            None if that is not known, as too many wait to look at them all.
        """
        path = interruption.path
        if not path.isascii() or len(self._waiting) > MOST_LOOKED_AT:
            return None
        raw = path.encode()
        return any(
            request.path == raw
            and request.began_s < before_s
            and number != interruption.request_number
            and request.is_of(host, agent)
            for number, request in self._waiting.items()
        )

    def is_waiting(self, number: int) -> bool:
        """Return whether the handling of a request has begun and not ended."""
        return number in self._waiting

    def finish_now(self, number: int) -> bool:
        """Make what a request waits for come now; return whether anything is known of that."""
        request = self._waiting.get(number)
        return request is not None and _steering.set_remaining(request, 0.0)

    def abort(self, number: int) -> bool:
        """Drop the client of a request; return whether the request waited."""
        request = self._waiting.get(number)
        return request is not None and _steering.abort(request)

    def extend(self, number: int, seconds: float) -> bool:
        """Make a request wait so many seconds longer; return whether that can be done."""
        request = self._waiting.get(number)
        return request is not None and _steering.extend(request, seconds, self.clock.seconds())

    def reschedule(self, delay_of: Callable[[], float]) -> int:
        """Give each request that waits a new delay, measured from when it began.

        What is then overdue is finished at once.

        Args:
            delay_of: Returns the delay of one request, in seconds; called for each.

        Returns:
            How many requests have a new delay; of the others it is not known what they wait for.
        """
        requests = tuple(self._waiting.values())
        return sum(_steering.set_delay(request, delay_of) for request in requests)
