"""How a connection ended is read off the kernel; here this needs real sockets."""

from __future__ import annotations

import socket
import struct
import sys
from typing import cast

import pytest
from twisted.internet import error, tcp
from twisted.internet.protocol import Factory, Protocol
from twisted.internet.testing import MemoryReactorClock
from twisted.python.failure import Failure

from monitorapp.core.record.reason import Reason
from monitorapp.web.request.reasons import reason_of
from monitorapp.web.server.transport import (
    ClientTransport,
    KnownEnd,
    notice_vanished_clients,
    raise_backlog,
)
from tests.waits import WAIT_S

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the states are those of Linux")


class Fake:
    """A socket of which only the TCP state is asked."""

    def __init__(self, state: int, retransmits: int, probes: int, last_ack_ms: int) -> None:
        self._info = struct.pack("=4B4x13I", state, 0, retransmits, probes, *[0] * 12, last_ack_ms)

    def getsockopt(self, level: int, option: int, size: int) -> bytes:
        assert (level, option) == (socket.IPPROTO_TCP, socket.TCP_INFO)
        return self._info[:size]


def lose(fake: Fake, exception: Exception, vanished_after_s: float = 30) -> Failure:
    """Return the reason that the protocol gets when a connection in this state is lost."""
    connection = ClientTransport.__new__(ClientTransport)
    connection.vanished_after_s = vanished_after_s
    connection.socket = cast(socket.socket, fake)
    reported: list[Failure] = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(tcp.Server, "connectionLost", lambda _, reason: reported.append(reason))
        connection.connectionLost(Failure(exception))
    (reason,) = reported
    return reason


@pytest.mark.parametrize(
    ("fake", "reason"),
    [
        (Fake(7, 0, 4, 30_100), Reason.TIMED_OUT),  # silent, and probes were not answered
        (Fake(7, 5, 0, 30_100), Reason.TIMED_OUT),  # what was sent was not confirmed
        (Fake(7, 0, 0, 90_000), Reason.RESET),  # idle for long, and then reset
        (Fake(7, 1, 0, 200), Reason.RESET),
        (Fake(8, 0, 4, 90_000), Reason.RESET),
    ],
)
def test_a_lost_connection_says_whether_it_timed_out(fake: Fake, reason: Reason) -> None:
    failure = lose(fake, error.ConnectionLost())
    assert failure.check(error.ConnectionLost)
    assert reason_of(failure) is reason


def test_other_ends_stay_what_they_are() -> None:
    assert lose(Fake(7, 0, 4, 90_000), error.ConnectionDone()).check(error.ConnectionDone)


@pytest.fixture
def port(monkeypatch: pytest.MonkeyPatch) -> tcp.Port:
    factory = Factory.forProtocol(Protocol)
    listening = tcp.Port(0, factory, interface="127.0.0.1", reactor=MemoryReactorClock())
    listening.socket = socket.create_server(("127.0.0.1", 0))
    monkeypatch.setattr(listening, "fileno", listening.socket.fileno)
    return listening


@pytest.mark.parametrize(("after_s", "idle_s", "probe_s"), [(30, 13, 4), (5, 1, 1), (600, 203, 99)])
def test_accepted_connections_take_over_the_times(
    port: tcp.Port, after_s: int, idle_s: int, probe_s: int
) -> None:
    notice_vanished_clients(port, after_s)
    with (
        port.socket,
        socket.create_connection(port.socket.getsockname()),
        port.socket.accept()[0] as accepted,
    ):
        option = accepted.getsockopt
        assert option(socket.SOL_SOCKET, socket.SO_KEEPALIVE) == 1
        assert option(socket.IPPROTO_TCP, socket.TCP_KEEPIDLE) == idle_s
        assert option(socket.IPPROTO_TCP, socket.TCP_KEEPINTVL) == probe_s
        assert option(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT) == (after_s - 1) * 1000
        count = option(socket.IPPROTO_TCP, socket.TCP_KEEPCNT)
        assert idle_s + count * probe_s <= max(5, after_s - 1)
    assert issubclass(port.transport, ClientTransport)


def test_zero_leaves_the_system_s_own_times(port: tcp.Port) -> None:
    notice_vanished_clients(port, 0)
    with port.socket:
        assert port.socket.getsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE) == 0


def test_more_clients_than_twisted_allows_can_queue(port: tcp.Port) -> None:
    with port.socket:
        port.socket.listen(1)
        raise_backlog(port)
        clients = [
            socket.create_connection(port.socket.getsockname(), timeout=WAIT_S) for _ in range(100)
        ]
        accepted = [port.socket.accept()[0] for _ in clients]
        for connection in clients + accepted:
            connection.close()


def test_a_hang_up_is_seen_without_reading(port: tcp.Port) -> None:
    with port.socket:
        for linger, unread in ((0, b""), (0, b"unread"), (1, b"unread")):
            client = socket.create_connection(port.socket.getsockname())
            accepted, _ = port.socket.accept()
            connection = ClientTransport.__new__(ClientTransport)
            connection.socket = accepted
            client.sendall(unread)
            assert not connection.has_hung_up()
            if linger:
                client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            client.close()
            assert connection.has_hung_up()
            accepted.close()
            assert not connection.has_hung_up()


def test_a_hang_up_over_a_unix_socket_is_seen_without_reading() -> None:
    for unread in (b"", b"unread"):
        client, accepted = socket.socketpair()
        connection = KnownEnd.__new__(KnownEnd)
        connection.socket = accepted
        client.sendall(unread)
        assert not connection.has_hung_up()
        client.close()
        assert connection.has_hung_up()
        accepted.close()
        assert not connection.has_hung_up()


def test_the_first_end_of_a_connection_is_remembered() -> None:
    connection = KnownEnd.__new__(KnownEnd)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(tcp.Server, "connectionLost", lambda *_: None)
        connection.connectionLost(Failure(error.ConnectionDone()))
        connection.connectionLost(Failure(error.ConnectionLost()))
    assert connection.lost_reason is not None
    assert connection.lost_reason.check(error.ConnectionDone)


def test_systems_without_tcp_info_say_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(socket, "TCP_INFO")
    failure = lose(Fake(7, 0, 4, 90_000), error.ConnectionLost())
    assert reason_of(failure) is Reason.RESET
