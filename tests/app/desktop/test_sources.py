from __future__ import annotations

from functools import partial
from pathlib import Path

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import rule, run_state_machine_as_test
from PyQt5 import sip
from PyQt5.QtCore import QSettings
from PyQt5.QtWidgets import QAction, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from monitorapp.app.desktop.sources import SourcesPresenter
from monitorapp.core.record.interruption import Interruption
from monitorapp.core.records.stars import Stars
from monitorapp.core.records.store import InterruptionStore
from monitorapp.core.source.held import HeldSource
from monitorapp.core.source.live import LiveSource
from monitorapp.core.source.run import RunSource
from monitorapp.core.source.source import Source, in_this_thread
from monitorapp.ui.records.pane import TablePane
from monitorapp.ui.settings import Settings
from monitorapp.ui.transfer.files import Transfer
from monitorapp.ui.widgets.message_bar import MessageBar, Severity
from tests.core.source.histories import take_small_steps
from tests.core.source.model import SourcesMachine, write_all
from tests.core.source.threads import Threads
from tests.factory import record
from tests.ui.table.shown import child

pytestmark = pytest.mark.slow


class Window:
    """The part of a window that shows sources, without the rest."""

    def __init__(self, settings_file: Path, live: LiveSource) -> None:
        kept = QSettings(str(settings_file), QSettings.Format.IniFormat)
        self.widget = QWidget()
        self.message_bar = MessageBar(self.widget)
        self.pane = TablePane(live, Settings(kept), print, parent=self.widget)
        self.transfer = Transfer(self.pane, self.message_bar, print, in_this_thread, self.widget)
        self.sources = SourcesPresenter(self.pane, self.transfer, self.message_bar)

    def show(self, source: Source) -> None:
        self.sources.show(source)

    def show_live(self) -> None:
        child(self.widget, QPushButton, "past_back_button").click()

    def filter(self, expression: str) -> None:
        self.pane.filter_bar.set_expression(expression)

    def shown(self) -> list[Interruption]:
        self.pane._model.flush()
        shown = self.pane.shown()
        groups = self.pane.groups_view.groups_model
        groups.refresh()
        if self.pane._grouping is not None:
            grouped = [one for group in groups._groups or () for one in group.interruptions]
            assert sorted(map(id, grouped)) == sorted(map(id, shown))
        is_live = self.pane.source.is_live
        assert child(self.widget, QWidget, "past_bar").isHidden() is is_live
        return shown

    def close(self) -> None:
        sip.delete(self.widget)


class WindowMachine(SourcesMachine):
    """The same in a window, whose rows can be grouped."""

    @rule(name=st.sampled_from(["path", "none"]))
    def group(self, name: str) -> None:
        window = self.screen
        assert isinstance(window, Window)
        child(window.widget, QAction, f"group_by_{name}_action").trigger()


@pytest.fixture
def store() -> InterruptionStore:
    store = InterruptionStore(100)
    store.add(record(uri="/live"))
    return store


@pytest.fixture
def window(qtbot: QtBot, store: InterruptionStore, tmp_path: Path) -> Window:
    window = Window(tmp_path / "s.ini", LiveSource(store))
    qtbot.addWidget(window.widget)
    window.widget.show()
    return window


def test_what_is_shown_is_what_a_naive_model_says(
    qapp: object, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    take_small_steps(monkeypatch)
    history, file = write_all(tmp_path)
    make_window = partial(Window, tmp_path / "s.ini")

    class Machine(WindowMachine):
        def __init__(self) -> None:
            super().__init__(make_window, history, file)

    run_state_machine_as_test(
        Machine,
        settings=settings(max_examples=60, stateful_step_count=40, deadline=None),
    )


def test_a_run_is_searched_once_and_once_for_each_filter(window: Window, tmp_path: Path) -> None:
    history, _ = write_all(tmp_path)
    threads = Threads()
    window.show(RunSource(history, 1, "Run", threads, Stars(), 100))
    assert len(threads.searches) == 1
    window.filter("path:/slow")
    assert len(threads.searches) == 2
    threads.run()
    assert [search.taken for search in threads.searches] == [0, 1]  # the first was overtaken
    assert [one.number for one in window.shown()] == [0, 3, 6]
    window.show_live()
    window.filter("")
    window.filter("x")
    assert len(threads.searches) == 2


def test_leaving_a_source_ends_its_search(window: Window, tmp_path: Path) -> None:
    history, _ = write_all(tmp_path)
    threads = Threads()
    window.show(RunSource(history, 1, "Run", threads, Stars(), 100))
    window.show_live()
    threads.run()
    assert threads.searches[0].taken == 0
    assert [one.uri for one in window.shown()] == ["/live"]


def test_in_the_end_the_search_of_the_source_that_is_shown_ends(
    window: Window, tmp_path: Path
) -> None:
    history, _ = write_all(tmp_path)
    threads = Threads()
    window.show(RunSource(history, 1, "Run", threads, Stars(), 100))
    window.sources.close()
    threads.run()
    assert threads.searches[0].taken == 0


def test_a_source_that_is_shown_already_stays(window: Window, store: InterruptionStore) -> None:
    window.filter("live")
    window.sources.show_live()
    store.add(record(uri="/live/2"))
    assert [one.uri for one in window.shown()] == ["/live", "/live/2"]


def test_a_source_that_fails_says_so_and_the_window_goes_on(window: Window, tmp_path: Path) -> None:
    threads = Threads()
    source = RunSource(tmp_path / "none", None, "Run", threads, Stars(), 100)
    window.show(source)
    threads.run()
    assert "cannot be opened" in window.message_bar.text()
    assert window.message_bar.severity is Severity.ERROR
    assert window.shown() == []
    assert window.pane.empty_text == "The records could not be read."
    window.show_live()
    assert [one.uri for one in window.shown()] == ["/live"]
    assert window.message_bar.text() == ""  # it is over
    source.failed.emit("It is no longer shown.")
    assert window.message_bar.text() == ""


def test_what_a_file_has_is_shown(qtbot: QtBot, window: Window, tmp_path: Path) -> None:
    _, file = write_all(tmp_path)
    window.transfer.import_files([file])
    qtbot.waitUntil(lambda: not window.pane.source.is_live)
    assert window.pane.source.title == "File: file.jsonl"
    assert len(window.shown()) == 20
    window.transfer.import_files([tmp_path / "none"])
    qtbot.waitUntil(lambda: "could not be read" in window.message_bar.text())
    assert window.pane.source.title == "File: file.jsonl"  # it stays


def test_what_comes_to_a_source_is_shown(window: Window) -> None:
    followed = InterruptionStore(2)
    window.show(HeldSource("Followed", followed))
    for number in range(3):
        followed.add(record(number=number))
    assert [one.number for one in window.shown()] == [1, 2]
