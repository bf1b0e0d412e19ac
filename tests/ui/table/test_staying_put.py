"""The table stays where it is, whatever arrives or goes."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PyQt5.QtCore import Qt
from pytestqt.qtbot import QtBot

from tests.ui.table.shown import (
    LINES,
    MakeTable,
    Select,
    Table,
    click,
    deleted,
    section,
)

pytestmark = pytest.mark.slow

STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("add"), st.integers(1, 60)),
        st.tuples(st.just("add"), st.integers(1, 5)),
        st.tuples(st.just("flush"), st.just(0)),
        st.tuples(st.just("clear"), st.just(0)),
        st.tuples(st.just("open"), st.integers(0, 500)),
        st.tuples(st.just("toggle"), st.integers(0, 500)),
        st.tuples(st.just("close_all"), st.just(0)),
        st.tuples(st.just("scroll"), st.integers(0, 500)),
        st.tuples(st.just("select"), st.integers(0, 500)),
        st.tuples(st.just("current"), st.integers(0, 500)),
        st.tuples(st.just("newest"), st.just(0)),
        st.tuples(st.just("click"), st.integers(0, 500)),
    ),
    min_size=5,
    max_size=40,
)


@settings(max_examples=120)
@given(keep=st.sampled_from([5, 30, 90, 300]), steps=STEPS)
def test_the_screen_stays_as_it_is(qtbot: QtBot, keep: int, steps: list[tuple[str, int]]) -> None:
    with deleted(Table(keep)) as table:
        view, model, bar = table.view, table.model, table.bar
        selection = table.selection
        table.add(min(keep, 60))
        for step, argument in steps:
            rows = model.rowCount()
            is_open = table.open_numbers()
            selected = set(table.selected_numbers())
            current = view.currentIndex()
            current_number = model.interruption(current.row()).number if current.isValid() else 0
            follows = view.follows
            top = table.top() if rows else (0, 0)
            top_y = table.y_of(top[0]) if rows else 0
            row = argument % rows if rows else 0
            if step == "add":
                table.add(argument, flush=False)
                assert model.rowCount() == rows
                continue
            if step == "clear":
                table.store.clear()
                continue
            if step == "flush":
                model.flush()
            elif step == "close_all":
                view.close_all()
                is_open = set()
            elif step == "newest":
                view.jump_to_newest()
                assert bar.value() == bar.maximum()
                assert view.follows
            elif not rows:
                continue
            elif step in ("open", "toggle"):
                number = model.interruption(row).number
                shown = table.on_screen(number)
                if step == "open":
                    model.set_open(row, True)
                    is_open.add(number)
                else:
                    model.toggle(row)
                    is_open ^= {number}
                if shown and bar.maximum():
                    assert table.on_screen(number)
                if number in is_open and step == "toggle":
                    assert not view.follows
                    top = table.top()  # a story may be moved into sight
            elif step == "scroll":
                bar.setValue(argument % (bar.maximum() + 1))
                top = table.top()
            elif step == "select":
                selection.select(model.index(row, 0), Select.Toggle | Select.Rows)
                selected = set(table.selected_numbers())
            elif step == "click":
                row = bar.value() + argument % min(rows - bar.value(), 15)
                current_number = model.interruption(row).number
                rect = view.visualRect(model.index(row, section("path")))
                click(table, rect.center())
                selected = {current_number}
                assert not view.follows
            elif step == "current":
                selection.setCurrentIndex(model.index(row, 0), Select.NoUpdate)
                current_number = model.interruption(row).number
                top = table.top()

            kept = {model.interruption(row).number for row in range(model.rowCount())}
            assert table.open_numbers() == is_open & kept
            assert set(table.selected_numbers()) == selected & kept
            current = view.currentIndex()
            now = model.interruption(current.row()).number if current.isValid() else 0
            assert now == (current_number if current_number in kept else 0)
            if step == "flush" and rows and model.rowCount():
                if follows:
                    assert bar.value() == bar.maximum()
                elif top[0] in kept and table.row_of(top[0]) > 0:
                    assert table.top() == top
                    assert table.y_of(top[0]) == top_y
                elif top[0] not in kept:
                    assert bar.value() == 0
            elif rows and step in ("close_all", "open", "toggle", "select"):
                expected = table.row_of(top[0])
                if top[0] in table.open_numbers():
                    expected += top[1]
                if step != "open":
                    assert bar.value() == min(expected, bar.maximum())
            last = view.rowAt(table.viewport.height() - 1)
            if model.rowCount() and last in (-1, model.rowCount() - 1) and view.follows:
                assert table.button.isHidden()


def test_rows_on_the_screen_do_not_move_by_a_pixel_while_older_ones_go(
    make_table: MakeTable,
) -> None:
    table = make_table(keep=200, rows=200)
    assert table.bar.value() == table.bar.maximum()
    table.selection.select(table.model.index(190, 0), Select.Select | Select.Rows)
    click(table, table.point(195))
    before = table.y_of(195)
    for _ in range(5):
        table.add(20)
        assert table.y_of(195) == before
    assert table.selected_numbers() == [195]


def test_open_rows_that_are_evicted_take_their_lines_with_them(make_table: MakeTable) -> None:
    table = make_table(keep=100, rows=100)
    table.bar.setValue(50)
    for row in (60, 5, 3):
        table.model.set_open(row, True)
    top = table.top()
    y = table.y_of(61)
    assert table.model.rowCount() == 100 + 3 * LINES
    table.add(10)
    assert table.model.rowCount() == 100 + LINES
    assert table.top() == top
    assert table.y_of(61) == y
    assert table.open_numbers() == {61}


def test_an_evicted_current_row_leaves_none_and_moves_nothing(
    make_table: MakeTable, qtbot: QtBot
) -> None:
    table = make_table(keep=100, rows=100)
    table.view.setCurrentIndex(table.model.index(0, 0))
    table.bar.setValue(50)
    top = table.top()
    table.add(5)
    assert not table.view.currentIndex().isValid()
    assert table.top() == top
    table.press(qtbot, Qt.Key.Key_Down)
    assert table.model.interruption(table.view.currentIndex().row()).number == top[0]
    assert table.top() == top
