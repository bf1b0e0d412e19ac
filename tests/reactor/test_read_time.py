"""What the reactor says of its own lateness."""

from __future__ import annotations

from .conftest import RunScript

# Numbered messages from a thread, at instants it notes, while slots block the loop.
SENT = """
sent = []
unsound = []
late = []
class Receiver(protocol.Protocol):
    def dataReceived(self, data):
        for number in data:
            may_have_been_s = max(reactor.read_uncertainty_s, reactor.RESOLUTION_S)
            first_s = reactor.read_time_s - may_have_been_s
            if not first_s <= sent[number][1] or not sent[number][0] <= reactor.read_time_s:
                unsound.append((number, sent[number], reactor.read_time_s, may_have_been_s))
            late.append(reactor.read_uncertainty_s)
            if number == 39:
                reactor.stop()
client, = connected(Receiver)
client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
def send():
    for number in range(40):
        time.sleep(0.005 if number % 10 else 0.1)
        sent.append([time.monotonic(), 9e9])
        client.send(bytes([number]))
        sent[-1][1] = time.monotonic()
reactor.callWhenRunning(threading.Thread(target=send).start)
"""


def test_read_time_is_sound(run_script: RunScript) -> None:
    script = f"""
    {SENT.replace(chr(10), chr(10) + "    ")}
    def block():
        time.sleep(0.06)
        QTimer.singleShot(50, block)
    from_slot(block)
    reactor.run()
    say(unsound, len(late), max(late) >= 0.04, max(late) < 5)
    say(reactor.lag.worst_s >= 0.04)
    """
    assert run_script(script) == ["[] 40 True True", "True"]


def test_blocking_delayed_calls_count_as_well(run_script: RunScript) -> None:
    script = f"""
    {SENT.replace(chr(10), chr(10) + "    ")}
    def block():
        time.sleep(0.06)
        reactor.callLater(0.03, block)
    reactor.callLater(0.03, block)
    reactor.run()
    say(unsound, len(late), max(late) >= 0.04)
    """
    assert run_script(script) == ["[] 40 True"]


def test_idle_loop_is_not_late(run_script: RunScript) -> None:
    script = f"""
    {SENT.replace(chr(10), chr(10) + "    ")}
    reactor.run()
    say(unsound, len(late), sorted(late)[20])
    """
    assert run_script(script) == ["[] 40 0.0"]


def test_no_heartbeat_without_connections(run_script: RunScript) -> None:
    script = """
    turn = reactor._turn
    def counted():
        turns.append(1)
        turn()
    reactor._turn = counted
    turns = []
    reactor.listenTCP(0, protocol.Factory(), interface="127.0.0.1")
    def connect():
        say(len(turns) <= 4)
        turns.clear()
        global client
        client, = connected(protocol.Protocol)
    from_slot(connect, 200)
    from_slot(lambda: (say(len(turns) >= 6), reactor.stop()), 500)
    reactor.run()
    """
    assert run_script(script) == ["True", "True"]


def test_nested_loop_leaves_the_read_time_alone(run_script: RunScript) -> None:
    script = """
    class Asking(protocol.Protocol):
        def dataReceived(self, data):
            read_s = reactor.read_time_s
            if data == b"inner":
                inner.append(read_s)
                asked.accept()
                return
            from_slot(lambda: clients[1].send(b"inner"), 50)
            asked.exec_()
            say(reactor.read_time_s == read_s < inner[0])
            reactor.stop()
    inner = []
    asked = dialog()
    clients = connected(Asking, 2)
    clients[0].send(b"outer")
    reactor.run()
    """
    assert run_script(script) == ["True"]


def test_where_no_event_is_handled_the_read_time_is_now(run_script: RunScript) -> None:
    script = """
    class Late(protocol.Protocol):
        def dataReceived(self, data):
            time.sleep(0.1)
            say(time.monotonic() - reactor.read_time_s >= 0.1)
            reactor.callLater(0.05, called)
            reactor.callFromThread(called)
    def called():
        before_s = time.monotonic()
        say(before_s <= reactor.read_time_s <= time.monotonic(), reactor.read_uncertainty_s)
        if len(calls) == 1:
            reactor.stop()
        calls.append(1)
    calls = []
    client, = connected(Late)
    client.send(b"data")
    reactor.run()
    """
    assert run_script(script) == ["True", "True 0.0", "True 0.0"]
