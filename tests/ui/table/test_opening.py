"""Rows open in place, with mouse and keys."""

from __future__ import annotations

from typing import cast

from PyQt5.QtCore import QPoint, Qt
from PyQt5.QtWidgets import QScrollBar
from pytestqt.qtbot import QtBot

from tests.ui.table.shown import (
    MakeTable,
    double_click,
    section,
)


def test_each_way_to_open_and_close_a_row(make_table: MakeTable, qtbot: QtBot) -> None:
    table = make_table(rows=10)
    viewport, left = table.viewport, Qt.MouseButton.LeftButton
    qtbot.mouseClick(viewport, left, pos=table.triangle(3))
    assert table.open_numbers() == {3}
    assert table.selected_numbers() == []
    double_click(qtbot, table, table.point(5))
    assert table.open_numbers() == {3, 5}
    table.view.setCurrentIndex(table.model.index(table.row_of(7), 0))
    table.press(qtbot, Qt.Key.Key_Right)
    assert table.open_numbers() == {3, 5, 7}
    table.view.setCurrentIndex(table.model.index(table.row_of(8), 0))
    table.press(qtbot, Qt.Key.Key_Enter, Qt.KeyboardModifier.KeypadModifier)
    table.press(qtbot, Qt.Key.Key_Asterisk)
    assert table.open_numbers() == {3, 5, 7, 8}
    table.press(qtbot, Qt.Key.Key_Return)
    assert table.open_numbers() == {3, 5, 7}
    table.press(qtbot, Qt.Key.Key_Left)  # closed already
    assert table.open_numbers() == {3, 5, 7}
    qtbot.mouseClick(viewport, left, pos=table.triangle(3))
    assert table.open_numbers() == {5, 7}
    double_click(qtbot, table, table.point(5))
    assert table.open_numbers() == {7}
    table.view.open_current()
    assert table.open_numbers() == {5, 7}
    table.view.close_all()
    assert table.open_numbers() == set()


def test_left_on_a_story_line_goes_to_its_row_and_closes_it(
    make_table: MakeTable, qtbot: QtBot
) -> None:
    table = make_table(rows=10)
    table.view.setCurrentIndex(table.model.index(4, 2))
    table.press(qtbot, Qt.Key.Key_Right)
    table.press(qtbot, Qt.Key.Key_Right)
    assert table.view.currentIndex().row() == 5
    table.press(qtbot, Qt.Key.Key_Right)
    table.press(qtbot, Qt.Key.Key_Down)
    assert table.view.currentIndex().row() == 6
    table.press(qtbot, Qt.Key.Key_Left)
    assert table.view.currentIndex().row() == 4
    assert table.open_numbers() == set()
    assert table.selected_numbers() == [5]


def test_a_row_inherits_current_and_selected_from_its_story(make_table: MakeTable) -> None:
    table = make_table(rows=10)
    table.model.set_open(4, True)
    table.view.setCurrentIndex(table.model.index(7, 2))
    table.view.close_all()
    assert table.view.currentIndex().row() == 4
    assert table.selected_numbers() == [5]
    assert table.selection.isRowSelected(4, table.model.index(-1, -1))


def test_a_double_click_on_the_triangle_opens_once(make_table: MakeTable, qtbot: QtBot) -> None:
    table = make_table(rows=10)
    place = table.triangle(4)
    double_click(qtbot, table, place)
    assert table.open_numbers() == {4}


def test_pulling_from_the_triangle_selects_nothing(make_table: MakeTable, qtbot: QtBot) -> None:
    table = make_table(rows=10)
    viewport = table.viewport
    qtbot.mousePress(viewport, Qt.MouseButton.LeftButton, pos=table.triangle(4))
    qtbot.mouseMove(viewport, table.point(8))
    qtbot.mouseRelease(viewport, Qt.MouseButton.LeftButton, pos=table.point(8))
    assert table.selected_numbers() == []
    qtbot.mouseClick(viewport, Qt.MouseButton.LeftButton, pos=table.point(8))
    assert table.selected_numbers() == [8]


def test_the_triangle_of_a_story_line_is_not_one(make_table: MakeTable, qtbot: QtBot) -> None:
    table = make_table(rows=10)
    table.model.set_open(4, True)
    rect = table.view.visualRect(table.model.index(6, 0))
    place = QPoint(rect.left() + 12, rect.center().y())
    qtbot.mouseClick(table.viewport, Qt.MouseButton.LeftButton, pos=place)
    assert table.open_numbers() == {5}
    assert table.selected_numbers() == [5]


def test_no_key_does_harm_in_an_empty_table(make_table: MakeTable, qtbot: QtBot) -> None:
    table = make_table()
    for key in ("Return", "Right", "Left", "End", "Home", "Up", "Down", "PageDown", "C", "Space"):
        table.press(qtbot, getattr(Qt.Key, f"Key_{key}"))
    table.press(qtbot, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    table.view.open_current()
    table.view.close_all()
    table.view.jump_to_newest()
    assert table.model.rowCount() == 0


def test_letters_do_not_search_through_all_rows(make_table: MakeTable, qtbot: QtBot) -> None:
    table = make_table(rows=10)
    table.view.setCurrentIndex(table.model.index(4, section("method")))
    table.press(qtbot, Qt.Key.Key_G)
    assert table.view.currentIndex().row() == 4


def test_clicking_a_cell_that_is_half_seen_does_not_scroll_sideways(
    make_table: MakeTable, qtbot: QtBot
) -> None:
    table = make_table(rows=10)
    table.view.setColumnWidth(section("path"), 2000)
    table.view.doItemsLayout()
    bar = cast(QScrollBar, table.view.horizontalScrollBar())
    bar.setValue(100)
    place = QPoint(300, table.point(4).y())
    qtbot.mouseClick(table.viewport, Qt.MouseButton.LeftButton, pos=place)
    assert table.selected_numbers() == [4]
    assert bar.value() == 100
