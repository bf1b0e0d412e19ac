"""Rows are copied as text, whole."""

from __future__ import annotations

import pytest
from PyQt5.QtCore import Qt
from pytestqt.qtbot import QtBot

from monitorapp.core.record.story import story_text
from monitorapp.ui.table import _copying as copying
from tests.factory import numbered as record
from tests.ui.table.shown import LINES, MakeTable, Select, clipboard


def test_copied_rows_are_their_whole_stories_each_once(make_table: MakeTable, qtbot: QtBot) -> None:
    table = make_table(rows=5)
    long = record(6, uri="/" + "x" * 5_000, traceback="y" * 60_000)
    table.store.add(long)
    table.model.flush()
    table.model.set_open(5, True)
    table.model.set_open(1, True)
    for row in (3, 5 + LINES, 6 + LINES, 8 + LINES, 0):
        table.selection.select(table.model.index(row, 0), Select.Select | Select.Rows)
    with qtbot.waitSignal(table.view.copied) as copied:
        table.press(qtbot, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert copied.args == [3]
    assert clipboard() == "\n".join(map(story_text, (record(1), record(2), long)))


def test_without_a_selection_the_current_row_is_copied(make_table: MakeTable) -> None:
    table = make_table(rows=5)
    table.view.copy_selection()
    table.selection.setCurrentIndex(table.model.index(2, 0), Select.NoUpdate)
    table.view.copy_selection()
    assert clipboard() == story_text(record(3))


def test_many_rows_are_copied_in_turns(make_table: MakeTable, qtbot: QtBot) -> None:
    table = make_table(keep=1000, rows=1000)
    table.view.selectAll()
    copied: list[int] = []
    table.view.copied.connect(copied.append)
    with qtbot.waitSignal(table.view.copied):
        table.view.copy_selection()
        assert copied == []
        table.add(500)  # what is evicted meanwhile is copied all the same
    assert copied == [1000]
    assert clipboard() == "\n".join(story_text(record(n)) for n in range(1, 1001))


def test_a_new_copy_takes_the_place_of_one_that_is_still_running(
    make_table: MakeTable, qtbot: QtBot
) -> None:
    table = make_table(keep=1000, rows=1000)
    copied: list[int] = []
    table.view.copied.connect(copied.append)
    table.view.selectAll()
    table.view.copy_selection()
    table.selection.select(table.model.index(4, 0), Select.ClearAndSelect | Select.Rows)
    table.view.copy_selection()
    qtbot.wait(1)
    assert copied == [1]
    assert clipboard() == story_text(record(5))


@pytest.mark.parametrize(
    ("limit", "value"), [("COPIED_RECORDS", 250), ("COPIED_CHARACTERS", 1_000)]
)
def test_too_many_rows_are_cut_and_the_text_says_so(
    make_table: MakeTable,
    qtbot: QtBot,
    monkeypatch: pytest.MonkeyPatch,
    limit: str,
    value: int,
) -> None:
    monkeypatch.setattr(copying, limit, value)
    table = make_table(rows=600)
    table.view.selectAll()
    with qtbot.waitSignal(table.view.copied) as copied:
        table.view.copy_selection()
    (count,) = copied.args
    assert count == 250 if limit == "COPIED_RECORDS" else 0 < count < 10
    stories = "\n".join(story_text(record(n)) for n in range(1, count + 1))
    note = f"{600 - count:,} more rows were selected; they are not copied.\n"
    assert clipboard() == f"{stories}\n{note}"
