"""Starting, stopping, quitting: none may hang, and no last event is lost."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Callable
from typing import Any

import pytest
from PyQt5.QtWidgets import QApplication, QDialog, QWidget
from twisted.internet import error, protocol
from twisted.internet.defer import Deferred
from twisted.python.failure import Failure

from monitorapp.reactor import QtLoopReactor
from tests.reactor.scripting import RunScript, connected, from_slot, say, say_lost, watch_turns


def stopped(reactor: QtLoopReactor, way: str) -> None:
    in_thread = threading.Timer(0.05, reactor.callFromThread, (reactor.stop,))
    ways: dict[str, Callable[[], object]] = {
        "from a slot": lambda: from_slot(reactor.stop),
        "when running": lambda: reactor.callWhenRunning(reactor.stop),
        "by a delayed call": lambda: reactor.callLater(0, reactor.stop),
        "from a thread": lambda: reactor.callWhenRunning(in_thread.start),
    }
    ways[way]()
    reactor.run()
    say("ended")


@pytest.mark.parametrize(
    "way", ["from a slot", "when running", "by a delayed call", "from a thread"]
)
def test_stop_wakes_the_loop(run_script: RunScript, way: str) -> None:
    assert run_script(stopped, way) == ["ended"]


def stopped_by_a_handler(reactor: QtLoopReactor) -> None:
    class Stop(protocol.Protocol):
        def dataReceived(self, data: bytes) -> None:
            say(data)
            reactor.stop()

        def connectionLost(self, reason: Failure = protocol.connectionDone) -> None:
            say_lost(reason)

    (client,) = connected(reactor, Stop)
    client.send(b"x")
    reactor.run()


def test_stop_from_network_handler(run_script: RunScript) -> None:
    assert run_script(stopped_by_a_handler) == ["b'x'", "lost ConnectionLost"]


def stopped_by_a_process(reactor: QtLoopReactor) -> None:
    class Stop(protocol.ProcessProtocol):
        def processEnded(self, reason: Failure) -> None:
            assert isinstance(reason.value, error.ProcessTerminated)
            say(reason.value.exitCode)
            reactor.stop()

    reactor.callWhenRunning(reactor.spawnProcess, Stop(), "/bin/sh", ["sh", "-c", "exit 3"])
    reactor.run()


def test_stop_at_process_exit(run_script: RunScript) -> None:
    assert run_script(stopped_by_a_process) == ["3"]


def signalled(reactor: QtLoopReactor, number: int) -> None:
    sender = threading.Timer(0.05, os.kill, (os.getpid(), number))
    reactor.callWhenRunning(sender.start)
    reactor.addSystemEventTrigger("before", "shutdown", say, "shutdown")
    reactor.run()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_signals_stop(run_script: RunScript, number: int) -> None:
    assert run_script(signalled, number) == ["shutdown"]


def say_goodbye_slowly(reactor: QtLoopReactor, then: Callable[[], object]) -> None:
    """Call a function when there is a connection; let the end of the reactor take some time."""

    class Waiting(protocol.Protocol):
        def connectionMade(self) -> None:
            say("made")
            from_slot(then)

        def connectionLost(self, reason: Failure = protocol.connectionDone) -> None:
            say_lost(reason)

    def before() -> Deferred[None]:
        done: Deferred[None] = Deferred()
        reactor.callLater(0.05, done.callback, None)
        return done.addCallback(lambda _: say("waited"))

    reactor.addSystemEventTrigger("before", "shutdown", before)
    clients.extend(connected(reactor, Waiting))


clients: list[object] = []
"""They stay connected until the end."""
GOODBYE = ["made", "waited", "lost ConnectionLost", "ended"]


def quit_in_a_way(reactor: QtLoopReactor, way: str) -> None:
    window = QWidget()
    window.show()

    def execute(then: Callable[[], object]) -> None:
        from_slot(then, 50)
        QDialog().exec_()

    def quit_twice() -> None:
        QApplication.quit()
        from_slot(QApplication.quit, 10)

    ways: dict[str, Callable[[], object]] = {
        "quit": QApplication.quit,
        "stop": reactor.stop,
        "last window": window.close,
        "quit twice": quit_twice,
        "quit amid a dialog": lambda: execute(QApplication.quit),
        "stop amid a dialog": lambda: execute(reactor.stop),
        "stop amid a call": lambda: reactor.callLater(0, execute, reactor.stop),
        "quit amid a thread's call": lambda: reactor.callFromThread(execute, QApplication.quit),
    }
    if way != "last window":
        window.hide()
    say_goodbye_slowly(reactor, ways[way])
    reactor.run()
    say("ended")


@pytest.mark.parametrize(
    "way",
    [
        "quit",
        "stop",
        "last window",
        "quit twice",
        "quit amid a dialog",
        "stop amid a dialog",
        "stop amid a call",
        "quit amid a thread's call",
    ],
)
def test_shutdown_is_orderly(run_script: RunScript, way: str) -> None:
    assert run_script(quit_in_a_way, way) == GOODBYE


def dialog_of_a_connection(reactor: QtLoopReactor) -> None:
    lost: Deferred[None] = Deferred()

    class Asking(protocol.Protocol):
        def dataReceived(self, data: bytes) -> None:
            from_slot(reactor.stop, 50)
            QDialog().exec_()
            say("answered")

        def connectionLost(self, reason: Failure = protocol.connectionDone) -> None:
            lost.callback(None)

    def before() -> Deferred[None]:
        client.close()
        return lost.addCallback(lambda _: say("waited"))

    (client,) = connected(reactor, Asking)
    client.send(b"x")
    reactor.addSystemEventTrigger("before", "shutdown", before)
    reactor.run()


def test_stop_does_not_wait_for_a_dialog_of_the_connection_it_waits_for(
    run_script: RunScript,
) -> None:
    assert run_script(dialog_of_a_connection) == ["answered", "waited"]


def over(reactor: Any) -> None:
    class Silent(protocol.Protocol):
        def dataReceived(self, data: bytes) -> None:
            say("received")

    connections = connected(reactor, Silent)
    turns: list[None] = []
    watch_turns(reactor, lambda: turns.append(None))
    from_slot(reactor.crash, 50)
    reactor.run()
    assert turns
    assert not reactor._timer.isActive()
    turns.clear()
    reactor.callLater(0, say, "called")
    reactor.callFromThread(say, "called")
    from_slot(QApplication.quit, 100)
    QApplication.exec_()
    assert not turns
    del connections


def test_nothing_is_called_after_the_run(run_script: RunScript) -> None:
    assert run_script(over) == []


def crashed(reactor: QtLoopReactor) -> None:
    for _ in range(3):
        reactor.callLater(0, reactor.crash)
        reactor.run()
        say(reactor.running)


def test_run_again_after_crash(run_script: RunScript) -> None:
    assert run_script(crashed) == ["False"] * 3


def misused(reactor: QtLoopReactor) -> None:
    def again() -> None:
        try:
            reactor.run()
        except error.ReactorAlreadyRunning:
            say("already running")
        reactor.stop()

    with pytest.raises(error.ReactorNotRunning):
        reactor.stop()
    reactor.callWhenRunning(again)
    reactor.run()
    with pytest.raises(error.ReactorNotRestartable):
        reactor.run()


def test_misuse_is_reported(run_script: RunScript) -> None:
    assert run_script(misused) == ["already running"]


def never_run(reactor: QtLoopReactor) -> None:
    connected(reactor, protocol.Protocol)
    reactor.callLater(0, say, "called")
    from_slot(QApplication.quit, 50)
    QApplication.exec_()


def test_never_run(run_script: RunScript) -> None:
    assert run_script(never_run) == []


def run_return(reactor: QtLoopReactor) -> None:
    def later() -> None:
        say("called")
        reactor.stop()
        from_slot(still_there)

    def still_there() -> None:
        say("still there")
        QApplication.quit()

    reactor.addSystemEventTrigger("after", "shutdown", say, "shutdown")
    reactor.callLater(0.01, later)
    reactor.runReturn()
    QApplication.exec_()


def test_run_return_leaves_the_loop_to_its_owner(run_script: RunScript) -> None:
    assert run_script(run_return) == ["called", "shutdown", "still there"]


def run_inside(reactor: QtLoopReactor, end: str) -> None:
    def run() -> None:
        reactor.run()
        say("ended")
        QApplication.quit()

    say_goodbye_slowly(reactor, reactor.stop if end == "stop" else QApplication.quit)
    from_slot(run)
    QApplication.exec_()


@pytest.mark.parametrize("end", ["stop", "quit"])
def test_run_inside_a_running_loop(run_script: RunScript, end: str) -> None:
    assert run_script(run_inside, end) == GOODBYE


def iterated(reactor: QtLoopReactor) -> None:
    received: list[object] = []

    class Echo(protocol.Protocol):
        def dataReceived(self, data: bytes) -> None:
            received.append(data)

    (client,) = connected(reactor, Echo)
    client.send(b"x")
    reactor.callLater(0.01, received.append, "called")
    while len(received) < 2:
        reactor.iterate(0.05)
    reactor.iterate()
    say(*sorted(map(str, received)))


def test_iterate_without_run(run_script: RunScript) -> None:
    assert run_script(iterated) == ["b'x' called"]
