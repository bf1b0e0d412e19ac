"""Delayed calls and thread calls."""

from __future__ import annotations

import pytest

from .conftest import RunScript


@pytest.mark.parametrize(
    "sooner",
    ["call.reset(0)", "call.delay(-3600)", "reactor.callLater(0, reactor.stop)"],
)
def test_sooner_call_from_a_slot(run_script: RunScript, sooner: str) -> None:
    script = f"""
    call = reactor.callLater(3600, reactor.stop)
    from_slot(lambda: {sooner})
    reactor.run()
    """
    assert run_script(script) == []


def test_timer_is_precise_and_rounds_up(run_script: RunScript) -> None:
    # Rounded down, the timer would fire again and again before the time.
    script = """
    from PyQt5.QtCore import Qt
    say(reactor._timer.timerType() == Qt.PreciseTimer)
    turn = reactor._turn
    def counted():
        turns.append(1)
        turn()
    reactor._turn = counted
    turns = []
    def again(left):
        if left:
            reactor.callLater(0.0109, again, left - 1)
        else:
            reactor.stop()
    reactor.callWhenRunning(again, 20)
    reactor.run()
    say(len(turns) <= 60 or len(turns))
    """
    assert run_script(script) == ["True", "True"]


@pytest.mark.parametrize(
    "order", ["reactor.callLater(0.01 + number * 1e-6, ", "reactor.callFromThread("]
)
def test_many_due_calls_leave_time_for_qt(run_script: RunScript, order: str) -> None:
    script = f"""
    made = []
    between = []
    def busy(number):
        until = time.monotonic() + 0.001
        while time.monotonic() < until:
            pass
        made.append(number)
        if len(made) == 60:
            reactor.stop()
    ticks = QTimer()
    ticks.timeout.connect(lambda: between.append(len(made)))
    reactor.callWhenRunning(ticks.start, 0)
    for number in range(60):
        {order}busy, number)
    reactor.run()
    say(made == [*range(60)], len(set(between)) > 10)
    """
    assert run_script(script) == ["True True"]


def test_call_made_meanwhile_waits_for_the_next_turn(run_script: RunScript) -> None:
    script = """
    order = []
    def endless():
        reactor.callLater(0, endless)
    def thread_endless():
        reactor.callFromThread(thread_endless)
    endless()
    thread_endless()
    from_slot(reactor.stop)
    reactor.run()
    """
    assert run_script(script) == []


def test_no_exception_leaves_a_slot(run_script: RunScript) -> None:
    script = """
    class Raise(protocol.Protocol):
        def dataReceived(self, data):
            raise ValueError
    class Unprintable(BaseException):
        def __str__(self):
            raise RuntimeError
    def fail(kind):
        raise kind
    clients = connected(Raise, 2)
    for client in clients:
        client.send(b"x")
    reactor.callLater(0, fail, SystemExit)
    reactor.callLater(0, fail, Unprintable)
    reactor.callFromThread(fail, KeyError)
    def watched(): raise OSError
    reactor.callLater(0.1, reactor.stop)
    reactor.addSystemEventTrigger("before", "shutdown", fail, ZeroDivisionError)
    reactor.run()
    say(sorted(faults))
    """
    expected = ["KeyError", "SystemExit", "Unprintable", "ValueError", "ValueError"]
    assert run_script(script) == [str([*expected, "ZeroDivisionError"])]


def test_own_fault_does_not_leave_a_slot_either(run_script: RunScript) -> None:
    script = """
    left = [1, 2, 3]
    note_read = reactor._note_read
    def fail(now_s):
        if left:
            left.pop()
            raise MemoryError
        note_read(now_s)
    reactor._note_read = fail
    class Receive(protocol.Protocol):
        def dataReceived(self, data):
            say(data)
            reactor.stop()
    client, = connected(Receive)
    client.send(b"x")
    reactor.run()
    say(faults)
    """
    assert run_script(script) == ["b'x'", str(["MemoryError"] * 3)]


def test_debugged_call_names_its_creator(run_script: RunScript) -> None:
    script = """
    from twisted.internet.base import DelayedCall
    from twisted.logger import globalLogPublisher
    globalLogPublisher.addObserver(
        lambda event: say("{created}" in formatEvent(event)) if "log_failure" in event else None
    )
    DelayedCall.debug = True
    reactor.callLater(0.01, reactor.stop)
    exec(compile("reactor.callLater(0, lambda: 1 / 0)", "{created}", "exec"))
    reactor.run()
    """
    assert "True" in run_script(script)


def test_many_calls_moved_at_once_are_made_in_their_order(run_script: RunScript) -> None:
    script = """
    made = []
    calls = [reactor.callLater(3600 + place, made.append, place) for place in range(20_000)]
    def move():
        began = time.perf_counter()
        for place, call in enumerate(calls):
            call.reset(place * 7919 % 20_000 / 1e6)
        say(time.perf_counter() - began < 1)
        reactor.callLater(0.5, reactor.stop)
    reactor.callLater(0.01, move)  # by then they are in the heap
    reactor.run()
    due = [calls[place].getTime() for place in made]
    say(len(made) == 20_000 and due == sorted(due))
    """
    assert run_script(script) == ["True", "True"]
