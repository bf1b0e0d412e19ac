from __future__ import annotations

import errno
from typing import Any

import pytest
from twisted.internet import error
from twisted.internet.address import IPv4Address, UNIXAddress
from twisted.internet.defer import Deferred, succeed
from twisted.internet.interfaces import IListeningPort
from twisted.internet.testing import MemoryReactorClock
from twisted.python.failure import Failure
from twisted.web.resource import Resource
from twisted.web.server import NOT_DONE_YET, Request
from zope.interface import implementer

from monitorapp.web.request.tracker import RequestCounts, RequestTracker
from monitorapp.web.server.endpoint import EndpointError
from monitorapp.web.server.server import CLOSE_TIMEOUT_S, LEAVE_IDLE_S, WebServer
from tests.web.channel import AbortableTransport, ClockTiming


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


def connect(
    reactor: MemoryReactorClock, transport: AbortableTransport, request: bytes = b""
) -> None:
    transport.connect(reactor.tcpServers[-1][1])
    if request:
        transport.protocol.dataReceived(request)


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


# Elsewhere


class Ports(list[Any]):
    """The ports that listen, on a reactor whose ports can be in use."""

    def __init__(self, reactor: MemoryReactorClock, monkeypatch: pytest.MonkeyPatch) -> None:
        super().__init__()
        self.in_use = {7}
        listen = reactor.listenTCP

        def listen_if_free(number: int, *args: Any, **kwargs: Any) -> Any:
            if number in self.in_use or number in self:
                raise error.CannotListenError("", number, OSError(errno.EADDRINUSE, "in use"))
            port = listen(number, *args, **kwargs)

            def stop() -> Deferred[None]:
                stopped: Deferred[None] = Deferred()
                reactor.callLater(0, self.remove, number)
                reactor.callLater(0, stopped.callback, None)
                return stopped

            port.getHost = lambda: IPv4Address("TCP", "127.0.0.1", number)
            port.stopListening = stop
            self.append(number)
            return port

        monkeypatch.setattr(reactor, "listenTCP", listen_if_free)


@pytest.fixture
def ports(reactor: MemoryReactorClock, monkeypatch: pytest.MonkeyPatch) -> Ports:
    return Ports(reactor, monkeypatch)


class Closable(AbortableTransport):
    def loseConnection(self) -> None:
        if not self.disconnecting:
            super().loseConnection()
            reason = Failure(error.ConnectionDone())
            self.clock.callLater(0, self.protocol.connectionLost, reason)


def closed(*transports: Closable) -> list[bool]:
    return [transport.disconnecting for transport in transports]


class Answering(Resource):
    isLeaf = True

    def __init__(self) -> None:
        super().__init__()
        self.waiting: list[Request] = []

    def render_GET(self, request: Request) -> int:
        self.waiting.append(request)
        return NOT_DONE_YET


def test_a_port_in_use_leaves_the_server_where_it_is(
    server: WebServer, reactor: MemoryReactorClock, ports: Ports, tracker: RequestTracker
) -> None:
    url = result(server.start("tcp:8080"))
    connect(reactor, Closable(reactor), GET)
    assert result(server.start("tcp:7")).check(error.CannotListenError)
    reactor.advance(1)
    assert (server.url, server.is_listening, ports) == (url, True, [8080])
    assert tracker.counts.waiting == 1


def test_where_it_listens_already_nothing_is_done(
    server: WebServer, reactor: MemoryReactorClock, ports: Ports
) -> None:
    url = result(server.start("tcp:8080"))
    assert result(server.start("tcp:8080")) == url
    assert len(reactor.tcpServers) == 1


def test_its_own_port_is_not_in_its_way(
    server: WebServer, reactor: MemoryReactorClock, ports: Ports
) -> None:
    result(server.start("tcp:8080"))
    started = results(server.start("tcp:8080:interface=127.0.0.1"))
    reactor.advance(0)
    assert started == [server.url]
    assert server.is_listening
    assert ports == [8080]


