"""The item model of the grouped table: groups, and the newest rows of the open ones."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from itertools import islice
from typing import Any, Final

from PyQt5.QtCore import QModelIndex, QObject, Qt, QTimer, pyqtSignal

from monitorapp.core.records.groups import Group, Grouping, Groups
from monitorapp.core.records.matching import Interruptions
from monitorapp.ui.groups._rows import GroupRow
from monitorapp.ui.groups.columns import COLUMNS, FIRST_SORTING, GroupColumn
from monitorapp.ui.widgets.columns import ColumnModel, section_of

INTERVAL_MS: Final = 250
"""How often what has changed is shown."""

NEWEST: Final = 20
"""Rows that an open group shows."""

_NO_INDEX: Final = QModelIndex()


class GroupsModel(ColumnModel):
    """A row for each group of interruptions; an open one is followed by its newest.

    What changes is gathered and shown every `INTERVAL_MS`, while `set_active`.
    """

    refreshed = pyqtSignal()

    columns: tuple[GroupColumn, ...]

    def __init__(
        self,
        wall: Callable[[], float] = time.time,
        parent: QObject | None = None,
        columns: Sequence[GroupColumn] = COLUMNS,
    ) -> None:
        super().__init__(columns, parent)
        self._wall = wall
        self._groups: Groups | None = None
        self._rows: list[GroupRow] = []
        self._open: set[tuple[str, ...]] = set()
        self._sorted_by = self.columns[section_of(columns, FIRST_SORTING.key)]
        self._descending = FIRST_SORTING.descending
        self._seen = -1
        self._timer = QTimer(self)
        self._timer.setInterval(INTERVAL_MS)
        self._timer.timeout.connect(self.refresh)

    def group(self, interruptions: Interruptions | None, grouping: Grouping | None) -> None:
        """Show groups of these; without a grouping show none, and stop listening."""
        if self._groups is not None:
            self._groups.detach()
            self._groups = None
        if interruptions is not None and grouping is not None:
            self._groups = Groups(interruptions, grouping)
        self._seen = -1
        self.refresh()

    def set_active(self, active: bool) -> None:
        """Start or stop following changes, as when it is shown or hidden."""
        if active:
            self.refresh()
            self._timer.start()
        else:
            self._timer.stop()

    def row(self, row: int) -> GroupRow | None:
        """Return what a row shows; None if there is no such row."""
        return self._rows[row] if 0 <= row < len(self._rows) else None

    def row_of(self, identity: tuple[object, ...]) -> int | None:
        """Return where the row with this identity is; None if it is not there."""
        for place, row in enumerate(self._rows):
            if row.identity == identity:
                return place
        return None

    def is_open(self, row: int) -> bool:
        """Return whether the group of a row is open."""
        shown = self.row(row)
        return shown is not None and shown.group.key in self._open

    def set_open(self, row: int, is_open: bool) -> None:
        """Open or close the group of a row."""
        shown = self.row(row)
        if shown is not None:
            (self._open.add if is_open else self._open.discard)(shown.group.key)
            self._seen = -1
            self.refresh()

    def refresh(self) -> None:
        """Show at once what has changed."""
        changes = 0 if self._groups is None else self._groups.changes
        if changes == self._seen:
            for section, column in enumerate(self.columns):
                if column.bars is not None:  # time passes
                    self._repaint(section, section)
            return
        self._seen = changes
        rows = self._new_rows()
        if [row.identity for row in rows] == [row.identity for row in self._rows]:
            self._rows = rows
            self._repaint(0, len(self.columns) - 1)
        else:
            self.beginResetModel()
            self._rows = rows
            self.endResetModel()
        self.refreshed.emit()

    def bars(self, column: GroupColumn, group: Group) -> Sequence[int]:
        """Return the heights of the bars that a column has for a group now."""
        return () if column.bars is None else column.bars(group, self._wall())

    def _new_rows(self) -> list[GroupRow]:
        if self._groups is None:
            return []
        groups = sorted(
            map(GroupRow, self._groups), key=self._sorted_by.sort_key, reverse=self._descending
        )
        rows = []
        for row in groups:
            rows.append(row)
            group = row.group
            if group.key in self._open:
                newest = islice(reversed(group.interruptions), NEWEST)
                rows += [GroupRow(group, interruption) for interruption in newest]
                if len(group) > NEWEST:
                    rows.append(GroupRow(group, None, len(group) - NEWEST))
        return rows

    def _repaint(self, first_section: int, last_section: int) -> None:
        if self._rows:
            self.dataChanged.emit(
                self.index(0, first_section), self.index(len(self._rows) - 1, last_section)
            )

    # Overrides of Qt

    def rowCount(self, parent: QModelIndex = _NO_INDEX) -> int:
        """Count the groups and the rows of the open ones."""
        return 0 if parent.isValid() else len(self._rows)

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        """Sort the groups by a column, which Qt's models do not do."""
        if 0 <= column < len(self.columns):
            self._sorted_by = self.columns[column]
            self._descending = order == Qt.SortOrder.DescendingOrder
            self._seen = -1
            self.refresh()

    def data(self, index: QModelIndex, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return the text of a cell."""
        row = self.row(index.row()) if index.isValid() else None
        if row is None:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return self.columns[index.column()].text(row)
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return self.columns[index.column()].alignment
        return None
