"""The server's end of a connection, how it ended, and how a vanished client is noticed.

A client whose machine or network is gone sends neither FIN nor RST. The kernel finds out
by keepalive probes (RFC 9293, section 3.8.4) while nothing is being sent, and by the user
timeout (RFC 5482) while something is; both are off unless asked for.
"""

from __future__ import annotations

import os
import select
import socket
import struct
from typing import Any, Final, NamedTuple

from twisted.internet import error, tcp
from twisted.python.failure import Failure

DEFAULT_VANISHED_AFTER_S: Final = 30.0
"""How long a client may be silent to the kernel before its connection is given up."""

MIN_VANISHED_AFTER_S: Final = 5.0  # keepalive counts in whole seconds
MAX_VANISHED_AFTER_S: Final = 86_400.0

_PROBES: Final = 4
_TCP_CLOSE: Final = 7  # a state of linux/include/net/tcp_states.h
_TCP_INFO: Final = struct.Struct("=4B4x13I")
_DEAD_SILENCE_MS: Final = 60_000


class _TcpInfo(NamedTuple):
    """A part of Linux's `struct tcp_info` (include/uapi/linux/tcp.h)."""

    state: int
    retransmits: int
    probes: int
    last_ack_ms: int


class KnownEnd(tcp.Server):
    """The server's end of a connection, which remembers how it ended.

    What speaks on the connection may be given less: over TLS a FIN without a closing alert and
    a reset look the same (`twisted.protocols.tls`).

    Attributes:
        lost_reason: How the connection ended, before anybody else knows it; None while it is open.
    """

    lost_reason: Failure | None = None

    def connectionLost(self, reason: Failure) -> None:
        """Remember how the connection ended, and notify the protocol."""
        if self.lost_reason is None:
            self.lost_reason = reason
        super().connectionLost(reason)

    def has_hung_up(self) -> bool:
        """Return whether the client's end is closed, though the connection is not read."""
        opened = getattr(self, "socket", None)
        if opened is None or opened.fileno() < 0 or not hasattr(select, "poll"):
            return False
        poll = select.poll()
        poll.register(opened, getattr(select, "POLLRDHUP", 0))  # POLLHUP and POLLERR always come
        return bool(poll.poll(0))


class ClientTransport(KnownEnd):
    """The server's end of a TCP connection, which knows how it ended.

    Twisted reports a reset and a connection that timed out alike, as `ConnectionLost`.
    Here the message of the latter names the timeout.
    """

    vanished_after_s = DEFAULT_VANISHED_AFTER_S

    def connectionLost(self, reason: Failure) -> None:
        """Notify the protocol that the connection is lost, and whether it timed out."""
        if reason.check(error.ConnectionLost) and self._has_timed_out():
            reason = Failure(error.ConnectionLost("Connection timed out"))
        super().connectionLost(reason)

    def _has_timed_out(self) -> bool:
        info = self._tcp_info()
        return (
            info is not None
            and info.state == _TCP_CLOSE
            and bool(info.probes or info.retransmits)
            and info.last_ack_ms >= (self.vanished_after_s * 500 or _DEAD_SILENCE_MS)
        )

    def _tcp_info(self) -> _TcpInfo | None:
        if not hasattr(socket, "TCP_INFO"):
            return None
        try:
            data = self.socket.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, _TCP_INFO.size)
            state, _, retransmits, probes, *numbers = _TCP_INFO.unpack(data)
        except (OSError, struct.error, AttributeError):  # closed already
            return None
        return _TcpInfo(state, retransmits, probes, last_ack_ms=numbers[-1])


def remember_ends(port: tcp.Port) -> None:
    """Have the connections that `port` accepts remember how they ended.

    Args:
        port: The listening port, of whatever family.
    """
    transport: Any = type("Transport", (KnownEnd, port.transport), {})
    port.transport = transport


def notice_vanished_clients(port: tcp.Port, after_s: float) -> None:
    """Make the connections that `port` accepts end when their client has vanished.

    Args:
        port: The listening port. Its connections take over its options; that costs nothing
            for each of them.
        after_s: How long a client may be silent to the kernel, in seconds; 0 for as
            long as the system allows.
    """

    class Transport(ClientTransport):
        vanished_after_s = after_s

    port.transport = Transport
    if after_s <= 0:
        return
    within_s = round(after_s) - 1  # timers of the kernel come late rather than early
    probe_s = max(1, within_s // (_PROBES + 2))
    idle_s = max(1, within_s - _PROBES * probe_s)
    with _socket_of(port) as listening:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
        for name, value in (
            ("TCP_KEEPIDLE", idle_s),
            ("TCP_KEEPALIVE", idle_s),  # its name on macOS
            ("TCP_KEEPINTVL", probe_s),
            ("TCP_KEEPCNT", _PROBES),
            ("TCP_USER_TIMEOUT", within_s * 1000),
        ):
            option = getattr(socket, name, None)
            if option is not None:
                listening.setsockopt(socket.IPPROTO_TCP, option, value)


def raise_backlog(port: tcp.Port) -> None:
    """Raise a port's backlog from Twisted's 50 to the most that the system allows.

    A client that finds the backlog full may come and go without being seen.
    """
    with _socket_of(port) as listening:
        listening.listen(socket.SOMAXCONN)


def _socket_of(port: tcp.Port) -> socket.socket:
    """Return a second handle of the port's socket, to be closed."""
    return socket.socket(fileno=os.dup(port.fileno()))
