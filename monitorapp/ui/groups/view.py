"""The table of groups of interrupted responses."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, cast

from PyQt5.QtCore import QByteArray, QItemSelectionModel, QModelIndex, QPoint, Qt, pyqtSignal
from PyQt5.QtGui import QHideEvent, QKeyEvent, QMouseEvent, QShowEvent
from PyQt5.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QScrollBar,
    QTableView,
    QWidget,
)

from monitorapp.ui.groups._delegate import GroupDelegate, triangle_rect
from monitorapp.ui.groups._header import GroupsHeader
from monitorapp.ui.groups._model import GroupsModel
from monitorapp.ui.groups._rows import GroupRow
from monitorapp.ui.groups.columns import COLUMNS, FIRST_SORTING, GroupColumn

_SELECT_ROW: Final = cast(
    QItemSelectionModel.SelectionFlags,
    QItemSelectionModel.SelectionFlag.ClearAndSelect | QItemSelectionModel.SelectionFlag.Rows,
)


class GroupsView(QTableView):
    """Shows groups; opens and closes them, and stays put while they change.

    Signals:
        chosen(object): Emitted with the `Interruption` of a row that is to be seen in the table.
        all_wanted(object): Emitted with a `Group` all rows of which are to be seen.
        menu_wanted(object, object): Emitted with an `Interruption`, of a group the newest, and
            the place where its menu is to be shown.
    """

    chosen = pyqtSignal(object)
    all_wanted = pyqtSignal(object)
    menu_wanted = pyqtSignal(object, object)

    def __init__(
        self, parent: QWidget | None = None, columns: Sequence[GroupColumn] = COLUMNS
    ) -> None:
        super().__init__(parent)
        self.setObjectName("groups_view")
        self.setAccessibleName("Groups of interrupted responses")
        self.groups_model = GroupsModel(parent=self, columns=columns)
        self.setItemDelegate(GroupDelegate(self))
        self._kept: tuple[tuple[object, ...] | None, tuple[object, ...] | None] = (None, None)
        self.groups_model.modelAboutToBeReset.connect(self._keep_place)
        self._columns = GroupsHeader(self)
        self.setHorizontalHeader(self._columns)
        self.setModel(self.groups_model)
        # After Qt's own slots, those of the header too, which reset the current row.
        self.groups_model.modelReset.connect(self._restore_place)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerItem)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setTabKeyNavigation(False)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.customContextMenuRequested.connect(self._open_menu)
        rows = cast(QHeaderView, self.verticalHeader())
        rows.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        rows.setDefaultSectionSize(self.fontMetrics().height() + 6)
        rows.hide()
        self._columns.set_default_widths()
        self._columns.set_sorting(FIRST_SORTING)
        self.setSortingEnabled(True)

    def save_state(self) -> QByteArray:
        """Return the order, the widths and the visibility of the columns, and the sorting."""
        return self._columns.state()

    def restore_state(self, state: QByteArray) -> None:
        """Restore what `save_state` returned; broken bytes change nothing."""
        self._columns.restore(state)

    def showEvent(self, event: QShowEvent | None) -> None:
        """Start refreshing, which costs time only while it is seen."""
        super().showEvent(event)
        self.groups_model.set_active(True)

    def hideEvent(self, event: QHideEvent | None) -> None:
        """Stop refreshing."""
        super().hideEvent(event)
        self.groups_model.set_active(False)

    def keyPressEvent(self, event: QKeyEvent | None) -> None:
        """Let the keys open and close groups, and choose rows."""
        if event is None:
            return
        current = self.currentIndex().row()
        row = self.groups_model.row(current)
        key = event.key()
        if row is not None and key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._activate(current)
        elif row is not None and key == Qt.Key.Key_Right and row.is_group:
            self.groups_model.set_open(current, True)
        elif row is not None and key == Qt.Key.Key_Left:
            self._go_out(current, row)
        else:
            super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent | None) -> None:
        """Open or close a group whose triangle is pressed, which Qt does only in a tree."""
        if event is None:
            return
        index = self.indexAt(event.pos())
        super().mousePressEvent(event)
        if self._is_triangle(index, event.pos()):
            self.groups_model.set_open(index.row(), not self.groups_model.is_open(index.row()))

    def mouseDoubleClickEvent(self, event: QMouseEvent | None) -> None:
        """Open or close a group, or choose a row of one, rather than edit a cell."""
        if event is None:
            return
        index = self.indexAt(event.pos())
        if self._is_triangle(index, event.pos()):
            self.mousePressEvent(event)
        elif index.isValid() and event.button() == Qt.MouseButton.LeftButton:
            self._activate(index.row())

    def _is_triangle(self, index: QModelIndex, point: QPoint) -> bool:
        row = self.groups_model.row(index.row()) if index.isValid() else None
        if row is None or not row.is_group:
            return False
        if not self.groups_model.columns[index.column()].has_triangle:
            return False
        return triangle_rect(self.visualRect(index)).contains(point)

    def _activate(self, place: int) -> None:
        row = self.groups_model.row(place)
        if row is None:
            return
        if row.interruption is not None:
            self.chosen.emit(row.interruption)
        elif row.older:
            self.all_wanted.emit(row.group)
        else:
            self.groups_model.set_open(place, not self.groups_model.is_open(place))

    def _go_out(self, place: int, row: GroupRow) -> None:
        self.groups_model.set_open(place, False)
        found = self.groups_model.row_of(GroupRow(row.group).identity)
        if found is not None:
            self._select(found)

    def _open_menu(self, place: QPoint) -> None:
        row = self.groups_model.row(self.indexAt(place).row())
        if row is not None:
            where = cast(QWidget, self.viewport()).mapToGlobal(place)
            self.menu_wanted.emit(row.interruption or row.group.newest, where)

    def _keep_place(self) -> None:
        current = self.groups_model.row(self.currentIndex().row())
        # At the very top, what comes to the top is what the user wants to see.
        first = cast(QScrollBar, self.verticalScrollBar()).value()
        top = self.groups_model.row(first) if first else None
        self._kept = (
            None if current is None else current.identity,
            None if top is None else top.identity,
        )

    def _restore_place(self) -> None:
        current, top = self._kept
        place = None if current is None else self.groups_model.row_of(current)
        if place is None and current is not None:  # a row of a group that was closed, or is older
            place = self.groups_model.row_of((current[0], False))
        if place is not None:
            self._select(place)
        found = None if top is None else self.groups_model.row_of(top)
        self.executeDelayedItemsLayout()
        cast(QScrollBar, self.verticalScrollBar()).setValue(found or 0)

    def _select(self, place: int) -> None:
        selection = cast(QItemSelectionModel, self.selectionModel())
        selection.setCurrentIndex(self.groups_model.index(place, 0), _SELECT_ROW)
