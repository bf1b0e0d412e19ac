"""Does the network let the window move, and the window the network?

    python tests/benchmarks/fairness.py [--seconds 10] [--runs 3]

Two tables, each measured side by side with this project's reactor and with
qt5reactor as it comes, on loopback, on the Qt platform of `QT_QPA_PLATFORM`
(offscreen where it is not set; prefix `xvfb-run -a env QT_QPA_PLATFORM=xcb` for
a real window). Every figure is the median over the runs.

1. Clients flood the server from a second process. How late is a tick of 10 ms
   in the server's window?
2. One client asks again and again. How long does it wait for its answer, if
   the window is idle, or repaints itself?
"""

from __future__ import annotations

import argparse
import os
import select
import socket
import subprocess
import sys
import time
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path
from statistics import median, quantiles
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
REACTORS = ("QtEPollReactor", "qt5reactor")
WINDOWS = {"idle": None, "repaints at 60 Hz": 16, "repaints without pause": 0}
TICK_S = 0.010
REQUEST = b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"


def main() -> None:
    """Print the two tables."""
    parser = argparse.ArgumentParser(description="Fairness between the network and the window.")
    parser.add_argument("--seconds", type=float, default=10.0, help="for each flood")
    parser.add_argument("--latency-seconds", type=float, default=2.0, help="for each latency")
    parser.add_argument("--connections", type=int, default=200)
    parser.add_argument("--runs", type=int, default=3)
    options = parser.parse_args()
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

    print(f"{options.connections} connections flooding for {options.seconds:g} s,")
    print(f"medians of {options.runs}, platform {os.environ['QT_QPA_PLATFORM']}.\n")
    print("| reactor | tick late, p50 | p99 | worst | requests/s |")
    print("|---|---|---|---|---|")
    floods: dict[str, list[Sequence[float]]] = {reactor: [] for reactor in REACTORS}
    for _ in range(options.runs):
        for reactor in REACTORS:
            floods[reactor].append(flood(reactor, options.connections, options.seconds))
    for reactor, runs in floods.items():
        p50_s, p99_s, worst_s, rate = (median(values) for values in zip(*runs, strict=True))
        print(f"| {reactor} | {ms(p50_s)} | {ms(p99_s)} | {ms(worst_s)} | {rate:.0f} |")

    print(f"\nOne client, {options.latency_seconds:g} s each, medians of {options.runs}.\n")
    print("| reactor | window | answer, p50 | p99 | requests/s | repaints/s |")
    print("|---|---|---|---|---|---|")
    latencies: dict[tuple[str, str], list[Sequence[float]]] = {}
    for _ in range(options.runs):
        for reactor in REACTORS:
            for window in WINDOWS:
                run = latency(reactor, window, options.latency_seconds)
                latencies.setdefault((reactor, window), []).append(run)
    for (reactor, window), runs in latencies.items():
        p50_s, p99_s, rate, paints = (median(values) for values in zip(*runs, strict=True))
        print(f"| {reactor} | {window} | {ms(p50_s)} | {ms(p99_s)} | {rate:.0f} | {paints:.0f} |")


def ms(seconds: float) -> str:
    """Seconds as text in milliseconds."""
    return f"{seconds * 1000:.2f} ms"


class Server:
    """A server process; as a context manager it is ended in any case."""

    def __init__(self, reactor: str, window: str, most_s: float) -> None:
        """Start it, to live no longer than `most_s`."""
        command = [sys.executable, __file__, "serve", reactor, window, str(most_s)]
        environment = dict(os.environ, PYTHONPATH=str(ROOT))
        self._process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environment
        )
        assert self._process.stdout is not None
        self.address = ("127.0.0.1", int(self._process.stdout.readline()))

    def __enter__(self) -> Server:
        return self

    def __exit__(self, *_: object) -> None:
        self._process.kill()
        self._process.communicate()

    def end(self) -> tuple[list[float], int, float]:
        """Stop it; returns how late each tick was, the number of repaints, and its seconds."""
        told, _ = self._process.communicate("end\n", timeout=30)
        lates, paints, took_s = told.splitlines()
        return [float(late) for late in lates.split()], int(paints), float(took_s)


