"""Descriptors: fair, in turns, and never the wrong one."""

from __future__ import annotations

import os
import socket
import time
from typing import Any

from PyQt5.QtCore import qInstallMessageHandler
from twisted.internet import protocol, tcp
from twisted.internet.abstract import FileDescriptor
from twisted.python.failure import Failure

from monitorapp.reactor import QtLoopReactor, QtNotifierReactor
from tests.reactor.scripting import (
    RunScript,
    be_busy,
    connected,
    from_slot,
    say,
    say_lost,
    watch_turns,
)


class Endless(FileDescriptor):
    """One of a socket pair, which stays readable: nobody reads from it."""

    def __init__(self, reactor: Any, served: list[Endless], busy_s: float = 0.0) -> None:
        super().__init__(reactor)
        self.ours, self.theirs = socket.socketpair()
        self.theirs.send(b"x")
        self.served = served
        self.busy_s = busy_s
        self.count = 0

    def fileno(self) -> int:
        return self.ours.fileno()

    def doRead(self) -> None:
        self.served.append(self)
        self.count += 1
        be_busy(self.busy_s)
        self.after()

    def after(self) -> None:
        """React to being readable."""

    def connectionLost(self, reason: Failure) -> None:
        say_lost(reason)


def served_in_turns(reactor: QtLoopReactor, count: int, busy_s: float) -> list[int]:
    """Serve that many, over and over; return how often each was, and say how many in a turn."""
    served: list[Endless] = []
    endless = [Endless(reactor, served, busy_s) for _ in range(count)]
    for each in endless:
        reactor.addReader(each)
    before = 0
    most = []

    def note() -> None:
        nonlocal before
        most.append(len(served) - before)
        before = len(served)
        if before > 5 * count:
            reactor.crash()

    watch_turns(reactor, note)
    reactor.run()
    say(max(most))
    return [each.count for each in endless]


def quick(reactor: QtLoopReactor) -> None:
    served_in_turns(reactor, 300, 0)


def test_few_events_a_turn(run_epoll_script: RunScript) -> None:
    (most,) = run_epoll_script(quick)
    assert int(most) <= 64


def slow(reactor: QtLoopReactor) -> None:
    counts = served_in_turns(reactor, 60, 0.001)
    assert max(counts) - min(counts) <= 1


def test_slow_handlers_do_not_starve_one_another(run_epoll_script: RunScript) -> None:
    (most,) = run_epoll_script(slow)
    assert int(most) <= 5


def asking(reactor: QtLoopReactor) -> None:
    served: list[Endless] = []
    waiting: set[Endless] = set()

    class Asking(Endless):
        def after(self) -> None:
            if self in waiting:
                say("it is asked again, and has no answer yet")
            waiting.add(self)
            reactor.callLater(0, self.answer)
            if len(served) > 1000:
                reactor.crash()

        def answer(self) -> None:
            be_busy(0.0002)
            waiting.discard(self)

    for each in [Asking(reactor, served) for _ in range(50)]:
        reactor.addReader(each)
    reactor.run()


def test_calls_that_are_due_go_before_the_next_look(run_epoll_script: RunScript) -> None:
    """As with epoll: all that was read, all that is due, and only then the network again."""
    assert run_epoll_script(asking) == []


def given_away(reactor: QtLoopReactor) -> None:
    # Two are ready. Whoever is first closes the other and gives its number away.
    served: list[Endless] = []

    class New(Endless):
        def after(self) -> None:
            say("wrong")

    class Closing(Endless):
        def after(self) -> None:
            reactor.removeReader(self)
            other = second if self is first else first
            if other.count == 0:
                reactor.removeReader(other)
                number = other.fileno()
                new = New(reactor, served)
                new.ours.recv(1)
                other.ours.close()
                os.dup2(new.fileno(), number)
                new.ours = socket.socket(fileno=number)
                reactor.addReader(new)

    first, second = Closing(reactor, served), Closing(reactor, served)
    reactor.addReader(first)
    reactor.addReader(second)
    reactor.iterate()
    reactor.iterate()
    say(len(served))


def test_stale_event_does_not_reach_the_next_owner(run_epoll_script: RunScript) -> None:
    assert run_epoll_script(given_away) == ["1"]


