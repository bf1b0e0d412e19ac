from __future__ import annotations

import json
from collections.abc import Callable

import pytest
from PyQt5.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from monitorapp.core.filter.language import exactly, parse_filter
from monitorapp.core.record.codec import from_fields
from monitorapp.core.record.curl import curl_command
from monitorapp.core.records.matching import SearchIndex
from monitorapp.core.records.store import InterruptionStore
from monitorapp.ui.records.row_menu import filter_values, row_menu
from tests.factory import record
from tests.ui.table.shown import LINES, Table

MakeTable = Callable[..., Table]


class Filtered:
    def __init__(self, table: Table) -> None:
        self.table = table
        self.index = SearchIndex(table.store)

    def filter(self, expression: str) -> None:
        self.table.model.set_store(self.index.matching(parse_filter(expression)))

    def numbers(self) -> list[int]:
        model = self.table.model
        return [
            model.interruption(row).number
            for row in range(model.rowCount())
            if not model.is_story(row)
        ]


@pytest.fixture
def filtered(make_table: MakeTable) -> Filtered:
    return Filtered(make_table(rows=100))


def test_only_what_matches_is_shown_also_of_what_comes(filtered: Filtered) -> None:
    filtered.filter("/path/9 or /path/101")
    assert filtered.numbers() == [9, *range(90, 100)]
    filtered.table.add(3)
    assert filtered.numbers() == [9, *range(90, 100), 101]
    filtered.filter("")
    assert filtered.numbers() == list(range(1, 104))


def test_open_rows_and_the_current_one_stay(filtered: Filtered) -> None:
    table = filtered.table
    table.model.set_open(table.row_of(95), True)
    table.view.setCurrentIndex(table.model.index(table.row_of(97), 2))
    filtered.filter("/path/9")
    assert table.open_numbers() == {95}
    assert table.model.rowCount() == 11 + LINES
    assert table.model.interruption(table.view.currentIndex().row()).number == 97
    assert table.selected_numbers() == [97]
    filtered.filter("")
    assert table.open_numbers() == {95}
    assert table.model.interruption(table.view.currentIndex().row()).number == 97


def test_a_current_row_that_is_hidden_is_current_no_longer(filtered: Filtered) -> None:
    table = filtered.table
    table.view.setCurrentIndex(table.model.index(table.row_of(50), 2))
    filtered.filter("/path/9")
    assert not table.view.currentIndex().isValid()


def test_the_table_goes_on_following(filtered: Filtered) -> None:
    assert filtered.table.follows()
    filtered.filter("path")
    assert filtered.table.follows()
    filtered.table.add(10)
    assert filtered.table.on_screen(110)


def test_the_table_stays_at_its_time(filtered: Filtered) -> None:
    table = filtered.table
    table.bar.setValue(40)
    assert table.top() == (41, 0)
    filtered.filter("-/path/41 -/path/42")
    assert table.top() == (43, 0)
    filtered.filter("")
    assert table.top() == (43, 0)


def test_what_was_hidden_is_not_new(filtered: Filtered) -> None:
    table = filtered.table
    filtered.filter("/path/9")
    assert not table.button.isVisible()
    filtered.filter("")
    assert not table.button.isVisible()


def test_eviction_takes_only_its_own(make_table: MakeTable) -> None:
    filtered = Filtered(make_table(keep=10, rows=10))
    filtered.filter("/path/3 or /path/12")
    filtered.table.add(4)
    assert filtered.numbers() == [12]


def test_each_term_of_a_row_matches_that_row() -> None:
    row = record(client="[2001:db8::1]:8080", uri='/a "b"?x=/y/ or', traceback="")
    store = InterruptionStore(1)
    store.add(row)
    index = SearchIndex(store)
    for _, field, value in filter_values(row):
        term = exactly(field, value)
        assert list(index.matching(parse_filter(term))) == [row], term
        assert not list(index.matching(parse_filter(exactly(field, value, negated=True)))), term


def test_the_row_menu_offers_the_values_of_the_row(qtbot: QtBot) -> None:
    parent = QWidget()
    qtbot.addWidget(parent)
    chosen: list[str] = []
    copied: list[str] = []
    row = record(uri="/a&b?x=1")
    menu = row_menu(row, "http://h/", [], chosen.append, copied.append, parent)
    actions = {action.objectName(): action for action in menu.actions() if action.text()}
    assert actions["only_client_action"].text() == "Only client 127.0.0.1"
    assert actions["only_path_action"].text() == "Only path /a&&b"
    actions["not_reason_action"].trigger()
    assert chosen == ['reason!="closed by the client"']
    actions["copy_json_action"].trigger()
    actions["copy_curl_action"].trigger()
    assert from_fields(json.loads(copied[0])) == row
    assert copied[1] == curl_command(row, "http://h/")


def test_what_is_not_known_cannot_be_copied_as_a_command(qtbot: QtBot) -> None:
    parent = QWidget()
    qtbot.addWidget(parent)
    menu = row_menu(record(method=""), "", [], print, print, parent)
    (action,) = (one for one in menu.actions() if one.objectName() == "copy_curl_action")
    assert not action.isEnabled()
