from __future__ import annotations

import pytest
from PyQt5.QtWidgets import QAction, QMenu
from pytestqt.qtbot import QtBot

from monitorapp.ui.filter.saved import SavedFilters
from tests.ui.table.shown import child


@pytest.fixture
def button(qtbot: QtBot) -> SavedFilters:
    button = SavedFilters(lambda: "path:/slow")
    qtbot.addWidget(button)
    return button


def titles(button: SavedFilters) -> list[str]:
    menu: QMenu = child(button, QMenu, "kept_filters_menu")
    menu.aboutToShow.emit()
    return [action.text() for action in menu.actions() if action.text()]


def test_a_filter_is_saved_chosen_and_deleted(qtbot: QtBot, button: SavedFilters) -> None:
    with qtbot.waitSignal(button.changed) as kept:
        button.keep(" my & slow ones ")
    assert kept.args == [{"my & slow ones": "path:/slow"}]
    assert titles(button)[1] == "my && slow ones:  path:/slow"
    menu: QMenu = child(button, QMenu, "kept_filters_menu")
    with qtbot.waitSignal(button.chosen) as chosen:
        menu.actions()[2].trigger()
    assert chosen.args == ["path:/slow"]
    button.delete("my & slow ones")
    assert len(titles(button)) == 1


def test_a_name_is_needed(qtbot: QtBot, button: SavedFilters) -> None:
    with qtbot.assertNotEmitted(button.changed):
        button.keep("  ")


def test_nothing_is_kept_while_there_is_no_filter(qtbot: QtBot) -> None:
    button = SavedFilters(lambda: "")
    qtbot.addWidget(button)
    titles(button)
    keep: QAction = child(button, QAction, "keep_filter_action")
    assert not keep.isEnabled()
    with qtbot.assertNotEmitted(button.changed):
        button.keep("x")
