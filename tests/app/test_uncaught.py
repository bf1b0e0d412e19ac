"""An exception that nobody caught is logged and shown, and ends nothing."""

from __future__ import annotations

import sys
import threading
from collections.abc import Iterator
from typing import Any

import pytest
from PyQt5.QtCore import QObject, pyqtSignal
from pytestqt.qtbot import QtBot
from twisted.internet.defer import Deferred, fail
from twisted.logger import ILogObserver, LogEvent, globalLogPublisher
from zope.interface import implementer

from monitorapp.app.uncaught import UncaughtExceptions, report_failure
from monitorapp.core.signal import Signal
from tests.app.memory import AppReactor


@implementer(ILogObserver)
class Watched:
    def __init__(self) -> None:
        self.reactor = AppReactor()
        self.interrupts = 0
        self.uncaught = UncaughtExceptions(self.reactor, self._interrupt)
        self.shown: list[str] = []
        self.logged: list[BaseException] = []
        self.uncaught.reported.connect(self.shown.append)

    def _interrupt(self) -> None:
        self.interrupts += 1

    def __call__(self, event: LogEvent) -> None:
        if event.get("log_failure") is not None:
            self.logged.append(event["log_failure"].value)


@pytest.fixture
def watched(monkeypatch: pytest.MonkeyPatch) -> Iterator[Watched]:
    watched = Watched()
    monkeypatch.setattr(sys, "excepthook", sys.excepthook)
    monkeypatch.setattr(threading, "excepthook", threading.excepthook)
    watched.uncaught.install()
    globalLogPublisher.addObserver(watched)
    yield watched
    globalLogPublisher.removeObserver(watched)


PROBLEM = ZeroDivisionError("in\x1b here")
SHOWN = "Unexpected error, see the log: ZeroDivisionError: in\\x1b here"


def fail_now(*_: object) -> None:
    raise PROBLEM


def test_one_in_a_slot(watched: Watched, qtbot: QtBot) -> None:
    class Sender(QObject):
        sent = pyqtSignal()

    sender = Sender()
    sender.sent.connect(fail_now)
    sender.sent.emit()
    assert watched.shown == [SHOWN]
    assert watched.logged == [PROBLEM]


def test_one_of_a_listener(watched: Watched) -> None:
    signal: Signal[[]] = Signal()
    heard: list[int] = []
    signal.connect(fail_now)
    signal.connect(lambda: heard.append(1))
    signal.emit()
    assert watched.shown == [SHOWN]
    assert watched.logged == [PROBLEM]
    assert heard == [1]


def test_one_at_the_end_of_a_chain_of_callbacks(watched: Watched) -> None:
    chain: Deferred[None] = fail(PROBLEM)
    chain.addErrback(report_failure)
    assert watched.shown == [SHOWN]
    assert watched.logged == [PROBLEM]


@pytest.mark.parametrize("in_listener", [False, True])
def test_one_in_a_thread_is_shown_in_that_of_the_reactor(
    watched: Watched, in_listener: bool
) -> None:
    signal: Signal[[]] = Signal()
    signal.connect(fail_now)
    thread = threading.Thread(target=signal.emit if in_listener else fail_now)
    thread.start()
    thread.join()
    assert watched.shown == []
    watched.reactor.advance(0)
    assert watched.shown == [SHOWN]
    assert watched.logged == [PROBLEM]


def test_one_while_another_is_shown_is_only_logged(watched: Watched) -> None:
    watched.uncaught.reported.connect(fail_now)
    first = RuntimeError("first")
    watched.uncaught.report(RuntimeError, first, None)
    assert watched.logged == [first, PROBLEM]
    assert watched.shown == ["Unexpected error, see the log: RuntimeError: first"]
    watched.uncaught.report(RuntimeError, first, None)
    assert len(watched.shown) == 2


def test_a_long_message_is_cut(watched: Watched) -> None:
    watched.uncaught.report(ValueError, ValueError("x" * 10_000), None)
    assert len(watched.shown[0]) < 300


def test_ctrl_c_ends_the_app_and_is_no_error(watched: Watched) -> None:
    interrupt: Any = KeyboardInterrupt()
    watched.uncaught.report(KeyboardInterrupt, interrupt, None)
    assert watched.interrupts == 1
    assert watched.logged == []
    assert watched.shown == []
