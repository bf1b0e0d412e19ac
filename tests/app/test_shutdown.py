from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from twisted.internet.defer import Deferred
from twisted.internet.testing import MemoryReactorClock
from twisted.logger import ILogObserver, LogEvent, formatEvent, globalLogPublisher
from zope.interface import implementer

from monitorapp.app.shutdown import Shutdown, Stage


@pytest.fixture
def reactor() -> Any:
    return MemoryReactorClock()


@pytest.fixture
def log() -> Iterator[list[str]]:
    lines: list[str] = []

    @implementer(ILogObserver)
    def observe(event: LogEvent) -> None:
        lines.append(formatEvent(event))

    globalLogPublisher.addObserver(observe)
    yield lines
    globalLogPublisher.removeObserver(observe)


class Stages:
    """Stages that note that they have run."""

    def __init__(self) -> None:
        self.ran: list[str] = []

    def __call__(self, name: str, run: Callable[[], object] = lambda: None) -> Stage:
        def note() -> object:
            self.ran.append(name)
            return run()

        return Stage(name, note, limit_s=2)


def ended(deferred: Deferred[None]) -> bool:
    return bool(deferred.called and not deferred.paused)


def test_stages_run_in_their_order_and_wait_for_one_another(reactor: Any) -> None:
    stages, server = Stages(), Deferred[None]()
    shutdown = Shutdown(
        reactor,
        before=[stages("counters"), stages("server", lambda: server), stages("last")],
        after=[stages("history"), stages("window")],
    )
    end = shutdown.run_before()
    assert stages.ran == ["counters", "server"]
    reactor.advance(1)
    server.callback(None)
    assert stages.ran == ["counters", "server", "last"]
    assert ended(end)
    assert not reactor.getDelayedCalls()
    shutdown.run_after()
    assert stages.ran[3:] == ["history", "window"]


def test_the_reactor_runs_them_in_its_phases(reactor: Any) -> None:
    shutdown = Shutdown(reactor, before=[], after=[])
    shutdown.install()
    assert reactor.triggers == {
        "before": {"shutdown": [(shutdown.run_before, (), {})]},
        "after": {"shutdown": [(shutdown.run_after, (), {})]},
    }


def test_one_that_hangs_is_named_and_passed_over(reactor: Any, log: list[str]) -> None:
    stages, hanging = Stages(), Deferred[None]()
    shutdown = Shutdown(
        reactor,
        before=[stages("server", lambda: hanging), stages("next")],
        after=[],
    )
    end = shutdown.run_before()
    reactor.advance(1.99)
    assert stages.ran == ["server"]
    assert not ended(end)
    reactor.advance(0.01)
    assert stages.ran == ["server", "next"]
    assert ended(end)
    assert log == ["Shutdown: server takes longer than 2 s; continuing without it."]
    hanging.errback(RuntimeError("too late"))
    assert log[1:] == ["Shutdown: server failed"]
    assert stages.ran == ["server", "next"]


def test_one_that_raises_is_named_and_the_next_ones_run(reactor: Any, log: list[str]) -> None:
    stages = Stages()

    def fail() -> None:
        raise OSError("disk")

    async def fail_later() -> None:
        raise OSError("network")

    later = Deferred[None]()
    shutdown = Shutdown(
        reactor,
        before=[
            stages("window state", fail),
            stages("campaign", lambda: Deferred.fromCoroutine(fail_later())),
            stages("server", lambda: later),
            stages("next"),
        ],
        after=[stages("history", fail), stages("window")],
    )
    end = shutdown.run_before()
    later.errback(OSError("late"))
    assert ended(end)
    shutdown.run_after()
    assert stages.ran == ["window state", "campaign", "server", "next", "history", "window"]
    assert log == [
        f"Shutdown: {name} failed" for name in ("window state", "campaign", "server", "history")
    ]


def test_one_that_blocks_is_named(reactor: Any, log: list[str]) -> None:
    stages = Stages()
    shutdown = Shutdown(
        reactor, before=[], after=[stages("history", lambda: reactor.advance(3)), stages("window")]
    )
    shutdown.run_after()
    assert stages.ran == ["history", "window"]
    assert log == ["Shutdown: history took 3.0 s, longer than 2 s."]
