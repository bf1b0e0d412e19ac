"""Rows of earlier runs are told apart from those of this one, by a rule that is no row."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PyQt5.QtCore import QPoint
from PyQt5.QtGui import QColor, QPalette

from monitorapp.core.records.store import InterruptionStore
from monitorapp.ui.table._colours import between
from monitorapp.ui.table.model import InterruptionsModel
from monitorapp.ui.widgets.columns import Sorting
from tests.factory import numbered as record
from tests.ui.table.shown import Table

STEPS = st.lists(
    st.tuples(
        st.sampled_from(["add", "earlier", "star", "unstar", "clear", "undo", "flush", "open"]),
        st.integers(0, 20),
    ),
    max_size=40,
)


@given(st.integers(2, 9), st.booleans(), STEPS)
def test_the_rule_is_between_the_last_earlier_and_the_first_live_row(
    qapp: object, keep: int, at_once: bool, steps: list[tuple[str, int]]
) -> None:
    store = InterruptionStore(keep)
    model = InterruptionsModel(store)
    store.preceded.connect(lambda: model.set_store(store))
    has_read = False
    for number, (step, argument) in enumerate(steps):
        records = list(store)
        if step == "add":
            store.add(record(number + 1))
        elif step == "earlier" and not has_read:
            has_read = True
            store.add_earlier([record(-one) for one in range(argument % 5, 0, -1)])
        elif step == "clear":
            store.clear()
        elif step == "undo":
            store.undo_clear()
        elif step == "flush":
            model.flush()
        elif step == "open" and model.rowCount():
            model.set_open(argument % model.rowCount(), True)
        elif step in ("star", "unstar") and records:
            store.stars.set_starred(records[argument % len(records)], step == "star")
        if at_once:
            model.flush()
    model.flush()
    earlier = [model.interruption(row).number < 0 for row in range(model.rowCount())]
    head = earlier.index(False) if False in earlier else len(earlier)
    assert model.first_live_row == (head or None)


def test_the_rule_stays_where_it_is_while_rows_go_behind_a_starred_one(qapp: object) -> None:
    store = InterruptionStore(4)
    model = InterruptionsModel(store)
    store.add_earlier([record(-4), record(-3), record(-2), record(-1)])
    model.set_store(store)
    store.stars.set_starred(next(iter(store)), True)
    shown = []
    for number in range(1, 6):
        store.add(record(number))
        model.flush()
        shown.append(model.first_live_row)
    assert shown == [4, 3, 2, 1, 1]


def rule_of(table: Table) -> int:
    """Return where a rule runs across the left margin of the first cells; 0 if there is none."""
    palette = table.viewport.palette()
    colour = between(
        palette.color(QPalette.ColorRole.Text), palette.color(QPalette.ColorRole.Base), 0.35
    )
    image = table.viewport.grab().toImage()
    lines = [y for y in range(image.height()) if QColor(image.pixel(1, y)) == colour]
    assert len(lines) < 2
    return lines[0] + 1 if lines else 0


@pytest.fixture
def table(make_table: Callable[..., Table]) -> Table:
    return make_table()


def read_earlier(table: Table) -> None:
    table.store.add_earlier([record(-2), record(-1)])
    table.model.set_store(table.store)


def test_the_rule_takes_no_room(table: Table) -> None:
    table.add(3)
    assert rule_of(table) == 0
    read_earlier(table)
    row_px = table.rows.defaultSectionSize()
    assert rule_of(table) == 2 * row_px
    assert table.model.rowCount() == 5
    above = table.view.indexAt(QPoint(60, 2 * row_px - 1))
    below = table.view.indexAt(QPoint(60, 2 * row_px))
    assert (above.row(), below.row()) == (1, 2)
    table.model.set_open(0, True)
    assert rule_of(table) == table.y_of(1)


def test_before_the_first_live_row_it_is_below_all_others(table: Table) -> None:
    read_earlier(table)
    assert rule_of(table) == 2 * table.rows.defaultSectionSize()
    table.add(1)
    assert rule_of(table) == table.y_of(1)


def test_sorted_rows_are_mixed(table: Table) -> None:
    table.add(3)
    read_earlier(table)
    table.model.set_sorting(Sorting("path"))
    assert rule_of(table) == 0
    table.model.set_sorting(None)
    assert rule_of(table) == table.y_of(1)


def test_it_is_gone_with_the_rows_of_earlier_runs(make_table: Callable[..., Table]) -> None:
    table = make_table(keep=4)
    table.add(2)
    read_earlier(table)
    table.add(1)
    assert rule_of(table) == table.y_of(1) > 0
    table.add(1)
    assert rule_of(table) == 0
