"""The item model of the requests that wait."""

from __future__ import annotations

from enum import IntEnum
from typing import Any, Final

from PyQt5.QtCore import QAbstractTableModel, QModelIndex, QObject, Qt

from monitorapp.core.request.waiting import WaitingRequest, WaitingRequests
from monitorapp.core.text.format import grouped, seconds
from monitorapp.core.text.visible import cut
from monitorapp.ui.table.columns import LEFT, RIGHT, UNKNOWN
from monitorapp.ui.widgets.columns import column_header

MOST_RUNS: Final = 32
"""Rows that go in more pieces than this are replaced all at once, which is then faster."""

UNWATCHED: Final = (
    "Unwatched: the resource is not told when this client leaves, since it added no errback to"
    " request.notifyFinish(). Its work would go on, and no row would say so."
)

_NO_INDEX: Final = QModelIndex()


class WaitingColumn(IntEnum):
    """A column of the requests that wait."""

    NUMBER = 0
    PATH = 1
    CLIENT = 2
    WAITED = 3
    DELAY = 4
    WRITTEN = 5
    HEADERS = 6
    WATCHED = 7


WAITING_TITLES: Final = {
    WaitingColumn.NUMBER: "Number",
    WaitingColumn.PATH: "Path",
    WaitingColumn.CLIENT: "Client",
    WaitingColumn.WAITED: "Waited",
    WaitingColumn.DELAY: "Left of delay",
    WaitingColumn.WRITTEN: "Bytes",
    WaitingColumn.HEADERS: "Headers",
    WaitingColumn.WATCHED: "Watched",
}

_EXPLANATIONS: Final = {
    WaitingColumn.NUMBER: "Running number of the request",
    WaitingColumn.PATH: "What was requested: the path with its query",
    WaitingColumn.CLIENT: "Address and port that the request came from",
    WaitingColumn.WAITED: "How long the client has waited so far",
    WaitingColumn.DELAY: "How much of the delay is left; the bar is what is over",
    WaitingColumn.WRITTEN: "Bytes of the response's body written so far",
    WaitingColumn.HEADERS: "Whether the response's headers have been written",
    WaitingColumn.WATCHED: "Whether the resource is told when the client leaves",
}

_RIGHT_ALIGNED: Final = frozenset(
    {
        WaitingColumn.NUMBER,
        WaitingColumn.WAITED,
        WaitingColumn.DELAY,
        WaitingColumn.WRITTEN,
    }
)


class WaitingModel(QAbstractTableModel):
    """A row for each request that waits, the oldest first.

    It changes only in `refresh`. What a request is like is asked for the rows that are looked
    at, once between two refreshes.
    """

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._source: WaitingRequests | None = None
        self._numbers: list[int] = []
        self._facts: dict[int, WaitingRequest | None] = {}

    def set_source(self, source: WaitingRequests) -> None:
        """Show the requests of `source`, from the next refresh on."""
        self._source = source

    def refresh(self, first_row: int, last_row: int) -> None:
        """Show the requests that wait now, and what has become of those between two rows."""
        if self._source is None:
            return
        self._facts.clear()
        numbers = list(self._source.numbers())
        if numbers != self._numbers:
            self._take(numbers)
        last_row = min(last_row, len(self._numbers) - 1)
        if 0 <= first_row <= last_row:
            self.dataChanged.emit(
                self.index(first_row, 0), self.index(last_row, len(WaitingColumn) - 1)
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

    def request(self, row: int) -> WaitingRequest | None:
        """Return what is known of the request in a row; None if it has ended meanwhile.

        Raises:
            IndexError: There is no such row.
        """
        number = self._numbers[row]
        if number not in self._facts:
            self._facts[number] = self._source.facts(number) if self._source else None
        return self._facts[number]

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
        """Return how many requests are shown."""
        return 0 if parent.isValid() else len(self._numbers)

    def columnCount(self, parent: QModelIndex = _NO_INDEX) -> int:
        """Return the number of columns."""
        return 0 if parent.isValid() else len(WaitingColumn)

    def data(self, index: QModelIndex, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return the text, the alignment or the explanation of a cell."""
        row, column = index.row(), index.column()
        if not index.isValid() or row >= len(self._numbers):
            return None
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return RIGHT if column in _RIGHT_ALIGNED else LEFT
        if role == Qt.ItemDataRole.DisplayRole:
            return self._text(row, column)
        if role == Qt.ItemDataRole.ToolTipRole:
            request = self.request(row)
            return UNWATCHED if request is not None and not request.is_watched else None
        return None

    def _text(self, row: int, column: int) -> str:
        if column == WaitingColumn.NUMBER:
            return grouped(self._numbers[row])
        request = self.request(row)
        if request is None:
            return UNKNOWN
        if column == WaitingColumn.PATH:
            return cut(request.uri)
        if column == WaitingColumn.CLIENT:
            return cut(request.client)
        if column == WaitingColumn.WAITED:
            return seconds(request.waited_s, 1)
        if column == WaitingColumn.DELAY:
            return countdown(request)
        if column == WaitingColumn.WRITTEN:
            return grouped(request.bytes_written)
        if column == WaitingColumn.HEADERS:
            return "sent" if request.headers_sent else "not sent"
        return "yes" if request.is_watched else "unwatched"

    def headerData(
        self,
        section: int,
        orientation: Qt.Orientation,
        role: int = Qt.ItemDataRole.DisplayRole,
    ) -> Any:
        """Return the title, the explanation or the alignment of a column."""
        if orientation != Qt.Orientation.Horizontal:
            return None
        return column_header(
            section, role, tuple(WaitingColumn), WAITING_TITLES, _EXPLANATIONS, _RIGHT_ALIGNED
        )


def countdown(request: WaitingRequest) -> str:
    """Return how much is left of the delay of a request, such as `3.2 s of 5.000 s`."""
    if request.remaining_s is None or request.delay_s is None:
        return UNKNOWN
    return f"{seconds(max(0.0, request.remaining_s), 1)} of {seconds(request.delay_s)}"
