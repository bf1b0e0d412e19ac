from __future__ import annotations

from PyQt5.QtCore import QPoint
from pytestqt.qtbot import QtBot

from monitorapp.ui.table._chosen import MAX_STARRED
from monitorapp.ui.table._delegate import InterruptionDelegate
from tests.ui.table.shown import MakeTable, Select, Table, click, double_click, section


def star_place(table: Table, number: int) -> QPoint:
    delegate = table.view.itemDelegate()
    assert isinstance(delegate, InterruptionDelegate)
    cell = table.view.visualRect(table.model.index(table.row_of(number), section("time")))
    return QPoint(delegate.star(cell).center())


def starred(table: Table) -> list[int]:
    return [one.number for one in table.store if one in table.store.stars]


def test_a_click_on_the_star_stars_and_takes_it_away(make_table: MakeTable) -> None:
    table = make_table(rows=10)
    for expected in ([4], []):
        click(table, star_place(table, 4))
        assert starred(table) == expected
    assert table.open_numbers() == set()
    assert table.selected_numbers() == []


def test_a_double_click_on_the_star_opens_nothing(qtbot: QtBot, make_table: MakeTable) -> None:
    table = make_table(rows=10)
    place = star_place(table, 4)
    double_click(qtbot, table, place)
    assert table.open_numbers() == set()
    assert starred(table) == [4]  # by the first of the two clicks


def test_a_starred_row_is_painted_so(make_table: MakeTable) -> None:
    table = make_table(rows=3)
    before = table.viewport.grab().toImage()
    table.store.stars.set_starred(table.model.interruption(1), True)
    assert table.viewport.grab().toImage() != before


def test_the_selected_rows_are_starred_together(make_table: MakeTable) -> None:
    table = make_table(rows=10)
    click(table, star_place(table, 2))
    for row in (1, 5):
        table.selection.select(table.model.index(row, 0), Select.Select | Select.Rows)
    table.view.star_selection()
    assert starred(table) == [2, 6]
    table.view.star_selection()
    assert starred(table) == []


def test_not_too_many_are_starred_at_once(qtbot: QtBot, make_table: MakeTable) -> None:
    table = make_table(keep=MAX_STARRED + 1, rows=MAX_STARRED + 1)
    table.view.selectAll()
    with qtbot.waitSignal(table.view.refused) as refused:
        table.view.star_selection()
    assert refused.args == ["At most 1,000 rows can be starred at once."]
    assert starred(table) == []


def test_clearing_keeps_starred_rows(make_table: MakeTable) -> None:
    table = make_table(rows=30)
    table.store.stars.set_starred(table.model.interruption(7), True)
    table.store.clear()
    table.add(3)
    rows = range(table.model.rowCount())
    assert [table.model.interruption(row).number for row in rows] == [8, 31, 32, 33]
