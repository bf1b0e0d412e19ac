from __future__ import annotations

import pytest
from twisted.internet.error import ConnectionDone
from twisted.internet.task import Clock
from twisted.internet.testing import MemoryReactorClock, StringTransport
from twisted.python.failure import Failure

from monitorapp.web.campaign.impatient_client import ImpatientClient, ask_and_leave


class Connected:
    def __init__(self) -> None:
        self.clock = Clock()
        self.transport = StringTransport()
        self.client = ImpatientClient(self.clock, "h:80", "/slow", 1.0)
        self.left: list[bool] = []
        self.client.left.addCallback(self.left.append)
        self.client.makeConnection(self.transport)

    def lose(self) -> None:
        self.client.connectionLost(Failure(ConnectionDone()))


def test_it_asks_waits_and_leaves() -> None:
    connected = Connected()
    assert connected.transport.value().startswith(b"GET /slow HTTP/1.1\r\nHost: h:80\r\n")
    assert connected.transport.value().endswith(b"\r\n\r\n")
    connected.clock.advance(0.99)
    states = [connected.transport.disconnecting]
    connected.clock.advance(0.01)
    states.append(connected.transport.disconnecting)
    assert states == [False, True]
    connected.lose()
    assert connected.left == [True]


def test_an_answer_in_time_is_told() -> None:
    connected = Connected()
    connected.client.dataReceived(b"HTTP/1.1 200 OK\r\n")
    assert connected.transport.disconnecting
    connected.lose()
    assert connected.left == [False]
    assert not connected.clock.getDelayedCalls()


def test_a_server_that_leaves_first_is_no_impatience() -> None:
    connected = Connected()
    connected.lose()
    assert connected.left == [False]


def test_it_connects_to_the_address_alone() -> None:
    reactor = MemoryReactorClock()
    ask_and_leave(reactor, "http://127.0.0.1:8080/", 1.0)
    assert [client[:2] for client in reactor.tcpClients] == [("127.0.0.1", 8080)]


@pytest.mark.parametrize("url", ["https://127.0.0.1/", "unix:/tmp/socket", "", "http:///"])
def test_other_addresses_are_refused(url: str) -> None:
    with pytest.raises(ValueError, match="http:// addresses only"):
        ask_and_leave(MemoryReactorClock(), url, 1.0)
