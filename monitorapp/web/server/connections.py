"""The open connections of a server, and what Twisted Web does not see of them."""

from __future__ import annotations

from collections import deque
from typing import Any, Final

from twisted.internet.defer import Deferred
from twisted.internet.error import ConnectionDone
from twisted.internet.interfaces import (
    IProtocol,
    IProtocolNegotiationFactory,
    IPushProducer,
    IReactorTime,
)
from twisted.internet.task import LoopingCall
from twisted.protocols.policies import ProtocolWrapper, WrappingFactory
from twisted.python.failure import Failure
from twisted.web.server import Site
from zope.interface import implementer

from monitorapp.core.signal import Signal
from monitorapp.web.server._goaway import GoAwayFilter

READ_AHEAD_BYTES: Final = 262_144
"""How much is read of a connection that its channel has paused."""

PEEK_INTERVAL_S: Final = 1.0
"""How often connections that are not read at all are checked for a hang-up."""


_DONE: Final = Failure(ConnectionDone())


@implementer(IPushProducer)
class _StoppedByLoss:
    """The producer of an HTTP/2 connection, which ends by the connection's loss alone.

    A transport that is lost stops its producer first, and that would be reported to all streams,
    in place of the reason for the loss, which comes right after it.

    Args:
        producer: The HTTP/2 connection.
    """

    def __init__(self, producer: Any) -> None:
        self.pauseProducing = producer.pauseProducing
        self.resumeProducing = producer.resumeProducing

    def stopProducing(self) -> None:
        """Leave it to the loss of the connection."""


class Connection(ProtocolWrapper):
    """One open connection, with or without a request.

    Twisted Web pauses a connection once more than 16 KiB of further requests wait behind
    the one being handled (`HTTPChannel._optimisticEagerReadSize`); from then on it sees
    neither FIN nor RST. So a paused connection is read on, and what comes is held back
    for the channel. Only when that is too much is the connection really paused; then the
    kernel is asked periodically whether the client hung up.

    Attributes:
        is_dropped: Whether this server has begun to end the connection.
    """

    factory: OpenConnections
    is_dropped = False

    _has_spoken = False
    _goaway: GoAwayFilter | None = None

    def __init__(self, factory: OpenConnections, protocol: IProtocol) -> None:
        super().__init__(factory, protocol)
        self._held: deque[bytes] = deque()
        self._held_bytes = 0
        self._is_paused = False
        self._is_full = False
        self._is_discarding = False

    def loseConnection(self) -> None:
        """End the connection once all is written."""
        self.is_dropped = True
        super().loseConnection()

    def abortConnection(self) -> None:
        """End the connection at once."""
        self.is_dropped = True
        self._transport.abortConnection()

    def registerProducer(self, producer: Any, streaming: bool) -> None:
        """Let a producer follow the transport."""
        if self._is_http2:
            producer = _StoppedByLoss(producer)
        super().registerProducer(producer, streaming)

    def pauseProducing(self) -> None:
        """Hand nothing to the channel until it wants more."""
        self._is_paused = True

    def resumeProducing(self) -> None:
        """Hand what was held back to the channel, and continue reading."""
        self._is_paused = False
        if self._held:
            # Later, as a transport does: the channel is in the middle of something.
            self.factory.clock.callLater(0, self._hand_over)

    def dataReceived(self, data: bytes) -> None:
        """Hand data to the channel, or hold it back while that is paused."""
        if self._is_discarding:
            return
        if not self._is_paused and not self._held:
            self._hand(data)
            return
        self._held.append(data)
        self._held_bytes += len(data)
        if self._held_bytes > READ_AHEAD_BYTES and not self._is_full:
            self._is_full = True
            self._transport.pauseProducing()
            self.factory.watch(self)

    def peek(self) -> None:
        """Notice the end of a connection that is not read, if it has ended."""
        has_hung_up = getattr(self._transport, "has_hung_up", None)
        if has_hung_up is not None and has_hung_up():
            # Answers to what is still unread are of no use.
            self._is_discarding = True
            self._held.clear()
            self._continue_reading()

    @property
    def is_idle(self) -> bool:
        """Whether nothing that was asked on this connection still has to be answered."""
        channel: Any = self.wrappedProtocol
        channel = getattr(channel, "_channel", channel)  # of HTTP/1 or HTTP/2, as negotiated
        asked = getattr(channel, "requests", None) or getattr(channel, "streams", None)
        return not asked and not self._held

    def connectionLost(self, reason: Failure = _DONE) -> None:
        """Notify the requests of this connection, and only then those who wait for its end."""
        self._held.clear()
        super().connectionLost(reason)
        self.factory.connection_lost(self)

    @property
    def _transport(self) -> Any:
        return self.transport

    @property
    def _is_http2(self) -> bool:
        return getattr(self.transport, "negotiatedProtocol", None) == b"h2"

    def _hand(self, data: bytes) -> None:
        if not self._has_spoken:  # by now it is known how
            self._has_spoken = True
            if self._is_http2:
                self._goaway = GoAwayFilter()
        if self._goaway is not None:
            data = self._goaway.feed(data)
        super().dataReceived(data)

    def _hand_over(self) -> None:
        while self._held and not self._is_paused:
            data = self._held.popleft()
            self._held_bytes -= len(data)
            if not self.is_dropped:  # from then on a transport reads nothing, either
                self._hand(data)
        if self._is_full and not self._held:
            self._continue_reading()

    def _continue_reading(self) -> None:
        self._is_full = False
        self.factory.unwatch(self)
        self._transport.resumeProducing()


