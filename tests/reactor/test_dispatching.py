"""Descriptors: fair, in turns, and never the wrong one."""

from __future__ import annotations

from .conftest import RunScript

# Socket pairs that stay readable: nobody reads them.
ENDLESS = """
from twisted.internet.abstract import FileDescriptor
class Endless(FileDescriptor):
    count = 0
    def __init__(self, busy_s=0.0):
        FileDescriptor.__init__(self, reactor)
        self.ours, self.theirs = socket.socketpair()
        self.busy_s = busy_s
        self.theirs.send(b"x")
    def fileno(self):
        return self.ours.fileno()
    def doRead(self):
        served.append(self)
        self.count += 1
        until = time.monotonic() + self.busy_s
        while time.monotonic() < until:
            pass
        self.after()
    def after(self):
        pass
    def connectionLost(self, reason):
        say("lost", reason.type.__name__)
served = []
"""


def test_few_events_a_turn(run_epoll_script: RunScript) -> None:
    script = f"""
    {ENDLESS.replace(chr(10), chr(10) + "    ")}
    all = [Endless() for _ in range(300)]
    for each in all:
        reactor.addReader(each)
    most = []
    turn = reactor._turn
    def counted():
        before = len(served)
        turn()
        most.append(len(served) - before)
        if len(served) > 3000:
            reactor.crash()
    reactor._turn = counted
    reactor.run()
    say(max(most) <= 64, len(most) >= 3000 / 64)
    """
    assert run_epoll_script(script) == ["True True"]


def test_calls_that_are_due_go_before_the_next_look(run_epoll_script: RunScript) -> None:
    """As with epoll: all that was read, all that is due, and only then the network again."""
    script = f"""
    {ENDLESS.replace(chr(10), chr(10) + "    ")}
    waiting, most = set(), []
    class Asking(Endless):
        def after(self):
            if self in waiting:  # it is asked again, and has no answer yet
                most.append(self)
            waiting.add(self)
            reactor.callLater(0, self.answer)
        def answer(self):
            until = time.monotonic() + 0.0002
            while time.monotonic() < until:
                pass
            waiting.discard(self)
    all = [Asking() for _ in range(200)]
    for each in all:
        reactor.addReader(each)
    reactor.callLater(0.5, reactor.crash)
    reactor.run()
    say(len(most), len(served) > 400)
    """
    assert run_epoll_script(script) == ["0 True"]


def test_slow_handlers_do_not_starve_one_another(run_epoll_script: RunScript) -> None:
    script = f"""
    {ENDLESS.replace(chr(10), chr(10) + "    ")}
    all = [Endless(busy_s=0.001) for _ in range(60)]
    for each in all:
        reactor.addReader(each)
    most = []
    turn = reactor._turn
    def counted():
        before = len(served)
        turn()
        most.append(len(served) - before)
        if len(served) > 300:
            reactor.crash()
    reactor._turn = counted
    reactor.run()
    counts = [each.count for each in all]
    say(max(counts) - min(counts) <= 1, max(most) <= 5)
    """
    assert run_epoll_script(script) == ["True True"]


def test_stale_event_does_not_reach_the_next_owner(run_epoll_script: RunScript) -> None:
    # Two are ready. Whoever is first closes the other and gives its number away.
    script = f"""
    {ENDLESS.replace(chr(10), chr(10) + "    ")}
    class Closing(Endless):
        def after(self):
            reactor.removeReader(self)
            other = second if self is first else first
            if other.count == 0:
                reactor.removeReader(other)
                number = other.fileno()
                new = Endless()
                new.ours.recv(1)
                other.ours.close()
                os.dup2(new.fileno(), number)
                new.ours = socket.socket(fileno=number)
                new.after = lambda: say("wrong")
                reactor.addReader(new)
    first, second = Closing(), Closing()
    reactor.addReader(first)
    reactor.addReader(second)
    reactor.iterate()
    reactor.iterate()
    say(len(served))
    """
    assert run_epoll_script(script) == ["1"]


