from __future__ import annotations

import pytest
from PyQt5.QtCore import QCoreApplication, Qt
from PyQt5.QtGui import QInputMethodEvent
from PyQt5.QtWidgets import QLabel, QLineEdit
from pytestqt.qtbot import QtBot

from monitorapp.core.filter.language import Filter
from monitorapp.ui.filter.bar import FilterBar
from tests.ui.table.shown import child


class Shown:
    def __init__(self, qtbot: QtBot) -> None:
        self.bar = FilterBar()
        qtbot.addWidget(self.bar)
        self.bar.show()
        self.box: QLineEdit = child(self.bar, QLineEdit, "filter_box")
        self.problem: QLabel = child(self.bar, QLabel, "filter_problem")
        self.count: QLabel = child(self.bar, QLabel, "filter_count")
        self.expressions: list[str] = []
        self.bar.filter_changed.connect(self._note)

    def _note(self, found: Filter) -> None:
        self.expressions.append(found.expression.strip())


@pytest.fixture
def shown(qtbot: QtBot) -> Shown:
    return Shown(qtbot)


def test_each_letter_typed_changes_the_filter(qtbot: QtBot, shown: Shown) -> None:
    qtbot.keyClicks(shown.box, "lo")
    assert shown.expressions == ["l", "lo"]


def test_a_wrong_expression_says_why_and_the_last_good_one_stays(
    qtbot: QtBot, shown: Shown
) -> None:
    qtbot.keyClicks(shown.box, "slow /[/")
    assert shown.problem.isVisible()
    assert shown.problem.text()
    assert shown.bar.filter.expression.strip().startswith("slow")
    good = shown.bar.filter
    shown.bar.set_expression("slow (")
    assert shown.bar.filter is good
    shown.bar.set_expression("slow")
    assert not shown.problem.isVisible()


def test_what_is_wrong_is_underlined_and_the_text_stays(qtbot: QtBot, shown: Shown) -> None:
    shown.bar.set_expression('good "open')
    wrong = shown.box.grab().toImage()
    assert shown.box.text() == 'good "open'
    QCoreApplication.sendEvent(shown.box, QInputMethodEvent("", []))
    assert shown.box.grab().toImage() != wrong


def test_the_count_is_shown_only_while_rows_are_hidden(shown: Shown) -> None:
    shown.bar.set_counts(5, 5)
    assert not shown.count.isVisible()
    shown.bar.set_expression("slow")
    shown.bar.set_counts(57, 4213)
    assert shown.count.isVisible()
    assert shown.count.text() == "57 of 4,213"


def test_escape_clears_the_box_and_then_leaves_it(qtbot: QtBot, shown: Shown) -> None:
    shown.bar.set_expression("slow")
    with qtbot.assertNotEmitted(shown.bar.left):
        qtbot.keyClick(shown.box, Qt.Key.Key_Escape)
    assert shown.bar.expression == ""
    with qtbot.waitSignal(shown.bar.left):
        qtbot.keyClick(shown.box, Qt.Key.Key_Escape)


def test_a_term_is_added_to_the_whole_of_what_is_there(shown: Shown) -> None:
    shown.bar.add_term("path:a")
    shown.bar.add_term("-reason:b")
    assert shown.bar.expression == "path:a -reason:b"
    shown.bar.set_expression("a or b")
    shown.bar.add_term("c")
    assert shown.bar.expression == "(a or b) c"


def test_what_was_searched_stands_in_the_place_of_the_count(shown: Shown) -> None:
    shown.bar.set_counts(5, 5)
    shown.bar.set_progress(0.256)
    assert not shown.count.isVisible()  # it may be over in a moment
    shown.bar._timer.stop()
    shown.bar._timer.timeout.emit()
    assert shown.count.isVisible()
    assert shown.count.text() == "Searching… 26%"
    shown.bar.set_counts(4, 5)
    assert shown.count.text() == "Searching… 26%"
    shown.bar.set_progress(1.0)
    assert not shown.count.isVisible()