def test_its_own_unix_socket_is_not_in_its_way(
    server: WebServer, reactor: MemoryReactorClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    held: list[bytes] = []

    @implementer(IListeningPort)
    class Port:
        def getHost(self) -> UNIXAddress:
            return UNIXAddress(b"/run/x")

        def startListening(self) -> None:
            raise NotImplementedError

        def stopListening(self) -> None:
            held.clear()

    def listen(*_: Any, **__: Any) -> Port:
        if held:
            raise error.CannotListenError(None, b"/run/x", "Cannot acquire lock")
        held.append(b"/run/x")
        return Port()

    monkeypatch.setattr(reactor, "listenUNIX", listen)
    result(server.start("unix:/run/x"))
    assert result(server.start("unix:/run/x:mode=600")) == "unix:/run/x"
    assert held == [b"/run/x"]


def test_if_it_cannot_take_over_its_own_port_it_is_where_it_was(
    server: WebServer, reactor: MemoryReactorClock, ports: Ports, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = result(server.start("tcp:8080"))
    listen = reactor.listenTCP

    def refuse(number: int, factory: Any, backlog: int, interface: str) -> Any:
        if interface:
            raise error.CannotListenError("", number, OSError(errno.EADDRINUSE, "in use"))
        return listen(number, factory, backlog, interface)

    monkeypatch.setattr(reactor, "listenTCP", refuse)
    started = results(server.start("tcp:8080:interface=192.0.2.1"))
    reactor.advance(0)
    assert started[0].check(error.CannotListenError)
    assert (server.url, server.is_listening, ports) == (url, True, [8080])


def test_clients_stay_until_they_are_answered(
    reactor: MemoryReactorClock, tracker: RequestTracker, ports: Ports
) -> None:
    root = Answering()
    server = WebServer(reactor, root, tracker)
    leaving: list[bool] = []
    server.leaving.connect(leaving.append)
    result(server.start("tcp:8080"))
    asking, idle, pipelining, late = (Closable(reactor) for _ in range(4))
    connect(reactor, asking, GET)
    connect(reactor, idle)
    connect(reactor, pipelining, GET + GET)
    connect(reactor, late)
    started = results(server.start("tcp:9090"))
    late.protocol.dataReceived(GET)  # it was on its way
    reactor.pump([0, LEAVE_IDLE_S, 0])
    assert started == [server.url]
    assert ports == [9090]
    assert leaving == [True]
    assert closed(idle, asking, pipelining, late) == [True, False, False, False]
    new = Closable(reactor)
    connect(reactor, new, GET)
    for number in range(3):
        root.waiting[number].finish()
    reactor.pump([0, 0])
    # One has asked for more.
    assert closed(asking, pipelining, late) == [True, False, True]
    assert leaving == [True]
    root.waiting[-1].finish()
    reactor.pump([0, 0])
    assert closed(pipelining, new) == [True, False]
    assert leaving == [True, False]
    assert tracker.counts == RequestCounts(waiting=1, answered=4, interrupted=0)
    assert not tracker.ended


def test_clients_of_a_former_port_can_be_dropped(
    reactor: MemoryReactorClock,
    tracker: RequestTracker,
    root: Silent,
    server: WebServer,
    ports: Ports,
) -> None:
    leaving: list[bool] = []
    server.leaving.connect(leaving.append)
    result(server.start("tcp:8080"))
    connect(reactor, Closable(reactor), GET)
    server.start("tcp:9090")
    reactor.pump([0, LEAVE_IDLE_S])
    connect(reactor, Closable(reactor), GET)
    server.drop_leaving()
    reactor.pump([0, 0])
    assert leaving == [True, False]
    assert root.ends == [(error.ConnectionAborted, False)]
    assert tracker.counts.waiting == 1


def test_what_is_no_port_is_refused(
    server: WebServer, monkeypatch: pytest.MonkeyPatch, ports: Ports
) -> None:
    class Endpoint:
        def listen(self, _: object) -> Deferred[object]:
            return succeed(object())

    url = result(server.start("tcp:8080"))
    monkeypatch.setattr("monitorapp.web.server.server.parse_endpoint", lambda *_: Endpoint())
    assert result(server.start("odd:")).check(EndpointError)
    assert (server.url, server.is_listening) == (url, True)
