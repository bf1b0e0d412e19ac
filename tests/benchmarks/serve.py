"""Serve the demo under a reactor of choice, with or without the app's window.

It prints its two port numbers: the server's own, and that of a status line in JSON which
everybody who connects gets.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import time
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

REACTORS = ("epoll", "stock", "ours")


def install(name: str) -> Any:
    """Install a reactor; return the QApplication it needs, if any."""
    if name == "epoll":
        from twisted.internet import epollreactor

        epollreactor.install()
        return None
    from PyQt5.QtWidgets import QApplication

    application = QApplication(sys.argv[:1])
    if name == "stock":
        import qt5reactor

        qt5reactor.install()
    else:
        from monitorapp import reactor

        reactor.install()
    return application


def main() -> None:
    """Serve until a signal ends it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("reactor", choices=REACTORS)
    parser.add_argument("--window", action="store_true", help="the app's window, visible")
    parser.add_argument("--repaint", action="store_true", help="the window repaints all the time")
    parser.add_argument("--plain", action="store_true", help="a plain Site: nothing is tracked")
    parser.add_argument("--delay", type=float, default=0.0)
    parser.add_argument("--keep", type=int, default=100_000)
    parser.add_argument("--no-log", action="store_true", help="no text log")
    options = parser.parse_args()
    application = install(options.reactor)

    from twisted.internet import protocol
    from twisted.internet import reactor as installed  # noqa: TID251
    from twisted.logger import globalLogBeginner, globalLogPublisher, textFileLogObserver

    from monitorapp.core.delay.delay import Delay
    from monitorapp.core.records.store import InterruptionStore
    from monitorapp.web.hosting.demo import DelayedResource
    from monitorapp.web.request.observer import InterruptionObserver
    from monitorapp.web.request.tracker import RequestTracker
    from monitorapp.web.server.descriptors import raise_descriptor_limit
    from monitorapp.web.server.server import WebServer

    raise_descriptor_limit()
    reactor: Any = installed
    if options.reactor != "ours":  # the others do not measure themselves
        from monitorapp.reactor import LoopLag

        reactor.lag = LoopLag(time.monotonic)
        type(reactor).read_time_s = property(lambda _: time.monotonic())
        reactor.read_uncertainty_s = 0.0
    log: Any = (lambda _: None) if options.no_log else textFileLogObserver(sys.stderr)
    added = [0]

    trackers: list[RequestTracker] = []

    class Status(protocol.Protocol):
        transport: Any

        def connectionMade(self) -> None:
            counts = trackers[0].counts
            status = {
                "waiting": counts.waiting,
                "answered": counts.answered,
                "interrupted": counts.interrupted,
                "records": added[0],
                "cpu_s": time.process_time(),
                "rss_mb": rss_mb(),
                "descriptors": sum(1 for _ in Path("/proc/self/fd").iterdir()),
            }
            self.transport.write(json.dumps(status).encode())
            self.transport.loseConnection()

    factory = protocol.ServerFactory.forProtocol(Status)
    factory.noisy = False
    status_port = reactor.listenTCP(0, factory, interface="127.0.0.1").getHost().port

    def announce(port: int) -> None:
        print(port, status_port, flush=True)

    if options.window:
        from PyQt5.QtCore import QSettings

        from monitorapp.app.bootstrap import tune_garbage_collector
        from monitorapp.app.desktop.app import App
        from monitorapp.app.options import Options
        from monitorapp.ui.settings import Settings

        settings = Settings(QSettings("/nonexistent", QSettings.Format.IniFormat))
        app = App(
            reactor,
            application,
            Options("tcp:0:interface=127.0.0.1", options.delay, options.keep),
            settings,
            lambda line: announce(int(line.rsplit(":", 1)[1].rstrip("/"))),
        )
        store, tracker = app.services.store, app.services.tracker
        app.start(globalLogBeginner, globalLogPublisher, log)
        tune_garbage_collector()
        if options.repaint:
            from PyQt5.QtCore import QTimer

            timer = QTimer()
            viewport: Any = app.window.view.viewport()
            timer.timeout.connect(viewport.update)
            timer.start(16)
    else:
        tracker = RequestTracker(reactor, reactor, origin="benchmark")
        store = InterruptionStore(options.keep)
        observer = InterruptionObserver(store.add)
        globalLogBeginner.beginLoggingTo([log, observer], redirectStandardIO=False)
        resource = DelayedResource(reactor, Delay(options.delay))
        if options.plain:
            from twisted.web.server import Site

            port = reactor.listenTCP(0, Site(resource), interface="127.0.0.1", backlog=4096)
            reactor.callWhenRunning(lambda: announce(port.getHost().port))
        else:
            server = WebServer(reactor, resource, tracker)
            started = server.start("tcp:0:interface=127.0.0.1")
            started.addCallback(lambda url: announce(int(url.rsplit(":", 1)[1].rstrip("/"))))
    trackers.append(tracker)
    store.added.connect(lambda _: added.__setitem__(0, added[0] + 1))

    reactor.run()


def rss_mb() -> float:
    """Return the memory of this process, in MB."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


if __name__ == "__main__":
    main()