def test_paused_reader_is_not_read_from(run_epoll_script: RunScript) -> None:
    # It is still watched for writing, and its event was already read.
    script = f"""
    {ENDLESS.replace(chr(10), chr(10) + "    ")}
    class Pausing(Endless):
        def after(self):
            for each in both:
                reactor.removeReader(each)
        def doWrite(self):
            reactor.removeWriter(self)
    both = Pausing(), Pausing()
    for each in both:
        reactor.addReader(each)
        reactor.addWriter(each)
    for _ in range(3):
        reactor.iterate()
    say(len(served))
    """
    assert run_epoll_script(script) == ["1"]


def test_closed_underneath_is_noticed(run_script: RunScript) -> None:
    script = f"""
    {ENDLESS.replace(chr(10), chr(10) + "    ")}
    class Closed(Endless):
        def connectionLost(self, reason):
            say("lost", reason.type.__name__)
            if reactor.running:
                reactor.stop()
    closed, other = Closed(), Endless()
    other.ours.recv(1)
    closed.ours.recv(1)
    reactor.addReader(other)
    reactor.addReader(closed)
    if isinstance(reactor, reactors.QtNotifierReactor):
        from PyQt5.QtCore import qInstallMessageHandler
        qInstallMessageHandler(lambda *_: None)  # it finds out as well, and says so
    from_slot(closed.ours.close)
    reactor.run()
    """
    assert run_script(script) == ["lost ConnectionFdescWentAway", "lost ConnectionLost"]


def test_number_of_the_closed_one_can_be_used_again(run_epoll_script: RunScript) -> None:
    script = f"""
    {ENDLESS.replace(chr(10), chr(10) + "    ")}
    closed = Endless()
    reactor.addReader(closed)
    number = closed.fileno()
    new = Endless()
    closed.ours.close()
    os.dup2(new.fileno(), number)
    new.ours = socket.socket(fileno=number)
    def after():
        say("served")
        reactor.removeReader(new)
        from_slot(reactor.stop)
    new.after = after
    reactor.addReader(new)
    reactor.run()
    """
    assert run_epoll_script(script) == ["served", "lost ConnectionFdescWentAway"]


def test_closed_underneath_does_not_spoil_the_exit(run_script: RunScript) -> None:
    script = f"""
    {ENDLESS.replace(chr(10), chr(10) + "    ")}
    all = [Endless() for _ in range(5)]
    for each in all:
        each.ours.recv(1)
        reactor.addReader(each)
    def close_and_stop():
        all[2].ours.close()
        os.close(all[3].ours.detach())
        reactor.stop()
    reactor.callLater(0.01, close_and_stop)
    reactor.run()
    """
    assert run_script(script) == ["lost ConnectionLost"] * 5


def test_readers_and_writers_are_lists(run_script: RunScript) -> None:
    script = """
    client, = connected(protocol.Protocol)
    reader, = (each for each in reactor.getReaders() if isinstance(each, tcp.Port))
    reactor.addWriter(reader)
    say(isinstance(reactor.getReaders(), list), reactor.getWriters() == [reader])
    say(reader in reactor.removeAll(), reader in reactor.getReaders())
    """
    assert run_script(script) == ["True True", "True False"]


def test_who_left_left_before_what_became_due_meanwhile(run_epoll_script: RunScript) -> None:
    # More than one turn's worth of them.
    script = """
    class Leaving(protocol.Protocol):
        def connectionLost(self, reason):
            lost.append(self)
            until = time.monotonic() + 0.001
            while time.monotonic() < until:
                pass
    lost = []
    clients = connected(Leaving, 30)
    def block():
        reactor.callLater(0.01, lambda: (say(len(lost)), reactor.stop()))
        for client in clients:
            client.close()
        time.sleep(0.1)
    from_slot(block, 300)
    reactor.run()
    """
    assert run_epoll_script(script) == ["30"]
