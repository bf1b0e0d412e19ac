"""What tracking adds to a request that is answered, without sockets: CPU time of one request.

Run `python -m tests.benchmarks.tracking`. Of a noisy machine only the least times say much.
"""

from __future__ import annotations

import argparse
import functools
import gc
import time
from collections.abc import Callable
from typing import Any

from twisted.internet.address import IPv4Address
from twisted.internet.task import Clock
from twisted.internet.testing import StringTransport
from twisted.web.server import Request, Site

from monitorapp.core.delay.delay import Delay
from monitorapp.core.records.outcomes import Outcomes
from monitorapp.core.request.store import EndStore
from monitorapp.web.hosting.demo import DelayedResource
from monitorapp.web.request.request import TrackedRequest
from monitorapp.web.request.tracker import RequestTracker
from tests.benchmarks.load import median, table

REQUESTS = 3_000
CLIENT = IPv4Address("TCP", "192.0.2.7", 51_234)
GET = b"GET /some/path?query=%d HTTP/1.1\r\nHost: localhost\r\nUser-Agent: benchmark/1\r\n\r\n"


class Timing:
    """Says that every event is read the moment it happens."""

    read_uncertainty_s = 0.0

    @property
    def read_time_s(self) -> float:
        return time.monotonic()


def plain(_: Clock) -> Callable[..., Request]:
    """Return Twisted's own request."""
    return Request


def tracked(clock: Clock) -> Callable[..., Request]:
    """Return a request that is tracked, and nobody is interested."""
    tracker = RequestTracker(clock, Timing(), origin="benchmark")
    return functools.partial(TrackedRequest, tracker=tracker)


def listened_to(clock: Clock) -> Callable[..., Request]:
    """Return a request that is tracked, with the listeners of the app."""
    tracker = RequestTracker(clock, Timing(), origin="benchmark")
    tracker.ended.connect(EndStore().add)
    tracker.outcome_changed.connect(Outcomes().note)
    return functools.partial(TrackedRequest, tracker=tracker)


def microseconds(make: Callable[[Clock], Callable[..., Request]]) -> float:
    """Return the CPU time of one request and its answer."""
    clock = Clock()
    site: Any = Site(DelayedResource(clock, Delay(0)), requestFactory=make(clock), reactor=clock)
    site.log = lambda _: None
    channel, transport = site.buildProtocol(CLIENT), StringTransport(peerAddress=CLIENT)
    channel.makeConnection(transport)
    began_s = time.process_time()
    for number in range(REQUESTS):
        channel.dataReceived(GET % number)
        clock.advance(0)
        if number % 100 == 0:
            transport.clear()
    return (time.process_time() - began_s) / REQUESTS * 1e6


def main() -> None:
    """Measure each kind in turn, several times over; print a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=15)
    rounds = parser.parse_args().rounds
    kinds = {"plain": plain, "tracked": tracked, "with the app's listeners": listened_to}
    times: dict[str, list[float]] = {name: [] for name in kinds}
    gc.disable()
    for _ in range(rounds):
        for name, make in kinds.items():
            times[name].append(microseconds(make))
        gc.collect()
    rows = [[name, f"{min(of):.1f}", f"{median(of):.1f}"] for name, of in times.items()]
    print(table(["request", "least us", "median us"], rows))


if __name__ == "__main__":
    main()