@implementer(IProtocolNegotiationFactory)
class OpenConnections(WrappingFactory[Connection]):
    """Wraps a Site and knows its open connections.

    Args:
        site: The site that speaks on the connections.
        clock: Schedules what cannot be done at once.

    Attributes:
        clock: The same.
        counted: Emitted with the number of open connections whenever it changes.
    """

    protocol = Connection
    noisy = False
    wrappedFactory: Site

    def __init__(self, site: Site, clock: IReactorTime) -> None:
        super().__init__(site)
        self.clock = clock
        self.counted: Signal[[int]] = Signal()
        self._closed: list[Deferred[None]] = []
        self._unread: set[Connection] = set()
        self._leaving: set[Connection] = set()
        self._peeking = LoopingCall(self._peek)
        self._peeking.clock = clock

    def acceptableProtocols(self) -> list[bytes]:
        """Return the protocols that the site offers over TLS, the preferred first."""
        protocols: list[bytes] = self.wrappedFactory.acceptableProtocols()
        return protocols

    def abort_all(self) -> Deferred[None]:
        """Drop all connections.

        Returns:
            A Deferred that fires when the last one is gone and all its requests are notified.
        """
        closed: Deferred[None] = Deferred()
        if not self.protocols:
            closed.callback(None)
            return closed
        self._closed.append(closed)
        for connection in list(self.protocols):
            connection.abortConnection()
        return closed

    def let_go(self) -> None:
        """Keep the present connections only until they are idle, see `close_idle`."""
        self._leaving.update(self.protocols)

    def close_idle(self) -> bool:
        """Close the idle ones of those that were let go; return whether others remain."""
        for connection in list(self._leaving):
            if connection.is_idle:
                self._leaving.discard(connection)
                connection.loseConnection()
        return bool(self._leaving)

    def abort_leaving(self) -> None:
        """Drop all that were let go."""
        for connection in list(self._leaving):
            connection.abortConnection()

    def registerProtocol(self, p: Connection) -> None:
        """Count a connection that was opened."""
        super().registerProtocol(p)
        self.counted.emit(len(self.protocols))

    def connection_lost(self, connection: Connection) -> None:
        """Note that a connection is gone and its requests are notified."""
        self.unwatch(connection)
        self._leaving.discard(connection)
        self.counted.emit(len(self.protocols))
        if not self.protocols:
            self._closed, closed = [], self._closed
            for deferred in closed:
                deferred.callback(None)

    def watch(self, connection: Connection) -> None:
        """Check periodically whether a connection that is not read has hung up."""
        self._unread.add(connection)
        if not self._peeking.running:
            self._peeking.start(PEEK_INTERVAL_S, now=False)

    def unwatch(self, connection: Connection) -> None:
        """Stop checking."""
        self._unread.discard(connection)
        if not self._unread and self._peeking.running:
            self._peeking.stop()

    def _peek(self) -> None:
        for connection in list(self._unread):
            connection.peek()
