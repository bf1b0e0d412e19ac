from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st
from twisted.internet.task import Clock

from monitorapp.core.delay.delay import Delay
from monitorapp.core.delay.sweep import SweepDelay
from monitorapp.core.record.reason import Reason
from monitorapp.web.hosting.demo import ANSWER, DelayedResource
from tests.web.channel import TrackedSite


@pytest.fixture
def clock() -> Clock:
    clock = Clock()
    clock.advance(1_000)
    return clock


@pytest.fixture
def delay() -> Delay:
    return Delay(5.0)


@pytest.fixture
def site(clock: Clock, delay: Delay) -> Iterator[TrackedSite]:
    with TrackedSite(DelayedResource(clock, delay), clock) as site:
        yield site


@pytest.mark.parametrize("uri", [b"/", b"/a", b"/a/b/c?d=e", b"/a/"])
def test_any_path_is_answered_after_the_delay(site: TrackedSite, clock: Clock, uri: bytes) -> None:
    client = site.connect().get(uri)
    clock.advance(4.999)
    assert client.received == b""
    assert site.counts == (1, 0, 0)
    clock.advance(0.001)
    head, body = client.received.split(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 200 OK")
    assert b"Content-Type: text/plain" in head
    assert body == ANSWER == b"Sorry to keep you waiting."
    assert site.counts == (0, 1, 0)


def test_head_waits_too_and_has_no_body(site: TrackedSite, clock: Clock) -> None:
    client = site.connect().get(method=b"HEAD")
    clock.advance(5)
    head, body = client.received.split(b"\r\n\r\n")
    assert b"Content-Length: 26" in head
    assert body == b""
    assert site.counts == (0, 1, 0)


def test_a_client_that_leaves_cancels_the_answer(site: TrackedSite, clock: Clock) -> None:
    client = site.connect().get(b"/slow", b"User-Agent: probe/1\r\nReferer: http://there/\r\n")
    clock.advance(1.25)
    client.leave()
    (record,) = site.records
    assert (record.method, record.uri, record.version) == ("GET", "/slow", "HTTP/1.1")
    assert record.client == "192.0.2.7:51234"
    assert (record.waited_s, record.delay_s, record.remaining_s) == (1.25, 5.0, 3.75)
    assert record.reason is Reason.CLOSED
    assert record.began_in == "DelayedResource.render_GET"
    file, _, line = record.began_at.rpartition(":")
    assert file.endswith("demo.py")
    assert int(line) == DelayedResource.render_GET.__code__.co_firstlineno
    assert record.awaited == "DelayedResource.answer"
    assert record.cancelled
    assert record.headers == (
        ("Host", "example.org"),
        ("User-Agent", "probe/1"),
        ("Referer", "http://there/"),
    )
    assert site.counts == (0, 0, 1)
    assert not [call for call in clock.getDelayedCalls() if call.getTime() > clock.seconds() + 1]


def test_the_wait_ends_when_its_end_was_read(site: TrackedSite, clock: Clock) -> None:
    client = site.connect().get()
    clock.advance(2)
    site.timing.read_before_s = 0.5
    site.timing.read_uncertainty_s = 0.25
    client.leave()
    (record,) = site.records
    assert (record.waited_s, record.late_s) == (1.5, 0.25)


def test_a_new_delay_counts_from_then_on(site: TrackedSite, clock: Clock, delay: Delay) -> None:
    before = site.connect().get()
    delay.delay_s = 1.0
    after = site.connect().get()
    clock.advance(1)
    assert (before.received != b"", after.received != b"") == (False, True)
    before.leave()
    assert site.records[0].delay_s == 5.0


def test_each_record_keeps_the_delay_its_request_got(clock: Clock) -> None:
    delay = Delay(SweepDelay(1, 9, 4), seconds=clock.seconds)
    with TrackedSite(DelayedResource(clock, delay), clock) as site:
        clients = []
        for _ in range(3):
            clients.append(site.connect().get())
            clock.advance(0.25)
        for client in clients:
            client.leave()
        assert [record.delay_s for record in site.records] == [1.0, 1.5, 2.0]
        assert [record.remaining_s for record in site.records] == [0.25, 1.0, 1.75]


@given(
    st.lists(
        st.tuples(st.sampled_from(["ask", "leave", "wait", "delay"]), st.floats(0, 4)), max_size=60
    )
)
def test_every_request_ends_in_exactly_one_place(steps: list[tuple[str, float]]) -> None:
    clock, delay = Clock(), Delay(2.0)
    with TrackedSite(DelayedResource(clock, delay), clock) as site:
        clients, asked, left = [], 0, 0
        for step, number in steps:
            if step == "ask":
                clients.append(site.connect().get())
                asked += 1
            elif step == "leave" and clients:
                client = clients.pop(int(number) % len(clients))
                left += client.received == b""
                client.leave()
            elif step == "wait":
                clock.advance(number)
            elif step == "delay":
                delay.delay_s = number
            waiting, answered, interrupted = site.counts
            assert waiting + answered + interrupted == asked
            assert interrupted == left == len(site.records)
        clock.advance(10)
        assert site.counts[0] == 0
