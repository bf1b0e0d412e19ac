"""An HTTP client that sends one request, waits, and leaves in a chosen way."""

from __future__ import annotations

from enum import Enum
from typing import Any

from twisted.internet.defer import Deferred
from twisted.internet.error import ConnectionDone
from twisted.internet.interfaces import (
    IAddress,
    IDelayedCall,
    IHandshakeListener,
    ISSLTransport,
    IStreamClientEndpoint,
)
from twisted.internet.protocol import Factory, Protocol, connectionDone
from twisted.python.failure import Failure
from zope.interface import implementer

from monitorapp.core.campaign.plan import Leaving
from monitorapp.core.campaign.target import CampaignTarget


class ClientOutcome(Enum):
    """How a request ended, as its client sees it. The value is what the user reads."""

    ANSWERED = "The client was answered in time."
    INTERRUPTED = "The client gave up."
    DROPPED = "The server ended the connection without an answer."


@implementer(IHandshakeListener)
class ImpatientClient(Protocol):
    """Sends one request; gives up once its patience is over, if its way is to give up.

    Args:
        clock: Schedules the end of its patience.
        request: The request as it is sent.
        leaving: What it does once its patience is over.
        patience_s: How long it waits, in seconds.

    Attributes:
        ended: Fires with the `ClientOutcome` once the connection is gone. It fails with the reason
            if the request could not be sent: TLS was not agreed on.
        asked: Fires with None when the request is sent; never if it cannot be.
    """

    def __init__(self, clock: Any, request: bytes, leaving: Leaving, patience_s: float) -> None:
        self.ended: Deferred[ClientOutcome] = Deferred()
        self.asked: Deferred[None] = Deferred()
        self._clock = clock
        self._request = request
        self._leaving = leaving
        self._patience_s = patience_s
        self._call: IDelayedCall | None = None
        self._has_left = False
        self._is_answered = False

    def abort(self) -> None:
        """Reset the connection now."""
        self._has_left = True
        self._transport.abortConnection()

    def connectionMade(self) -> None:
        """Ask at once, or over TLS once the handshake is done."""
        if not ISSLTransport.providedBy(self.transport):
            self._ask()

    def handshakeCompleted(self) -> None:
        """Ask: what is sent now is encrypted."""
        self._ask()

    def dataReceived(self, data: bytes) -> None:
        """Take a piece of the answer; a slow reader pauses after each."""
        if self._leaving is Leaving.HALF_CLOSE or not self._has_left:
            self._is_answered = True
        if self._leaving is Leaving.SLOW_READ:
            self._pause()

    def connectionLost(self, reason: Failure = connectionDone) -> None:
        """Report how it ended."""
        if self._call is not None and self._call.active():
            self._call.cancel()
        if not self.asked.called:
            self.ended.errback(reason)
        elif self._has_left and not self._was_answered_after_all():
            self.ended.callback(ClientOutcome.INTERRUPTED)
        elif self._is_answered and reason.check(ConnectionDone):
            self.ended.callback(ClientOutcome.ANSWERED)
        else:
            self.ended.callback(ClientOutcome.DROPPED)

    @property
    def _transport(self) -> Any:
        return self.transport

    def _ask(self) -> None:
        self._transport.write(self._request)
        self.asked.callback(None)
        if self._leaving is Leaving.SLOW_READ:
            self._pause()
        elif self._leaving is not Leaving.WAIT:
            # The transport writes after the delayed calls of a turn. One turn later the request
            # is out, and even the shortest patience does not take it back with a reset.
            self._call = self._clock.callLater(0, self._wait)

    def _wait(self) -> None:
        self._call = self._clock.callLater(self._patience_s, self._leave)

    def _pause(self) -> None:
        self._transport.pauseProducing()
        self._call = self._clock.callLater(self._patience_s, self._transport.resumeProducing)

    def _leave(self) -> None:
        self._has_left = True
        if self._leaving is Leaving.RESET:
            self._transport.abortConnection()
        elif self._leaving is Leaving.HALF_CLOSE:
            self._is_answered = False
            self._transport.loseWriteConnection()
        else:
            self._transport.loseConnection()

    def _was_answered_after_all(self) -> bool:
        """Return whether the server answered a client that only stopped sending."""
        return self._leaving is Leaving.HALF_CLOSE and self._is_answered


def connect(endpoint: IStreamClientEndpoint, client: ImpatientClient) -> Deferred[ImpatientClient]:
    """Connect a client, which then asks; return a Deferred of it, or of why that failed."""
    connected: Deferred[Any] = endpoint.connect(_OneClient(client))
    return connected.addCallback(lambda _: client)  # over TLS it is wrapped


def request_bytes(target: CampaignTarget, agent: str) -> bytes:
    """Return the request that asks a target for its path, once.

    Args:
        target: The server and the path.
        agent: The value of the User-Agent header.
    """
    return (
        f"GET {target.path} HTTP/1.1\r\nHost: {target.authority}\r\nUser-Agent: {agent}\r\n"
        "Connection: close\r\n\r\n"
    ).encode("ascii")


class _OneClient(Factory):
    """Hands out one client, without a line in the log."""

    noisy = False

    def __init__(self, client: ImpatientClient) -> None:
        self._client = client

    def buildProtocol(self, addr: IAddress | None) -> ImpatientClient:
        """Return the client."""
        return self._client
