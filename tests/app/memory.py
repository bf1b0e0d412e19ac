"""A reactor in memory for the app, and services on it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from twisted.internet.testing import MemoryReactorClock
from twisted.python.failure import Failure

from monitorapp.app.options import Options
from monitorapp.app.services import Services
from monitorapp.core.chance.distribution import Fixed
from monitorapp.core.history.limits import HistoryLimits
from monitorapp.reactor.lag import LoopLag
from tests.web.channel import Client

BEGAN_S = 1_700_000_000.0


class AppReactor(MemoryReactorClock):
    """What the app asks of its reactor. What threads want is done by `advance`."""

    read_uncertainty_s = 0.0

    def __init__(self) -> None:
        super().__init__()
        self.lag = LoopLag(self.seconds)
        self._of_threads: list[Callable[[], object]] = []
        super().advance(BEGAN_S)

    @property
    def read_time_s(self) -> float:
        now_s: float = self.seconds()
        return now_s

    def callFromThread(self, function: Any, *args: Any, **kwargs: Any) -> None:
        self._of_threads.append(lambda: function(*args, **kwargs))

    def getThreadPool(self) -> AppReactor:
        return self

    def callInThreadWithCallback(self, on_result: Any, function: Any, *args: Any) -> None:
        """Do the work of a thread pool at once."""
        try:
            result = function(*args)
        except Exception:
            on_result(False, Failure())
        else:
            on_result(True, result)

    def advance(self, amount: float) -> None:
        of_threads, self._of_threads = self._of_threads, []
        for call in of_threads:
            call()
        super().advance(amount)

    def fire(self, phase: str) -> list[Any]:
        """Make the calls of a phase of the shutdown; return what they return."""
        return [
            function(*args, **kwargs) for function, args, kwargs in self.triggers[phase]["shutdown"]
        ]


def make_services(reactor: AppReactor, history: Path | None = None, keep: int = 1_000) -> Services:
    return Services(
        reactor,
        Options(listen="tcp:8080:interface=127.0.0.1", keep=keep, history=history),
        Fixed(5.0),
        HistoryLimits(),
        reactor.lag.take_worst_s,
    )


def connect(reactor: AppReactor) -> Client:
    """Return a connection to the server that listens last."""
    site: Any = reactor.tcpServers[-1][1]
    return Client(site)
