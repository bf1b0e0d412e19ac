from __future__ import annotations

import gc
import weakref
from collections.abc import Callable
from typing import Any

import pytest
from twisted.internet import error
from twisted.internet.interfaces import IDelayedCall
from twisted.internet.task import Clock
from twisted.logger import Logger
from twisted.python.failure import Failure
from twisted.web.resource import Resource
from twisted.web.server import NOT_DONE_YET, Request

from monitorapp.core.delay.delay import Delay
from monitorapp.core.record.failure import FailureText
from monitorapp.core.record.identity import RequestId
from monitorapp.core.record.interruption import INTERRUPTED_MESSAGE
from monitorapp.core.record.reason import Reason
from monitorapp.core.request.ended import RequestEnd
from monitorapp.web.hosting.demo import ANSWER, DelayedResource
from tests.web.channel import TrackedSite


@pytest.fixture
def clock() -> Clock:
    clock = Clock()
    clock.advance(1_000)
    return clock


def watched(site: TrackedSite) -> list[RequestEnd]:
    ended: list[RequestEnd] = []
    site.tracker.ended.connect(ended.append)
    return ended


def test_each_request_that_ends_is_reported_once(clock: Clock) -> None:
    with TrackedSite(DelayedResource(clock, Delay(5)), clock) as site:
        ended = watched(site)
        first, second = site.connect().get(b"/a?b=c"), site.connect().get(b"/d")
        clock.advance(2)
        first.leave()
        clock.advance(3)
        second.leave()
    left, answered = ended
    assert (left.identity, answered.identity) == (
        RequestId("a-process", 1),
        RequestId("a-process", 2),
    )
    assert (left.path, answered.path) == ("/a", "/d")
    assert (left.client, left.host) == ("192.0.2.7:51234", "192.0.2.7")
    assert (left.began_s, left.waited_s) == (1_000.0, 2.0)
    assert (left.delay_s, left.remaining_s, left.awaited) == (5.0, 3.0, "DelayedResource.answer")
    assert left.began_in == "DelayedResource.render_GET"
    assert left.reason is Reason.CLOSED
    assert (left.left, left.answered, left.headers_sent) == (True, False, False)
    assert (answered.began_s, answered.waited_s, answered.delay_s) == (1_000.0, 5.0, 5.0)
    assert (answered.left, answered.answered, answered.headers_sent) == (False, True, True)
    assert answered.bytes_written == len(ANSWER)


def test_the_record_is_made_of_the_end(clock: Clock) -> None:
    with TrackedSite(DelayedResource(clock, Delay(5)), clock) as site:
        ended = watched(site)
        client = site.connect().get(b"/a?b=c", b"User-Agent: probe/1\r\nReferer:\r\n")
        clock.advance(2)
        site.timing.read_uncertainty_s = 0.25
        client.leave(error.ConnectionLost())
    (end,), (record,) = ended, site.records
    text = FailureText(record.failure_type, record.message, record.traceback, record.has_frames)
    assert record == end.record(
        text, number=1, time_s=record.time_s, reason=Reason.RESET, cancelled=True
    )
    assert record.late_s == 0.25
    assert record.headers == (("Host", "example.org"), ("User-Agent", "probe/1"), ("Referer", ""))


def test_why_it_ended_is_not_what_the_application_then_says(clock: Clock) -> None:
    class Untidy(Resource):
        isLeaf = True

        def render_GET(self, request: Request) -> int:
            def left(_: Failure) -> None:
                Logger().failure(INTERRUPTED_MESSAGE, failure=Failure(ZeroDivisionError()))

            request.notifyFinish().addErrback(left)
            return NOT_DONE_YET

    with TrackedSite(Untidy(), clock) as site:
        site.connect().get().leave()
    (record,) = site.records
    assert (record.reason, record.failure_type) == (Reason.CLOSED, "builtins.ZeroDivisionError")


@pytest.mark.parametrize("leaves", [False, True])
def test_an_end_keeps_nothing_alive(clock: Clock, leaves: bool) -> None:
    requests: list[weakref.ref[Request]] = []

    class Noting(DelayedResource):
        def render_GET(self, request: Request) -> int:
            requests.append(weakref.ref(request))
            return super().render_GET(request)

        def interrupted(self, failure: Failure, call: IDelayedCall) -> None:
            call.cancel()  # and logs nothing: a log may keep the last events

    with TrackedSite(Noting(clock, Delay(5)), clock) as site:
        ended = watched(site)
        client = site.connect().get()
        reason = error.ConnectionDone()
        if not leaves:
            clock.advance(5)
        client.leave(reason)
        alive: list[Callable[[], object]] = [*requests]
        alive += [weakref.ref(reason), weakref.ref(client.channel)]
        del client, reason
        gc.collect()
    assert [end.answered for end in ended] == [not leaves]
    assert [one() for one in alive] == [None, None, None]


def test_a_resource_that_cannot_be_looked_at_is_interrupted_all_the_same(clock: Clock) -> None:
    class Odd(Resource):
        isLeaf = True

        def render(self, request: Request) -> int:
            return NOT_DONE_YET

        def __getattr__(self, name: str) -> Any:
            raise ZeroDivisionError if name.startswith("render_") else AttributeError

    with TrackedSite(Odd(), clock) as site:
        ended = watched(site)
        site.connect().get().leave()
    assert [(end.began_in, end.began_at) for end in ended] == [("", "")]
    assert site.counts == (0, 0, 1)


@pytest.mark.parametrize(
    ("reason", "left"),
    [
        (error.ConnectionDone(), True),
        (error.ConnectionLost(), True),
        (error.ConnectionLost("Stream reset with code 8."), True),
        (error.ConnectionAborted(), False),
        (error.TimeoutError(), False),
    ],
)
def test_only_a_client_that_goes_by_itself_has_left(
    clock: Clock, reason: Exception, left: bool
) -> None:
    with TrackedSite(DelayedResource(clock, Delay(5)), clock) as site:
        ended = watched(site)
        site.connect().get().leave(reason)
    assert [(end.left, end.answered) for end in ended] == [(left, False)]


def test_a_client_dropped_because_the_server_stops_has_not_left(clock: Clock) -> None:
    with TrackedSite(DelayedResource(clock, Delay(5)), clock) as site:
        ended = watched(site)
        client = site.connect().get()
        site.tracker.is_stopping = True
        client.leave()
    assert not ended[0].left


def test_the_delay_of_a_resource_that_knows_nothing_of_us_is_found(
    clock: Clock,
) -> None:
    class Late(Resource):
        isLeaf = True

        def render_GET(self, request: Request) -> int:
            call = clock.callLater(3, request.finish)
            cancel: Callable[[object], None] = lambda _: call.cancel()  # noqa: E731
            request.notifyFinish().addErrback(cancel)
            return NOT_DONE_YET

    with TrackedSite(Late(), clock) as site:
        ended = watched(site)
        site.connect().get()
        clock.advance(4)
        site.connect().get().leave()
    assert [(end.delay_s, end.answered) for end in ended] == [(None, True), (3.0, False)]


def test_the_client_says_what_it_is(clock: Clock) -> None:
    with TrackedSite(DelayedResource(clock, Delay(5)), clock) as site:
        ended = watched(site)
        site.connect().get(headers=b"User-Agent: probe/1 \x1b\r\n").leave()
    assert [end.header("User-Agent") for end in ended] == [r"probe/1 \x1b"]
