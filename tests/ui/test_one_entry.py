"""A new column is one entry in a table's tuple of columns; everything else follows from it."""

from __future__ import annotations

import gc
from collections.abc import Callable
from dataclasses import dataclass
from itertools import combinations
from typing import Any, cast

import pytest
from PyQt5.QtCore import QByteArray, QPoint, Qt
from PyQt5.QtGui import QContextMenuEvent, QImage
from PyQt5.QtWidgets import QApplication, QMenu, QScrollBar, QTableView, QTableWidget, QWidget
from pytestqt.modeltest import ModelTester
from pytestqt.qtbot import QtBot

from monitorapp.core.history.limits import HistoryLimits
from monitorapp.core.history.reader import Run
from monitorapp.core.record.interruption import Interruption
from monitorapp.core.records.groups import Grouping
from monitorapp.core.records.store import InterruptionStore
from monitorapp.ui.groups.columns import COLUMNS as GROUPS
from monitorapp.ui.groups.columns import GroupColumn
from monitorapp.ui.groups.view import GroupsView
from monitorapp.ui.history.columns import COLUMNS as RUNS
from monitorapp.ui.history.columns import ListedRun
from monitorapp.ui.history.runs_dialog import RunsDialog
from monitorapp.ui.table.columns import interruption_columns
from monitorapp.ui.table.model import InterruptionsModel
from monitorapp.ui.table.view import InterruptionsView
from monitorapp.ui.waiting._rows import WaitingRow
from monitorapp.ui.waiting.columns import COLUMNS as WAITING
from monitorapp.ui.waiting.pane import WaitingPane
from monitorapp.ui.widgets.columns import RIGHT, Column, ColumnModel
from monitorapp.ui.widgets.header import ColumnHeader
from tests.factory import record
from tests.ui.table.shown import child
from tests.ui.waiting.source import Source

Hold = Callable[[QWidget], None]


@dataclass
class Shown:
    """A visible table of three rows, in which the new column has "one", "three" and "two"."""

    view: QTableView
    save: Callable[[], QByteArray]
    restore: Callable[[QByteArray], None]

    @property
    def header(self) -> ColumnHeader:
        return cast(ColumnHeader, self.view.horizontalHeader())

    @property
    def model(self) -> ColumnModel:
        return cast(ColumnModel, self.view.model())

    @property
    def section(self) -> int:
        return [column.key for column in self.model.columns].index("new")

    def texts(self) -> list[str]:
        rows = range(self.model.rowCount())
        return [self.model.index(row, self.section).data() for row in rows]

    def scroll_to_it(self) -> None:
        bar = cast(QScrollBar, self.view.horizontalScrollBar())
        bar.setValue(bar.maximum())  # it is the last column

    def cell(self, row: int) -> QImage:
        self.scroll_to_it()
        rect = self.view.visualRect(self.model.index(row, self.section))
        assert rect.isValid()
        assert cast(QWidget, self.view.viewport()).rect().contains(rect)
        return cast(QWidget, self.view.viewport()).grab(rect).toImage()


NAMES = {"/1": "one", "/2": "three", "/3": "two"}
NEW: dict[str, Any] = {
    "key": "new",
    "title": "New",
    "explanation": "New here",
    "sample": "three or so",
    "alignment": RIGHT,
}


def table(hold: Hold, with_new: bool) -> Shown:
    store = InterruptionStore()
    for number in (1, 2, 3):
        store.add(record(number=number, uri=f"/{number}"))
    new: Column[Interruption] = Column(
        **NEW,
        text=lambda one: NAMES[one.uri],
        sort_key=lambda one: one.uri,
    )
    view = InterruptionsView()
    hold(view)
    view.resize(1300, 200)
    view.show()
    if with_new:
        model = InterruptionsModel(store, view, lambda of: (*interruption_columns(of), new))
    else:
        model = InterruptionsModel(store, view)
    view.setModel(model)
    return Shown(view, view.save_state, view.restore_state)


def groups(hold: Hold, with_new: bool) -> Shown:
    store = InterruptionStore()
    for number in (3, 2, 2, 1, 1, 1):
        store.add(record(uri=f"/{number}"))
    new = GroupColumn(
        **NEW,
        text=lambda row: NAMES[row.group.key[0]],
        sort_key=lambda row: row.group.key,
    )
    view = GroupsView(columns=(*GROUPS, new) if with_new else GROUPS)
    hold(view)
    view.resize(1300, 200)
    view.show()
    view.groups_model.group(store, Grouping.PATH)
    return Shown(view, view.save_state, view.restore_state)


def waiting(hold: Hold, with_new: bool) -> Shown:
    new: Column[WaitingRow] = Column(
        **NEW,
        text=lambda row: NAMES[f"/{row.number}"],
    )
    pane = WaitingPane(columns=(*WAITING, new) if with_new else WAITING)
    hold(pane)
    pane.set_source(Source([1, 2, 3]))
    pane.resize(1300, 200)
    pane.show()
    pane.refresh()
    return Shown(child(pane, QTableView, "waiting_view"), pane.save_state, pane.restore_state)


TABLES = pytest.mark.parametrize("make", [table, groups, waiting])
Make = Callable[[Hold, bool], Shown]


