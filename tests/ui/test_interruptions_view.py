"""The table as a person uses it: it stays put, follows, opens, copies and remembers."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, cast

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PyQt5 import sip
from PyQt5.QtCore import QByteArray, QItemSelectionModel, QPoint, QStringListModel, Qt
from PyQt5.QtGui import QClipboard, QGuiApplication, QMouseEvent, QWheelEvent
from PyQt5.QtTest import QTest
from PyQt5.QtWidgets import QApplication, QHeaderView, QLabel, QPushButton, QScrollBar, QWidget
from pytestqt.qtbot import QtBot

from monitorapp.core.interruption import Interruption
from monitorapp.core.reason import Reason
from monitorapp.core.store import InterruptionStore
from monitorapp.core.story import story, story_text
from monitorapp.ui import interruption_copy
from monitorapp.ui.interruption_columns import COLUMNS, Column
from monitorapp.ui.interruption_header import InterruptionHeader
from monitorapp.ui.interruptions_model import InterruptionsModel
from monitorapp.ui.interruptions_view import InterruptionsView

Select: Any = QItemSelectionModel  # whose flags are typed as int


def record(number: int, **facts: Any) -> Interruption:
    known: dict[str, Any] = {
        "method": "GET",
        "uri": f"/path/{number}",
        "client": "127.0.0.1:50000",
        "traceback": "Traceback (most recent call last):\nFailure: E: gone",
    }
    known.update(facts)
    return Interruption(
        number=number,
        time_s=1_800_000_000.0 + number,
        waited_s=2.5,
        delay_s=5.0,
        reason=Reason.CLOSED,
        failure_type="E",
        message="gone",
        has_frames=False,
        **known,
    )


LINES = len(story(record(1)))


class Table:
    """A store, its model and a visible view of 20 rows and a bit."""

    def __init__(self, keep: int) -> None:
        self.store = InterruptionStore(keep)
        self.view = InterruptionsView()
        self.model = InterruptionsModel(self.store, self.view)
        self.view.setModel(self.model)
        self.viewport = cast(QWidget, self.view.viewport())
        self.rows = cast(QHeaderView, self.view.verticalHeader())
        self.selection = cast(QItemSelectionModel, self.view.selectionModel())
        self.number = 0
        row_px = self.rows.defaultSectionSize()
        self.view.resize(1300, 20 * row_px + 9)
        self.view.show()
        chrome_px = self.view.height() - self.viewport.height()
        self.view.resize(1300, 20 * row_px + 9 + chrome_px)
        self.bar = cast(QScrollBar, self.view.verticalScrollBar())

    def add(self, count: int, flush: bool = True) -> None:
        for _ in range(count):
            self.number += 1
            self.store.add(record(self.number))
        if flush:
            self.model.flush()

    def row_of(self, number: int) -> int:
        for row in range(self.model.rowCount()):
            if self.model.interruption(row).number == number:
                return row
        raise LookupError(number)

    def follows(self) -> bool:
        return self.view.follows

    def top(self) -> tuple[int, int]:
        row = self.bar.value()
        return self.model.interruption(row).number, row - self.model.record_row(row)

    def y_of(self, number: int) -> int:
        return int(self.view.visualRect(self.model.index(self.row_of(number), 0)).top())

    def on_screen(self, number: int) -> bool:
        return 0 <= self.y_of(number) < self.viewport.height()

    def open_numbers(self) -> set[int]:
        rows = range(self.model.rowCount())
        return {self.model.interruption(row).number for row in rows if self.model.is_open(row)}

    def selected_numbers(self) -> list[int]:
        return [one.number for one in self.view.selected_interruptions()]

    @property
    def button(self) -> QPushButton:
        button: QPushButton = child(self.view, QPushButton, "new_rows_button")
        return button

    def press(self, qtbot: QtBot, key: Qt.Key, *modifiers: Qt.KeyboardModifier) -> None:
        qtbot.keyClick(self.view, key, *modifiers)

    def point(self, number: int, column: int = Column.PATH) -> QPoint:
        rect = self.view.visualRect(self.model.index(self.row_of(number), column))
        return QPoint(rect.center())

    def triangle(self, number: int) -> QPoint:
        rect = self.view.visualRect(self.model.index(self.row_of(number), Column.TIME))
        return QPoint(rect.left() + 12, rect.center().y())


def child(parent: QWidget, kind: type[Any], name: str) -> Any:
    found = parent.findChild(kind, name)
    assert found is not None
    return found


@contextmanager
def deleted(table: Table) -> Iterator[Table]:
    """Delete the view in the end, and not whenever the garbage is collected."""
    try:
        yield table
    finally:
        sip.delete(table.view)


@pytest.fixture
def make_table(qtbot: QtBot) -> Iterator[Callable[..., Table]]:
    tables = []

    def make(keep: int = 1000, rows: int = 0) -> Table:
        table = Table(keep)
        tables.append(table)
        qtbot.addWidget(table.view)
        table.add(rows)
        return table

    yield make
    tables.clear()


MakeTable = Callable[..., Table]


# Staying put


STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("add"), st.integers(1, 60)),
        st.tuples(st.just("add"), st.integers(1, 5)),
        st.tuples(st.just("flush"), st.just(0)),
        st.tuples(st.just("clear"), st.just(0)),
        st.tuples(st.just("open"), st.integers(0, 500)),
        st.tuples(st.just("toggle"), st.integers(0, 500)),
        st.tuples(st.just("close_all"), st.just(0)),
        st.tuples(st.just("scroll"), st.integers(0, 500)),
        st.tuples(st.just("select"), st.integers(0, 500)),
        st.tuples(st.just("current"), st.integers(0, 500)),
        st.tuples(st.just("newest"), st.just(0)),
        st.tuples(st.just("click"), st.integers(0, 500)),
    ),
    min_size=5,
    max_size=40,
)


@settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
    deadline=None,
    max_examples=120,
)
@given(keep=st.sampled_from([5, 30, 90, 300]), steps=STEPS)
def test_the_screen_stays_as_it_is(qtbot: QtBot, keep: int, steps: list[tuple[str, int]]) -> None:
    with deleted(Table(keep)) as table:
        view, model, bar = table.view, table.model, table.bar
        selection = table.selection
        table.add(min(keep, 60))
        for step, argument in steps:
            rows = model.rowCount()
            is_open = table.open_numbers()
            selected = set(table.selected_numbers())
            current = view.currentIndex()
            current_number = model.interruption(current.row()).number if current.isValid() else 0
            follows = view.follows
            top = table.top() if rows else (0, 0)
            top_y = table.y_of(top[0]) if rows else 0
            row = argument % rows if rows else 0
            if step == "add":
                table.add(argument, flush=False)
                assert model.rowCount() == rows
                continue
            if step == "clear":
                table.store.clear()
                continue
            if step == "flush":
                model.flush()
            elif step == "close_all":
                view.close_all()
                is_open = set()
            elif step == "newest":
                view.jump_to_newest()
                assert bar.value() == bar.maximum()
                assert view.follows
            elif not rows:
                continue
            elif step in ("open", "toggle"):
                number = model.interruption(row).number
                shown = table.on_screen(number)
                if step == "open":
                    model.set_open(row, True)
                    is_open.add(number)
                else:
                    model.toggle(row)
                    is_open ^= {number}
                if shown and bar.maximum():
                    assert table.on_screen(number)
                if number in is_open and step == "toggle":
                    assert not view.follows
                    top = table.top()  # a story may be moved into sight
            elif step == "scroll":
                bar.setValue(argument % (bar.maximum() + 1))
                top = table.top()
            elif step == "select":
                selection.select(model.index(row, 0), Select.Toggle | Select.Rows)
                selected = set(table.selected_numbers())
            elif step == "click":
                row = bar.value() + argument % min(rows - bar.value(), 15)
                current_number = model.interruption(row).number
                rect = view.visualRect(model.index(row, Column.PATH))
                click(table, rect.center())
                selected = {current_number}
                assert not view.follows
            elif step == "current":
                selection.setCurrentIndex(model.index(row, 0), Select.NoUpdate)
                current_number = model.interruption(row).number
                top = table.top()

            kept = {model.interruption(row).number for row in range(model.rowCount())}
            assert table.open_numbers() == is_open & kept
            assert set(table.selected_numbers()) == selected & kept
            current = view.currentIndex()
            now = model.interruption(current.row()).number if current.isValid() else 0
            assert now == (current_number if current_number in kept else 0)
            if step == "flush" and rows and model.rowCount():
                if follows:
                    assert bar.value() == bar.maximum()
                elif top[0] in kept and table.row_of(top[0]) > 0:
                    assert table.top() == top
                    assert table.y_of(top[0]) == top_y
                elif top[0] not in kept:
                    assert bar.value() == 0
            elif rows and step in ("close_all", "open", "toggle", "select"):
                expected = table.row_of(top[0])
                if top[0] in table.open_numbers():
                    expected += top[1]
                if step != "open":
                    assert bar.value() == min(expected, bar.maximum())
            last = view.rowAt(table.viewport.height() - 1)
            if model.rowCount() and last in (-1, model.rowCount() - 1) and view.follows:
                assert table.button.isHidden()


def test_rows_on_the_screen_do_not_move_by_a_pixel_while_older_ones_go(
    make_table: MakeTable,
) -> None:
    table = make_table(keep=200, rows=200)
    assert table.bar.value() == table.bar.maximum()
    table.selection.select(table.model.index(190, 0), Select.Select | Select.Rows)
    click(table, table.point(195))
    before = table.y_of(195)
    for _ in range(5):
        table.add(20)
        assert table.y_of(195) == before
    assert table.selected_numbers() == [195]


def click(table: Table, place: QPoint) -> None:
    test: Any = QTest  # its methods are typed as if they were not static
    test.mouseClick(
        table.viewport,
        Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
        place,
    )


def double_click(qtbot: QtBot, table: Table, number: int) -> None:
    place = table.point(number)
    qtbot.mouseClick(table.viewport, Qt.MouseButton.LeftButton, pos=place)
    qtbot.mouseDClick(table.viewport, Qt.MouseButton.LeftButton, pos=place)


def test_open_rows_that_are_evicted_take_their_lines_with_them(make_table: MakeTable) -> None:
    table = make_table(keep=100, rows=100)
    table.bar.setValue(50)
    for row in (60, 5, 3):
        table.model.set_open(row, True)
    top = table.top()
    y = table.y_of(61)
    assert table.model.rowCount() == 100 + 3 * LINES
    table.add(10)
    assert table.model.rowCount() == 100 + LINES
    assert table.top() == top
    assert table.y_of(61) == y
    assert table.open_numbers() == {61}


def test_an_evicted_current_row_leaves_none_and_moves_nothing(
    make_table: MakeTable, qtbot: QtBot
) -> None:
    table = make_table(keep=100, rows=100)
    table.view.setCurrentIndex(table.model.index(0, 0))
    table.bar.setValue(50)
    top = table.top()
    table.add(5)
    assert not table.view.currentIndex().isValid()
    assert table.top() == top
    table.press(qtbot, Qt.Key.Key_Down)
    assert table.model.interruption(table.view.currentIndex().row()).number == top[0]
    assert table.top() == top


# Following


def test_it_follows_from_the_start(make_table: MakeTable) -> None:
    table = make_table()
    for _ in range(10):
        table.add(7)
        assert table.bar.value() == table.bar.maximum()
        assert table.button.isHidden()
    assert table.on_screen(70)


def test_scrolled_up_it_does_not_move_and_counts_what_is_new(make_table: MakeTable) -> None:
    table = make_table(keep=5000, rows=100)
    table.bar.setValue(table.bar.maximum() - 10)
    top = table.top()
    table.add(1234)
    assert table.top() == top
    assert table.button.isVisible()
    assert table.button.text() == "1,234 new ↓"
    assert "new" in table.button.accessibleName()
    assert table.button.toolTip()


def test_what_was_seen_is_not_new(make_table: MakeTable) -> None:
    table = make_table(rows=100)
    table.bar.setValue(table.bar.maximum() - 1)
    table.add(30)
    assert table.button.text() == "30 new ↓"
    table.bar.setValue(table.bar.value() + 11)
    assert table.button.text() == "20 new ↓"
    table.bar.setValue(table.bar.value() - 11)
    assert table.button.text() == "20 new ↓"
    table.bar.setValue(table.bar.maximum())
    assert table.button.isHidden()
    table.add(5)
    assert table.bar.value() == table.bar.maximum()


def test_the_button_goes_to_the_newest_row_and_stays_with_it(
    make_table: MakeTable, qtbot: QtBot
) -> None:
    table = make_table(rows=100)
    table.bar.setValue(0)
    table.add(12)
    area = table.viewport.geometry()
    assert area.contains(table.button.geometry())
    assert area.bottom() - table.button.geometry().bottom() < 20
    assert area.right() - table.button.geometry().right() < 20
    qtbot.mouseClick(table.button, Qt.MouseButton.LeftButton)
    assert table.button.isHidden()
    table.add(12)
    assert table.on_screen(124)


def test_end_goes_to_the_newest_row_and_stays_with_it(make_table: MakeTable, qtbot: QtBot) -> None:
    table = make_table(rows=100)
    click(table, table.point(90))
    table.add(12, flush=False)
    table.press(qtbot, Qt.Key.Key_End)
    assert table.selected_numbers() == [112]
    table.add(12)
    assert table.on_screen(124)
    table.press(qtbot, Qt.Key.Key_Home)
    assert table.selected_numbers() == [1]
    assert table.bar.value() == 0
    table.add(12)
    assert table.bar.value() == 0


@pytest.mark.parametrize("way", ["click", "triangle", "double", "enter", "up", "open"])
def test_taking_hold_of_a_row_at_the_end_keeps_it_on_the_screen(
    make_table: MakeTable, qtbot: QtBot, way: str
) -> None:
    table = make_table(rows=100)
    viewport = table.viewport
    left = Qt.MouseButton.LeftButton
    if way == "click":
        qtbot.mouseClick(viewport, left, pos=table.point(98))
    elif way == "triangle":
        qtbot.mouseClick(viewport, left, pos=table.triangle(98))
    elif way == "double":
        double_click(qtbot, table, 98)
    elif way == "open":
        table.model.set_open(97, True)
    else:
        table.selection.setCurrentIndex(
            table.model.index(98 if way == "up" else 97, 0), Select.NoUpdate
        )
        table.press(qtbot, Qt.Key.Key_Up if way == "up" else Qt.Key.Key_Return)
    y = table.y_of(98)
    table.add(500)
    assert table.y_of(98) == y
    assert table.on_screen(98)
    assert table.button.isVisible()


def test_a_story_opened_at_the_end_comes_into_sight(make_table: MakeTable) -> None:
    table = make_table(rows=100)
    table.model.set_open(99, True)
    assert table.on_screen(100)
    last = table.view.visualRect(table.model.index(99 + LINES, 0))
    assert last.bottom() <= table.viewport.height()


def test_of_a_story_longer_than_the_screen_the_beginning_is_shown(make_table: MakeTable) -> None:
    table = make_table(rows=99)
    table.number += 1
    table.store.add(record(100, traceback="\n".join(f"line {n}" for n in range(200))))
    table.model.flush()
    table.model.set_open(99, True)
    assert table.top() == (100, 0)


def wheel(view: InterruptionsView, steps: int) -> None:
    place = QPoint(50, 50)
    event = QWheelEvent(
        place,
        cast(QWidget, view.viewport()).mapToGlobal(place),
        QPoint(),
        QPoint(0, -120 * steps),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(view.viewport(), event)


def test_whoever_scrolls_to_the_end_follows_again(make_table: MakeTable) -> None:
    table = make_table(rows=100)
    click(table, table.point(90))
    assert not table.follows()
    wheel(table.view, 1)  # it is at the end already
    assert table.follows()
    wheel(table.view, -5)
    assert not table.follows()
    table.add(3)
    wheel(table.view, 20)
    assert table.follows()
    table.add(30)
    assert table.on_screen(133)


def test_pulling_a_selection_to_the_end_does_not_make_it_follow(
    make_table: MakeTable, qtbot: QtBot
) -> None:
    table = make_table(rows=100)
    table.bar.setValue(60)
    qtbot.mousePress(table.viewport, Qt.MouseButton.LeftButton, pos=table.point(70))
    for number in (71, 75):
        move = QMouseEvent(
            QMouseEvent.Type.MouseMove,
            table.point(number),
            Qt.MouseButton.NoButton,
            Qt.MouseButton.LeftButton,
            Qt.KeyboardModifier.NoModifier,
        )
        QApplication.sendEvent(table.viewport, move)
    assert table.selected_numbers() == list(range(70, 76))
    table.bar.setValue(table.bar.maximum())
    table.add(30)
    assert table.on_screen(100)
    assert not table.on_screen(130)
    qtbot.mouseRelease(table.viewport, Qt.MouseButton.LeftButton, pos=table.point(90))


def test_it_follows_after_a_change_of_size(make_table: MakeTable) -> None:
    table = make_table(rows=100)
    table.view.resize(700, 200)
    assert table.on_screen(100)
    table.add(1)
    assert table.on_screen(101)
    table.view.resize(900, 600)
    table.add(1)
    assert table.on_screen(102)
    click(table, table.point(102))
    table.view.resize(900, 1500)
    table.view.resize(900, 300)
    assert not table.follows()


def test_an_empty_table_follows_again(make_table: MakeTable) -> None:
    table = make_table(rows=100)
    click(table, table.point(90))
    table.store.clear()
    table.model.flush()
    assert table.button.isHidden()
    table.add(50)
    assert table.on_screen(150)


# Opening


def test_each_way_to_open_and_close_a_row(make_table: MakeTable, qtbot: QtBot) -> None:
    table = make_table(rows=10)
    viewport, left = table.viewport, Qt.MouseButton.LeftButton
    qtbot.mouseClick(viewport, left, pos=table.triangle(3))
    assert table.open_numbers() == {3}
    assert table.selected_numbers() == []
    double_click(qtbot, table, 5)
    assert table.open_numbers() == {3, 5}
    table.view.setCurrentIndex(table.model.index(table.row_of(7), 0))
    table.press(qtbot, Qt.Key.Key_Right)
    assert table.open_numbers() == {3, 5, 7}
    table.view.setCurrentIndex(table.model.index(table.row_of(8), 0))
    table.press(qtbot, Qt.Key.Key_Enter, Qt.KeyboardModifier.KeypadModifier)
    table.press(qtbot, Qt.Key.Key_Asterisk)
    assert table.open_numbers() == {3, 5, 7, 8}
    table.press(qtbot, Qt.Key.Key_Return)
    assert table.open_numbers() == {3, 5, 7}
    table.press(qtbot, Qt.Key.Key_Left)  # closed already
    assert table.open_numbers() == {3, 5, 7}
    qtbot.mouseClick(viewport, left, pos=table.triangle(3))
    assert table.open_numbers() == {5, 7}
    double_click(qtbot, table, 5)
    assert table.open_numbers() == {7}
    table.view.open_current()
    assert table.open_numbers() == {5, 7}
    table.view.close_all()
    assert table.open_numbers() == set()


def test_left_on_a_story_line_goes_to_its_row_and_closes_it(
    make_table: MakeTable, qtbot: QtBot
) -> None:
    table = make_table(rows=10)
    table.view.setCurrentIndex(table.model.index(4, 2))
    table.press(qtbot, Qt.Key.Key_Right)
    table.press(qtbot, Qt.Key.Key_Right)
    assert table.view.currentIndex().row() == 5
    table.press(qtbot, Qt.Key.Key_Right)
    table.press(qtbot, Qt.Key.Key_Down)
    assert table.view.currentIndex().row() == 6
    table.press(qtbot, Qt.Key.Key_Left)
    assert table.view.currentIndex().row() == 4
    assert table.open_numbers() == set()
    assert table.selected_numbers() == [5]


def test_a_row_inherits_current_and_selected_from_its_story(make_table: MakeTable) -> None:
    table = make_table(rows=10)
    table.model.set_open(4, True)
    table.view.setCurrentIndex(table.model.index(7, 2))
    table.view.close_all()
    assert table.view.currentIndex().row() == 4
    assert table.selected_numbers() == [5]
    assert table.selection.isRowSelected(4, table.model.index(-1, -1))


def test_a_double_click_on_the_triangle_opens_once(make_table: MakeTable, qtbot: QtBot) -> None:
    table = make_table(rows=10)
    place = table.triangle(4)
    qtbot.mouseClick(table.viewport, Qt.MouseButton.LeftButton, pos=place)
    qtbot.mouseDClick(table.viewport, Qt.MouseButton.LeftButton, pos=place)
    assert table.open_numbers() == {4}


def test_pulling_from_the_triangle_selects_nothing(make_table: MakeTable, qtbot: QtBot) -> None:
    table = make_table(rows=10)
    viewport = table.viewport
    qtbot.mousePress(viewport, Qt.MouseButton.LeftButton, pos=table.triangle(4))
    qtbot.mouseMove(viewport, table.point(8))
    qtbot.mouseRelease(viewport, Qt.MouseButton.LeftButton, pos=table.point(8))
    assert table.selected_numbers() == []
    qtbot.mouseClick(viewport, Qt.MouseButton.LeftButton, pos=table.point(8))
    assert table.selected_numbers() == [8]


def test_the_triangle_of_a_story_line_is_not_one(make_table: MakeTable, qtbot: QtBot) -> None:
    table = make_table(rows=10)
    table.model.set_open(4, True)
    rect = table.view.visualRect(table.model.index(6, 0))
    place = QPoint(rect.left() + 12, rect.center().y())
    qtbot.mouseClick(table.viewport, Qt.MouseButton.LeftButton, pos=place)
    assert table.open_numbers() == {5}
    assert table.selected_numbers() == [5]


def test_no_key_does_harm_in_an_empty_table(make_table: MakeTable, qtbot: QtBot) -> None:
    table = make_table()
    for key in ("Return", "Right", "Left", "End", "Home", "Up", "Down", "PageDown", "C", "Space"):
        table.press(qtbot, getattr(Qt.Key, f"Key_{key}"))
    table.press(qtbot, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    table.view.open_current()
    table.view.close_all()
    table.view.jump_to_newest()
    assert table.model.rowCount() == 0


def test_letters_do_not_search_through_all_rows(make_table: MakeTable, qtbot: QtBot) -> None:
    table = make_table(rows=10)
    table.view.setCurrentIndex(table.model.index(4, Column.METHOD))
    table.press(qtbot, Qt.Key.Key_G)
    assert table.view.currentIndex().row() == 4


def test_clicking_a_cell_that_is_half_seen_does_not_scroll_sideways(
    make_table: MakeTable, qtbot: QtBot
) -> None:
    table = make_table(rows=10)
    table.view.setColumnWidth(Column.PATH, 2000)
    table.view.doItemsLayout()
    bar = cast(QScrollBar, table.view.horizontalScrollBar())
    bar.setValue(100)
    place = QPoint(300, table.point(4).y())
    qtbot.mouseClick(table.viewport, Qt.MouseButton.LeftButton, pos=place)
    assert table.selected_numbers() == [4]
    assert bar.value() == 100


# Copying


def clipboard() -> str:
    return cast(QClipboard, QGuiApplication.clipboard()).text()


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
    told: list[int] = []
    table.view.copied.connect(told.append)
    with qtbot.waitSignal(table.view.copied):
        table.view.copy_selection()
        assert told == []
        table.add(500)  # what is evicted meanwhile is copied all the same
    assert told == [1000]
    assert clipboard() == "\n".join(story_text(record(n)) for n in range(1, 1001))


def test_a_new_copy_takes_the_place_of_one_that_still_goes_on(
    make_table: MakeTable, qtbot: QtBot
) -> None:
    table = make_table(keep=1000, rows=1000)
    told: list[int] = []
    table.view.copied.connect(told.append)
    table.view.selectAll()
    table.view.copy_selection()
    table.selection.select(table.model.index(4, 0), Select.ClearAndSelect | Select.Rows)
    table.view.copy_selection()
    qtbot.wait(1)
    assert told == [1]
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
    monkeypatch.setattr(interruption_copy, limit, value)
    table = make_table(rows=600)
    table.view.selectAll()
    with qtbot.waitSignal(table.view.copied) as copied:
        table.view.copy_selection()
    (count,) = copied.args
    assert count == 250 if limit == "COPIED_RECORDS" else 0 < count < 10
    stories = "\n".join(story_text(record(n)) for n in range(1, count + 1))
    note = f"{600 - count:,} more rows were selected; they are not copied.\n"
    assert clipboard() == f"{stories}\n{note}"


# Columns


def header_of(table: Table) -> InterruptionHeader:
    header = table.view.horizontalHeader()
    assert isinstance(header, InterruptionHeader)
    return header


def test_the_path_has_what_the_other_columns_leave(make_table: MakeTable) -> None:
    table = make_table(rows=3)
    header = header_of(table)
    widths = [header.sectionSize(column) for column in COLUMNS]
    assert sum(widths) == table.viewport.width()
    table.view.resize(1600, 500)
    wider = [header.sectionSize(column) for column in COLUMNS]
    assert sum(wider) == table.viewport.width()
    assert [column for column in COLUMNS if widths[column] != wider[column]] == [Column.PATH]
    table.view.resize(300, 500)
    assert header.length() > table.viewport.width()
    table.view.resize(1600, 500)
    assert [header.sectionSize(column) for column in COLUMNS] == wider


def test_a_column_resized_by_hand_keeps_its_width(make_table: MakeTable) -> None:
    table = make_table(rows=3)
    header = header_of(table)
    header.resizeSection(Column.PATH, 222)
    header.resizeSection(Column.CLIENT, 111)
    table.view.resize(1500, 500)
    assert header.sectionSize(Column.PATH) == 222
    assert header.sectionSize(Column.CLIENT) == 111
    assert header.length() == table.viewport.width()
    header.reset_columns()
    assert header.sectionSize(Column.PATH) > 222


def test_columns_are_saved_and_restored(make_table: MakeTable) -> None:
    table, other = make_table(), make_table()
    header = header_of(table)
    header.moveSection(0, 4)
    header.moveSection(2, 1)
    header.set_column_visible(Column.CLIENT, False)
    header.resizeSection(Column.METHOD, 123)
    state = table.view.save_state()
    other.view.restore_state(state)
    restored = header_of(other)
    for column in COLUMNS:
        assert restored.visualIndex(column) == header.visualIndex(column)
        assert restored.isSectionHidden(column) == header.isSectionHidden(column)
        assert restored.sectionSize(column) == header.sectionSize(column)
    assert other.view.save_state() == state
    assert restored.first_column == header.first_column == Column.METHOD
    width_px = header_of(make_table()).sectionSize(Column.CLIENT)
    restored.set_column_visible(Column.CLIENT, True)
    assert restored.sectionSize(Column.CLIENT) == width_px


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
        state(columns=[[name, 100, False] for name in names[:-1]]),
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


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(damage=st.lists(st.tuples(st.integers(0, 1_000), st.integers(0, 255)), max_size=5))
def test_no_damaged_state_raises(qtbot: QtBot, damage: list[tuple[int, int]]) -> None:
    with deleted(Table(10)) as table:
        state = bytearray(bytes(table.view.save_state()))
        for place, byte in damage:
            state[place % len(state)] = byte
        table.view.restore_state(QByteArray(bytes(state)))
        assert header_of(table).first_column in COLUMNS


def test_the_menu_of_the_header_hides_all_columns_but_one(make_table: MakeTable) -> None:
    table = make_table(rows=3)
    header = header_of(table)
    for column in COLUMNS[:-1]:
        action = header.menu().actions()[column]
        assert action.isCheckable()
        assert action.isEnabled()
        action.trigger()
        assert header.isSectionHidden(column)
    last = header.menu().actions()[COLUMNS[-1]]
    assert not last.isEnabled()
    header.set_column_visible(COLUMNS[-1], False)
    assert not header.isSectionHidden(COLUMNS[-1])
    assert header.first_column == COLUMNS[-1]
    table.view.grab()
    header.menu().actions()[-1].trigger()
    assert [header.isSectionHidden(column) for column in COLUMNS] == [False] * len(COLUMNS)


# The empty table, and the rest


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
    assert table.view.rowHeight(0) > 1.5 * before
    table.view.grab()
