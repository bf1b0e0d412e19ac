"""The empty table, and the rest of its manners."""

from __future__ import annotations

import pytest
from PyQt5.QtCore import QStringListModel, Qt
from PyQt5.QtWidgets import QLabel, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from tests.ui.table.shown import (
    MakeTable,
    child,
    clipboard,
)


def test_an_empty_table_says_how_to_produce_a_row(make_table: MakeTable, qtbot: QtBot) -> None:
    table = make_table()
    command = "curl -m 1 'http://127.0.0.1:8080/<b>bold</b>'"
    table.view.set_empty_hint("Nothing yet:", command)
    hint = child(table.view, QWidget, "empty_hint")
    labels = hint.findChildren(QLabel)
    assert hint.isVisible()
    assert hint.geometry() == table.viewport.geometry()
    assert [label.text() for label in labels] == ["Nothing yet:", command]
    assert all(label.textFormat() == Qt.TextFormat.PlainText for label in labels)
    assert labels[1].textInteractionFlags() & Qt.TextInteractionFlag.TextSelectableByMouse
    qtbot.mouseClick(child(hint, QPushButton, "empty_hint_copy"), Qt.MouseButton.LeftButton)
    assert clipboard() == command
    table.add(1)
    assert hint.isHidden()
    table.store.clear()
    table.model.flush()
    assert hint.isVisible()


def test_without_a_command_there_is_nothing_to_copy(make_table: MakeTable) -> None:
    table = make_table()
    table.view.set_empty_hint("The server does not listen.", "")
    assert child(table.view, QPushButton, "empty_hint_copy").isHidden()
    table.view.set_empty_hint("Now it does.", "curl " + "x" * 3_000)
    assert child(table.view, QPushButton, "empty_hint_copy").isVisible()
    table.view.grab()


def test_names_and_manners(make_table: MakeTable) -> None:
    table = make_table(rows=5)
    view = table.view
    assert view.objectName() == "interruptions_view"
    assert view.accessibleName()
    assert table.model.rowCount() == 5
    assert view.model() is table.model
    assert not view.tabKeyNavigation()
    assert table.rows.isHidden()


def test_another_kind_of_model_is_refused(make_table: MakeTable) -> None:
    table = make_table(rows=2)
    with pytest.raises(TypeError):
        table.view.setModel(QStringListModel())
    assert table.view.model() is table.model


def test_another_model_takes_the_place_of_the_first(make_table: MakeTable) -> None:
    table, other = make_table(rows=50), make_table(rows=80)
    table.view.setModel(other.model)
    table.add(30)
    assert other.model.rowCount() == 80
    other.add(10)
    assert table.bar.value() == table.bar.maximum() > 60


def test_a_larger_font_makes_higher_rows(make_table: MakeTable) -> None:
    table = make_table(rows=50)
    before = table.view.rowHeight(0)
    font = table.view.font()
    font.setPointSizeF(font.pointSizeF() * 2)
    table.view.setFont(font)
    assert table.view.rowHeight(0) >= 1.5 * before
    table.view.grab()
