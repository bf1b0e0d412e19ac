from __future__ import annotations

from collections.abc import Callable

import pytest
from twisted.internet import error
from twisted.internet.task import Clock
from twisted.web.resource import Resource
from twisted.web.server import NOT_DONE_YET, Request

from monitorapp.core.delay.delay import Delay
from monitorapp.core.request.ended import EndedRequest
from monitorapp.web.hosting.demo import DelayedResource
from tests.web.channel import TrackedSite


@pytest.fixture
def clock() -> Clock:
    clock = Clock()
    clock.advance(1_000)
    return clock


def watched(site: TrackedSite) -> list[EndedRequest]:
    ended: list[EndedRequest] = []
    site.tracker.ended.connect(ended.append)
    return ended


def test_each_request_that_ends_is_told_once(clock: Clock) -> None:
    with TrackedSite(DelayedResource(clock, Delay(5)), clock) as site:
        ended = watched(site)
        first, second = site.connect().get(b"/a?b=c"), site.connect().get(b"/d")
        clock.advance(2)
        first.leave()
        clock.advance(3)
        second.leave()
    assert ended == [
        EndedRequest(
            number=1,
            time_s=1_002.0,
            path="/a",
            client="192.0.2.7:51234",
            began_s=1_000.0,
            waited_s=2.0,
            delay_s=5.0,
            left=True,
            answered=False,
        ),
        EndedRequest(
            number=2,
            time_s=1_005.0,
            path="/d",
            client="192.0.2.7:51234",
            began_s=1_000.0,
            waited_s=5.0,
            delay_s=5.0,
            left=False,
            answered=True,
        ),
    ]


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


def test_the_delay_of_a_resource_that_knows_nothing_of_us_is_told(clock: Clock) -> None:
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
    assert [(end.delay_s, end.answered) for end in ended] == [(3.0, True), (3.0, False)]


def test_the_client_says_what_it_is(clock: Clock) -> None:
    with TrackedSite(DelayedResource(clock, Delay(5)), clock) as site:
        ended = watched(site)
        site.connect().get(headers=b"User-Agent: probe/1 \x1b\r\n").leave()
    assert [request.agent for request in ended] == [r"probe/1 \x1b"]
