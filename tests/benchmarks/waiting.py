"""Whether the window stutters with many requests that wait, and how fast they are rescheduled.

Run by hand, with a display (or `xvfb-run -a`):

    python -m tests.benchmarks.waiting --requests 10000 --seconds 5

It prints a Markdown table. The clients are in memory: no sockets.
"""

from __future__ import annotations

import argparse
import functools
import itertools
import time
from collections import deque
from typing import Any, cast

from PyQt5.QtCore import Qt, QTimer
from PyQt5.QtWidgets import QApplication

from monitorapp import reactor as reactors
from monitorapp.core.delay.delay import Delay
from monitorapp.ui.waiting.pane import WaitingPane
from monitorapp.web.hosting.demo import DelayedResource
from monitorapp.web.request.request import TrackedRequest
from monitorapp.web.request.tracker import RequestTracker

TICK_MS = 16
CHANGES_A_TICK = 16
"""Requests that end, and that begin, in a tick: about 1,000 a second."""


def gaps(application: QApplication, seconds: float, each_tick: Any) -> list[float]:
    """Return the gaps of a timer in milliseconds, in ascending order."""
    ticks: list[float] = []

    def tick() -> None:
        ticks.append(time.perf_counter())
        each_tick()

    timer = QTimer()
    timer.setTimerType(Qt.TimerType.PreciseTimer)
    timer.timeout.connect(tick)
    timer.start(TICK_MS)
    QTimer.singleShot(round(seconds * 1000), application.quit)
    application.exec_()
    timer.stop()
    return sorted(1000 * (after - before) for before, after in itertools.pairwise(ticks))


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--requests", type=int, default=10_000)
    parser.add_argument("--seconds", type=float, default=5.0)
    arguments = parser.parse_args()
    application = QApplication([])
    application.setQuitOnLastWindowClosed(False)
    reactor: Any = reactors.install()
    from twisted.logger import ILogObserver, globalLogBeginner
    from twisted.web.server import Site

    from tests.web.channel import Client

    globalLogBeginner.beginLoggingTo([cast(ILogObserver, lambda _: None)], redirectStandardIO=False)
    tracker = RequestTracker(reactor, reactor, origin="benchmark")
    site = Site(
        DelayedResource(reactor, Delay(3600.0)),
        requestFactory=functools.partial(TrackedRequest, tracker=tracker),
        reactor=reactor,
    )
    clients = deque(Client(site).get(b"/slow?a=b") for _ in range(arguments.requests))
    pane = WaitingPane()
    pane.set_source(tracker)
    pane.resize(900, 700)
    pane.show()

    def change() -> None:
        for _ in range(CHANGES_A_TICK):
            clients.rotate(37)  # so that rows go from all over the table
            clients.popleft().leave()
            clients.append(Client(site).get(b"/slow?a=b"))

    print(f"| {arguments.requests:,} wait | median gap | 99th percentile | worst |")
    print("|---|---|---|---|")
    for name, each_tick in (("all stay", lambda: None), ("1,000 end and begin a second", change)):
        found = gaps(application, arguments.seconds, each_tick)
        median, late = found[len(found) // 2], found[int(len(found) * 0.99)]
        print(f"| {name} | {median:.1f} ms | {late:.1f} ms | {found[-1]:.1f} ms |")
    print()
    for name, delay_s in (("longer", 3600.0), ("sooner", 1800.0), ("overdue", 0.0)):
        began_s = time.perf_counter()
        count = tracker.reschedule(functools.partial(float, delay_s))
        taken_ms = 1000 * (time.perf_counter() - began_s)
        print(f"{count:,} rescheduled, {name}: {taken_ms:.0f} ms")
    began_s = time.perf_counter()

    def tell() -> None:
        if tracker.counts.waiting:
            reactor.callLater(0, tell)
            return
        taken_ms = 1000 * (time.perf_counter() - began_s)
        print(f"{tracker.counts.answered:,} answered within {taken_ms:.0f} ms after that")
        reactor.stop()

    reactor.callWhenRunning(tell)
    reactor.run()


if __name__ == "__main__":
    main()
