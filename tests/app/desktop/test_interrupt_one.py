from __future__ import annotations

from typing import Any

import pytest
from twisted.internet.error import ConnectionRefusedError as Refused
from twisted.internet.testing import StringTransportWithDisconnection
from twisted.python.failure import Failure

from monitorapp.app.desktop.interrupt_one import InterruptOnePresenter
from tests.app.desktop.desk import ENDPOINT, Desk


@pytest.fixture
def client(desk: Desk) -> Any:
    """The factory of the client that was sent."""
    desk.services.server.start(ENDPOINT)
    presenter = InterruptOnePresenter(desk.reactor, desk.services.server, desk.window)
    desk.window.interrupt_one_requested.emit(0.5)
    assert desk.status == "A client sends a request, and gives up after 0.5 s…"
    desk.reactor.advance(0)
    yield desk.reactor.tcpClients[0][2]
    del presenter


def connect(factory: Any) -> StringTransportWithDisconnection:
    protocol = factory.buildProtocol(None)
    transport = StringTransportWithDisconnection()
    transport.protocol = protocol
    protocol.makeConnection(transport)
    return transport


def test_a_client_asks_and_gives_up(desk: Desk, client: Any) -> None:
    transport = connect(client)
    assert transport.value().startswith(b"GET / HTTP/1.1")
    desk.reactor.pump([0, 0.5])  # the request is out before its client begins to wait
    assert desk.status == "The client gave up."


def test_one_that_was_answered_in_time_is_reported(desk: Desk, client: Any) -> None:
    transport = connect(client)
    transport.protocol.dataReceived(b"HTTP/1.1 200 OK\r\n\r\n")
    transport.loseConnection()
    assert desk.status == "The client was answered in time."


def test_one_that_cannot_connect_is_reported(desk: Desk, client: Any) -> None:
    client.clientConnectionFailed(None, Failure(Refused()))
    desk.reactor.advance(1)  # until no other address is tried
    assert desk.status.startswith(f"No request could be sent to {desk.services.server.url}: ")
