"""Delayed calls and thread calls."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import pytest
from PyQt5.QtCore import Qt, QTimer
from twisted.internet import protocol
from twisted.internet.base import DelayedCall
from twisted.logger import LogEvent, formatEvent, globalLogPublisher

from monitorapp.reactor import QtLoopReactor
from tests.reactor.scripting import (
    RunScript,
    be_busy,
    connected,
    faults,
    from_slot,
    say,
    watch_turns,
)


def sooner(reactor: QtLoopReactor, way: str) -> None:
    call: Any = reactor.callLater(3600, reactor.stop)
    ways: dict[str, Callable[[], object]] = {
        "reset": lambda: call.reset(0),
        "delay": lambda: call.delay(-3600),
        "another": lambda: reactor.callLater(0, reactor.stop),
    }
    from_slot(ways[way])
    reactor.run()


@pytest.mark.parametrize("way", ["reset", "delay", "another"])
def test_sooner_call_from_a_slot(run_script: RunScript, way: str) -> None:
    assert run_script(sooner, way) == []


def precise(reactor: QtLoopReactor) -> None:
    # Rounded down, the timer would fire again and again before the time.
    timer: Any = reactor._timer
    assert timer.timerType() == Qt.TimerType.PreciseTimer
    turns: list[None] = []
    watch_turns(reactor, lambda: turns.append(None))

    def again(left: int) -> None:
        if left:
            reactor.callLater(0.0109, again, left - 1)
        else:
            reactor.stop()

    reactor.callWhenRunning(again, 20)
    reactor.run()
    assert len(turns) <= 60


def test_timer_is_precise_and_rounds_up(run_script: RunScript) -> None:
    assert run_script(precise) == []


def many_due(reactor: QtLoopReactor, by_thread: bool) -> None:
    made: list[int] = []
    between: list[int] = []

    def busy(number: int) -> None:
        be_busy(0.001)
        made.append(number)
        if len(made) == 60:
            reactor.stop()

    ticks = QTimer()
    ticks.timeout.connect(lambda: between.append(len(made)))
    reactor.callWhenRunning(ticks.start, 0)
    for number in range(60):
        if by_thread:
            reactor.callFromThread(busy, number)
        else:
            reactor.callLater(0.01 + number * 1e-6, busy, number)
    reactor.run()
    assert made == [*range(60)]
    assert len(set(between)) > 10


@pytest.mark.parametrize("by_thread", [False, True])
def test_many_due_calls_leave_time_for_qt(run_script: RunScript, by_thread: bool) -> None:
    assert run_script(many_due, by_thread) == []


def endless(reactor: QtLoopReactor) -> None:
    def again() -> None:
        reactor.callLater(0, again)

    def again_from_thread() -> None:
        reactor.callFromThread(again_from_thread)

    again()
    again_from_thread()
    from_slot(reactor.stop)
    reactor.run()


def test_call_made_meanwhile_waits_for_the_next_turn(run_script: RunScript) -> None:
    assert run_script(endless) == []


class Unprintable(BaseException):
    def __str__(self) -> str:
        raise RuntimeError


def failing(reactor: QtLoopReactor) -> None:
    class Raise(protocol.Protocol):
        def dataReceived(self, data: bytes) -> None:
            fail(ValueError)

    def fail(kind: type[BaseException]) -> None:
        raised.append(kind)
        if len(raised) == 5:
            reactor.callLater(0, reactor.stop)
        raise kind

    raised: list[type[BaseException]] = []
    clients = connected(reactor, Raise, 2)
    for client in clients:
        client.send(b"x")
    reactor.callLater(0, fail, SystemExit)
    reactor.callLater(0, fail, Unprintable)
    reactor.callFromThread(fail, KeyError)
    reactor.addSystemEventTrigger("before", "shutdown", fail, ZeroDivisionError)
    reactor.run()
    say(*sorted(faults))


def test_no_exception_leaves_a_slot(run_script: RunScript) -> None:
    expected = "KeyError SystemExit Unprintable ValueError ValueError ZeroDivisionError"
    assert run_script(failing) == [expected]


def failing_itself(reactor: Any) -> None:
    left = [1, 2, 3]
    note_read = reactor._note_read

    def fail(now_s: float) -> None:
        if left:
            left.pop()
            raise MemoryError
        note_read(now_s)

    class Receive(protocol.Protocol):
        def dataReceived(self, data: bytes) -> None:
            say(data)
            reactor.stop()

    reactor._note_read = fail
    (client,) = connected(reactor, Receive)
    client.send(b"x")
    reactor.run()
    say(*faults)


def test_own_fault_does_not_leave_a_slot_either(run_script: RunScript) -> None:
    assert run_script(failing_itself) == ["b'x'", "MemoryError MemoryError MemoryError"]


def debugged(reactor: QtLoopReactor) -> None:
    def observe(event: LogEvent) -> None:
        if "log_failure" in event:
            say("{created}" in (formatEvent(event) or ""))

    globalLogPublisher.addObserver(observe)  # type: ignore[arg-type]
    DelayedCall.debug = True
    reactor.callLater(0.01, reactor.stop)
    source = "reactor.callLater(0, lambda: 1 / 0)"
    exec(compile(source, "{created}", "exec"), {"reactor": reactor})
    reactor.run()


def test_debugged_call_names_its_creator(run_script: RunScript) -> None:
    assert "True" in run_script(debugged)


def moved(reactor: QtLoopReactor) -> None:
    made: list[int] = []
    calls: list[Any] = [reactor.callLater(3600 + n, made.append, n) for n in range(20_000)]

    def move() -> None:
        began_s = time.process_time()
        for place, call in enumerate(calls):
            call.reset(place * 7919 % 20_000 / 1e6)
        say(time.process_time() - began_s < 2)
        reactor.callLater(0.5, reactor.stop)

    reactor.callLater(0.01, move)  # by then they are in the heap
    reactor.run()
    due = [calls[place].getTime() for place in made]
    assert len(made) == 20_000
    assert due == sorted(due)


def test_many_calls_moved_at_once_are_made_in_their_order(run_script: RunScript) -> None:
    assert run_script(moved) == ["True"]
