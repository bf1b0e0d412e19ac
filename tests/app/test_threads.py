from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from twisted.logger import ILogObserver, LogEvent, globalLogPublisher
from twisted.python.failure import Failure
from zope.interface import implementer

from monitorapp.app.threads import in_thread_of


class Pool:
    """A pool of the reactor that works when it is asked to."""

    def __init__(self) -> None:
        self.due: list[Callable[[], None]] = []

    def callInThreadWithCallback(
        self, on_result: Callable[..., Any], function: Callable[..., Any], *arguments: Any
    ) -> None:
        def work() -> None:
            try:
                result = function(*arguments)
            except Exception:
                on_result(False, Failure())
            else:
                on_result(True, result)

        self.due.append(work)


class Reactor:
    """A reactor that does in the caller's thread what it is asked to, when it is asked to."""

    def __init__(self) -> None:
        self.pool = Pool()
        self.due: list[Callable[[], object]] = []

    def getThreadPool(self) -> Pool:
        return self.pool

    def callFromThread(self, function: Callable[..., object], *arguments: Any) -> None:
        self.due.append(lambda: function(*arguments))

    def turn(self) -> None:
        due, self.due = self.due, []
        for call in due:
            call()


@pytest.fixture
def reactor() -> Reactor:
    return Reactor()


def work(reactor: Reactor) -> None:
    thread = threading.Thread(target=reactor.pool.due.pop())
    thread.start()
    thread.join()


def test_items_come_in_their_order_and_the_end_last(reactor: Reactor) -> None:
    reported: list[object] = []
    threads: list[threading.Thread] = []

    def steps() -> Iterator[int]:
        threads.append(threading.current_thread())
        yield 1
        yield 2

    in_thread_of(reactor)(steps, reported.append, reported.append)
    assert threads == []
    work(reactor)
    assert threads != [threading.current_thread()]
    assert reported == []
    reactor.turn()
    assert reported == [1, 2, None]


def test_the_end_says_what_was_raised(reactor: Reactor) -> None:
    reported: list[object] = []

    def steps() -> Iterator[int]:
        yield 1
        raise ZeroDivisionError("odd")

    in_thread_of(reactor)(steps, reported.append, reported.append)
    work(reactor)
    reactor.turn()
    assert reported[0] == 1
    assert isinstance(reported[1], ZeroDivisionError)


def test_an_error_in_the_end_is_logged(reactor: Reactor) -> None:
    events: list[LogEvent] = []

    @implementer(ILogObserver)
    def observe(event: LogEvent) -> None:
        events.append(event)

    def end(error: BaseException | None) -> None:
        raise ZeroDivisionError("odd")

    globalLogPublisher.addObserver(observe)
    try:
        in_thread_of(reactor)(lambda: iter(()), print, end)
        work(reactor)
        reactor.turn()
    finally:
        globalLogPublisher.removeObserver(observe)
    assert [event["log_failure"].type for event in events] == [ZeroDivisionError]
