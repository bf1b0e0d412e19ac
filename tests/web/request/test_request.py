"""Whatever resource is hosted, its interruptions have full rows."""

from __future__ import annotations

import functools
from collections.abc import Callable, Generator
from typing import Any

import pytest
from twisted.internet import error
from twisted.internet.defer import Deferred, ensureDeferred, inlineCallbacks
from twisted.internet.task import Clock, deferLater
from twisted.logger import Logger
from twisted.python import log
from twisted.web.resource import Resource
from twisted.web.server import NOT_DONE_YET, Request

from monitorapp.core.delay.delay import Delay
from monitorapp.core.record.identity import RequestId
from monitorapp.core.record.interruption import INTERRUPTED_MESSAGE
from monitorapp.core.record.reason import Reason
from monitorapp.core.request.current import current_request
from monitorapp.web.hosting.demo import DelayedResource
from monitorapp.web.request.request import BAD_TARGET
from tests.web.channel import TrackedSite

LEGACY_SCRIPT = """
from twisted.web.resource import Resource
from twisted.web.server import NOT_DONE_YET
from twisted.internet import reactor
from twisted.python.log import err

class DelayedResource(Resource):
    isLeaf = True

    def _delayedRender(self, request):
        request.write(b"<html><body>Sorry to keep you waiting.</body></html>")
        request.finish()

    def _responseFailed(self, failure, call):
        call.cancel()
        err(failure, "Async response demo interrupted response")

    def render_GET(self, request):
        call = reactor.callLater(5, self._delayedRender, request)
        request.notifyFinish().addErrback(self._responseFailed, call)
        return NOT_DONE_YET

resource = DelayedResource()
"""

MODERN_SCRIPT = LEGACY_SCRIPT.replace(
    "from twisted.python.log import err", "from twisted.logger import Logger\nlog = Logger()"
).replace(
    'err(failure, "Async response demo interrupted response")',
    'log.failure("Async response demo interrupted response", failure=failure)',
)


