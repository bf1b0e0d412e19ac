"""A client that leaves is noticed, however much it sent before."""

from __future__ import annotations

from typing import Any

import pytest
from h2.config import H2Configuration
from h2.connection import H2Connection
from hypothesis import given
from hypothesis import strategies as st
from twisted.internet import error
from twisted.internet.task import Clock
from twisted.internet.testing import StringTransport
from twisted.python.failure import Failure
from twisted.web.resource import Resource
from twisted.web.server import Request

from monitorapp.core.delay.delay import Delay
from monitorapp.core.record.reason import Reason
from monitorapp.web.hosting.demo import DelayedResource
from monitorapp.web.server.connections import PEEK_INTERVAL_S, READ_AHEAD_BYTES, OpenConnections
from tests.web.channel import CLIENT, TrackedSite

GET = b"GET /%d HTTP/1.1\r\nHost: a\r\nX-Padding: %s\r\n\r\n"


class PausableTransport(StringTransport):
    """A transport that delivers only while it is not paused, like a socket."""

    def __init__(self) -> None:
        super().__init__(peerAddress=CLIENT)
        self.protocol: Any = None
        self.negotiatedProtocol: bytes | None = None
        self.unread: list[bytes] = []
        self.hung_up = False
        self.peeks = 0

    def deliver(self, *chunks: bytes) -> None:
        self.unread.extend(chunks)
        while self.unread and self.producerState == "producing":
            self.protocol.dataReceived(self.unread.pop(0))

    def resumeProducing(self) -> None:
        super().resumeProducing()

    def has_hung_up(self) -> bool:
        self.peeks += 1
        return self.hung_up


class Echo(Resource):
    isLeaf = True

    def render_GET(self, request: Request) -> bytes:
        assert request.uri is not None
        return b"<" + request.uri + b">"


def connect(site: TrackedSite, clock: Clock) -> tuple[OpenConnections, PausableTransport]:
    connections = OpenConnections(site.site, clock)
    transport = PausableTransport()
    transport.protocol = connections.buildProtocol(CLIENT)
    transport.protocol.makeConnection(transport)
    return connections, transport


