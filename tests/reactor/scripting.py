"""What the scripts use that are run with a reactor in a process of their own."""

from __future__ import annotations

import importlib
import socket
import time
from collections.abc import Callable
from typing import Any, Concatenate, ParamSpec, Protocol

from PyQt5.QtCore import QTimer
from PyQt5.QtWidgets import QApplication, QDialog
from twisted.internet import protocol
from twisted.internet.main import installReactor
from twisted.logger import LogEvent, globalLogBeginner
from twisted.python.failure import Failure

from monitorapp import reactor as reactors
from monitorapp.reactor import QtLoopReactor

Arguments = ParamSpec("Arguments")
Script = Callable[Concatenate[QtLoopReactor, Arguments], None]


class RunScript(Protocol):
    """Runs a script in a process of its own and returns the lines that it said.

    It fails the test if the script hangs, ends with anything but 0, or if Python, Qt or Twisted
    complain on standard error.
    """

    def __call__(
        self, script: Script[Arguments], *arguments: Arguments.args, **none: Arguments.kwargs
    ) -> list[str]: ...


faults: list[str] = []
"""The types of the failures that were logged."""


def run(reactor_class: str, module: str, script: str, *arguments: object) -> None:
    """Run a script of a module; the process is its own."""
    application = QApplication(["test"])
    reactor = getattr(reactors, reactor_class)()
    installReactor(reactor)
    beginner: Any = globalLogBeginner  # whose observers are typed too narrowly
    beginner.beginLoggingTo([note_fault], redirectStandardIO=False, discardBuffer=True)
    getattr(importlib.import_module(module), script)(reactor, *arguments)
    del application


def note_fault(event: LogEvent) -> None:
    """Observe the log."""
    if "log_failure" in event:
        faults.append(event["log_failure"].type.__name__)
    elif event.get("isError"):
        faults.append(event["failure"].type.__name__)


def say(*words: object) -> None:
    """Say a line to the test."""
    print(*words, flush=True)


def from_slot(function: Callable[..., Any], after_ms: int = 30) -> None:
    """Call a function from a slot of Qt's."""
    QTimer.singleShot(after_ms, function)


def say_lost(reason: Failure) -> None:
    """Say that a connection was lost, and why."""
    say("lost", type(reason.value).__name__)


def be_busy(for_s: float) -> None:
    """Block, and work."""
    until_s = time.monotonic() + for_s
    while time.monotonic() < until_s:
        pass


def connected(
    reactor: QtLoopReactor, protocol_class: type[protocol.Protocol], count: int = 1
) -> list[socket.socket]:
    """Return the sockets of clients, of connections that are served by the class."""
    factory = protocol.Factory.forProtocol(protocol_class)
    port: Any = reactor.listenTCP(0, factory, interface="127.0.0.1")
    address = ("127.0.0.1", port.getHost().port)
    return [socket.create_connection(address) for _ in range(count)]


def watch_turns(reactor: Any, after: Callable[[], object]) -> None:
    """Call a function after each turn of the reactor."""
    turn = reactor._turn

    def watched() -> None:
        turn()
        after()

    reactor._turn = watched


class Dialogs:
    """Modal dialogs, each of which executes an event loop of its own."""

    def __init__(self) -> None:
        self._opened: list[QDialog] = []

    def ask(self, *_: object) -> None:
        """Open one and wait for it; say so."""
        dialog = QDialog()
        self._opened.append(dialog)
        say("open")
        dialog.exec_()
        say("closed")

    def close(self) -> None:
        """Close the one that was opened last."""
        self._opened[-1].accept()
