from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from PyQt5.QtCore import QSettings
from PyQt5.QtWidgets import QAction, QPushButton, QSpinBox, QTableWidget
from pytestqt.qtbot import QtBot

from monitorapp.app.desktop.history import HistoryPresenter
from monitorapp.app.desktop.sources import SourcesPresenter
from monitorapp.core.history.limits import HistoryLimits
from monitorapp.core.history.writer import HistoryState
from monitorapp.core.records.store import InterruptionStore
from monitorapp.ui.history.runs_dialog import RunsDialog
from monitorapp.ui.settings import Settings
from monitorapp.ui.window.main_window import MainWindow
from tests.core.source.model import write_all
from tests.core.source.threads import Threads
from tests.ui.table.shown import child


class Recorder:
    """What is asked of the recorder."""

    state = HistoryState(True, run=3)

    def __init__(self, path: Path | None) -> None:
        self.path = path
        self.limits: list[HistoryLimits] = []

    def set_limits(self, limits: HistoryLimits) -> None:
        self.limits.append(limits)


class Shown:
    """A window with a history."""

    def __init__(self, folder: Path, path: Path | None) -> None:
        kept = QSettings(str(folder / "s.ini"), QSettings.Format.IniFormat)
        store = InterruptionStore(100)
        self.settings = Settings(kept)
        self.window = MainWindow(store, self.settings)
        self.threads = Threads()
        self.recorder = Recorder(path)
        pane, message_bar = self.window.table_pane, self.window.message_bar
        self.sources = SourcesPresenter(pane, self.window.transfer, message_bar)
        recorder: Any = self.recorder
        self.history = HistoryPresenter(
            self.window, self.sources, recorder, store, self.settings, self.threads
        )

    @property
    def status(self) -> str:
        bar = self.window.statusBar()
        assert bar is not None
        return bar.currentMessage()

    def dialog(self) -> RunsDialog:
        child(self.window, QAction, "runs_action").trigger()
        self.threads.run()
        self.threads.searches.clear()
        dialog: RunsDialog = child(self.window, RunsDialog, "runs_dialog")
        return dialog

    def open_row(self, row: int) -> None:
        dialog = self.dialog()
        child(dialog, QTableWidget, "runs_table").selectRow(row)
        child(dialog, QPushButton, "open_run_button").click()


@pytest.fixture
def shown(qtbot: QtBot, tmp_path: Path) -> Shown:
    history, _ = write_all(tmp_path)
    shown = Shown(tmp_path, history)
    qtbot.addWidget(shown.window)
    shown.window.show()
    return shown


def test_a_run_that_is_opened_is_searched_once(shown: Shown) -> None:
    shown.open_row(3)  # the oldest
    assert len(shown.threads.searches) == 1
    shown.threads.run()
    assert len(shown.threads.searches) == 1
    source = shown.window.table_pane.source
    assert source.title.startswith("History: the run that began")
    assert [one.number for one in source.records] == [*range(7)]


def test_all_runs_are_opened(shown: Shown) -> None:
    shown.open_row(0)
    shown.threads.run()
    assert shown.window.table_pane.source.title == "History: all runs"
    assert shown.window.table_pane.shown_count == 20


def test_the_present_run_is_marked(shown: Shown) -> None:
    item = child(shown.dialog(), QTableWidget, "runs_table").item(1, 1)
    assert item.text() == "runs now"


def test_new_limits_are_kept_and_in_force(shown: Shown) -> None:
    dialog = shown.dialog()
    child(dialog, QSpinBox, "history_days").setValue(5)
    dialog.reject()
    (limits,) = shown.recorder.limits
    assert limits.days == 5
    assert shown.settings.history_limits == limits


def test_a_history_that_is_gone_says_so(shown: Shown, tmp_path: Path) -> None:
    (tmp_path / "history.sqlite").unlink()
    child(shown.window, QAction, "runs_action").trigger()
    shown.threads.run()
    assert shown.status.startswith("The runs could not be listed: The history file")


def test_without_a_history_there_is_nothing_to_list(qtbot: QtBot, tmp_path: Path) -> None:
    shown = Shown(tmp_path, None)
    qtbot.addWidget(shown.window)
    child(shown.window, QAction, "runs_action").trigger()
    assert shown.threads.searches == []
    assert shown.status.startswith("There is no history")
