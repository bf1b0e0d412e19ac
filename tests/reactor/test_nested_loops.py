"""Handlers that open an event loop of their own, such as a modal dialog."""

from __future__ import annotations

import pytest

from .conftest import RunScript

OPENED = """
opened = []
def ask(*_):
    asked = QDialog()
    opened.append(asked)
    say("open")
    asked.exec_()
    say("closed")
def close():
    opened[-1].accept()
"""


@pytest.mark.parametrize(
    "opens",
    ["reactor.callLater(0, ask)", "reactor.callFromThread(ask)", "from_slot(ask)"],
)
def test_calls_and_network_go_on(run_script: RunScript, opens: str) -> None:
    script = f"""
    {OPENED.replace(chr(10), chr(10) + "    ")}
    class Echo(protocol.Protocol):
        def dataReceived(self, data):
            say("received")
            reactor.callFromThread(say, "from thread")
            reactor.callLater(0.01, close)
            reactor.callLater(0.1, reactor.stop)
    client, = connected(Echo)
    {opens}
    call = reactor.callLater(0.1, lambda: client.send(b"x"))
    reactor.run()
    """
    assert run_script(script) == ["open", "received", "from thread", "closed"]


def test_thread_calls_are_made_once_and_in_order(run_script: RunScript) -> None:
    script = f"""
    {OPENED.replace(chr(10), chr(10) + "    ")}
    reactor.callFromThread(ask)
    reactor.callFromThread(say, "second")
    reactor.callFromThread(close)
    reactor.callFromThread(ask)
    reactor.callFromThread(close)
    reactor.callFromThread(reactor.callLater, 0.01, reactor.stop)
    reactor.run()
    """
    assert run_script(script) == ["open", "second", "open", "closed", "closed"]


def test_thread_calls_that_came_together_go_on(run_epoll_script: RunScript) -> None:
    # One look at the waker brings them all, and nothing else wakes the loop.
    script = f"""
    {OPENED.replace(chr(10), chr(10) + "    ")}
    def order():
        time.sleep(0.1)
        reactor.threadCallQueue.extend([(ask, (), {{}}), (say, ("second",), {{}})])
        reactor.callFromThread(lambda: (close(), reactor.stop()))
    reactor.callLater(3600, say, "never")
    reactor.callWhenRunning(threading.Thread(target=order).start)
    reactor.run()
    """
    assert run_epoll_script(script) == ["open", "second", "closed"]


def test_due_calls_are_made_inside_a_delayed_call(run_script: RunScript) -> None:
    script = f"""
    {OPENED.replace(chr(10), chr(10) + "    ")}
    reactor.callLater(0, ask)
    for number in range(3):
        reactor.callLater(0.000001 * (number + 1), say, number)
    reactor.callLater(0.05, close)
    reactor.callLater(0.1, reactor.stop)
    reactor.run()
    """
    assert run_script(script) == ["open", "0", "1", "2", "closed"]


def test_handler_is_not_entered_again(run_script: RunScript) -> None:
    # The one whose handler opened the loop keeps silent, half-closed or not;
    # the others work; and what came meanwhile is delivered afterwards.
    script = f"""
    {OPENED.replace(chr(10), chr(10) + "    ")}
    class Asking(protocol.Protocol):
        def dataReceived(self, data):
            say(data)
            if data == b"ask":
                ask()
            if data == b"close":
                close()
        def connectionLost(self, reason):
            say("lost")
            if reactor.running:
                reactor.stop()
    first, second = connected(Asking, 2)
    first.send(b"ask")
    def more():
        first.send(b"more")
        first.close()
        reactor.callLater(0.1, second.send, b"close")
    reactor.callLater(0.1, more)
    reactor.run()
    """
    assert run_script(script) == [
        "b'ask'",
        "open",
        "b'close'",
        "closed",
        "b'more'",
        "lost",
        "lost",
    ]


def test_loop_does_not_spin_for_the_silent_one(run_epoll_script: RunScript) -> None:
    script = f"""
    {OPENED.replace(chr(10), chr(10) + "    ")}
    turn = reactor._turn
    def counted():
        turns.append(1)
        turn()
    reactor._turn = counted
    turns = []
    class Asking(protocol.Protocol):
        def dataReceived(self, data):
            asking.append(self)
            ask()
    asking = []
    client, = connected(Asking)
    client.send(b"x")
    def more():
        client.send(b"x")
        asking[0].transport.write(b"y")  # asks epoll for it again
        client.close()
    reactor.callLater(0.1, more)
    reactor.callLater(0.15, turns.clear)
    reactor.callLater(0.35, lambda: say(len(turns) < 40 or len(turns)))
    reactor.callLater(0.4, reactor.stop)
    reactor.run()
    """
    assert run_epoll_script(script) == ["open", "True", "closed"]


def test_connection_closed_inside_its_own_loop(run_script: RunScript) -> None:
    script = f"""
    {OPENED.replace(chr(10), chr(10) + "    ")}
    class Asking(protocol.Protocol):
        def dataReceived(self, data):
            reactor.callLater(0.05, self.transport.abortConnection)
            reactor.callLater(0.1, connect)
            ask()
            reactor.callLater(0.05, reactor.stop)
        def connectionLost(self, reason):
            say("lost")
    client, = connected(Asking)
    client.send(b"x")
    class Reusing(protocol.Protocol):
        "Has the descriptor that the other had."
        def dataReceived(self, data):
            say(data)
            close()
    def connect():
        global reusing
        reusing, = connected(Reusing)
        reusing.send(b"new")
    reactor.run()
    """
    assert run_script(script) == ["open", "lost", "b'new'", "closed", "lost"][:-1]


def test_loops_within_loops(run_script: RunScript) -> None:
    script = """
    depth = []
    class Asking(protocol.Protocol):
        def dataReceived(self, data):
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
    clients = connected(Asking, 5)
    for number, client in enumerate(clients):
        client.send(b"%d" % number)
    reactor.run()
    say([client.recv(9) for client in clients])
    """
    lines = run_script(script)
    assert sorted(lines[:-1]) == [f"b'{number}'" for number in range(5)]
    assert lines[-1] == str([b"%d" % number for number in range(5)])


def test_calls_already_due_when_a_handler_opens_a_loop(run_epoll_script: RunScript) -> None:
    # The descriptor is dispatched first, and its handler arms the timer anew.
    script = f"""
    {OPENED.replace(chr(10), chr(10) + "    ")}
    class Asking(protocol.Protocol):
        def dataReceived(self, data):
            reactor.callLater(3600, say, "never")
            ask()
            reactor.stop()
    client, = connected(Asking)
    def block():
        client.send(b"x")
        reactor.callLater(0.001, close)
        time.sleep(0.1)
    from_slot(block, 100)
    reactor.run()
    """
    assert run_epoll_script(script) == ["open", "closed"]
