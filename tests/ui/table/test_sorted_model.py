from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pytestqt.modeltest import ModelTester
from pytestqt.qtbot import QtBot

from monitorapp.core.record.interruption import Interruption
from monitorapp.core.record.story import StoryLine, story
from monitorapp.core.records.store import InterruptionStore
from monitorapp.ui.table.model import InterruptionsModel
from monitorapp.ui.widgets.columns import Sorting
from tests.factory import numbered as record
from tests.ui.table.shown import COLUMNS, cell, rows_of, section, unknown

pytestmark = pytest.mark.slow


SORTED_STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("add"), st.integers(1, 8)),
        st.tuples(st.just("flush"), st.just(0)),
        st.tuples(st.just("clear"), st.just(0)),
        st.tuples(st.just("toggle"), st.integers(0, 60)),
        st.tuples(st.just("star"), st.integers(0, 60)),
        st.tuples(st.just("unstar"), st.integers(0, 60)),
        st.tuples(st.just("sort"), st.integers(0, 2 * len(COLUMNS))),
    ),
    min_size=5,
    max_size=40,
)


def in_order(kept: list[Interruption], sorting: Sorting | None) -> list[Interruption]:
    if sorting is None:
        return kept
    column = COLUMNS[section(sorting.key)]
    key = column.sort_key
    assert key is not None
    known = sorted((one for one in kept if key(one) is not None), key=key)
    unknown_ones = [one for one in kept if key(one) is None]
    if column.can_change and sorting.descending:
        unknown_ones.reverse()
    return (known[::-1] if sorting.descending else known) + unknown_ones


@given(keep=st.integers(1, 9), steps=SORTED_STEPS)
def test_starred_and_sorted_rows_are_those_of_a_plain_list(
    qapp: object, keep: int, steps: list[tuple[str, int]]
) -> None:
    store = InterruptionStore(keep)
    model = InterruptionsModel(store)
    numbers = iter(range(1, 10_000))
    shown: list[Interruption] = []
    sorting: Sorting | None = None
    is_open: set[int] = set()
    for step, argument in steps:
        if step == "add":
            for _ in range(argument):
                number = next(numbers)
                waited_s = None if number % 5 == 0 else number * 7 % 4 / 2
                client = f"10.0.0.{number * 3 % 12}:{number}"
                store.add(record(number, waited_s=waited_s, client=client))
        elif step == "clear":
            store.clear()
        elif step == "flush":
            model.flush()
            shown = list(store)
        elif step == "sort":
            column, descending = divmod(argument, 2)
            old = sorting
            sorting = None
            if column < len(COLUMNS):
                sorting = Sorting(COLUMNS[column].key, bool(descending))
            model.set_sorting(sorting)
            shown = list(store) if sorting != old else shown
        elif model.rowCount():
            row = argument % model.rowCount()
            chosen = model.interruption(row)
            if step == "toggle":
                model.toggle(row)
                is_open ^= {chosen.number}
            else:
                store.stars.set_starred(chosen, step == "star")
        is_open &= {one.number for one in shown}
        expected: list[tuple[int, StoryLine | None]] = []
        for one in in_order(shown, sorting):
            expected.append((one.number, None))
            if one.number in is_open:
                expected += [(one.number, line) for line in story(one)]
        assert rows_of(model) == expected
        assert model.sorting == sorting
    model.flush()
    for row in range(model.rowCount()):
        assert model.row_at(*model.position(row)) == row
        assert model.row_near(model.interruption(row)) == model.record_row(row)


def test_old_starred_rows_are_stepped_over_without_a_reset(qtbot: QtBot) -> None:
    store = InterruptionStore(10)
    for number in range(10):
        store.add(record(number))
    model = InterruptionsModel(store)
    for row in (0, 3):
        model.set_open(row if row == 0 else model.row_at(row), True)
        store.stars.set_starred(list(store)[row], True)
    for number in range(10, 16):
        store.add(record(number))
    model.flush()
    with qtbot.assertNotEmitted(model.modelReset):
        top, line = model.position(1)
        for number in range(16, 19):
            store.add(record(number))
        model.flush()
    assert model.row_at(top, line) == 1
    numbers = [number for number, line in rows_of(model) if line is None]
    assert numbers == [0, 3, *range(9, 19)]
    assert model.open_count == 2


@pytest.mark.parametrize("force_py", [True, False])
def test_a_sorted_model_with_stars_keeps_the_rules_of_qt(
    qtmodeltester: ModelTester, qtbot: QtBot, force_py: bool
) -> None:
    store = InterruptionStore(12)
    model = InterruptionsModel(store)
    qtmodeltester.check(model, force_py=force_py)
    for number in range(60):
        store.add(record(number) if number % 2 else unknown(number))
        if number % 3 == 0:
            model.flush()
            store.stars.set_starred(model.interruption(number % model.rowCount()), number % 2 == 0)
            model.toggle(number % model.rowCount())
        if number % 7 == 0:
            model.set_sorting(None if number % 2 else Sorting(COLUMNS[number % len(COLUMNS)].key))
    model.flush()
    qtmodeltester.check(model, force_py=force_py)


def test_text_is_sorted_without_case_and_clients_by_number(qapp: object) -> None:
    store = InterruptionStore()
    facts = (("/b", "10.0.0.10:1"), ("/A", "10.0.0.9:2"), ("/C", "[::1]:3"), ("", "unix:5"))
    for number, (uri, client) in enumerate(facts):
        store.add(record(number, uri=uri, client=client))
    model = InterruptionsModel(store)
    model.set_sorting(Sorting("path"))
    assert [cell(model, row, section("path")) for row in range(3)] == ["/A", "/b", "/C"]
    model.set_sorting(Sorting("path", descending=True))
    assert [number for number, _ in rows_of(model)] == [2, 0, 1, 3]
    model.set_sorting(Sorting("client"))
    assert [number for number, _ in rows_of(model)] == [1, 0, 2, 3]
