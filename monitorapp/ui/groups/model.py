"""The item model of the grouped table: groups, and the newest rows of the open ones."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from enum import IntEnum
from itertools import islice
from typing import Any, Final

from PyQt5.QtCore import QAbstractTableModel, QModelIndex, QObject, Qt, QTimer, pyqtSignal

from monitorapp.core.record.interruption import Interruption
from monitorapp.core.records.groups import Group, Grouping, Groups
from monitorapp.core.records.matching import Interruptions
from monitorapp.core.text.format import grouped, seconds
from monitorapp.core.text.visible import cut
from monitorapp.ui.table.columns import LEFT, RIGHT, UNKNOWN, Column, cell_text
from monitorapp.ui.widgets.columns import column_header

INTERVAL_MS: Final = 250
"""How often what has changed is shown."""

NEWEST: Final = 20
"""Rows that an open group shows."""

_NO_INDEX: Final = QModelIndex()


class GroupColumn(IntEnum):
    """A column of the grouped table."""

    GROUP = 0
    COUNT = 1
    FIRST = 2
    LAST = 3
    MEDIAN = 4
    LARGEST = 5
    COURSE = 6


COLUMNS: Final = tuple(GroupColumn)
TITLES: Final = {
    GroupColumn.GROUP: "Group",
    GroupColumn.COUNT: "Count",
    GroupColumn.FIRST: "First",
    GroupColumn.LAST: "Last",
    GroupColumn.MEDIAN: "Median",
    GroupColumn.LARGEST: "Longest",
    GroupColumn.COURSE: "Last 10 minutes",
}
EXPLANATIONS: Final = {
    GroupColumn.GROUP: "What the interrupted responses have in common",
    GroupColumn.COUNT: "How many there are",
    GroupColumn.FIRST: "When the first of them was logged",
    GroupColumn.LAST: "When the last of them was logged",
    GroupColumn.MEDIAN: "How long their clients had waited: half of them longer than this",
    GroupColumn.LARGEST: "How long the most patient client had waited",
    GroupColumn.COURSE: "How many there were in each 10 seconds of the last 10 minutes",
}
_NUMBERS: Final = frozenset({GroupColumn.COUNT, GroupColumn.MEDIAN, GroupColumn.LARGEST})
_SORT_KEYS: Final[dict[int, Callable[[Group], Any]]] = {
    GroupColumn.GROUP: lambda group: group.key,
    GroupColumn.COUNT: len,
    GroupColumn.FIRST: lambda group: group.first_s,
    GroupColumn.LAST: lambda group: group.last_s,
    GroupColumn.MEDIAN: lambda group: -1.0 if group.median_s is None else group.median_s,
    GroupColumn.LARGEST: lambda group: -1.0 if group.largest_s is None else group.largest_s,
    GroupColumn.COURSE: lambda group: group.last_s,
}


@dataclass(frozen=True, slots=True, eq=False)
class GroupRow:
    """What a row shows.

    Attributes:
        group: The group that it is, or belongs to.
        interruption: One of its newest, if that is what the row shows.
        older: How many more there are, if that is what the row shows; 0 otherwise.
    """

    group: Group
    interruption: Interruption | None = None
    older: int = 0

    @property
    def is_group(self) -> bool:
        """Whether the row is the group itself."""
        return self.interruption is None and not self.older

    @property
    def identity(self) -> tuple[object, ...]:
        """What stays the same of it while others come and go."""
        return (self.group.key, id(self.interruption) if self.interruption else bool(self.older))


class GroupsModel(QAbstractTableModel):
    """A row for each group of interruptions; an open one is followed by its newest.

    What changes is gathered and shown every `INTERVAL_MS`, while `set_active`.
    """

    refreshed = pyqtSignal()

    def __init__(
        self, wall: Callable[[], float] = time.time, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._wall = wall
        self._groups: Groups | None = None
        self._rows: list[GroupRow] = []
        self._open: set[tuple[str, ...]] = set()
        self._column = GroupColumn.COUNT
        self._order = Qt.SortOrder.DescendingOrder
        self._seen = -1
        self._timer = QTimer(self)
        self._timer.setInterval(INTERVAL_MS)
        self._timer.timeout.connect(self.refresh)

    def group(self, interruptions: Interruptions | None, grouping: Grouping | None) -> None:
        """Show groups of these; none, and stop to listen, if there is no grouping."""
        if self._groups is not None:
            self._groups.detach()
            self._groups = None
        if interruptions is not None and grouping is not None:
            self._groups = Groups(interruptions, grouping)
        self._seen = -1
        self.refresh()

    def set_active(self, active: bool) -> None:
        """Keep up with what changes, or not, as when it is not seen."""
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
            self._repaint(GroupColumn.COURSE)  # time goes on
            return
        self._seen = changes
        rows = self._new_rows()
        if [row.identity for row in rows] == [row.identity for row in self._rows]:
            self._rows = rows
            self._repaint(GroupColumn.GROUP)
        else:
            self.beginResetModel()
            self._rows = rows
            self.endResetModel()
        self.refreshed.emit()

    def course(self, group: Group) -> list[int]:
        """Return how many a group had in each part of the last minutes, oldest first."""
        return group.course(self._wall())

    def _new_rows(self) -> list[GroupRow]:
        if self._groups is None:
            return []
        groups = sorted(
            self._groups,
            key=_SORT_KEYS[self._column],
            reverse=self._order == Qt.SortOrder.DescendingOrder,
        )
        rows = []
        for group in groups:
            rows.append(GroupRow(group))
            if group.key in self._open:
                newest = islice(reversed(group.interruptions), NEWEST)
                rows += [GroupRow(group, interruption) for interruption in newest]
                if len(group) > NEWEST:
                    rows.append(GroupRow(group, None, len(group) - NEWEST))
        return rows

    def _repaint(self, first_column: int) -> None:
        if self._rows:
            self.dataChanged.emit(
                self.index(0, first_column), self.index(len(self._rows) - 1, len(COLUMNS) - 1)
            )

    # What Qt asks

    def rowCount(self, parent: QModelIndex = _NO_INDEX) -> int:
        """Return the number of groups and of the rows of the open ones."""
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: QModelIndex = _NO_INDEX) -> int:
        """Return the number of columns."""
        return 0 if parent.isValid() else len(COLUMNS)

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        """Let the groups be in the order of a column."""
        if 0 <= column < len(COLUMNS):
            self._column, self._order = GroupColumn(column), order
            self._seen = -1
            self.refresh()

    def data(self, index: QModelIndex, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return the text of a cell."""
        row = self.row(index.row()) if index.isValid() else None
        if row is None:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return _group_text(row, index.column()) if row.is_group else _row_text(row, index)
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return RIGHT if index.column() in _NUMBERS else LEFT
        return None

    def headerData(
        self,
        section: int,
        orientation: Qt.Orientation,
        role: int = Qt.ItemDataRole.DisplayRole,
    ) -> Any:
        """Return the title, the explanation or the alignment of a column."""
        if orientation != Qt.Orientation.Horizontal:
            return None
        return column_header(section, role, COLUMNS, TITLES, EXPLANATIONS, _NUMBERS)


