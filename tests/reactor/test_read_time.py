"""What the reactor reports of its own lateness."""

from __future__ import annotations

import socket
import threading
import time

from twisted.internet import protocol

from monitorapp.reactor import QtLoopReactor
from tests.reactor.scripting import (
    Dialogs,
    RunScript,
    connected,
    from_slot,
    say,
    watch_turns,
)

COUNT = 40
"""Messages that are sent."""


class Sent:
    """Numbered messages from a thread, at instants it notes.

    Attributes:
        late_s: How uncertain the time of each was when it was received, in seconds.
    """

    def __init__(self, reactor: QtLoopReactor) -> None:
        self._reactor = reactor
        self._sent_s: list[tuple[float, float]] = []  # at the earliest, at the latest
        self.late_s: list[float] = []
        received = self._received

        class Receiver(protocol.Protocol):
            def dataReceived(self, data: bytes) -> None:
                for number in data:
                    received(number)

        (self._client,) = connected(reactor, Receiver)
        self._client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        reactor.callWhenRunning(threading.Thread(target=self._send).start)

    def _received(self, number: int) -> None:
        read_s, uncertainty_s = self._reactor.read_time_s, self._reactor.read_uncertainty_s
        began_s, ended_s = self._sent_s[number]
        if began_s > read_s or ended_s < read_s - max(uncertainty_s, self._reactor.RESOLUTION_S):
            say("unsound", number, began_s, ended_s, read_s, uncertainty_s)
        self.late_s.append(uncertainty_s)
        if number == COUNT - 1:
            self._reactor.stop()

    def _send(self) -> None:
        for number in range(COUNT):
            time.sleep(0.005 if number % 10 else 0.1)
            began_s = time.monotonic()
            self._sent_s.append((began_s, float("inf")))
            self._client.send(bytes([number]))
            self._sent_s[-1] = began_s, time.monotonic()


def blocking_slots(reactor: QtLoopReactor) -> None:
    def block() -> None:
        time.sleep(0.06)
        from_slot(block, 50)

    sent = Sent(reactor)
    from_slot(block)
    reactor.run()
    assert len(sent.late_s) == COUNT
    assert max(sent.late_s) >= 0.04
    assert reactor.lag.worst_s >= 0.04


def test_read_time_is_sound(run_script: RunScript) -> None:
    assert run_script(blocking_slots) == []


def blocking_calls(reactor: QtLoopReactor) -> None:
    def block() -> None:
        time.sleep(0.06)
        reactor.callLater(0.03, block)

    sent = Sent(reactor)
    reactor.callLater(0.03, block)
    reactor.run()
    assert len(sent.late_s) == COUNT
    assert max(sent.late_s) >= 0.04


def test_blocking_delayed_calls_count_as_well(run_script: RunScript) -> None:
    assert run_script(blocking_calls) == []


def idle(reactor: QtLoopReactor) -> None:
    sent = Sent(reactor)
    reactor.run()
    assert len(sent.late_s) == COUNT
    assert sorted(sent.late_s)[COUNT // 8] == 0.0  # beside load, others may be late indeed


def test_idle_loop_is_not_late(run_script: RunScript) -> None:
    assert run_script(idle) == []


def heartbeat(reactor: QtLoopReactor) -> None:
    turns: list[None] = []
    clients: list[socket.socket] = []

    def note() -> None:
        turns.append(None)
        if clients and len(turns) == 6:
            reactor.stop()

    def connect() -> None:
        say(len(turns) <= 4)
        turns.clear()
        clients.extend(connected(reactor, protocol.Protocol))

    watch_turns(reactor, note)
    reactor.listenTCP(0, protocol.Factory(), interface="127.0.0.1")
    from_slot(connect, 200)
    reactor.run()


def test_no_heartbeat_without_connections(run_script: RunScript) -> None:
    assert run_script(heartbeat) == ["True"]


def nested(reactor: QtLoopReactor) -> None:
    inner: list[float] = []

    class Asking(protocol.Protocol):
        def dataReceived(self, data: bytes) -> None:
            read_s = reactor.read_time_s
            if data == b"inner":
                inner.append(read_s)
                dialogs.close()
                return
            from_slot(lambda: clients[1].send(b"inner"), 50)
            dialogs.ask()
            say(reactor.read_time_s == read_s < inner[0])
            reactor.stop()

    dialogs = Dialogs()
    clients = connected(reactor, Asking, 2)
    clients[0].send(b"outer")
    reactor.run()


def test_nested_loop_leaves_the_read_time_alone(run_script: RunScript) -> None:
    assert run_script(nested) == ["open", "closed", "True"]


def no_event(reactor: QtLoopReactor) -> None:
    calls: list[None] = []

    class Late(protocol.Protocol):
        def dataReceived(self, data: bytes) -> None:
            time.sleep(0.1)
            say(time.monotonic() - reactor.read_time_s >= 0.1)
            reactor.callLater(0.05, called)
            reactor.callFromThread(called)

    def called() -> None:
        before_s = time.monotonic()
        say(before_s <= reactor.read_time_s <= time.monotonic(), reactor.read_uncertainty_s)
        calls.append(None)
        if len(calls) == 2:
            reactor.stop()

    (client,) = connected(reactor, Late)
    client.send(b"data")
    reactor.run()


def test_where_no_event_is_handled_the_read_time_is_now(run_script: RunScript) -> None:
    assert run_script(no_event) == ["True", "True 0.0", "True 0.0"]
