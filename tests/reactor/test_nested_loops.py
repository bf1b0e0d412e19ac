"""Handlers that open an event loop of their own, such as a modal dialog."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Any

import pytest
from PyQt5.QtWidgets import QDialog
from twisted.internet import protocol
from twisted.internet.interfaces import ITransport
from twisted.python.failure import Failure

from monitorapp.reactor import HEARTBEAT_S, QtLoopReactor
from tests.reactor.scripting import Dialogs, RunScript, connected, from_slot, say, watch_turns


def going_on(reactor: QtLoopReactor, opens: str) -> None:
    class Receive(protocol.Protocol):
        def dataReceived(self, data: bytes) -> None:
            say("received")
            reactor.callFromThread(say, "from thread")
            reactor.callLater(0.01, dialogs.close)

    def ask() -> None:
        reactor.callLater(0.05, client.send, b"x")
        dialogs.ask()
        reactor.stop()

    ways: dict[str, Callable[[], object]] = {
        "a delayed call": lambda: reactor.callLater(0, ask),
        "a call from a thread": lambda: reactor.callFromThread(ask),
        "a slot": lambda: from_slot(ask),
    }
    dialogs = Dialogs()
    (client,) = connected(reactor, Receive)
    ways[opens]()
    reactor.run()


@pytest.mark.parametrize("opens", ["a delayed call", "a call from a thread", "a slot"])
def test_calls_and_network_go_on(run_script: RunScript, opens: str) -> None:
    assert run_script(going_on, opens) == ["open", "received", "from thread", "closed"]


def thread_calls(reactor: QtLoopReactor) -> None:
    dialogs = Dialogs()
    reactor.callFromThread(dialogs.ask)
    reactor.callFromThread(say, "second")
    reactor.callFromThread(dialogs.close)
    reactor.callFromThread(dialogs.ask)
    reactor.callFromThread(dialogs.close)
    reactor.callFromThread(reactor.callLater, 0.01, reactor.stop)
    reactor.run()


def test_thread_calls_are_made_once_and_in_order(run_script: RunScript) -> None:
    assert run_script(thread_calls) == ["open", "second", "open", "closed", "closed"]


def thread_calls_together(reactor: QtLoopReactor) -> None:
    # One look at the waker brings them all, and nothing else wakes the loop.
    dialogs = Dialogs()

    def close() -> None:
        dialogs.close()
        reactor.stop()

    def order() -> None:
        time.sleep(0.1)
        reactor.threadCallQueue.extend([(dialogs.ask, (), {}), (say, ("second",), {})])
        reactor.callFromThread(close)

    reactor.callLater(3600, say, "never")
    reactor.callWhenRunning(threading.Thread(target=order).start)
    reactor.run()


def test_thread_calls_that_came_together_go_on(run_epoll_script: RunScript) -> None:
    assert run_epoll_script(thread_calls_together) == ["open", "second", "closed"]


def due_calls(reactor: QtLoopReactor) -> None:
    dialogs = Dialogs()
    reactor.callLater(0, dialogs.ask)
    for number in range(3):
        reactor.callLater(0.000001 * (number + 1), say, number)
    reactor.callLater(0.05, dialogs.close)
    reactor.callLater(0.1, reactor.stop)
    reactor.run()


def test_due_calls_are_made_inside_a_delayed_call(run_script: RunScript) -> None:
    assert run_script(due_calls) == ["open", "0", "1", "2", "closed"]


def not_entered_again(reactor: QtLoopReactor) -> None:
    # The one whose handler opened the loop keeps silent, half-closed or not;
    # the others work; and what came meanwhile is delivered afterwards.
    class Asking(protocol.Protocol):
        def dataReceived(self, data: bytes) -> None:
            say(data)
            if data == b"ask":
                reactor.callLater(0, more)
                dialogs.ask()
            if data == b"close":
                dialogs.close()

        def connectionLost(self, reason: Failure = protocol.connectionDone) -> None:
            say("lost")
            if reactor.running:
                reactor.stop()

    def more() -> None:
        first.send(b"more")
        first.close()
        reactor.callLater(0.1, second.send, b"close")

    dialogs = Dialogs()
    first, second = connected(reactor, Asking, 2)
    first.send(b"ask")
    reactor.run()


def test_handler_is_not_entered_again(run_script: RunScript) -> None:
    assert run_script(not_entered_again) == [
        "b'ask'",
        "open",
        "b'close'",
        "closed",
        "b'more'",
        "lost",
        "lost",
    ]


def silent(reactor: QtLoopReactor) -> None:
    class Asking(protocol.Protocol):
        def dataReceived(self, data: bytes) -> None:
            reactor.callLater(0, more, self.transport)
            dialogs.ask()
            reactor.stop()

    def more(transport: ITransport) -> None:
        client.send(b"x")
        transport.write(b"y")  # asks epoll for it again
        client.close()
        reactor.callLater(0.05, measure)

    def measure() -> None:
        began_s = time.monotonic()
        turns.clear()
        reactor.callLater(0.2, end, began_s)

    def end(began_s: float) -> None:
        beats = (time.monotonic() - began_s) / HEARTBEAT_S
        say(len(turns) < 3 * beats + 10)
        dialogs.close()

    turns: list[None] = []
    watch_turns(reactor, lambda: turns.append(None))
    dialogs = Dialogs()
    (client,) = connected(reactor, Asking)
    client.send(b"x")
    reactor.run()


def test_loop_does_not_spin_for_the_silent_one(run_epoll_script: RunScript) -> None:
    assert run_epoll_script(silent) == ["open", "True", "closed"]


def closed_inside(reactor: QtLoopReactor) -> None:
    class Asking(protocol.Protocol):
        transport: Any

        def dataReceived(self, data: bytes) -> None:
            reactor.callLater(0.05, self.transport.abortConnection)
            dialogs.ask()
            reactor.callLater(0.05, reactor.stop)

        def connectionLost(self, reason: Failure = protocol.connectionDone) -> None:
            say("lost")
            reactor.callLater(0, connect)

    class Reusing(protocol.Protocol):
        """Has the descriptor that the other had."""

        def dataReceived(self, data: bytes) -> None:
            say(data)
            dialogs.close()

    def connect() -> None:
        clients.extend(connected(reactor, Reusing))
        clients[-1].send(b"new")

    dialogs = Dialogs()
    clients = connected(reactor, Asking)
    clients[0].send(b"x")
    reactor.run()


def test_connection_closed_inside_its_own_loop(run_script: RunScript) -> None:
    assert run_script(closed_inside) == ["open", "lost", "b'new'", "closed"]


def loops_within_loops(reactor: QtLoopReactor) -> None:
    depth: list[QDialog] = []

    class Asking(protocol.Protocol):
        transport: Any

        def dataReceived(self, data: bytes) -> None:
            asked = QDialog()
            depth.append(asked)
            if len(depth) == 5:
                for each in depth:
                    reactor.callLater(0.01, each.accept)
            asked.exec_()
            say(data)
            depth.pop()
            self.transport.write(data)
            if not depth:
                reactor.callLater(0.05, reactor.stop)

    clients = connected(reactor, Asking, 5)
    for number, client in enumerate(clients):
        client.send(b"%d" % number)
    reactor.run()
    say([client.recv(9) for client in clients])


def test_loops_within_loops(run_script: RunScript) -> None:
    lines = run_script(loops_within_loops)
    assert sorted(lines[:-1]) == [f"b'{number}'" for number in range(5)]
    assert lines[-1] == str([b"%d" % number for number in range(5)])


def due_already(reactor: QtLoopReactor) -> None:
    # The descriptor is dispatched first, and its handler arms the timer again.
    class Asking(protocol.Protocol):
        def connectionMade(self) -> None:
            from_slot(block)

        def dataReceived(self, data: bytes) -> None:
            reactor.callLater(3600, say, "never")
            dialogs.ask()
            reactor.stop()

    def block() -> None:
        client.send(b"x")
        reactor.callLater(0.001, dialogs.close)
        time.sleep(0.1)

    dialogs = Dialogs()
    (client,) = connected(reactor, Asking)
    reactor.run()


def test_calls_already_due_when_a_handler_opens_a_loop(run_epoll_script: RunScript) -> None:
    assert run_epoll_script(due_already) == ["open", "closed"]