def _group_text(row: GroupRow, column: int) -> str:
    group = row.group
    if column == GroupColumn.GROUP:
        return cut(" \N{MIDDLE DOT} ".join(part for part in group.key if part)) or UNKNOWN
    if column == GroupColumn.COUNT:
        return grouped(len(group))
    if column == GroupColumn.FIRST:
        return cell_text(group.interruptions[0], Column.TIME)
    if column == GroupColumn.LAST:
        return cell_text(group.newest, Column.TIME)
    if column == GroupColumn.MEDIAN:
        return UNKNOWN if group.median_s is None else seconds(group.median_s)
    if column == GroupColumn.LARGEST:
        return UNKNOWN if group.largest_s is None else seconds(group.largest_s)
    return ""


def _row_text(row: GroupRow, index: QModelIndex) -> str:
    column = index.column()
    if row.interruption is None:
        return f"and {grouped(row.older)} older" if column == GroupColumn.GROUP else ""
    one = row.interruption
    if column == GroupColumn.GROUP:
        path = cell_text(one, Column.PATH)
        return f"{cell_text(one, Column.CLIENT)}  {cell_text(one, Column.METHOD)} {path}"
    if column == GroupColumn.LAST:
        return cell_text(one, Column.TIME)
    if column == GroupColumn.MEDIAN:
        return cell_text(one, Column.WAITED)
    return cell_text(one, Column.REASON) if column == GroupColumn.COURSE else ""
