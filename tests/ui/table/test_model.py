"""The model of the table against a plain list, and the texts of its cells."""

from __future__ import annotations

import dataclasses
import math
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PyQt5.QtCore import QModelIndex, Qt
from pytestqt.modeltest import ModelTester
from pytestqt.qtbot import QtBot

from monitorapp.core.record.story import LineKind, StoryLine, story
from monitorapp.core.records.store import InterruptionStore
from monitorapp.core.text.format import local_time
from monitorapp.ui.table._story_rows import CACHED_STORIES
from monitorapp.ui.table.columns import waited_share
from monitorapp.ui.table.model import InterruptionsModel
from monitorapp.ui.widgets.columns import RIGHT
from tests.factory import numbered as record
from tests.ui.table.shown import COLUMNS, SECTIONS, cell, rows_of, section, unknown

STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("add"), st.integers(1, 8)),
        st.tuples(st.just("flush"), st.just(0)),
        st.tuples(st.just("clear"), st.just(0)),
        st.tuples(st.just("open"), st.integers(0, 60)),
        st.tuples(st.just("close"), st.integers(0, 60)),
        st.tuples(st.just("toggle"), st.integers(0, 60)),
        st.tuples(st.just("close_all"), st.just(0)),
    ),
    min_size=5,
    max_size=40,
)


@given(keep=st.integers(1, 9), before=st.integers(0, 12), steps=STEPS)
def test_rows_are_those_of_a_plain_list(
    qapp: object, keep: int, before: int, steps: list[tuple[str, int]]
) -> None:
    store = InterruptionStore(keep)
    numbers = iter(range(1, 10_000))
    for _ in range(before):
        store.add(record(next(numbers)))
    model = InterruptionsModel(store)
    shown = list(store)
    is_open: set[int] = set()
    for step, argument in steps:
        if step == "add":
            for _ in range(argument):
                store.add(record(next(numbers)))
        elif step == "flush":
            model.flush()
            shown = list(store)
            is_open &= {one.number for one in shown}
        elif step == "clear":
            store.clear()
        elif step == "close_all":
            model.close_all()
            is_open = set()
        elif model.rowCount():
            row = argument % model.rowCount()
            number = model.interruption(row).number
            if step == "toggle":
                model.toggle(row)
                is_open ^= {number}
            else:
                model.set_open(row, step == "open")
                is_open = is_open | {number} if step == "open" else is_open - {number}
        expected: list[tuple[int, StoryLine | None]] = []
        for one in shown:
            expected.append((one.number, None))
            if one.number in is_open:
                expected += [(one.number, line) for line in story(one)]
        assert rows_of(model) == expected
        assert model.record_count == len(shown)
        assert model.open_count == len(is_open)
        record_row = 0
        for row, (number, line) in enumerate(expected):
            record_row = row if line is None else record_row
            assert model.record_row(row) == record_row
            assert model.is_open(row) == (number in is_open)
            assert model.is_story(row) == (line is not None)
    model.flush()
    model.close_all()
    assert [number for number, _ in rows_of(model)] == [one.number for one in store]


def test_changes_come_with_one_removal_and_one_insertion(qtbot: QtBot) -> None:
    store = InterruptionStore(10)
    for number in range(10):
        store.add(record(number))
    model = InterruptionsModel(store)
    model.set_open(1, True)
    changes: list[tuple[str, int, int]] = []
    model.rowsAboutToBeRemoved.connect(lambda _, a, b: changes.append(("remove", a, b)))
    model.rowsAboutToBeInserted.connect(lambda _, a, b: changes.append(("insert", a, b)))
    for number in range(10, 14):
        store.add(record(number))
    assert changes == []
    lines = len(story(record(1)))
    with qtbot.waitSignal(model.changed):  # by its own timer
        pass
    assert changes == [("remove", 0, 3 + lines), ("insert", 6, 9)]


