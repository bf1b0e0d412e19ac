from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st
from twisted.internet.task import Clock
from twisted.web.resource import Resource
from twisted.web.server import NOT_DONE_YET, Request

from monitorapp.core.delay.delay import Delay
from monitorapp.core.record.identity import RequestId
from monitorapp.core.record.reason import Reason
from monitorapp.core.request.ended import RequestEnd
from monitorapp.core.request.waiting import WaitingRequest
from monitorapp.web.hosting.demo import DelayedResource
from tests.web.channel import TrackedSite
from tests.web.request.test_http2 import Http2Client


@pytest.fixture
def clock() -> Clock:
    clock = Clock()
    clock.advance(1_000)
    return clock


@pytest.fixture
def site(clock: Clock) -> Iterator[TrackedSite]:
    with TrackedSite(DelayedResource(clock, Delay(5.0)), clock) as site:
        yield site


def facts(site: TrackedSite, number: int = 1) -> WaitingRequest:
    known = site.tracker.facts(number)
    assert known is not None
    return known


def test_a_request_that_waits_tells_how_far_it_is(site: TrackedSite, clock: Clock) -> None:
    site.connect().get(b"/a?b")
    clock.advance(2)
    assert site.tracker.numbers() == [1]
    assert facts(site) == WaitingRequest(
        identity=RequestId("a-process", 1),
        uri="/a?b",
        client="192.0.2.7:51234",
        waited_s=2.0,
        delay_s=5.0,
        remaining_s=3.0,
        bytes_written=0,
        headers_sent=False,
        has_errback=True,
    )
    assert facts(site).share == pytest.approx(0.4)
    clock.advance(3)
    assert site.tracker.numbers() == []
    assert site.tracker.facts(1) is None


def test_a_request_without_errback_is_reported(clock: Clock) -> None:
    class Forgetful(Resource):
        isLeaf = True

        def render_GET(self, request: Request) -> int:
            request.write(b"abc")
            request.notifyFinish()
            return NOT_DONE_YET

    with TrackedSite(Forgetful(), clock) as site:
        site.connect().get()
        known = facts(site)
        assert not known.has_errback
        assert (known.bytes_written, known.headers_sent) == (3, True)
        assert (known.delay_s, known.remaining_s, known.share) == (None, None, None)
        assert not site.tracker.finish_now(1)
        assert not site.tracker.extend(1, 5)
        assert site.tracker.reschedule(lambda: 1) == 0


def test_a_request_is_finished_now(site: TrackedSite, clock: Clock) -> None:
    client, other = site.connect().get(), site.connect().get()
    clock.advance(1)
    assert site.tracker.finish_now(1)
    assert facts(site).delay_s == 1.0
    clock.advance(0)
    assert client.received
    assert not other.received
    assert not site.tracker.finish_now(1)


def test_an_extended_request_waits_longer_and_says_so(site: TrackedSite, clock: Clock) -> None:
    client = site.connect().get()
    clock.advance(1)
    assert site.tracker.extend(1, 5)
    assert (facts(site).delay_s, facts(site).remaining_s) == (10.0, 9.0)
    clock.advance(8)
    assert not client.received
    client.leave()
    assert [(record.delay_s, record.remaining_s) for record in site.records] == [(10.0, 1.0)]
    assert not site.tracker.extend(1, 5)


def test_a_client_is_dropped(site: TrackedSite) -> None:
    client = site.connect().get()
    assert site.tracker.abort(1)
    assert client.transport.disconnected


def test_one_stream_of_a_connection_is_dropped_alone(site: TrackedSite, clock: Clock) -> None:
    ended: list[RequestEnd] = []
    site.tracker.ended.connect(ended.append)
    client = Http2Client(site)
    client.ask("/one")
    client.ask("/two")
    clock.advance(1)
    assert site.tracker.abort(1)
    assert site.tracker.numbers() == [2]
    assert [record.reason for record in site.records] == [Reason.ABORTED]
    assert [end.left for end in ended] == [False]
    assert not site.tracker.abort(1)


def test_new_delays_are_measured_from_when_each_request_began(
    site: TrackedSite, clock: Clock
) -> None:
    first = site.connect().get()
    clock.advance(2)
    second = site.connect().get()
    clock.advance(1)
    assert site.tracker.reschedule(lambda: 2.5) == 2
    clock.advance(0)
    assert (first.received != b"", second.received != b"") == (True, False)
    assert (facts(site, 2).delay_s, facts(site, 2).remaining_s) == (2.5, 1.5)
    second.leave()
    assert site.records[0].delay_s == 2.5


@given(st.lists(st.floats(0, 20), min_size=1, max_size=9), st.floats(0, 4))
def test_each_request_is_answered_after_its_own_new_delay(
    delays_s: list[float], elapsed_s: float
) -> None:
    clock = Clock()
    ended: dict[int, float] = {}
    with TrackedSite(DelayedResource(clock, Delay(5.0)), clock) as site:
        site.tracker.ended.connect(lambda end: ended.update({end.number: end.delay_s or 0.0}))
        for _ in delays_s:
            site.connect().get()
        clock.advance(elapsed_s)
        drawn = iter(delays_s)
        assert site.tracker.reschedule(lambda: next(drawn)) == len(delays_s)
        clock.advance(21)
    expected = [max(delay_s, elapsed_s) for delay_s in delays_s]
    assert [ended[number] for number in range(1, len(delays_s) + 1)] == pytest.approx(expected)


def test_waits_and_delays_go_on_when_the_date_is_set_back(clock: Clock) -> None:
    class Plain(Resource):
        """Says nothing of its delay."""

        isLeaf = True

        def render_GET(self, request: Request) -> int:
            call = clock.callLater(5, request.finish)
            request.notifyFinish().addErrback(lambda _: call.cancel())
            return NOT_DONE_YET

    ended: list[RequestEnd] = []
    with TrackedSite(Plain(), clock) as site:
        site.tracker.ended.connect(ended.append)
        client = site.connect().get()
        began_s = clock.seconds()
        clock.advance(2)
        site.set_back_s = 3600.0
        assert (facts(site).waited_s, facts(site).delay_s, facts(site).remaining_s) == (2, 5, 3)
        site.tracker.extend(1, 1)
        assert (facts(site).delay_s, facts(site).remaining_s) == (6, 4)
        site.tracker.reschedule(lambda: 9)
        assert (facts(site).delay_s, facts(site).remaining_s) == (9, 7)
        clock.advance(1)
        client.leave()
        site.connect().get()
        site.tracker.finish_now(2)
        clock.advance(0)
    left, answered = ended
    assert (left.waited_s, left.delay_s, left.remaining_s) == (3, 9, 6)
    assert (left.began_s, answered.began_s) == (began_s, began_s + 3 - 3600)
    assert answered.waited_s == 0
    assert site.counts == (0, 1, 1)
