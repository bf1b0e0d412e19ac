"""HTTP/2: a connection of many streams, each a request of its own."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from h2.config import H2Configuration
from h2.connection import H2Connection
from h2.events import ResponseReceived
from twisted.internet import error
from twisted.internet.task import Clock

from monitorapp.core.delay.delay import Delay
from monitorapp.core.record.reason import Reason
from monitorapp.web.hosting.demo import DelayedResource
from tests.web.channel import Client, TrackedSite


class Http2Client(Client):
    """A connection that speaks HTTP/2, as after TLS has negotiated it."""

    def __init__(self, site: TrackedSite) -> None:
        super().__init__(site.site)
        self.transport.negotiatedProtocol = b"h2"  # type: ignore[attr-defined]
        self.peer = H2Connection(H2Configuration(client_side=True, header_encoding="utf-8"))
        self.peer.initiate_connection()
        self.flush()

    def flush(self) -> None:
        self.send(self.peer.data_to_send())

    def ask(self, path: str, method: str = "GET") -> int:
        stream = self.begin(path, method)
        self.flush()
        return stream

    def begin(self, path: str, method: str = "GET") -> int:
        """Ask, once it is flushed."""
        stream: int = self.peer.get_next_available_stream_id()
        headers = [
            (":method", method),
            (":path", path),
            (":scheme", "https"),
            (":authority", "example.org"),
            ("user-agent", "probe/2"),
        ]
        self.peer.send_headers(stream, headers, end_stream=True)
        return stream


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def site(clock: Clock) -> Iterator[TrackedSite]:
    with TrackedSite(DelayedResource(clock, Delay(5.0)), clock) as site:
        yield site


def test_one_stream_is_cancelled_and_the_other_answered(site: TrackedSite, clock: Clock) -> None:
    client = Http2Client(site)
    cancelled, _ = client.ask("/cancelled"), client.ask("/answered")
    clock.advance(1)
    client.peer.reset_stream(cancelled, error_code=8)
    client.flush()
    (record,) = site.records
    assert (record.uri, record.version) == ("/cancelled", "HTTP/2")
    assert record.reason is Reason.STREAM_RESET
    assert (record.waited_s, record.delay_s, record.remaining_s) == (1.0, 5.0, 4.0)
    assert record.client == "192.0.2.7:51234"
    assert record.header("User-Agent") == "probe/2"
    clock.advance(4)
    assert site.counts == (0, 1, 1)


def test_a_lost_connection_interrupts_each_of_its_streams_once(
    site: TrackedSite, clock: Clock
) -> None:
    client = Http2Client(site)
    for number in range(5):
        client.ask(f"/{number}")
    client.leave(error.ConnectionLost())
    assert [record.uri for record in site.records] == [f"/{number}" for number in range(5)]
    assert site.counts == (0, 0, 5)


def test_paths_may_hold_anything_and_are_made_visible(site: TrackedSite, clock: Clock) -> None:
    client = Http2Client(site)
    client.ask("/\u202eabc\U000e0041 Async response demo interrupted response")
    client.leave()
    (record,) = site.records
    assert record.uri == "/\\u202eabc\\U000e0041 Async response demo interrupted response"


def test_a_path_that_is_not_ascii_is_a_bad_request_where_it_must_be_named(
    site: TrackedSite, clock: Clock
) -> None:
    client = Http2Client(site)
    client.transport.clear()
    client.ask("/\u202e", method="POST")
    client.peer.clear_outbound_data_buffer()
    statuses = [
        str(event.headers[0])
        for event in client.peer.receive_data(client.received)
        if isinstance(event, ResponseReceived)
    ]
    assert statuses == ["(':status', '400')"]
    assert site.counts == (0, 1, 0)


@pytest.mark.parametrize("path", ["/refused", "/\u202e"])
def test_an_answer_to_a_stream_that_was_reset_with_the_same_segment_is_dropped(
    site: TrackedSite, path: str
) -> None:
    client = Http2Client(site)
    refused = client.begin(path, method="POST")
    client.peer.reset_stream(refused, error_code=8)
    waiting = client.begin("/waiting")  # by now the other is forgotten
    client.flush()
    assert site.counts == (1, 1, 0)
    client.peer.reset_stream(waiting, error_code=8)  # the connection is whole
    client.flush()
    (record,) = site.records
    assert (record.uri, record.reason) == ("/waiting", Reason.STREAM_RESET)
    assert site.counts == (0, 1, 1)