def test_rows_that_were_evicted_before_they_were_shown_are_never_shown(qapp: object) -> None:
    store = InterruptionStore(3)
    model = InterruptionsModel(store)
    removed: list[int] = []
    model.rowsRemoved.connect(lambda _, first, last: removed.append(last))
    for number in range(1000):
        store.add(record(number))
    assert len(model._changes._changes.added) == 3
    model.flush()
    assert removed == []
    assert [number for number, _ in rows_of(model)] == [997, 998, 999]


def test_records_that_come_while_rows_are_being_changed_are_not_lost(qapp: object) -> None:
    store = InterruptionStore(4)
    model = InterruptionsModel(store)
    numbers = iter(range(5, 30))

    def add(*_: object) -> None:
        number = next(numbers, None)
        if number is not None:
            store.add(record(number))
            model.flush()

    for number in range(5):
        store.add(record(number))
    for signal in (
        model.rowsAboutToBeInserted,
        model.rowsInserted,
        model.rowsAboutToBeRemoved,
        model.rowsRemoved,
    ):
        signal.connect(add)
    for _ in range(30):
        model.flush()
    assert [number for number, _ in rows_of(model)] == [one.number for one in store]
    assert [one.number for one in store] == [26, 27, 28, 29]


@pytest.mark.parametrize("force_py", [True, False])
def test_the_model_keeps_the_rules_of_qt(
    qtmodeltester: ModelTester, qtbot: QtBot, force_py: bool
) -> None:
    store = InterruptionStore(12)
    for number in range(5):
        store.add(record(number) if number % 2 else unknown(number))
    model = InterruptionsModel(store)
    qtmodeltester.check(model, force_py=force_py)
    for number in range(5, 60):
        store.add(record(number))
        if number % 3 == 0:
            model.flush()
        if number % 4 == 0:
            model.toggle(number % model.rowCount())
        if number == 40:
            store.clear()
    model.close_all()
    model.flush()
    assert model.record_count == 12
    qtmodeltester.check(model, force_py=force_py)


@pytest.mark.parametrize("force_py", [True, False])
def test_an_empty_and_an_open_model_keep_the_rules_of_qt(
    qtmodeltester: ModelTester, force_py: bool
) -> None:
    store = InterruptionStore(3)
    empty = InterruptionsModel(store)
    qtmodeltester.check(empty, force_py=force_py)
    store.add(record(1))
    store.add(record(2))
    empty.flush()
    empty.set_open(1, True)
    empty.set_open(0, True)
    qtmodeltester.check(empty, force_py=force_py)


def test_a_time_of_today_has_milliseconds(qapp: object) -> None:
    store = InterruptionStore()
    now_s = time.time()
    store.add(dataclasses.replace(record(7), time_s=now_s))
    assert cell(InterruptionsModel(store), 0, section("time")) == local_time(now_s)


def test_cells_show_the_facts_of_the_record(qapp: object) -> None:
    store = InterruptionStore()
    store.add(record(7, waited_s=1.0044))
    store.add(unknown(8))
    model = InterruptionsModel(store)
    dash = "\N{EN DASH}"
    facts = {
        "time": time.strftime("%m-%d %H:%M:%S", time.localtime(1_800_000_007.25)),
        "method": "GET",
        "path": "/path/7?a=b",
        "client": "127.0.0.1:50000",
        "waited": "1.004 s",
        "delay": "5.000 s",
        "reason": "closed by the client",
        "outcome": dash,
    }
    assert {key: cell(model, 0, section(key)) for key in facts} == facts
    not_known = ("method", "path", "client", "waited", "delay")
    assert [cell(model, 1, section(key)) for key in not_known] == [dash] * 5


def test_a_story_line_is_the_text_of_its_first_cell(qapp: object) -> None:
    store = InterruptionStore()
    store.add(record(7))
    model = InterruptionsModel(store)
    model.set_open(0, True)
    assert cell(model, 1, 0) == story(record(7))[0].text
    facts = [row for row in range(1, model.rowCount()) if cell(model, row, 0).startswith("Client")]
    assert [cell(model, row, 0) for row in facts] == ["Client: 127.0.0.1:50000"]
    assert {cell(model, 1, column) for column in SECTIONS[1:]} == {""}


