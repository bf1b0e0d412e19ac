from __future__ import annotations

from collections.abc import Callable
from typing import cast

from PyQt5.QtCore import QPoint, Qt
from PyQt5.QtGui import QGuiApplication
from PyQt5.QtTest import QTest
from PyQt5.QtWidgets import QPushButton, QWidget
from pytestqt.qtbot import QtBot

from monitorapp.ui.table._header import InterruptionHeader
from monitorapp.ui.table.view import InterruptionsView
from monitorapp.ui.widgets.columns import Sorting
from tests.factory import numbered as record
from tests.ui.table.shown import MakeTable, Select, Table, section


def header_of(table: Table) -> InterruptionHeader:
    return cast(InterruptionHeader, table.view.horizontalHeader())


def click_title(qtbot: QtBot, table: Table, key: str) -> None:
    header = header_of(table)
    place = QPoint(header.sectionViewportPosition(section(key)) + 20, header.height() // 2)
    qtbot.mouseClick(cast(QWidget, header.viewport()), Qt.MouseButton.LeftButton, pos=place)


def test_clicks_on_a_title_sort_up_and_down_and_no_longer(
    qtbot: QtBot, make_table: MakeTable
) -> None:
    table = make_table(rows=30)
    seen = []
    for _ in range(3):
        click_title(qtbot, table, "time")
        seen.append((header_of(table).sorting, table.model.sorting == header_of(table).sorting))
    up, down = Sorting("time"), Sorting("time", descending=True)
    assert seen == [(up, True), (down, True), (None, True)]
    assert table.selected_numbers() == []  # a click on a title selects nothing
    click_title(qtbot, table, "time")
    click_title(qtbot, table, "path")
    assert table.model.sorting == Sorting("path")


def test_a_title_is_painted_with_its_arrow(qtbot: QtBot, make_table: MakeTable) -> None:
    table = make_table(rows=3)
    before = header_of(table).grab().toImage()
    click_title(qtbot, table, "waited")
    up = header_of(table).grab().toImage()
    click_title(qtbot, table, "waited")
    down = header_of(table).grab().toImage()
    assert before != up
    assert up != down


def test_what_is_on_the_screen_stays_while_sorted_rows_come_and_go(make_table: MakeTable) -> None:
    table = make_table(keep=200, rows=200)
    header_of(table).set_sorting(Sorting("time", descending=True))
    assert table.top() == (200, 0)  # a new order is shown from its beginning
    table.bar.setValue(50)
    table.selection.setCurrentIndex(table.model.index(55, 2), Select.ClearAndSelect | Select.Rows)
    table.selection.select(table.model.index(57, 0), Select.Select | Select.Rows)
    table.model.set_open(60, True)
    current = table.model.index(63, 1)  # a line of the story
    table.selection.setCurrentIndex(current, Select.Select | Select.Rows)
    number, line = table.model.interruption(63).number, table.model.position(63)[1]
    top, selected, open_numbers = table.top(), table.selected_numbers(), table.open_numbers()
    assert line == 3
    for _ in range(3):
        table.add(20)
        assert table.top() == top
        assert table.selected_numbers() == selected
        assert table.open_numbers() == open_numbers
        row = table.view.currentIndex().row()
        assert table.model.interruption(row).number == number
        assert table.model.position(row)[1] == line
        rows = sorted({index.row() for index in table.selection.selectedRows()})
        assert len(rows) == 3
        assert row == rows[-1]
    assert not table.button.isVisible()


def test_at_the_top_the_greatest_is_seen_until_a_row_is_held(
    qtbot: QtBot, make_table: MakeTable
) -> None:
    table = make_table(rows=100)
    header_of(table).set_sorting(Sorting("time", descending=True))
    table.add(5)
    assert table.top() == (105, 0)
    QTest.mouseClick(  # type: ignore[call-overload]
        table.viewport, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, table.point(103)
    )
    table.add(5)
    assert table.top() == (105, 0)


def test_sorted_rows_wait_until_rows_have_been_selected_with_the_mouse(
    qtbot: QtBot, make_table: MakeTable
) -> None:
    table = make_table(rows=10)
    header_of(table).set_sorting(Sorting("time"))
    due, left, place = table.model._changes.due, Qt.MouseButton.LeftButton, table.point(3)
    qtbot.mousePress(table.viewport, left, pos=place)
    table.add(5, flush=False)
    due.emit()
    assert table.model.record_count == 10
    qtbot.mouseRelease(table.viewport, left, pos=place)
    due.emit()
    assert table.model.record_count == 15


def test_a_button_pressed_elsewhere_does_not_stop_sorted_rows(
    qtbot: QtBot, make_table: MakeTable, hold: Callable[[QWidget], None]
) -> None:
    table = make_table(rows=10)
    header_of(table).set_sorting(Sorting("time"))
    elsewhere = QPushButton()
    hold(elsewhere)
    elsewhere.show()
    left = Qt.MouseButton.LeftButton
    qtbot.mousePress(elsewhere, left)
    try:
        assert QGuiApplication.mouseButtons()
        table.add(5, flush=False)
        table.model._changes.due.emit()
        assert table.model.record_count == 15
    finally:
        qtbot.mouseRelease(elsewhere, left)


def test_the_way_back_to_arrival_is_the_newest_row(make_table: MakeTable) -> None:
    table = make_table(rows=100)
    header_of(table).set_sorting(Sorting("path"))
    followed = [table.view.follows]
    table.view.jump_to_newest()
    assert header_of(table).sorting is None
    followed.append(table.view.follows)
    assert followed == [False, True]
    assert table.on_screen(100)


def test_rows_evicted_at_the_top_leave_their_place_to_the_next(make_table: MakeTable) -> None:
    table = make_table(keep=100, rows=100)
    header_of(table).set_sorting(Sorting("time"))
    table.bar.setValue(10)
    table.add(30)  # 1 to 30 go
    assert table.top() == (31, 0)


def test_the_order_is_kept_with_the_columns(
    make_table: MakeTable, hold: Callable[[QWidget], None]
) -> None:
    table = make_table(rows=5)
    sorting = Sorting("waited", descending=True)
    header_of(table).set_sorting(sorting)
    other = InterruptionsView()
    hold(other)
    other.restore_state(table.view.save_state())
    assert cast(InterruptionHeader, other.horizontalHeader()).sorting == sorting


def test_a_row_with_a_star_stays_when_the_oldest_go(make_table: MakeTable) -> None:
    table = make_table(keep=50, rows=50)
    table.store.stars.set_starred(table.model.interruption(0), True)
    table.bar.setValue(20)
    table.selection.select(table.model.index(25, 0), Select.Select | Select.Rows)
    table.add(10)
    assert table.top() == (21, 0)
    assert table.selected_numbers() == [26]
    table.add(5)
    assert table.top() == (21, 0)
    assert table.model.interruption(0) is not record(1)
    assert table.model.interruption(0).number == 1
