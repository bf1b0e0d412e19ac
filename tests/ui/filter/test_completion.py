from __future__ import annotations

from collections.abc import Iterator

import pytest
from PyQt5.QtCore import QPoint, Qt
from PyQt5.QtWidgets import QLabel, QLineEdit, QListView, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from monitorapp.ui.filter.bar import FilterBar
from tests.ui.table.shown import child


class Shown:
    def __init__(self, qtbot: QtBot) -> None:
        self.bar = FilterBar(values=lambda field: ["/slow", "/slow down"] * (field == "path"))
        qtbot.addWidget(self.bar)
        self.bar.resize(700, 60)
        self.bar.show()
        self.box: QLineEdit = child(self.bar, QLineEdit, "filter_box")
        self.problem: QLabel = child(self.bar, QLabel, "filter_problem")
        self.popup: QListView = self.bar._completion.popup
        self.box.setFocus()

    def offered(self) -> list[str]:
        model = self.popup.model()
        assert model is not None
        if not self.popup.isVisible():
            return []
        return [str(model.data(model.index(row, 0))) for row in range(model.rowCount())]


@pytest.fixture
def shown(qtbot: QtBot) -> Iterator[Shown]:
    shown = Shown(qtbot)
    yield shown
    shown.popup.hide()


def test_fields_and_then_their_values_are_offered_and_tab_takes_the_first(
    qtbot: QtBot, shown: Shown
) -> None:
    qtbot.keyClicks(shown.box, "x -pa")
    assert shown.offered() == ["path:"]
    qtbot.keyClick(shown.popup, Qt.Key.Key_Tab)
    assert shown.box.text() == "x -path:"
    assert shown.offered() == ["path:/slow", 'path:"/slow down"']
    qtbot.keyClick(shown.popup, Qt.Key.Key_Down)
    qtbot.keyClick(shown.popup, Qt.Key.Key_Down)
    qtbot.keyClick(shown.popup, Qt.Key.Key_Return)
    assert shown.box.text() == 'x -path:"/slow down"'
    assert shown.offered() == []
    assert shown.bar.filter.expression == shown.box.text()


def test_what_is_typed_on_goes_into_the_box(qtbot: QtBot, shown: Shown) -> None:
    qtbot.keyClicks(shown.box, "path:/")
    assert shown.popup.isVisible()
    qtbot.keyClicks(shown.popup, "slow x")
    assert shown.box.text() == "path:/slow x"
    assert shown.offered() == []


def test_enter_without_a_choice_leaves_the_box(qtbot: QtBot, shown: Shown) -> None:
    qtbot.keyClicks(shown.box, "path:/")
    with qtbot.waitSignal(shown.bar.left):
        qtbot.keyClick(shown.popup, Qt.Key.Key_Return)
    assert shown.box.text() == "path:/"
    assert not shown.popup.isVisible()


def test_escape_closes_the_list_only(qtbot: QtBot, shown: Shown) -> None:
    qtbot.keyClicks(shown.box, "path:/")
    with qtbot.assertNotEmitted(shown.bar.left):
        qtbot.keyClick(shown.popup, Qt.Key.Key_Escape)
    assert shown.box.text() == "path:/"
    assert not shown.popup.isVisible()


def test_a_click_takes_a_completion_and_it_can_be_undone(qtbot: QtBot, shown: Shown) -> None:
    qtbot.keyClicks(shown.box, "path:/s x")
    shown.box.setCursorPosition(6)
    qtbot.keyClicks(shown.box, "s")
    qtbot.keyClick(shown.box, Qt.Key.Key_Backspace)
    model = shown.popup.model()
    assert model is not None
    assert shown.popup.isVisible()
    shown.popup.clicked.emit(model.index(0, 0))
    assert shown.box.text() == "path:/slow x"
    shown.box.undo()
    assert "slow" not in shown.box.text()


def test_what_the_program_writes_offers_nothing(shown: Shown) -> None:
    shown.bar.set_expression("path:/")
    assert shown.offered() == []


def test_while_a_field_is_typed_the_last_filter_stays(qtbot: QtBot, shown: Shown) -> None:
    qtbot.keyClicks(shown.box, "slow ")
    slow = shown.bar.filter
    for letter in "path:":
        qtbot.keyClicks(shown.popup if shown.popup.isVisible() else shown.box, letter)
        assert shown.bar.filter is slow
        assert shown.offered()
        assert not shown.problem.isVisible()
    qtbot.keyClicks(shown.popup, "/s")
    assert shown.bar.filter.expression == "slow path:/s"


@pytest.mark.parametrize("key", [Qt.Key.Key_Return, Qt.Key.Key_Escape])
def test_a_word_that_begins_like_a_field_is_looked_for_in_the_end(
    qtbot: QtBot, shown: Shown, key: Qt.Key
) -> None:
    qtbot.keyClicks(shown.box, "pa")
    assert shown.bar.filter.is_empty
    qtbot.keyClick(shown.popup, key)
    assert shown.bar.filter.expression == "pa"
    shown.bar.set_expression("cl")
    assert shown.bar.filter.expression == "cl"


def test_a_word_that_begins_like_a_field_is_looked_for_once_another_begins(
    qtbot: QtBot, shown: Shown
) -> None:
    qtbot.keyClicks(shown.box, "pa")
    qtbot.keyClicks(shown.popup, " ")
    assert shown.bar.filter.expression == "pa "


def test_the_list_does_not_cover_what_is_wrong(qtbot: QtBot, shown: Shown) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    column = QVBoxLayout(window)
    column.addWidget(shown.bar)
    column.addStretch(1)
    window.resize(300, 400)
    window.show()
    qtbot.keyClicks(shown.box, "(waited>1s method:/[/ path:/")

    def is_below() -> bool:
        bottom = shown.problem.mapToGlobal(shown.problem.rect().bottomLeft()).y()
        above = shown.box.mapToGlobal(shown.box.rect().bottomLeft()).y()
        return above < bottom < shown.popup.mapToGlobal(QPoint(0, 0)).y()

    assert shown.offered()
    qtbot.waitUntil(is_below)