@pytest.mark.parametrize("size", [1_000, 17_000, READ_AHEAD_BYTES // 2])
def test_a_client_that_pipelined_much_is_still_seen_to_leave(size: int) -> None:
    clock = Clock()
    with TrackedSite(DelayedResource(clock, Delay(5.0)), clock) as site:
        _, transport = connect(site, clock)
        transport.deliver(GET % (1, b""), *[b"x" * 1_000] * (size // 1_000))
        assert transport.producerState == "producing"
        transport.protocol.connectionLost(Failure(error.ConnectionDone()))
        assert site.counts == (0, 0, 1)
        assert len(site.records) == 1


def test_beyond_that_the_connection_is_paused_and_peeked_at() -> None:
    clock = Clock()
    with TrackedSite(DelayedResource(clock, Delay(500.0)), clock) as site:
        connections, transport = connect(site, clock)
        transport.deliver(GET % (1, b""), *[b"x" * 50_000] * 20)
        assert transport.producerState == "paused"
        held = 1_000_000 - sum(map(len, transport.unread))
        assert READ_AHEAD_BYTES < held <= READ_AHEAD_BYTES + 100_000
        clock.pump([PEEK_INTERVAL_S] * 3)
        assert transport.peeks == 3
        assert transport.producerState == "paused"
        transport.hung_up = True
        clock.advance(PEEK_INTERVAL_S)
        assert transport.producerState == "producing"
        transport.deliver()  # what is still unread is thrown away
        transport.protocol.connectionLost(Failure(error.ConnectionLost()))
        assert site.counts == (0, 0, 1)
        clock.pump([PEEK_INTERVAL_S] * 3)
        assert transport.peeks == 4
        assert not connections.protocols


def test_nothing_is_read_after_a_bad_request_that_was_held_back() -> None:
    clock = Clock()
    root = Resource()
    root.putChild(b"1", DelayedResource(clock, Delay(5.0)))
    root.putChild(b"2", Echo())
    with TrackedSite(root, clock) as site:
        _, transport = connect(site, clock)
        long = GET % (2, b"x" * 12_000)
        transport.deliver(GET % (1, b""), long, long, b"bad\r\n", b"a: b\r\n", b"\r\n")
        clock.pump([5.0, 0.0])
        assert b"HTTP/1.1 200 OK" in transport.value()
        assert transport.value().endswith(b"HTTP/1.1 400 Bad Request\r\n\r\n")
        assert transport.disconnecting
        assert site.counts == (0, 3, 0)


@given(
    st.lists(st.integers(0, 30_000), min_size=1, max_size=30),
    st.lists(st.integers(1, 40_000), min_size=1, max_size=60),
)
def test_what_is_held_back_reaches_the_channel_whole_and_in_order(
    paddings: list[int], cuts: list[int]
) -> None:
    clock = Clock()
    paddings = [min(padding, 12_000) for padding in paddings]
    requests = b"".join(GET % (number, b"p" * padding) for number, padding in enumerate(paddings))
    with TrackedSite(Resource(), clock) as site:
        root = DelayedResource(clock, Delay(1.0))
        site.site.resource = root
        _, transport = connect(site, clock)
        for cut in cuts:
            transport.deliver(requests[:cut])
            requests = requests[cut:]
        transport.deliver(requests)
        for _ in range(len(paddings) + 2):
            clock.advance(1)
            clock.advance(0)
            transport.deliver()
        assert site.counts == (0, len(paddings), 0)
        assert transport.value().count(b"Sorry to keep you waiting.") == len(paddings)


def test_answers_come_in_the_order_of_the_requests() -> None:
    clock = Clock()
    with TrackedSite(Echo(), clock) as site:
        _, transport = connect(site, clock)
        transport.deliver(b"".join(GET % (number, b"") for number in range(50)))
        clock.advance(0)
        bodies = [part.split(b">")[0] for part in transport.value().split(b"<")[1:]]
        assert bodies == [b"/%d" % number for number in range(50)]


@pytest.mark.parametrize("end", ["loseConnection", "abortConnection"])
def test_what_this_server_ends_is_known_as_dropped(end: str) -> None:
    clock = Clock()
    with TrackedSite(DelayedResource(clock, Delay(5.0)), clock) as site:
        for is_dropped in (False, True):
            _, transport = connect(site, clock)
            transport.deliver(GET % (1, b""))
            if is_dropped:
                getattr(transport.protocol, end)()
            assert transport.protocol.is_dropped is is_dropped
            transport.protocol.connectionLost(Failure(error.ConnectionDone()))
    assert [record.reason for record in site.records] == [Reason.CLOSED, Reason.ABORTED]


def test_streams_are_given_the_reason_for_the_loss_though_their_producer_is_stopped_first() -> None:
    clock = Clock()
    with TrackedSite(DelayedResource(clock, Delay(5.0)), clock) as site:
        _, transport = connect(site, clock)
        transport.negotiatedProtocol = b"h2"
        peer = H2Connection(H2Configuration(client_side=True))
        peer.initiate_connection()
        headers = {":method": "GET", ":path": "/", ":scheme": "https", ":authority": "a"}
        peer.send_headers(1, list(headers.items()), end_stream=True)
        transport.deliver(peer.data_to_send())
        assert site.counts == (1, 0, 0)
        goaway = b"\0\0\x08\x07\0\0\0\0\0" + b"\0" * 8
        transport.deliver(goaway)
        assert site.counts == (1, 0, 0)
        assert transport.producer is not None
        transport.producer.stopProducing()  # as a transport does that is lost
        assert site.counts == (1, 0, 0)
        transport.protocol.connectionLost(Failure(error.ConnectionDone()))
    (record,) = site.records
    assert record.reason is Reason.CLOSED
    assert record.failure_type == "twisted.internet.error.ConnectionDone"