def flood(reactor: str, connections: int, seconds: float) -> tuple[float, float, float, float]:
    """How late ticks are under a flood: median, 99th percentile, worst; requests a second."""
    with Server(reactor, "idle", seconds + 20) as server:
        sockets = {}
        poller = select.epoll()
        for _ in range(connections):
            client = socket.create_connection(server.address)
            client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            poller.register(client.fileno(), select.EPOLLIN)
            sockets[client.fileno()] = client
        start_s = time.monotonic()
        for client in sockets.values():
            client.sendall(REQUEST)
        answers = 0
        while time.monotonic() < start_s + seconds:
            for number, _ in poller.poll(1):
                sockets[number].recv(65536)
                sockets[number].sendall(REQUEST)
                answers += 1
        rate = answers / (time.monotonic() - start_s)
        lates, _, _ = server.end()
        for client in sockets.values():
            client.close()
        # The first ticks belong to the setting up of the connections.
        lates = lates[len(lates) // 10 :]
        return median(lates), quantiles(lates, n=100)[98], max(lates), rate


def latency(reactor: str, window: str, seconds: float) -> tuple[float, float, float, float]:
    """How long answers take: median, 99th percentile; requests and repaints a second."""
    with Server(reactor, window, seconds + 20) as server:
        client = socket.create_connection(server.address)
        client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        waited = []
        now_s = start_s = time.monotonic()
        while now_s < start_s + seconds:
            client.sendall(REQUEST)
            client.recv(65536)
            before_s, now_s = now_s, time.monotonic()
            waited.append(now_s - before_s)
        _, paints, took_s = server.end()
        client.close()
        rate = len(waited) / (now_s - start_s)
        return median(waited), quantiles(waited, n=100)[98], rate, paints / took_s


def serve(reactor_name: str, window_name: str, most_s: float) -> None:
    """The server process: says its port, ends at the first line on stdin, says its ticks."""
    from PyQt5.QtCore import QSocketNotifier, Qt, QTimer
    from PyQt5.QtGui import QPainter, QPaintEvent
    from PyQt5.QtWidgets import QApplication, QWidget

    application = QApplication(["fairness"])
    if reactor_name == "qt5reactor":
        import qt5reactor

        qt5reactor.install()
    else:
        from monitorapp.reactor import install

        install()
    from twisted.internet import reactor  # noqa: TID251 - this is a program

    listen: Any = reactor.listenTCP
    from twisted.web.resource import Resource
    from twisted.web.server import Request, Site

    class Hello(Resource):
        isLeaf = True

        def render_GET(self, request: Request) -> bytes:
            return b"hello"

    class Window(QWidget):
        paints = 0

        def paintEvent(self, event: QPaintEvent | None) -> None:
            self.paints += 1
            painter = QPainter(self)
            for line in range(30):
                painter.drawText(10, 20 * line + 20, f"{self.paints} rows like this one, {line}")
            painter.end()

    window = Window()
    window.resize(800, 600)
    window.show()
    repaint = QTimer()
    repaint.setTimerType(Qt.TimerType.PreciseTimer)
    repaint.timeout.connect(window.update)
    interval_ms = WINDOWS[window_name]
    if interval_ms is not None:
        repaint.start(interval_ms)

    ticks: list[float] = []
    tick = QTimer()
    tick.setTimerType(Qt.TimerType.PreciseTimer)
    tick.timeout.connect(lambda: ticks.append(time.monotonic()))
    tick.start(round(TICK_S * 1000))

    class QuietSite(Site):
        def log(self, request: Any) -> None:
            """No access log: its cost is not what is measured here."""

    port: Any = listen(0, QuietSite(Hello()), interface="127.0.0.1", backlog=512)
    print(port.getHost().port, flush=True)
    stdin: Any = 0
    ending = QSocketNotifier(stdin, QSocketNotifier.Type.Read)

    def end() -> None:
        ending.setEnabled(False)
        # Stock qt5reactor does not notice a stop() outside a delayed call.
        reactor.callLater(0, reactor.stop)

    ending.activated.connect(end)
    reactor.callLater(most_s, reactor.stop)
    start_s = time.monotonic()
    reactor.run()
    print(*(max(0.0, later - one - TICK_S) for one, later in pairwise(ticks)))
    print(window.paints)
    print(time.monotonic() - start_s, flush=True)
    del application


if __name__ == "__main__":
    if sys.argv[1:2] == ["serve"]:
        serve(sys.argv[2], sys.argv[3], float(sys.argv[4]))
    else:
        main()
