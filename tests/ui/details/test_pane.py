from __future__ import annotations

from pathlib import Path
from typing import Any, cast

import pytest
from PyQt5.QtCore import QByteArray, QSettings, Qt
from PyQt5.QtGui import QGuiApplication
from PyQt5.QtWidgets import (
    QCheckBox,
    QLabel,
    QPlainTextEdit,
    QPushButton,
    QStackedWidget,
    QTabWidget,
)
from pytestqt.qtbot import QtBot

from monitorapp.core.record.details import IMPOSSIBLE_TIME
from monitorapp.core.record.outcome import Outcome, RequestOutcome
from monitorapp.core.record.story import NO_FRAMES
from monitorapp.core.records.outcomes import Outcomes
from monitorapp.core.records.store import InterruptionStore
from monitorapp.ui.details.pane import DetailsPane
from monitorapp.ui.settings import Settings
from monitorapp.ui.table.model import InterruptionsModel
from monitorapp.ui.widgets.elided_label import ElidedLabel
from monitorapp.ui.window.main_window import MainWindow
from tests.factory import record

TWISTED = "/v/lib/python3.11/site-packages/twisted/internet/defer.py"
FRAMES = (
    f'Traceback (most recent call last):\n  File "{TWISTED}", line 3, in f\n    g()\n'
    '  File "/home/me/app.py", line 7, in render\n    answer()\nValueError: <b>no</b>'
)


@pytest.fixture
def pane(qtbot: QtBot) -> DetailsPane:
    pane = DetailsPane()
    qtbot.addWidget(pane)
    pane.show()
    return pane


def shown(pane: DetailsPane, name: str) -> str:
    pane.flush()
    edit = pane.findChild(QPlainTextEdit, f"details_{name}")
    return edit.toPlainText()


def tabs(pane: DetailsPane) -> QTabWidget:
    return pane.findChild(QTabWidget, "details_tabs")


def is_empty(pane: DetailsPane) -> bool:
    pane.flush()
    return pane.findChild(QStackedWidget, "details_stack").currentIndex() == 0


def clipboard_text() -> str:
    clipboard = QGuiApplication.clipboard()
    assert clipboard is not None
    return clipboard.text()


def test_it_asks_for_a_row_until_there_is_one(pane: DetailsPane) -> None:
    assert is_empty(pane)
    pane.show_interruption(record())
    assert not is_empty(pane)
    pane.show_interruption(None)
    assert is_empty(pane)
    assert shown(pane, "story") == ""


def test_each_tab_shows_its_part(pane: DetailsPane) -> None:
    pane.show_interruption(record())
    assert "The client closed the connection after 1.000 s" in shown(pane, "story")
    assert shown(pane, "request") == ""  # it is not seen yet
    for index, (name, words) in enumerate(
        {
            "story": "127.0.0.1:50000",
            "request": "User-Agent",
            "traceback": NO_FRAMES,
            "record": 'reason = "CLOSED"',
        }.items()
    ):
        tabs(pane).setCurrentIndex(index)
        assert words in shown(pane, name)
    title = pane.findChild(ElidedLabel, "details_title")
    assert title.text() == "GET /slow"
    assert not title.grab().isNull()


def test_library_frames_are_folded_until_they_are_wanted(pane: DetailsPane) -> None:
    tabs(pane).setCurrentIndex(2)
    pane.show_interruption(record(traceback=FRAMES, has_frames=True))
    assert "  … 1 frame in twisted\n" in shown(pane, "traceback")
    assert "<b>no</b>" in shown(pane, "traceback")
    box = pane.findChild(QCheckBox, "details_library_frames")
    box.setChecked(True)
    assert shown(pane, "traceback") == FRAMES
    pane.show_interruption(record())
    shown(pane, "traceback")
    assert not box.isEnabled()


def test_a_copy_has_all_that_was_cut(pane: DetailsPane) -> None:
    long = "/" + "a" * 100_000
    pane.show_interruption(record(uri=long))
    tabs(pane).setCurrentIndex(1)
    assert len(shown(pane, "request")) < 2000
    pane.findChild(QPushButton, "details_copy").click()
    assert long in clipboard_text()


