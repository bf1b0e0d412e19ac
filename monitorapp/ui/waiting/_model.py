"""The item model of the requests that wait."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from PyQt5.QtCore import QModelIndex, QObject, Qt

from monitorapp.core.request.waiting import WaitingRequests
from monitorapp.ui.waiting._rows import WaitingRow
from monitorapp.ui.waiting.columns import COLUMNS
from monitorapp.ui.widgets.columns import Column, ColumnModel

MOST_RUNS: Final = 32
"""Rows that go in more pieces than this are replaced all at once, which is then faster."""

NO_ERRBACK: Final = (
    "No errback: the resource is not notified when this client leaves, since it added none to"
    " request.notifyFinish(). Its work would go on, and no row would say so."
)

_NO_INDEX: Final = QModelIndex()


class WaitingModel(ColumnModel):
    """A row for each request that waits, the oldest first.

    It changes only in `refresh`. What a request is like is asked for the rows that are looked
    at, once between two refreshes.
    """

    columns: tuple[Column[WaitingRow], ...]

    def __init__(
        self, parent: QObject | None = None, columns: Sequence[Column[WaitingRow]] = COLUMNS
    ) -> None:
        super().__init__(columns, parent)
        self._source: WaitingRequests | None = None
        self._numbers: list[int] = []
        self._shown: dict[int, WaitingRow] = {}  # of the rows that were looked at

    def set_source(self, source: WaitingRequests) -> None:
        """Show the requests of `source`, from the next refresh on."""
        self._source = source

    def refresh(self, first_row: int, last_row: int) -> None:
        """Show the requests that wait now, and what has become of those between two rows."""
        if self._source is None:
            return
        self._shown.clear()
        numbers = list(self._source.numbers())
        if numbers != self._numbers:
            self._take(numbers)
        last_row = min(last_row, len(self._numbers) - 1)
        if 0 <= first_row <= last_row:
            self.dataChanged.emit(
                self.index(first_row, 0), self.index(last_row, len(self.columns) - 1)
            )

    def number(self, row: int) -> int:
        """Return the number of the request in a row.

        Raises:
            IndexError: There is no such row.
        """
        return self._numbers[row]

    def rows_of(self, numbers: set[int]) -> list[int]:
        """Return the rows of those of the requests that are still shown, in ascending order."""
        return [row for row, number in enumerate(self._numbers) if number in numbers]

    def row(self, row: int) -> WaitingRow:
        """Return what a row shows.

        Raises:
            IndexError: There is no such row.
        """
        number = self._numbers[row]
        shown = self._shown.get(number)
        if shown is None:
            request = self._source.facts(number) if self._source else None
            shown = self._shown[number] = WaitingRow(number, request)
        return shown

    def _take(self, numbers: list[int]) -> None:
        kept = set(numbers)
        runs: list[list[int]] = []
        for row, number in enumerate(self._numbers):
            if number in kept:
                continue
            if runs and runs[-1][1] == row - 1:
                runs[-1][1] = row
            else:
                runs.append([row, row])
        count = len(self._numbers) - sum(last - first + 1 for first, last in runs)
        if len(runs) > MOST_RUNS or [n for n in self._numbers if n in kept] != numbers[:count]:
            self.beginResetModel()
            self._numbers = numbers
            self.endResetModel()
            return
        for first, last in reversed(runs):
            self.beginRemoveRows(_NO_INDEX, first, last)
            del self._numbers[first : last + 1]
            self.endRemoveRows()
        if len(numbers) > count:
            self.beginInsertRows(_NO_INDEX, count, len(numbers) - 1)
            self._numbers += numbers[count:]
            self.endInsertRows()

    def rowCount(self, parent: QModelIndex = _NO_INDEX) -> int:
        """Count the requests that are shown."""
        return 0 if parent.isValid() else len(self._numbers)

    def data(self, index: QModelIndex, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return the text, the alignment or the explanation of a cell."""
        row = index.row()
        if not index.isValid() or row >= len(self._numbers):
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return self.columns[index.column()].text(self.row(row))
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return self.columns[index.column()].alignment
        if role == Qt.ItemDataRole.ToolTipRole:
            request = self.row(row).request
            return NO_ERRBACK if request is not None and not request.has_errback else None
        return None
