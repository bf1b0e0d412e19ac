"""Starting, stopping, quitting: none may hang, and nobody's goodbye is lost."""

from __future__ import annotations

import pytest

from .conftest import RunScript


@pytest.mark.parametrize(
    "arrange",
    [
        "from_slot(reactor.stop)",
        "reactor.callWhenRunning(reactor.stop)",
        "reactor.callLater(0, reactor.stop)",
        "threading.Timer(0.05, reactor.callFromThread, (reactor.stop,)).start()",
    ],
)
def test_stop_wakes_the_loop(run_script: RunScript, arrange: str) -> None:
    assert run_script(f"{arrange}\nreactor.run()\nsay('ended')") == ["ended"]


def test_stop_from_network_handler(run_script: RunScript) -> None:
    script = """
    class Stop(protocol.Protocol):
        def dataReceived(self, data):
            say(data)
            reactor.stop()
        def connectionLost(self, reason):
            say("lost", reason.type.__name__)
    client, = connected(Stop)
    client.send(b"x")
    reactor.run()
    """
    assert run_script(script) == ["b'x'", "lost ConnectionLost"]


def test_stop_at_process_exit(run_script: RunScript) -> None:
    script = """
    class Stop(protocol.ProcessProtocol):
        def processEnded(self, reason):
            say(reason.value.exitCode)
            reactor.stop()
    reactor.callWhenRunning(reactor.spawnProcess, Stop(), "/bin/sh", ["sh", "-c", "exit 3"])
    reactor.run()
    """
    assert run_script(script) == ["3"]


@pytest.mark.parametrize("number", ["SIGINT", "SIGTERM"])
def test_signals_stop(run_script: RunScript, number: str) -> None:
    script = f"""
    signal.signal(signal.SIGINT, signal.default_int_handler)  # ignored in a background job
    threading.Timer(0.1, os.kill, (os.getpid(), signal.{number})).start()
    reactor.addSystemEventTrigger("before", "shutdown", say, "shutdown")
    reactor.run()
    """
    assert run_script(script) == ["shutdown"]


SLOW_GOODBYE = """
class Waiting(protocol.Protocol):
    def connectionMade(self):
        say("made")
    def connectionLost(self, reason):
        say("lost", reason.type.__name__)
client, = connected(Waiting)
def before():
    done = defer.Deferred()
    reactor.callLater(0.05, done.callback, None)
    return done.addCallback(lambda _: say("waited"))
reactor.addSystemEventTrigger("before", "shutdown", before)
"""
GOODBYE = ["made", "waited", "lost ConnectionLost", "ended"]


@pytest.mark.parametrize(
    "quits",
    [
        "from_slot(QApplication.quit, 100)",
        "from_slot(reactor.stop, 100)",
        "window = QWidget(); window.show(); from_slot(window.close, 100)",
        "from_slot(lambda: (QApplication.quit(), from_slot(QApplication.quit, 10)), 100)",
        "from_slot(lambda: dialog().exec_()); from_slot(QApplication.quit, 100)",
        "from_slot(lambda: dialog().exec_()); from_slot(reactor.stop, 100)",
        "reactor.callLater(0, lambda: dialog().exec_()); from_slot(reactor.stop, 100)",
        "reactor.callFromThread(lambda: dialog().exec_()); from_slot(QApplication.quit, 100)",
    ],
)
def test_shutdown_is_orderly(run_script: RunScript, quits: str) -> None:
    script = SLOW_GOODBYE + quits + "\nreactor.run()\nsay('ended')"
    assert run_script(script) == GOODBYE


def test_stop_does_not_wait_for_a_dialog_of_the_connection_it_waits_for(
    run_script: RunScript,
) -> None:
    script = """
    lost = defer.Deferred()
    class Asking(protocol.Protocol):
        def dataReceived(self, data):
            dialog().exec_()
            say("answered")
        def connectionLost(self, reason):
            lost.callback(None)
    client, = connected(Asking)
    client.send(b"x")
    def before():
        client.close()
        return lost.addCallback(lambda _: say("waited"))
    reactor.addSystemEventTrigger("before", "shutdown", before)
    from_slot(reactor.stop, 100)
    reactor.run()
    """
    assert run_script(script) == ["answered", "waited"]


def test_nothing_is_called_after_the_run(run_script: RunScript) -> None:
    script = """
    class Silent(protocol.Protocol):
        def dataReceived(self, data):
            say("received")
    client, = connected(Silent)
    turn = reactor._turn
    def counted():
        turns.append(1)
        turn()
    turns = []
    reactor._turn = counted
    from_slot(reactor.crash, 50)
    reactor.run()
    say(len(turns) > 0, reactor._timer.isActive())
    turns.clear()
    reactor.callLater(0, say, "called")
    reactor.callFromThread(say, "called")
    from_slot(app.quit, 100)
    app.exec_()
    say(turns)
    """
    assert run_script(script) == ["True False", "[]"]


def test_run_again_after_crash(run_script: RunScript) -> None:
    script = """
    for _ in range(3):
        reactor.callLater(0, reactor.crash)
        reactor.run()
        say(reactor.running)
    """
    assert run_script(script) == ["False"] * 3


def test_misuse_is_told(run_script: RunScript) -> None:
    script = """
    from twisted.internet import error
    try:
        reactor.stop()
    except error.ReactorNotRunning:
        say("not running")
    def again():
        try:
            reactor.run()
        except error.ReactorAlreadyRunning:
            say("already running")
        reactor.stop()
    reactor.callWhenRunning(again)
    reactor.run()
    try:
        reactor.run()
    except error.ReactorNotRestartable:
        say("not restartable")
    """
    assert run_script(script) == ["not running", "already running", "not restartable"]


def test_never_run(run_script: RunScript) -> None:
    script = """
    connected(protocol.Protocol)
    reactor.callLater(0, say, "called")
    from_slot(app.quit, 50)
    app.exec_()
    """
    assert run_script(script) == []


def test_run_return_leaves_the_loop_to_its_owner(run_script: RunScript) -> None:
    script = """
    def later():
        say("called")
        reactor.stop()
        from_slot(lambda: (say("still there"), app.quit()))
    reactor.addSystemEventTrigger("after", "shutdown", say, "shutdown")
    reactor.callLater(0.01, later)
    reactor.runReturn()
    app.exec_()
    """
    assert run_script(script) == ["called", "shutdown", "still there"]


@pytest.mark.parametrize("end", ["reactor.stop", "app.quit"])
def test_run_inside_a_running_loop(run_script: RunScript, end: str) -> None:
    script = f"""
    {SLOW_GOODBYE.replace(chr(10), chr(10) + "    ")}
    def run():
        from_slot({end}, 100)
        reactor.run()
        say("ended")
        app.quit()
    from_slot(run)
    app.exec_()
    """
    assert run_script(script) == GOODBYE


def test_iterate_without_run(run_script: RunScript) -> None:
    script = """
    received = []
    class Echo(protocol.Protocol):
        def dataReceived(self, data):
            received.append(data)
    client, = connected(Echo)
    client.send(b"x")
    reactor.callLater(0.01, received.append, "called")
    while len(received) < 2:
        reactor.iterate(0.05)
    reactor.iterate()
    say(sorted(map(str, received)))
    """
    assert run_script(script) == ["[\"b'x'\", 'called']"]