def test_selected_text_is_copied_by_its_key(qtbot: QtBot, pane: DetailsPane) -> None:
    pane.show_interruption(record())
    text = shown(pane, "story")
    edit = pane.findChild(QPlainTextEdit, "details_story")
    edit.selectAll()
    qtbot.keyClick(edit, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert clipboard_text() == text


def test_it_costs_nothing_while_it_is_hidden(pane: DetailsPane) -> None:
    pane.hide()
    pane.show_interruption(record())
    assert shown(pane, "story") == ""
    pane.show()
    edit = pane.findChild(QPlainTextEdit, "details_story")
    assert "127.0.0.1" in edit.toPlainText()


def test_an_impossible_time_is_a_sentence(pane: DetailsPane) -> None:
    pane.show_interruption(record(began_s=1e300, time_s=-1e300))
    assert shown(pane, "story") == IMPOSSIBLE_TIME


def test_rows_passed_quickly_are_rendered_once(qtbot: QtBot, pane: DetailsPane) -> None:
    pane.show_interruption(record())
    shown(pane, "story")
    edit = pane.findChild(QPlainTextEdit, "details_story")
    changes: list[Any] = []
    edit.textChanged.connect(lambda: changes.append(edit.toPlainText()))
    for number in range(100):
        pane.show_interruption(record(client=f"[::1]:{number}"))
    qtbot.waitUntil(lambda: bool(changes))
    assert len(changes) == 1
    assert "[::1]:99" in changes[0]


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(QSettings(str(tmp_path / "a.ini"), QSettings.Format.IniFormat))


def test_the_window_shows_the_current_row(qtbot: QtBot, settings: Settings) -> None:
    store = InterruptionStore(2)
    window = MainWindow(store, settings)
    model = cast(InterruptionsModel, window.view.model())
    qtbot.addWidget(window)
    window.show()
    pane = window.panes.details
    assert pane.isHidden()
    store.add(record(client="first"))
    store.add(record(client="second"))
    model.flush()
    window.view.setFocus()
    assert pane.toggle_action is not None
    pane.toggle_action.trigger()
    assert is_empty(pane)
    window.view.setCurrentIndex(model.index(0, 0))
    assert "first" in shown(pane, "story")
    window.view.setCurrentIndex(model.index(1, 0))
    assert "second" in shown(pane, "story")
    assert window.focusWidget() is window.view
    for _ in range(3):
        store.add(record(client="later"))
    model.flush()
    assert not is_empty(pane)
    window.clear_requested.emit()
    store.clear()
    model.flush()
    assert is_empty(pane)


def test_the_window_keeps_whether_it_was_shown(qtbot: QtBot, settings: Settings) -> None:
    store = InterruptionStore()
    first = MainWindow(store, settings)
    qtbot.addWidget(first)
    first.panes.details.show()
    first.save_state()
    second = MainWindow(store, settings)
    qtbot.addWidget(second)
    assert not second.panes.details.isHidden()
    settings.window_state = QByteArray(b"nonsense")
    third = MainWindow(store, settings)
    qtbot.addWidget(third)
    assert third.panes.details.isHidden()


def test_texts_are_plain(pane: DetailsPane) -> None:
    for label in pane.findChildren(QLabel):
        assert label.textFormat() == Qt.TextFormat.PlainText


def test_an_outcome_that_becomes_known_is_shown(pane: DetailsPane) -> None:
    outcomes = Outcomes()
    one = record()
    pane.show_interruption(one, outcomes)
    assert "Outcome: not known" in shown(pane, "story")
    outcomes.note(one.identity, RequestOutcome(Outcome.RUNNING))
    assert "Outcome: the work is still running" in shown(pane, "story")
    outcomes.note(one.identity, RequestOutcome(Outcome.WENT_ON, 2.0))
    assert "Outcome: the work kept running for nobody, for 2.000 s" in shown(pane, "story")
    tabs(pane).setCurrentIndex(3)
    assert 'outcome = "WENT_ON"\nwasted_s = 2.0' in shown(pane, "record")
    pane.findChild(QPushButton, "details_copy").click()
    assert 'outcome = "WENT_ON"' in clipboard_text()
    pane.show_interruption(None)
    outcomes.note(one.identity, RequestOutcome(Outcome.CANCELLED))
    assert not outcomes.changed
    assert not outcomes.became_known
