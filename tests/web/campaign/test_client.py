from __future__ import annotations

import pytest
from twisted.internet.error import ConnectionDone, ConnectionLost
from twisted.internet.interfaces import ISSLTransport
from twisted.internet.task import Clock
from twisted.internet.testing import StringTransportWithDisconnection
from twisted.python.failure import Failure
from zope.interface import directlyProvides

from monitorapp.core.campaign.plan import Leaving
from monitorapp.core.campaign.target import parse_target
from monitorapp.web.campaign.client import ClientOutcome, ImpatientClient, request_bytes

ANSWER = b"HTTP/1.1 200 OK\r\n\r\nSorry"


class Transport(StringTransportWithDisconnection):
    """Knows in which ways it was left."""

    def __init__(self) -> None:
        super().__init__()
        self.did: list[str] = []

    def loseConnection(self) -> None:
        self.did.append("close")
        super().loseConnection()

    def abortConnection(self) -> None:
        self.did.append("reset")
        super().loseConnection()

    def loseWriteConnection(self) -> None:
        self.did.append("half-close")


class Connected:
    def __init__(self, leaving: Leaving, patience_s: float = 1.0, *, secure: bool = False) -> None:
        self.clock = Clock()
        self.transport = Transport()
        if secure:
            directlyProvides(self.transport, ISSLTransport)
        self.client = ImpatientClient(self.clock, b"GET", leaving, patience_s)
        self.transport.protocol = self.client
        self.outcomes: list[ClientOutcome | Failure] = []
        self.client.ended.addBoth(self.outcomes.append)
        self.client.makeConnection(self.transport)

    def lose(self, reason: type[Exception] = ConnectionDone) -> None:
        self.client.connectionLost(Failure(reason()))


@pytest.mark.parametrize(("leaving", "did"), [(Leaving.CLOSE, "close"), (Leaving.RESET, "reset")])
def test_it_leaves_when_its_patience_is_over(leaving: Leaving, did: str) -> None:
    connected = Connected(leaving)
    assert connected.transport.value() == b"GET"
    connected.clock.advance(0)
    connected.clock.advance(0.99)
    assert connected.transport.did == []
    connected.clock.advance(0.01)
    assert connected.transport.did == [did]
    assert connected.outcomes == [ClientOutcome.INTERRUPTED]


def test_without_any_patience_it_asks_all_the_same() -> None:
    connected = Connected(Leaving.RESET, 0)
    assert connected.transport.did == []  # the reactor writes before the next delayed call
    connected.clock.advance(0)
    assert connected.transport.did == ["reset"]


def test_one_that_is_answered_in_time_leaves_nothing_behind() -> None:
    connected = Connected(Leaving.CLOSE)
    connected.clock.advance(0)
    connected.client.dataReceived(ANSWER)
    connected.lose()
    assert connected.outcomes == [ClientOutcome.ANSWERED]
    assert not connected.clock.getDelayedCalls()


def test_a_server_that_ends_it_without_an_answer_has_dropped_it() -> None:
    connected = Connected(Leaving.CLOSE)
    connected.lose()
    half = Connected(Leaving.WAIT)
    half.client.dataReceived(ANSWER)
    half.lose(ConnectionLost)
    assert connected.outcomes + half.outcomes == [ClientOutcome.DROPPED, ClientOutcome.DROPPED]


def test_after_a_half_close_it_reads_on() -> None:
    connected = Connected(Leaving.HALF_CLOSE)
    connected.clock.advance(0)
    connected.clock.advance(1)
    assert connected.transport.did == ["half-close"]
    assert connected.outcomes == []
    connected.lose()
    assert connected.outcomes == [ClientOutcome.INTERRUPTED]


def test_a_server_that_understands_a_half_close_answers() -> None:
    connected = Connected(Leaving.HALF_CLOSE)
    connected.clock.advance(0)
    connected.clock.advance(1)
    connected.client.dataReceived(ANSWER)
    connected.lose()
    assert connected.outcomes == [ClientOutcome.ANSWERED]


def test_a_slow_reader_pauses_before_each_piece_and_never_leaves() -> None:
    connected = Connected(Leaving.SLOW_READ)
    states = [connected.transport.producerState]
    connected.clock.advance(1)
    states.append(connected.transport.producerState)
    connected.client.dataReceived(ANSWER)
    states.append(connected.transport.producerState)
    connected.clock.advance(1)
    states.append(connected.transport.producerState)
    assert states == ["paused", "producing", "paused", "producing"]
    connected.lose()
    assert connected.outcomes == [ClientOutcome.ANSWERED]


def test_a_polite_one_waits_however_long() -> None:
    connected = Connected(Leaving.WAIT)
    connected.clock.advance(1_000_000)
    assert connected.transport.did == []
    connected.client.dataReceived(ANSWER)
    connected.lose()
    assert connected.outcomes == [ClientOutcome.ANSWERED]


def test_over_tls_it_asks_after_the_handshake() -> None:
    connected = Connected(Leaving.CLOSE, secure=True)
    assert connected.transport.value() == b""
    connected.client.handshakeCompleted()
    assert connected.transport.value() == b"GET"


def test_a_handshake_that_fails_is_no_request() -> None:
    connected = Connected(Leaving.CLOSE, secure=True)
    connected.lose(ConnectionLost)
    assert isinstance(connected.outcomes[0], Failure)


def test_one_that_is_aborted_has_left() -> None:
    connected = Connected(Leaving.WAIT)
    connected.client.abort()
    assert connected.transport.did == ["reset"]
    assert connected.outcomes == [ClientOutcome.INTERRUPTED]


def test_the_request_is_one_and_closes_its_connection() -> None:
    request = request_bytes(parse_target("http://h:81/", "/a?b"), "monitorapp-client/1")
    assert request == (
        b"GET /a?b HTTP/1.1\r\nHost: h:81\r\nUser-Agent: monitorapp-client/1\r\n"
        b"Connection: close\r\n\r\n"
    )
