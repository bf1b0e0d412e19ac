"""A tracked site and its clients, without sockets and without time."""

from __future__ import annotations

from typing import Any

from twisted.internet import error
from twisted.internet.address import IPv4Address
from twisted.internet.task import Clock
from twisted.internet.testing import StringTransport
from twisted.logger import LogPublisher, globalLogPublisher
from twisted.python.failure import Failure
from twisted.web.resource import IResource
from twisted.web.server import Site

from monitorapp.core.record.interruption import Interruption
from monitorapp.web.request.observer import InterruptionObserver
from monitorapp.web.request.request import TrackedRequest
from monitorapp.web.request.tracker import RequestTracker

CLIENT = IPv4Address("TCP", "192.0.2.7", 51234)


class ClockTiming:
    """Says that every event is read the moment it happens."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self.read_uncertainty_s = 0.0
        self.read_before_s = 0.0

    @property
    def read_time_s(self) -> float:
        return self._clock.seconds() - self.read_before_s


class TrackedSite:
    """A Site whose requests are tracked and whose log is observed.

    Attributes:
        set_back_s: By how much the date has been set back.
    """

    def __init__(self, root: IResource, clock: Clock, origin: str = "a-process") -> None:
        self.timing = ClockTiming(clock)
        self.set_back_s = 0.0
        self.tracker = RequestTracker(
            clock,
            self.timing,
            clock.seconds,
            lambda: clock.seconds() - self.set_back_s,
            origin=origin,
        )
        self.records: list[Interruption] = []
        self.site = Site(root, requestFactory=self._request, reactor=clock)
        self._publisher: LogPublisher = globalLogPublisher
        self._observer = InterruptionObserver(self.records.append)

    def __enter__(self) -> TrackedSite:
        self._publisher.addObserver(self._observer)
        return self

    def __exit__(self, *_: object) -> None:
        self._publisher.removeObserver(self._observer)

    def _request(self, *args: Any, **kwargs: Any) -> TrackedRequest:
        return TrackedRequest(*args, tracker=self.tracker, **kwargs)

    def connect(self) -> Client:
        return Client(self.site)

    @property
    def counts(self) -> tuple[int, int, int]:
        counts = self.tracker.counts
        return counts.waiting, counts.answered, counts.interrupted


class AbortableTransport(StringTransport):
    """Loses its connection a moment after it is aborted, as a real one does."""

    def __init__(self, clock: Clock) -> None:
        super().__init__(peerAddress=CLIENT)
        self.clock = clock
        self.protocol: Any = None

    def connect(self, factory: Any) -> None:
        """Be the connection of a new protocol."""
        self.protocol = factory.buildProtocol(CLIENT)
        assert self.protocol is not None
        self.protocol.makeConnection(self)

    def abortConnection(self) -> None:
        self.clock.callLater(0, self.protocol.connectionLost, Failure(error.ConnectionAborted()))


class Client:
    """One connection."""

    def __init__(self, site: Site) -> None:
        self.transport = StringTransport(peerAddress=CLIENT)
        self.channel = site.buildProtocol(CLIENT)
        self.channel.makeConnection(self.transport)

    def send(self, data: bytes) -> None:
        self.channel.dataReceived(data)

    def get(self, uri: bytes = b"/", headers: bytes = b"", method: bytes = b"GET") -> Client:
        self.send(method + b" " + uri + b" HTTP/1.1\r\nHost: example.org\r\n" + headers + b"\r\n")
        return self

    def leave(self, reason: Exception | None = None) -> None:
        self.channel.connectionLost(Failure(reason or error.ConnectionDone()))

    @property
    def received(self) -> bytes:
        received: bytes = self.transport.value()
        return received
