from __future__ import annotations

from typing import Any

import pytest
from twisted.internet import error
from twisted.internet.defer import Deferred
from twisted.internet.task import Clock
from twisted.internet.testing import MemoryReactorClock, StringTransport
from twisted.python.failure import Failure
from twisted.web.resource import Resource
from twisted.web.server import NOT_DONE_YET, Request

from monitorapp.web.request.tracker import RequestTracker
from monitorapp.web.server.endpoint import EndpointError
from monitorapp.web.server.server import CLOSE_TIMEOUT_S, WebServer
from tests.web.channel import CLIENT, ClockTiming


class Silent(Resource):
    isLeaf = True

    def __init__(self, tracker: RequestTracker) -> None:
        super().__init__()
        self.ends: list[tuple[type[BaseException], bool]] = []
        self._tracker = tracker

    def render_GET(self, request: Request) -> int:
        def ended(failure: Failure) -> None:
            assert failure.type is not None
            self.ends.append((failure.type, self._tracker.is_stopping))

        request.notifyFinish().addErrback(ended)
        return NOT_DONE_YET


class AbortableTransport(StringTransport):
    """Loses its connection a moment after it is aborted, as a real one does."""

    def __init__(self, clock: Clock) -> None:
        super().__init__(peerAddress=CLIENT)
        self.clock = clock
        self.protocol: Any = None

    def abortConnection(self) -> None:
        self.clock.callLater(0, self.protocol.connectionLost, Failure(error.ConnectionAborted()))


@pytest.fixture
def reactor() -> MemoryReactorClock:
    return MemoryReactorClock()


@pytest.fixture
def tracker(reactor: MemoryReactorClock) -> RequestTracker:
    return RequestTracker(reactor, ClockTiming(reactor), reactor.seconds, origin="a-process")


@pytest.fixture
def root(tracker: RequestTracker) -> Silent:
    return Silent(tracker)


@pytest.fixture
def server(reactor: MemoryReactorClock, root: Silent, tracker: RequestTracker) -> WebServer:
    return WebServer(reactor, root, tracker)


def results(deferred: Deferred[Any]) -> list[Any]:
    fired: list[Any] = []
    deferred.addBoth(fired.append)
    return fired


def result(deferred: Deferred[Any]) -> Any:
    fired = results(deferred)
    assert fired, "it has not fired"
    return fired[0]


def connect(reactor: MemoryReactorClock, transport: Any, request: bytes = b"") -> None:
    factory = reactor.tcpServers[-1][1]
    protocol = factory.buildProtocol(CLIENT)
    assert protocol is not None
    transport.protocol = protocol
    protocol.makeConnection(transport)
    if request:
        protocol.dataReceived(request)


GET = b"GET / HTTP/1.1\r\nHost: a\r\n\r\n"


def test_it_listens_where_it_is_asked_to_and_reports_where(
    server: WebServer, reactor: MemoryReactorClock
) -> None:
    before = server.is_listening
    url = result(server.start("tcp:8080:interface=127.0.0.1"))
    assert url.startswith("http://")
    assert server.url == url
    assert (before, server.is_listening) == (False, True)
    assert (reactor.tcpServers[0][0], reactor.tcpServers[0][3]) == (8080, "127.0.0.1")


def test_stopping_interrupts_and_reports_what_waits(
    server: WebServer, reactor: MemoryReactorClock, tracker: RequestTracker, root: Silent
) -> None:
    result(server.start("tcp:8080"))
    for request in (GET, b"", GET):  # two that wait, and one that is idle
        connect(reactor, AbortableTransport(reactor), request)
    stopped = results(server.stop())
    assert stopped == []
    assert not server.is_listening
    reactor.advance(0)
    assert stopped == [None]
    assert root.ends == [(error.ConnectionAborted, True)] * 2
    assert tracker.counts.waiting == 0
    assert tracker.counts.interrupted == 2
    assert not tracker.is_stopping


def test_a_connection_that_will_not_go_does_not_hold_up_the_stop(
    server: WebServer, reactor: MemoryReactorClock
) -> None:
    class Stuck(AbortableTransport):
        def abortConnection(self) -> None:
            pass

    result(server.start("tcp:8080"))
    connect(reactor, Stuck(reactor), GET)
    stopped = server.stop()
    reactor.advance(CLOSE_TIMEOUT_S)
    assert result(stopped) is None


def test_it_starts_again_on_another_endpoint(
    server: WebServer, reactor: MemoryReactorClock
) -> None:
    result(server.start("tcp:8080"))
    result(server.start("tcp:9090"))
    assert [listening[0] for listening in reactor.tcpServers] == [8080, 9090]
    result(server.stop())
    result(server.start("tcp:7070"))
    assert server.is_listening


def test_stop_and_start_may_be_asked_for_at_once(
    server: WebServer, reactor: MemoryReactorClock
) -> None:
    result(server.start("tcp:8080"))
    connect(reactor, AbortableTransport(reactor), GET)
    stopped, started = results(server.stop()), results(server.start("tcp:9090"))
    assert started == []
    reactor.advance(0)
    assert stopped == [None]
    assert server.is_listening
    assert started == [server.url]


def test_stopping_a_stopped_server_is_fine(server: WebServer) -> None:
    assert result(server.stop()) is None


def test_a_malformed_endpoint_leaves_it_as_it_was(
    server: WebServer, reactor: MemoryReactorClock
) -> None:
    result(server.start("tcp:8080"))
    assert result(server.start("nonsense")).check(EndpointError)
    assert server.is_listening


def test_the_system_s_no_comes_out_and_it_can_be_tried_again(
    server: WebServer, reactor: MemoryReactorClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(port: int, *_: object, **__: object) -> Deferred[None]:
        raise error.CannotListenError("", port, OSError(98, "in use"))

    with monkeypatch.context() as patch:
        patch.setattr(reactor, "listenTCP", refuse)
        assert result(server.start("tcp:8080")).check(error.CannotListenError)
        assert not server.is_listening
    result(server.start("tcp:8080"))
    assert server.is_listening
