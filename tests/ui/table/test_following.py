"""The table follows the newest row until the user holds one."""

from __future__ import annotations

import pytest
from PyQt5.QtCore import Qt
from PyQt5.QtGui import QMouseEvent
from PyQt5.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from tests.factory import numbered as record
from tests.ui.table.shown import LINES, MakeTable, Select, click, double_click, wheel


def test_it_follows_from_the_start(make_table: MakeTable) -> None:
    table = make_table()
    for _ in range(10):
        table.add(7)
        assert table.bar.value() == table.bar.maximum()
        assert table.button.isHidden()
    assert table.on_screen(70)


def test_scrolled_up_it_does_not_move_and_counts_what_is_new(make_table: MakeTable) -> None:
    table = make_table(keep=5000, rows=100)
    table.bar.setValue(table.bar.maximum() - 10)
    top = table.top()
    table.add(1234)
    assert table.top() == top
    assert table.button.isVisible()
    assert table.button.text() == "1,234 new ↓"
    assert "new" in table.button.accessibleName()
    assert table.button.toolTip()


def test_what_was_seen_is_not_new(make_table: MakeTable) -> None:
    table = make_table(rows=100)
    table.bar.setValue(table.bar.maximum() - 1)
    table.add(30)
    assert table.button.text() == "30 new ↓"
    table.bar.setValue(table.bar.value() + 11)
    assert table.button.text() == "20 new ↓"
    table.bar.setValue(table.bar.value() - 11)
    assert table.button.text() == "20 new ↓"
    table.bar.setValue(table.bar.maximum())
    assert table.button.isHidden()
    table.add(5)
    assert table.bar.value() == table.bar.maximum()


def test_the_button_goes_to_the_newest_row_and_stays_with_it(
    make_table: MakeTable, qtbot: QtBot
) -> None:
    table = make_table(rows=100)
    table.bar.setValue(0)
    table.add(12)
    area = table.viewport.geometry()
    assert area.contains(table.button.geometry())
    assert area.bottom() - table.button.geometry().bottom() < 20
    assert area.right() - table.button.geometry().right() < 20
    qtbot.mouseClick(table.button, Qt.MouseButton.LeftButton)
    assert table.button.isHidden()
    table.add(12)
    assert table.on_screen(124)


def test_end_goes_to_the_newest_row_and_stays_with_it(make_table: MakeTable, qtbot: QtBot) -> None:
    table = make_table(rows=100)
    click(table, table.point(90))
    table.add(12, flush=False)
    table.press(qtbot, Qt.Key.Key_End)
    assert table.selected_numbers() == [112]
    table.add(12)
    assert table.on_screen(124)
    table.press(qtbot, Qt.Key.Key_Home)
    assert table.selected_numbers() == [1]
    assert table.bar.value() == 0
    table.add(12)
    assert table.bar.value() == 0


@pytest.mark.parametrize("way", ["click", "triangle", "double", "enter", "up", "open"])
def test_taking_hold_of_a_row_at_the_end_keeps_it_on_the_screen(
    make_table: MakeTable, qtbot: QtBot, way: str
) -> None:
    table = make_table(rows=100)
    viewport = table.viewport
    left = Qt.MouseButton.LeftButton
    if way == "click":
        qtbot.mouseClick(viewport, left, pos=table.point(98))
    elif way == "triangle":
        qtbot.mouseClick(viewport, left, pos=table.triangle(98))
    elif way == "double":
        double_click(qtbot, table, table.point(98))
    elif way == "open":
        table.model.set_open(97, True)
    else:
        table.selection.setCurrentIndex(
            table.model.index(98 if way == "up" else 97, 0), Select.NoUpdate
        )
        table.press(qtbot, Qt.Key.Key_Up if way == "up" else Qt.Key.Key_Return)
    y = table.y_of(98)
    table.add(500)
    assert table.y_of(98) == y
    assert table.on_screen(98)
    assert table.button.isVisible()


def test_a_story_opened_at_the_end_comes_into_sight(make_table: MakeTable) -> None:
    table = make_table(rows=100)
    table.model.set_open(99, True)
    assert table.on_screen(100)
    last = table.view.visualRect(table.model.index(99 + LINES, 0))
    assert last.bottom() <= table.viewport.height()


def test_of_a_story_longer_than_the_screen_the_beginning_is_shown(make_table: MakeTable) -> None:
    table = make_table(rows=99)
    table.number += 1
    table.store.add(record(100, traceback="\n".join(f"line {n}" for n in range(200))))
    table.model.flush()
    table.model.set_open(99, True)
    assert table.top() == (100, 0)


def test_whoever_scrolls_to_the_end_follows_again(make_table: MakeTable) -> None:
    table = make_table(rows=100)
    click(table, table.point(90))
    assert not table.follows()
    wheel(table.view, 1)  # it is at the end already
    assert table.follows()
    wheel(table.view, -5)
    assert not table.follows()
    table.add(3)
    wheel(table.view, 20)
    assert table.follows()
    table.add(30)
    assert table.on_screen(133)


def test_pulling_a_selection_to_the_end_does_not_make_it_follow(
    make_table: MakeTable, qtbot: QtBot
) -> None:
    table = make_table(rows=100)
    table.bar.setValue(60)
    qtbot.mousePress(table.viewport, Qt.MouseButton.LeftButton, pos=table.point(70))
    for number in (71, 75):
        move = QMouseEvent(
            QMouseEvent.Type.MouseMove,
            table.point(number),
            Qt.MouseButton.NoButton,
            Qt.MouseButton.LeftButton,
            Qt.KeyboardModifier.NoModifier,
        )
        QApplication.sendEvent(table.viewport, move)
    assert table.selected_numbers() == list(range(70, 76))
    table.bar.setValue(table.bar.maximum())
    table.add(30)
    assert table.on_screen(100)
    assert not table.on_screen(130)
    qtbot.mouseRelease(table.viewport, Qt.MouseButton.LeftButton, pos=table.point(90))


def test_it_follows_after_a_change_of_size(make_table: MakeTable) -> None:
    table = make_table(rows=100)
    table.view.resize(700, 200)
    assert table.on_screen(100)
    table.add(1)
    assert table.on_screen(101)
    table.view.resize(900, 600)
    table.add(1)
    assert table.on_screen(102)
    click(table, table.point(102))
    table.view.resize(900, 1500)
    table.view.resize(900, 300)
    assert not table.follows()


def test_an_empty_table_follows_again(make_table: MakeTable) -> None:
    table = make_table(rows=100)
    click(table, table.point(90))
    table.store.clear()
    table.model.flush()
    assert table.button.isHidden()
    table.add(50)
    assert table.on_screen(150)
