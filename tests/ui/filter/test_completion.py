from __future__ import annotations

from collections.abc import Iterator

import pytest
from PyQt5.QtCore import Qt
from PyQt5.QtWidgets import QLineEdit, QListView
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
