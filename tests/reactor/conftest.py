"""Reactors can only be tested with the real thing: each test runs a process of its own."""

from __future__ import annotations

import os
import select
import subprocess
import sys
import textwrap
from collections.abc import Callable
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]

HANG_S = 20.0
"""How long a script may run before the test fails: none takes a tenth of it."""

PREAMBLE = """
import os, signal, socket, sys, threading, time
from PyQt5.QtCore import QTimer
from PyQt5.QtWidgets import QApplication, QDialog, QWidget
app = QApplication(["test"])
from monitorapp import reactor as reactors
from twisted.internet.main import installReactor
reactor = reactors.{reactor}()
installReactor(reactor)
from twisted.internet import defer, protocol, tcp
from twisted.logger import formatEvent, globalLogBeginner
faults = []
def observe(event):
    if "log_failure" in event:
        faults.append(event["log_failure"].type.__name__)
    elif event.get("isError"):
        faults.append(event["failure"].type.__name__)
globalLogBeginner.beginLoggingTo([observe], redirectStandardIO=False, discardBuffer=True)

def say(*words):
    print(*words, flush=True)

def from_slot(function, after_ms=30):
    QTimer.singleShot(after_ms, function)

def dialog():
    return QDialog()

def connected(protocol_class, count=1):
    "Clients' sockets, of connections served by protocol_class."
    factory = protocol.Factory.forProtocol(protocol_class)
    port = reactor.listenTCP(0, factory, interface="127.0.0.1")
    return [socket.create_connection(("127.0.0.1", port.getHost().port)) for _ in range(count)]
"""

RunScript = Callable[[str], list[str]]


def run(reactor: str, script: str) -> list[str]:
    """Run a script after the preamble; returns the lines it said.

    It fails the test if it hangs, ends with anything but 0, or if Qt or
    Twisted complain on stderr.
    """
    environment = dict(os.environ, PYTHONPATH=str(ROOT), QT_QPA_PLATFORM="offscreen")
    done = subprocess.run(
        [sys.executable, "-c", PREAMBLE.format(reactor=reactor) + textwrap.dedent(script)],
        capture_output=True,
        text=True,
        timeout=HANG_S,
        env=environment,
        cwd=ROOT,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout.splitlines()


@pytest.fixture(params=["QtEPollReactor", "QtNotifierReactor"])
def run_script(request: pytest.FixtureRequest) -> RunScript:
    """Runs a script with each of the reactors."""
    if request.param == "QtEPollReactor" and not hasattr(select, "epoll"):
        pytest.skip("no epoll")
    return lambda script: run(request.param, script)


@pytest.fixture
def run_epoll_script() -> RunScript:
    """Runs a script with what only `QtEPollReactor` does."""
    if not hasattr(select, "epoll"):
        pytest.skip("no epoll")
    return lambda script: run("QtEPollReactor", script)