@TABLES
def test_it_is_painted_and_explained(make: Make, hold: Hold, qtmodeltester: ModelTester) -> None:
    shown = make(hold, True)
    assert shown.texts() == ["one", "three", "two"]
    cells = [shown.cell(row) for row in range(3)]
    assert all(one != other for one, other in combinations(cells, 2))
    title = Qt.Orientation.Horizontal, Qt.ItemDataRole.DisplayRole
    assert shown.model.headerData(shown.section, *title) == "New"
    tip = shown.model.headerData(
        shown.section, Qt.Orientation.Horizontal, Qt.ItemDataRole.ToolTipRole
    )
    assert tip == "New here"
    assert shown.model.columnCount() == make(hold, False).model.columnCount() + 1
    qtmodeltester.check(shown.model)


@TABLES
def test_it_is_hidden_and_shown_by_the_menu_of_the_header(make: Make, hold: Hold) -> None:
    shown = make(hold, True)
    for hidden in (True, False):
        action = next(one for one in shown.header.menu().actions() if one.text() == "New")
        assert action.isChecked() == hidden
        action.trigger()
        assert shown.header.isSectionHidden(shown.section) == hidden


@TABLES
def test_the_menu_belongs_to_the_header_until_it_is_closed(
    make: Make, hold: Hold, qtbot: QtBot
) -> None:
    header = make(hold, False).header
    place = QPoint(20, 5)
    event = QContextMenuEvent(
        QContextMenuEvent.Reason.Mouse, place, cast(QWidget, header.viewport()).mapToGlobal(place)
    )
    QApplication.sendEvent(header.viewport(), event)
    (menu,) = header.findChildren(QMenu)
    gc.collect()
    assert menu.isVisible()
    with qtbot.waitSignal(menu.destroyed):
        menu.close()
    assert header.findChildren(QMenu) == []


@TABLES
def test_it_is_saved_and_restored(make: Make, hold: Hold) -> None:
    shown, other = make(hold, True), make(hold, True)
    shown.header.moveSection(shown.section, 1)
    shown.header.resizeSection(shown.section, 77)
    shown.header.set_column_visible("count" if make is groups else "client", False)
    other.restore(shown.save())
    assert other.header.visualIndex(other.section) == 1
    assert other.header.sectionSize(other.section) == 77
    assert other.save() == shown.save()


@TABLES
def test_a_state_saved_before_it_was_there_still_holds(make: Make, hold: Hold) -> None:
    before, now = make(hold, False), make(hold, True)
    before.header.moveSection(3, 0)
    before.header.resizeSection(3, 91)
    now.restore(before.save())
    assert now.header.logicalIndex(0) == 3
    assert now.header.sectionSize(3) == 91
    assert now.header.visualIndex(now.section) == now.header.count() - 1
    assert not now.header.isSectionHidden(now.section)
    assert now.header.sectionSize(now.section) > now.header.minimumSectionSize()


@TABLES
def test_a_state_that_knows_it_holds_where_it_is_not_there(make: Make, hold: Hold) -> None:
    before, later = make(hold, False), make(hold, True)
    later.header.moveSection(later.section, 0)
    later.header.moveSection(later.header.visualIndex(3), 1)
    before.restore(later.save())
    assert before.header.logicalIndex(0) == 3


@pytest.mark.parametrize("make", [table, groups])
def test_rows_are_sorted_by_it(make: Make, hold: Hold, qtbot: QtBot) -> None:
    shown, other = make(hold, True), make(hold, True)
    shown.scroll_to_it()
    place = QPoint(
        shown.header.sectionViewportPosition(shown.section) + 12, shown.header.height() // 2
    )
    title = cast(QWidget, shown.header.viewport())
    qtbot.mouseClick(title, Qt.MouseButton.LeftButton, pos=place)
    assert shown.header.sorting is not None
    orders = {shown.header.sorting.descending: shown.texts()}
    qtbot.mouseClick(title, Qt.MouseButton.LeftButton, pos=place)
    orders[shown.header.sorting.descending] = shown.texts()
    assert orders == {False: ["one", "three", "two"], True: ["two", "three", "one"]}
    assert shown.header.sorting.key == "new"
    other.restore(shown.save())
    assert other.texts() == shown.texts()
    without = make(hold, False)
    without.restore(shown.save())
    assert without.header.sorting == make(hold, False).header.sorting  # as at first


def test_the_list_of_runs_shows_it(hold: Hold) -> None:
    new: Column[ListedRun] = Column(
        **NEW,
        text=lambda row: "all" if row.run is None else row.run.version,
    )
    runs = [Run(1, 0.0, None, "7.8", 3)]
    dialog = RunsDialog("/h.sqlite", runs, 1, HistoryLimits(), columns=(*RUNS, new))
    hold(dialog)
    dialog.show()
    cells = child(dialog, QTableWidget, "runs_table")
    assert cells.columnCount() == len(RUNS) + 1
    assert cells.horizontalHeaderItem(len(RUNS)).text() == "New"
    assert [cells.item(row, len(RUNS)).text() for row in range(2)] == ["all", "7.8"]
