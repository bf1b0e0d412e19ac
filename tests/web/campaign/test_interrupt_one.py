from __future__ import annotations

from typing import Any

import pytest
from twisted.internet import error
from twisted.internet.testing import MemoryReactorClock, StringTransportWithDisconnection
from twisted.python.failure import Failure

from monitorapp.web.campaign.client import ClientOutcome
from monitorapp.web.campaign.interrupt_one import ask_and_leave


class Asked:
    def __init__(self, url: str = "http://127.0.0.1:8080/") -> None:
        self.reactor: Any = MemoryReactorClock()
        self.ends: list[ClientOutcome | Failure] = []
        ask_and_leave(self.reactor, url, 1.0).addBoth(self.ends.append)
        self.client: Any = None

    def accept(self) -> StringTransportWithDisconnection:
        factory = (self.reactor.tcpClients or self.reactor.unixClients)[0][-3]
        self.client = factory.buildProtocol(None)
        transport = StringTransportWithDisconnection()
        transport.protocol = self.client
        self.client.makeConnection(transport)
        self.reactor.advance(0)
        return transport


def test_it_asks_waits_and_leaves() -> None:
    asked = Asked()
    assert [client[:2] for client in asked.reactor.tcpClients] == [("127.0.0.1", 8080)]
    transport = asked.accept()
    assert transport.value().startswith(b"GET / HTTP/1.1\r\nHost: 127.0.0.1:8080\r\n")
    assert b"\r\nUser-Agent: monitorapp\r\n" in transport.value()
    asked.reactor.advance(0.99)
    assert (transport.connected, asked.ends) == (True, [])
    asked.reactor.advance(0.01)
    assert (transport.connected, asked.ends) == (False, [ClientOutcome.INTERRUPTED])


def test_an_answer_in_time_is_reported() -> None:
    asked = Asked()
    asked.accept()
    asked.client.dataReceived(b"HTTP/1.1 200 OK\r\n\r\n")
    asked.client.connectionLost(Failure(error.ConnectionDone()))
    assert asked.ends == [ClientOutcome.ANSWERED]
    assert not asked.reactor.getDelayedCalls()


def test_a_server_that_leaves_first_is_no_impatience() -> None:
    asked = Asked()
    asked.accept()
    asked.client.connectionLost(Failure(error.ConnectionDone()))
    assert asked.ends == [ClientOutcome.DROPPED]


def test_a_server_that_refuses_is_a_failure() -> None:
    asked = Asked()
    factory = asked.reactor.tcpClients[0][2]
    factory.clientConnectionFailed(None, Failure(error.ConnectionRefusedError()))
    assert isinstance(asked.ends[0], Failure)
    assert asked.ends[0].check(error.ConnectionRefusedError)


def test_a_unix_socket_and_tls_are_reached_too() -> None:
    assert Asked("unix:/run/web").reactor.unixClients[0][0] == "/run/web"
    assert Asked("https://[::1]:8443/").reactor.tcpClients[0][:2] == ("::1", 8443)


@pytest.mark.parametrize("url", ["", "http:///", "gopher://a/", "unix:"])
def test_what_cannot_be_reached_is_refused(url: str) -> None:
    with pytest.raises(ValueError, match="Requests can be sent to"):
        ask_and_leave(MemoryReactorClock(), url, 1.0)