@pytest.mark.parametrize(
    "script", [LEGACY_SCRIPT, MODERN_SCRIPT], ids=["log.err", "Logger.failure"]
)
@pytest.mark.parametrize("method", [b"GET", b"HEAD"])
def test_a_script_that_knows_nothing_of_us_gives_a_full_row(
    script: str, method: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = Clock()
    clock.advance(500)
    import twisted.internet

    monkeypatch.setattr(twisted.internet, "reactor", clock, raising=False)
    namespace: dict[str, Any] = {}
    exec(compile(script, "script.rpy", "exec"), namespace)
    with TrackedSite(namespace["resource"], clock) as site:
        client = site.connect().get(b"/demo?x=1", method=method)
        clock.advance(1.5)
        client.leave()
    (record,) = site.records
    assert (record.method, record.uri) == (method.decode(), "/demo?x=1")
    assert record.path == "/demo"
    assert record.client == "192.0.2.7:51234"
    assert (record.waited_s, record.delay_s, record.remaining_s) == (1.5, 5.0, 3.5)
    assert record.reason is Reason.CLOSED
    assert record.began_in == "DelayedResource.render_GET"
    line = script[: script.index("def render_GET")].count("\n") + 1
    assert record.began_at == f"script.rpy:{line}"
    assert record.awaited == "DelayedResource._delayedRender"
    assert record.cancelled
    assert record.identity == RequestId("a-process", 1)


class Waiting(Resource):
    """Waits in one of many ways."""

    isLeaf = True

    def __init__(self, clock: Clock, wait: Callable[[Clock, Request], object]) -> None:
        super().__init__()
        self._clock = clock
        self._wait = wait

    def render_GET(self, request: Request) -> int:
        self._wait(self._clock, request)
        return NOT_DONE_YET


def done(request: Request) -> None:
    request.finish()


def by_partial(clock: Clock, request: Request) -> None:
    def left(call: Any, failure: Any) -> None:
        call.cancel()
        log.err(failure, INTERRUPTED_MESSAGE)

    call = clock.callLater(3, functools.partial(done, request))
    request.notifyFinish().addErrback(functools.partial(left, call))


def by_closure(clock: Clock, request: Request) -> None:
    call = clock.callLater(3, done, request)

    def left(failure: Any) -> None:
        call.cancel()
        Logger().failure(INTERRUPTED_MESSAGE, failure=failure)

    request.notifyFinish().addErrback(left)


def by_keyword(clock: Clock, request: Request) -> None:
    def left(failure: Any, *, call: Any) -> None:
        call.cancel()
        log.err(failure, INTERRUPTED_MESSAGE)

    request.notifyFinish().addErrback(left, call=clock.callLater(3, done, request))


def by_both(clock: Clock, request: Request) -> None:
    def ended(result: Any, call: Any) -> None:
        if call.active():
            call.cancel()
            log.err(result, INTERRUPTED_MESSAGE)

    request.notifyFinish().addBoth(ended, clock.callLater(3, done, request))


@pytest.mark.parametrize("wait", [by_partial, by_closure, by_keyword, by_both])
def test_what_was_awaited_is_found_however_it_was_handed_over(
    wait: Callable[[Clock, Request], object],
) -> None:
    clock = Clock()
    with TrackedSite(Waiting(clock, wait), clock) as site:
        client = site.connect().get()
        clock.advance(1)
        client.leave()
        answered = site.connect().get()
        clock.advance(3)
        assert answered.received
    (record,) = site.records
    assert (record.delay_s, record.remaining_s) == (3.0, 2.0)
    assert record.awaited == "done"
    assert record.cancelled


def test_a_coroutine_keeps_its_request_across_its_pauses() -> None:
    clock = Clock()

    async def work(request: Request) -> None:
        try:
            await request.notifyFinish()
        except error.ConnectionDone:
            await deferLater(clock, 2)  # tidies up first
            Logger().failure(INTERRUPTED_MESSAGE)

    def wait(_: Clock, request: Request) -> None:
        ensureDeferred(work(request))

    with TrackedSite(Waiting(clock, wait), clock) as site:
        first, second = site.connect().get(b"/first"), site.connect().get(b"/second")
        clock.advance(1)
        second.leave()
        clock.advance(1)
        first.leave()
        clock.pump([1, 1, 1])
    assert [(record.uri, record.waited_s) for record in site.records] == [
        ("/second", 1.0),
        ("/first", 2.0),
    ]


def test_inline_callbacks_keep_their_request_too() -> None:
    clock = Clock()

    @inlineCallbacks
    def work(request: Request) -> Generator[Deferred[None], None, None]:
        try:
            yield request.notifyFinish()
        except error.ConnectionDone:
            log.err(None, INTERRUPTED_MESSAGE)

    with TrackedSite(Waiting(clock, lambda _, request: work(request)), clock) as site:
        site.connect().get(b"/inline").leave()
    assert [record.uri for record in site.records] == ["/inline"]


def test_pipelined_requests_are_distinguished() -> None:
    clock = Clock()
    with TrackedSite(Waiting(clock, by_closure), clock) as site:
        client = site.connect()
        client.send(b"GET /one HTTP/1.1\r\nHost: a\r\n\r\nGET /two HTTP/1.1\r\nHost: a\r\n\r\n")
        assert site.counts == (1, 0, 0)
        clock.advance(3)
        assert site.counts == (1, 1, 0)
        clock.advance(0.5)
        client.leave()
    assert [(record.uri, record.waited_s) for record in site.records] == [("/two", 0.5)]
    assert site.counts == (0, 1, 1)
    assert current_request.get() is None


def test_a_client_that_leaves_before_its_request_is_whole_is_no_request() -> None:
    clock = Clock()
    with TrackedSite(Waiting(clock, by_closure), clock) as site:
        for start in (b"GET / HT", b"GET / HTTP/1.1\r\nHost: a\r\n", b"\r\n"):
            client = site.connect()
            client.send(start)
            client.leave()
        client = site.connect()
        client.send(b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\nhalf")
        client.leave()
    assert site.counts == (0, 0, 0)
    assert site.records == []


def test_a_resource_that_does_not_watch_is_counted_all_the_same() -> None:
    clock = Clock()
    with TrackedSite(Waiting(clock, lambda *_: None), clock) as site:
        client = site.connect().get()
        assert site.counts == (1, 0, 0)
        client.leave()
        assert site.counts == (0, 0, 1)
    assert site.records == []


def test_a_failing_resource_has_answered_with_an_error() -> None:
    def fail(*_: object) -> None:
        raise ZeroDivisionError

    clock = Clock()
    with TrackedSite(Waiting(clock, fail), clock) as site:
        client = site.connect().get()
    assert b"500 Internal Server Error" in client.received
    assert site.counts == (0, 1, 0)


def test_what_was_written_is_reported() -> None:
    def stream(clock: Clock, request: Request) -> None:
        by_closure(clock, request)
        request.write(b"0123456789")

    clock = Clock()
    with TrackedSite(Waiting(clock, stream), clock) as site:
        site.connect().get().leave(error.ConnectionLost())
    (record,) = site.records
    assert record.headers_sent
    assert record.bytes_written == 10
    assert record.reason is Reason.RESET


def test_hostile_headers_are_made_visible() -> None:
    clock = Clock()
    with TrackedSite(Waiting(clock, by_closure), clock) as site:
        agent = b"\x1b[31m\xe2\x80\xae\xff<b>x</b>"
        site.connect().get(b"/" + b"a" * 9_000, b"User-Agent: " + agent + b"\r\n").leave()
    (record,) = site.records
    assert record.header("User-Agent") == "\\x1b[31m\\u202e\\xff<b>x</b>"
    assert len(record.uri) == 9_001


def test_a_target_that_cannot_be_named_is_a_bad_request() -> None:
    clock = Clock()
    with TrackedSite(DelayedResource(clock, Delay(5.0)), clock) as site:
        client = site.connect().get(b"/a\x80", method=b"POST")
        head, _, body = client.received.partition(b"\r\n\r\n")
        assert head.startswith(b"HTTP/1.1 400 Bad Request\r\n")
        assert b"Allow" not in head
        assert body == BAD_TARGET
        client.transport.clear()
        client.get(b"/a")  # the connection goes on
        clock.advance(5)
        assert client.received.startswith(b"HTTP/1.1 200 OK\r\n")
        assert site.counts == (0, 2, 0)


def test_other_failures_to_decode_are_those_of_the_resource() -> None:
    def fail(*_: object) -> None:
        b"\x80".decode("ascii")

    clock = Clock()
    with TrackedSite(Waiting(clock, fail), clock) as site:
        client = site.connect().get(b"/a")
    assert b"500 Internal Server Error" in client.received