def test_a_long_text_is_cut_and_says_so(qapp: object) -> None:
    store = InterruptionStore()
    store.add(record(1, uri="/" + "x" * 16_383))
    model = InterruptionsModel(store)
    text = cell(model, 0, section("path"))
    assert len(text) < 1_100
    assert text.endswith("(15,384 more characters)")


@pytest.mark.parametrize("number", [math.nan, math.inf, -math.inf, 1e300, -1e300])
def test_no_number_makes_a_cell_or_a_story_raise(qapp: object, number: float) -> None:
    store = InterruptionStore()
    odd = record(1, time_s=number, waited_s=number, delay_s=number, began_s=number)
    store.add(odd)
    model = InterruptionsModel(store)
    assert all(cell(model, 0, column) for column in SECTIONS)
    assert 0.0 <= waited_share(odd) <= 1.0
    model.set_open(0, True)
    line = model.story_line(1)
    assert line is not None
    assert line.kind is LineKind.NOTE


@given(st.floats() | st.none(), st.floats() | st.none())
def test_the_waited_share_is_a_share(waited_s: float | None, delay_s: float | None) -> None:
    share = waited_share(record(1, waited_s=waited_s, delay_s=delay_s))
    assert 0.0 <= share <= 1.0
    if waited_s is not None and delay_s is not None and 0 < waited_s <= delay_s < math.inf:
        assert share == waited_s / delay_s


def test_headers_have_a_title_an_explanation_and_the_alignment_of_their_cells(
    qapp: object,
) -> None:
    store = InterruptionStore()
    store.add(record(1))
    model = InterruptionsModel(store)
    horizontal = Qt.Orientation.Horizontal
    titles = {
        "time": "Time",
        "method": "Method",
        "path": "Path",
        "client": "Client",
        "waited": "Waited",
        "delay": "Delay",
        "reason": "Reason",
        "outcome": "Outcome",
    }
    assert {key: model.headerData(section(key), horizontal) for key in titles} == titles
    for column in SECTIONS:
        assert model.headerData(column, horizontal) == COLUMNS[column].title
        assert model.headerData(column, horizontal, Qt.ItemDataRole.ToolTipRole)
        alignment = model.headerData(column, horizontal, Qt.ItemDataRole.TextAlignmentRole)
        assert alignment == model.data(model.index(0, column), Qt.ItemDataRole.TextAlignmentRole)
        assert alignment == COLUMNS[column].alignment
    right = {key for key in titles if COLUMNS[section(key)].alignment == RIGHT}
    assert right == {"waited", "delay"}


def test_cells_offer_no_tooltip_of_their_own(qapp: object) -> None:
    store = InterruptionStore()
    store.add(record(1, uri="<table><tr><td>" * 100))
    model = InterruptionsModel(store)
    for column in SECTIONS:
        assert model.data(model.index(0, column), Qt.ItemDataRole.ToolTipRole) is None


def test_rows_that_do_not_exist_are_refused(qapp: object) -> None:
    model = InterruptionsModel(InterruptionStore())
    assert not model.index(0, 0).isValid()
    assert model.data(QModelIndex()) is None
    for call in (model.interruption, model.story_line, model.record_row, model.toggle):
        for row in (-1, 0):
            with pytest.raises(IndexError):
                call(row)


def test_stories_are_held_of_few_rows_only(qapp: object) -> None:
    store = InterruptionStore()
    for number in range(3 * CACHED_STORIES):
        store.add(record(number))
    model = InterruptionsModel(store)
    for serial in range(3 * CACHED_STORIES):
        model.set_open(model.row_at(serial), True)
    expected = len(story(record(0)))
    assert model.rowCount() == 3 * CACHED_STORIES * (1 + expected)
    assert len(model._stories) <= CACHED_STORIES
    assert [line for _, line in rows_of(model)[1 : 1 + expected]] == story(record(0))


def test_a_detached_model_hears_nothing(qapp: object) -> None:
    store = InterruptionStore()
    model = InterruptionsModel(store)
    model.detach()
    store.add(record(1))
    model.flush()
    assert model.rowCount() == 0
