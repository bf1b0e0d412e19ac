"""Columns are sized, moved, hidden and remembered."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PyQt5.QtCore import QByteArray
from pytestqt.qtbot import QtBot

from monitorapp.ui.table._header import InterruptionHeader
from tests.ui.table.shown import (
    COLUMNS,
    SECTIONS,
    MakeTable,
    Table,
    deleted,
    section,
)


def header_of(table: Table) -> InterruptionHeader:
    header = table.view.horizontalHeader()
    assert isinstance(header, InterruptionHeader)
    return header


def test_the_path_has_what_the_other_columns_leave(make_table: MakeTable) -> None:
    table = make_table(rows=3)
    header = header_of(table)
    width_px = header.length() + 100  # enough for all columns
    table.view.resize(width_px, 500)
    widths = [header.sectionSize(column) for column in SECTIONS]
    assert sum(widths) == table.viewport.width()
    table.view.resize(width_px + 300, 500)
    wider = [header.sectionSize(column) for column in SECTIONS]
    assert sum(wider) == table.viewport.width()
    assert [column for column in SECTIONS if widths[column] != wider[column]] == [section("path")]
    table.view.resize(300, 500)
    assert header.length() > table.viewport.width()
    table.view.resize(width_px + 300, 500)
    assert [header.sectionSize(column) for column in SECTIONS] == wider


def test_a_column_resized_by_hand_keeps_its_width(make_table: MakeTable) -> None:
    table = make_table(rows=3)
    header = header_of(table)
    header.resizeSection(section("path"), 222)
    header.resizeSection(section("client"), 111)
    table.view.resize(header.length() + 200, 500)
    assert header.sectionSize(section("path")) == 222
    assert header.sectionSize(section("client")) == 111
    assert header.length() == table.viewport.width()
    header.reset_columns()
    assert header.sectionSize(section("path")) > 222


def test_columns_are_saved_and_restored(make_table: MakeTable) -> None:
    table, other = make_table(), make_table()
    header = header_of(table)
    header.moveSection(0, 4)
    header.moveSection(2, 1)
    header.set_column_visible("client", False)
    header.resizeSection(section("method"), 123)
    state = table.view.save_state()
    other.view.restore_state(state)
    restored = header_of(other)
    for column in SECTIONS:
        assert restored.visualIndex(column) == header.visualIndex(column)
        assert restored.isSectionHidden(column) == header.isSectionHidden(column)
        assert restored.sectionSize(column) == header.sectionSize(column)
    assert other.view.save_state() == state
    assert restored.first_section == header.first_section == section("method")
    width_px = header_of(make_table()).sectionSize(section("client"))
    restored.set_column_visible("client", True)
    assert restored.sectionSize(section("client")) == width_px


def broken_states() -> list[bytes]:
    def state(**changes: Any) -> bytes:
        columns = [[column.key, 100, False] for column in COLUMNS]
        return json.dumps({"version": 1, "fits": False, "columns": columns} | changes).encode()

    names = [column.key for column in COLUMNS]
    return [
        b"",
        b"\x00\xff",
        b"[" * 100_000,
        b"[]",
        b"{}",
        b"null",
        state(version=2),
        state(columns=None),
        state(columns=[]),
        state(columns=[["time", 100, False]] * 7),
        state(columns=[[name, 100, True] for name in names]),
        state(columns=[[name, -5, False] for name in names]),
        state(columns=[[name, 10**9, False] for name in names]),
        state(columns=[[name, "wide", False] for name in names]),
        state(columns=[[name, float("inf"), False] for name in names]),
        state(columns=[[None, 100, False] for _ in names]),
    ]


@pytest.mark.parametrize("state", broken_states())
def test_a_broken_state_changes_nothing(make_table: MakeTable, state: bytes) -> None:
    table = make_table(rows=3)
    before = table.view.save_state()
    table.view.restore_state(QByteArray(state))
    assert table.view.save_state() == before


def test_columns_that_a_saved_state_does_not_know_come_last(make_table: MakeTable) -> None:
    columns = [[column.key, 100, False] for column in reversed(COLUMNS[:-1])]
    state = json.dumps({"version": 1, "fits": False, "columns": columns}).encode()
    table = make_table(rows=3)
    table.view.restore_state(QByteArray(state))
    header = header_of(table)
    assert header.first_section == SECTIONS[-2]
    assert header.visualIndex(SECTIONS[-1]) == len(COLUMNS) - 1
    assert not header.isSectionHidden(SECTIONS[-1])


@given(damage=st.lists(st.tuples(st.integers(0, 1_000), st.integers(0, 255)), max_size=5))
def test_no_damaged_state_raises(qtbot: QtBot, damage: list[tuple[int, int]]) -> None:
    with deleted(Table(10)) as table:
        state = bytearray(bytes(table.view.save_state()))
        for place, byte in damage:
            state[place % len(state)] = byte
        table.view.restore_state(QByteArray(bytes(state)))
        assert header_of(table).first_section in SECTIONS


def test_the_menu_of_the_header_hides_all_columns_but_one(make_table: MakeTable) -> None:
    table = make_table(rows=3)
    header = header_of(table)
    for column in SECTIONS[:-1]:
        action = header.menu().actions()[column]
        assert action.isCheckable()
        assert action.isEnabled()
        action.trigger()
        assert header.isSectionHidden(column)
    last = header.menu().actions()[SECTIONS[-1]]
    assert not last.isEnabled()
    header.set_column_visible(COLUMNS[-1].key, False)
    assert not header.isSectionHidden(SECTIONS[-1])
    assert header.first_section == SECTIONS[-1]
    table.view.grab()
    header.menu().actions()[-1].trigger()
    assert [header.isSectionHidden(column) for column in SECTIONS] == [False] * len(COLUMNS)
