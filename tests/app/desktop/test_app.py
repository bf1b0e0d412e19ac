"""The app is composed, started and ended, on a reactor in memory."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PyQt5.QtCore import QSettings
from PyQt5.QtWidgets import QAction, QApplication, QLabel
from pytestqt.qtbot import QtBot
from twisted.internet.defer import Deferred
from twisted.logger import ILogObserver, LogEvent, LogPublisher, formatEvent, globalLogPublisher
from zope.interface import implementer

from monitorapp.app.desktop.app import App
from monitorapp.app.options import Options
from monitorapp.core.history.reader import read_newest
from monitorapp.ui.settings import Settings
from monitorapp.ui.widgets.theme import Colours
from tests.app.desktop.desk import ENDPOINT
from tests.app.memory import AppReactor, connect
from tests.ui.table.shown import child


class Beginner:
    """Lets observers observe the global log, without the process's one beginning."""

    def beginLoggingTo(self, observers: list[Any], *, redirectStandardIO: bool) -> None:
        assert not redirectStandardIO
        for observer in observers:
            globalLogPublisher.addObserver(observer)


class Run:
    def __init__(self, qtbot: QtBot, application: QApplication, folder: Path) -> None:
        self.path = folder / "h.sqlite"
        self.reactor = AppReactor()
        self.announced: list[str] = []
        self.log: list[str] = []
        self.settings = Settings(QSettings(str(folder / "s.ini"), QSettings.Format.IniFormat))
        self.app = App(
            self.reactor,
            application,
            Options(listen=ENDPOINT, delay_s=30, history=self.path),
            self.settings,
            self.announced.append,
        )
        qtbot.addWidget(self.app.window)

        @implementer(ILogObserver)
        def observe(event: LogEvent) -> None:
            self.log.append(formatEvent(event))

        self.observe = observe

    def start(self) -> None:
        beginner: Any = Beginner()
        self.app.start(beginner, globalLogPublisher, self.observe)
        self.reactor.running = True
        for function, args, kwargs in self.reactor.whenRunningHooks:
            function(*args, **kwargs)

    def end(self) -> None:
        (before,) = self.reactor.fire("before")
        assert isinstance(before, Deferred)
        assert before.called
        assert not before.paused
        self.reactor.fire("after")


@pytest.fixture
def run(qtbot: QtBot, qapp: QApplication, tmp_path: Path) -> Iterator[Run]:
    run = Run(qtbot, qapp, tmp_path)
    yield run
    publisher: LogPublisher = globalLogPublisher
    publisher.removeObserver(run.observe)
    publisher.removeObserver(run.app.services.observer)


def test_it_shows_its_window_and_listens(run: Run) -> None:
    assert not run.app.window.isVisible()
    run.start()
    assert run.app.window.isVisible()
    assert run.announced == [f"Listening on {run.app.services.server.url}"]
    assert run.app.window.delay_bar.delay_s == 30
    run.end()


def test_its_presenters_stay(run: Run) -> None:
    run.start()
    gc.collect()
    # Nothing but Qt's signals is connected to this one, and they keep no receiver alive.
    for colours in (Colours.LIGHT, Colours.SYSTEM):
        child(run.app.window, QAction, f"colours_{colours.value}_action").trigger()
        assert run.settings.colours is colours
    run.end()


def test_what_nobody_caught_is_shown(run: Run) -> None:
    run.start()
    run.app.uncaught.report(ValueError, ValueError("what"), None)
    bar = run.app.window.statusBar()
    assert bar is not None
    assert bar.currentMessage() == "Unexpected error, see the log: ValueError: what"
    assert "Unexpected error" in run.log
    run.end()


def test_closing_the_window_ends_the_reactor_once(run: Run) -> None:
    run.start()
    run.app.window.close()
    assert run.reactor.hasStopped
    run.reactor.hasStopped = False
    run.end()
    assert not run.reactor.hasStopped


def test_in_the_end_all_is_kept_and_nothing_goes_on(run: Run) -> None:
    run.start()
    run.reactor.advance(1)
    connect(run.reactor).get(b"/early").leave()
    run.app.window.resize(777, 555)
    (before,) = run.reactor.fire("before")
    assert not run.app.services.server.is_listening
    assert run.settings.geometry is not None
    # What the reactor disconnects between the phases is still recorded.
    client = connect(run.reactor).get(b"/late")
    client.leave()
    run.reactor.fire("after")
    assert [one.path for one in read_newest(run.path, 9)] == ["/early", "/late"]
    assert not run.app.window.isVisible()
    connect(run.reactor).get(b"/too-late").leave()
    assert len(run.app.services.store) == 2
    assert not [line for line in run.log if line.startswith("Ending")]
    assert before.called


def test_each_stage_of_the_end_has_a_name_and_the_rest_runs_if_one_fails(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    run.start()

    def fail() -> None:
        raise OSError("no room")

    monkeypatch.setattr(run.app.window, "save_state", fail)
    run.end()
    assert "Shutdown: window state failed" in run.log
    assert not run.app.services.server.is_listening
    assert not run.app.window.isVisible()
    assert child(run.app.window, QLabel, "history_status").text() == "History: on"
