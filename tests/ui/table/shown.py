"""A visible table of interruptions to be tested."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, cast

from PyQt5 import sip
from PyQt5.QtCore import QItemSelectionModel, QPoint, Qt
from PyQt5.QtGui import QClipboard, QGuiApplication, QWheelEvent
from PyQt5.QtTest import QTest
from PyQt5.QtWidgets import QApplication, QHeaderView, QPushButton, QScrollBar, QWidget
from pytestqt.qtbot import QtBot

from monitorapp.core.record.interruption import Interruption
from monitorapp.core.record.story import StoryLine, story
from monitorapp.core.records.store import InterruptionStore
from monitorapp.ui.table.columns import interruption_columns
from monitorapp.ui.table.model import InterruptionsModel
from monitorapp.ui.table.view import InterruptionsView
from monitorapp.ui.widgets.columns import section_of
from tests.factory import numbered as record

COLUMNS = interruption_columns(lambda _: None)
SECTIONS = range(len(COLUMNS))
Select: Any = QItemSelectionModel  # whose flags are typed as int


def section(key: str) -> int:
    return section_of(COLUMNS, key)


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

    def point(self, number: int, key: str = "path") -> QPoint:
        rect = self.view.visualRect(self.model.index(self.row_of(number), section(key)))
        return QPoint(rect.center())

    def triangle(self, number: int) -> QPoint:
        rect = self.view.visualRect(self.model.index(self.row_of(number), section("time")))
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


MakeTable = Callable[..., Table]


def click(table: Table, place: QPoint) -> None:
    test: Any = QTest  # its methods are typed as if they were not static
    test.mouseClick(
        table.viewport,
        Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
        place,
    )


def double_click(qtbot: QtBot, table: Table, place: QPoint) -> None:
    left = Qt.MouseButton.LeftButton
    qtbot.mouseClick(table.viewport, left, pos=place)
    qtbot.mouseDClick(table.viewport, left, pos=place)
    qtbot.mouseRelease(table.viewport, left, pos=place)  # which it leaves to the caller


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


def clipboard() -> str:
    return cast(QClipboard, QGuiApplication.clipboard()).text()


def unknown(number: int) -> Interruption:
    return record(number, method="", uri="", client="", waited_s=None, delay_s=None)


def cell(model: InterruptionsModel, row: int, column: int) -> str:
    return str(model.data(model.index(row, column)))


def rows_of(model: InterruptionsModel) -> list[tuple[int, StoryLine | None]]:
    return [
        (model.interruption(row).number, model.story_line(row)) for row in range(model.rowCount())
    ]
