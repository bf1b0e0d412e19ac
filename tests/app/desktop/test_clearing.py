from __future__ import annotations

import pytest
from PyQt5.QtCore import Qt
from PyQt5.QtWidgets import QAction, QLineEdit
from pytestqt.qtbot import QtBot

from monitorapp.app.desktop.clearing import ClearingPresenter
from tests.app.desktop.desk import Desk
from tests.factory import numbered


@pytest.fixture(autouse=True)
def presenter(desk: Desk) -> ClearingPresenter:
    return ClearingPresenter(desk.services.store, desk.window)


def shown(desk: Desk) -> list[int]:
    return [one.number for one in desk.window.table_pane.shown()]


def act(desk: Desk, name: str) -> None:
    action = desk.child(QAction, name)
    assert action.isEnabled()
    action.trigger()


def test_what_was_cleared_can_be_brought_back(desk: Desk, qtbot: QtBot) -> None:
    store, undo = desk.services.store, desk.child(QAction, "undo_clear_action")
    for number in range(4):
        store.add(numbered(number))
    qtbot.waitUntil(lambda: shown(desk) == [0, 1, 2, 3])
    assert (undo.isEnabled(), undo.text()) == (False, "&Undo clear")
    store.stars.set_starred(list(store)[1], True)
    act(desk, "clear_action")
    assert desk.status == "Cleared 3 rows; Ctrl+Z brings them back"
    store.add(numbered(9))
    qtbot.waitUntil(lambda: shown(desk) == [1, 9])
    assert undo.text() == "&Undo clear of 3 rows"
    act(desk, "undo_clear_action")
    assert shown(desk) == [0, 1, 2, 3, 9]
    assert desk.status == "Brought back 3 rows"
    assert (undo.isEnabled(), undo.text()) == (False, "&Undo clear")


def test_the_key_does_it_where_the_focus_is_after_clearing(desk: Desk, qtbot: QtBot) -> None:
    desk.services.store.add(numbered(1))
    box = desk.child(QLineEdit, "filter_box")
    desk.window.activateWindow()
    qtbot.waitUntil(lambda: shown(desk) == [1])
    box.setFocus()
    qtbot.keyClicks(box, "path")
    qtbot.keyClick(desk.window, Qt.Key.Key_L, Qt.KeyboardModifier.ControlModifier)
    assert desk.status == "Cleared 1 row; Ctrl+Z brings it back"
    undo = desk.child(QAction, "undo_clear_action")
    qtbot.waitUntil(undo.isEnabled)
    qtbot.keyClick(desk.window.focusWidget(), Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert len(desk.services.store) == 1
    assert box.text() == "path"


def test_what_matches_a_filter_comes_back(desk: Desk, qtbot: QtBot) -> None:
    desk.window.filter_bar.set_expression("path/2")
    for number in range(4):
        desk.services.store.add(numbered(number))
    qtbot.waitUntil(lambda: shown(desk) == [2])
    act(desk, "clear_action")
    qtbot.waitUntil(lambda: shown(desk) == [])
    act(desk, "undo_clear_action")
    assert shown(desk) == [2]
    assert len(desk.services.store) == 4


def test_what_there_was_no_room_for_is_said(desk: Desk, qtbot: QtBot) -> None:
    store = desk.services.store
    for number in range(store.keep):
        store.add(numbered(number))
    qtbot.waitUntil(lambda: len(shown(desk)) == store.keep)
    act(desk, "clear_action")
    store.add(numbered(-1))
    qtbot.waitUntil(lambda: shown(desk) == [-1])
    act(desk, "undo_clear_action")
    assert shown(desk) == [*range(1, store.keep), -1]
    assert "; there was no room for the 1 oldest" in desk.status


def test_rows_that_are_not_seen_are_not_brought_back(desk: Desk, qtbot: QtBot) -> None:
    desk.services.store.add(numbered(1))
    qtbot.waitUntil(lambda: shown(desk) == [1])
    act(desk, "clear_action")
    undo = desk.child(QAction, "undo_clear_action")
    qtbot.waitUntil(undo.isEnabled)
    source = desk.window.table_pane.source
    source.is_live = False
    desk.window.table_pane.source_changed.emit()
    assert not undo.isEnabled()
    source.is_live = True
    desk.window.table_pane.source_changed.emit()
    assert undo.isEnabled()