def paused(reactor: QtLoopReactor) -> None:
    # It is still watched for writing, and its event was already read.
    served: list[Endless] = []

    class Pausing(Endless):
        def after(self) -> None:
            for each in both:
                reactor.removeReader(each)

        def doWrite(self) -> None:
            reactor.removeWriter(self)

    both = Pausing(reactor, served), Pausing(reactor, served)
    for each in both:
        reactor.addReader(each)
        reactor.addWriter(each)
    for _ in range(3):
        reactor.iterate()
    say(len(served))


def test_paused_reader_is_not_read_from(run_epoll_script: RunScript) -> None:
    assert run_epoll_script(paused) == ["1"]


def closed_underneath(reactor: QtLoopReactor) -> None:
    class Closed(Endless):
        def connectionLost(self, reason: Failure) -> None:
            super().connectionLost(reason)
            if reactor.running:
                reactor.stop()

    closed, other = Closed(reactor, []), Endless(reactor, [])
    for each in (other, closed):
        each.ours.recv(1)
        reactor.addReader(each)
    if isinstance(reactor, QtNotifierReactor):
        qInstallMessageHandler(lambda *_: None)  # it finds out as well, and says so
    from_slot(closed.ours.close)
    reactor.run()


def test_closed_underneath_is_noticed(run_script: RunScript) -> None:
    assert run_script(closed_underneath) == [
        "lost ConnectionFdescWentAway",
        "lost ConnectionLost",
    ]


def used_again(reactor: QtLoopReactor) -> None:
    class New(Endless):
        def after(self) -> None:
            say("served")
            reactor.removeReader(self)
            from_slot(reactor.stop)

    closed = Endless(reactor, [])
    reactor.addReader(closed)
    number = closed.fileno()
    new = New(reactor, [])
    closed.ours.close()
    os.dup2(new.fileno(), number)
    new.ours = socket.socket(fileno=number)
    reactor.addReader(new)
    reactor.run()


def test_number_of_the_closed_one_can_be_used_again(run_epoll_script: RunScript) -> None:
    assert run_epoll_script(used_again) == ["served", "lost ConnectionFdescWentAway"]


def closed_at_the_end(reactor: QtLoopReactor) -> None:
    endless = [Endless(reactor, []) for _ in range(5)]
    for each in endless:
        each.ours.recv(1)
        reactor.addReader(each)

    def close_and_stop() -> None:
        endless[2].ours.close()
        os.close(endless[3].ours.detach())
        reactor.stop()

    reactor.callLater(0.01, close_and_stop)
    reactor.run()


def test_closed_underneath_does_not_spoil_the_exit(run_script: RunScript) -> None:
    assert run_script(closed_at_the_end) == ["lost ConnectionLost"] * 5


def listed(reactor: Any) -> None:
    connected(reactor, protocol.Protocol)
    (reader,) = (each for each in reactor.getReaders() if isinstance(each, tcp.Port))
    reactor.addWriter(reader)
    assert isinstance(reactor.getReaders(), list)
    assert reactor.getWriters() == [reader]
    assert reader in reactor.removeAll()
    assert reader not in reactor.getReaders()


def test_readers_and_writers_are_lists(run_script: RunScript) -> None:
    assert run_script(listed) == []


def leaving(reactor: QtLoopReactor) -> None:
    # More than one turn's worth of them.
    made: list[protocol.Protocol] = []
    lost: list[protocol.Protocol] = []

    class Leaving(protocol.Protocol):
        def connectionMade(self) -> None:
            made.append(self)
            if len(made) == len(clients):
                from_slot(block)

        def connectionLost(self, reason: Failure = protocol.connectionDone) -> None:
            lost.append(self)
            be_busy(0.001)

    def say_and_stop() -> None:
        say(len(lost))
        reactor.stop()

    def block() -> None:
        reactor.callLater(0.01, say_and_stop)
        for client in clients:
            client.close()
        time.sleep(0.1)

    clients = connected(reactor, Leaving, 30)
    reactor.run()


def test_who_left_left_before_what_became_due_meanwhile(run_epoll_script: RunScript) -> None:
    assert run_epoll_script(leaving) == ["30"]
