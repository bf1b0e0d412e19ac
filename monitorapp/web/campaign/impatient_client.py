"""A client that asks, waits, gives up and closes its connection."""

from __future__ import annotations

from typing import Any, Final
from urllib.parse import urlsplit

from twisted.internet.defer import Deferred
from twisted.internet.endpoints import HostnameEndpoint, connectProtocol
from twisted.internet.interfaces import IDelayedCall
from twisted.internet.protocol import Protocol, connectionDone
from twisted.python.failure import Failure

from monitorapp.core.text.visible import visible

CONNECT_TIMEOUT_S: Final = 5.0
AGENT: Final = "monitorapp"


def ask_and_leave(reactor: Any, url: str, patience_s: float) -> Deferred[bool]:
    """Send one GET request, and close the connection if there is no answer in time.

    Args:
        reactor: Connects and schedules.
        url: What is asked for, with the scheme `http`.
        patience_s: How long the client waits once it is connected, in seconds.

    Returns:
        A Deferred of whether the client left before the first byte of an answer. It fails if it
        cannot connect, with one of the errors of `twisted.internet.error`.

    Raises:
        ValueError: It is no such URL.
    """
    parts = urlsplit(url)
    if parts.scheme != "http" or not parts.hostname:
        raise ValueError(f"Requests can be sent to http:// addresses only, not {visible(url)!r}.")
    client = ImpatientClient(reactor, parts.netloc, parts.path or "/", patience_s)
    endpoint = HostnameEndpoint(
        reactor, parts.hostname, parts.port or 80, timeout=CONNECT_TIMEOUT_S
    )
    connected: Deferred[ImpatientClient] = connectProtocol(endpoint, client)
    return connected.addCallback(lambda _: client.left)


class ImpatientClient(Protocol):
    """One request of such a client.

    Args:
        clock: Schedules the end of its patience.
        host: The value of the Host header.
        target: The path, and the query if there is one.
        patience_s: How long it waits, in seconds.

    Attributes:
        left: Fires with whether it closed the connection before the first byte of an answer.
    """

    def __init__(self, clock: Any, host: str, target: str, patience_s: float) -> None:
        self.left: Deferred[bool] = Deferred()
        self._clock = clock
        self._request = (
            f"GET {target} HTTP/1.1\r\nHost: {host}\r\nUser-Agent: {AGENT}\r\n\r\n".encode("ascii")
        )
        self._patience_s = patience_s
        self._patience: IDelayedCall | None = None
        self._is_answered = False

    def connectionMade(self) -> None:
        """Ask, and begin to wait."""
        assert self.transport is not None
        self.transport.write(self._request)
        self._patience = self._clock.callLater(self._patience_s, self.transport.loseConnection)

    def dataReceived(self, data: bytes) -> None:
        """Leave: the answer has come."""
        assert self.transport is not None
        self._is_answered = True
        self.transport.loseConnection()

    def connectionLost(self, reason: Failure = connectionDone) -> None:
        """Tell whether it left without an answer."""
        if self._patience is not None and self._patience.active():
            self._patience.cancel()
            self._is_answered = True  # or the server has left; this client has not
        self.left.callback(not self._is_answered)
