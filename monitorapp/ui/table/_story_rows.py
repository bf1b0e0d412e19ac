"""Records as the rows of an item model, and the stories of the open ones below them."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Container
from typing import Any, Final, cast

from PyQt5.QtCore import QModelIndex, QObject, Qt, pyqtSignal

from monitorapp.core.record.interruption import Interruption
from monitorapp.core.record.story import LineKind, StoryLine, story
from monitorapp.core.records.outcomes import Outcomes
from monitorapp.core.records.sorting import places_of
from monitorapp.ui.table._open_rows import OpenRows
from monitorapp.ui.table.columns import OutcomeOf
from monitorapp.ui.widgets.columns import Column, ColumnModel

CACHED_STORIES: Final = 64
"""Stories of open records that are cached as lines: more than a screen can show."""

Columns = Callable[[OutcomeOf], tuple[Column[Interruption], ...]]
"""Returns the columns of a table that knows outcomes so."""

_FLAGS: Final = cast(
    Qt.ItemFlags,
    Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemNeverHasChildren,
)
_NO_INDEX: Final = QModelIndex()


class StoryRowsModel(ColumnModel):
    """A row for each record of a list; an open one is followed by the lines of its story.

    Cells are formatted when they are asked for; of a row that is closed nothing is held but a
    reference to the record.

    Records have a serial, a running number that stays theirs while rows come and go, but
    not through a reset. `row_at` knows where those went whose serial has just changed.

    Signals:
        about_to_change(bool): Emitted before rows come or go; True if the store is the cause,
            False if rows are being opened or closed.
        changed(bool): The same, afterwards.
        toggled(int, bool): Emitted when the interruption in this row was opened (True) or closed.
    """

    about_to_change = pyqtSignal(bool)
    changed = pyqtSignal(bool)
    toggled = pyqtSignal(int, bool)

    columns: tuple[Column[Interruption], ...]

    def __init__(
        self,
        records: list[Interruption],
        outcomes: Outcomes,
        columns: Columns,
        parent: QObject | None = None,
    ) -> None:
        self._outcomes = outcomes
        super().__init__(columns(lambda one: self._outcomes.of(one)), parent)
        self._records = records
        self._rows = OpenRows()
        self._rows.extend(len(records))
        self._stories: dict[int, list[StoryLine]] = {}
        self._moved: dict[int, int] = {}  # serials that the last removal has changed

    # What the rows are

    def interruption(self, row: int) -> Interruption:
        """Return the interruption that a row shows, or to whose story it belongs.

        Raises:
            IndexError: There is no such row.
        """
        return self._records[self._rows.locate(row)[0] - self._rows.first]

    def story_line(self, row: int) -> StoryLine | None:
        """Return the line of a story that a row shows; None if it shows the interruption.

        Raises:
            IndexError: There is no such row.
        """
        return self.content(row)[1]

    def content(self, row: int) -> tuple[Interruption, StoryLine | None]:
        """Return `interruption(row)` and `story_line(row)`, in one look-up.

        Raises:
            IndexError: There is no such row.
        """
        serial, line = self._rows.locate(row)
        record = self._records[serial - self._rows.first]
        if not line:
            return record, None
        return record, self._story(serial, record)[line - 1]

    def applied(self, interruption: Interruption) -> Interruption:
        """Return a record with what is known of its outcome."""
        return self._outcomes.applied(interruption)

    def is_story(self, row: int) -> bool:
        """Return whether a row is a line of a story.

        Raises:
            IndexError: There is no such row.
        """
        return self._rows.locate(row)[1] > 0

    def record_row(self, row: int) -> int:
        """Return the row of the interruption that a row belongs to.

        Raises:
            IndexError: There is no such row.
        """
        return row - self._rows.locate(row)[1]

    def is_open(self, row: int) -> bool:
        """Return whether the interruption of a row is open.

        Raises:
            IndexError: There is no such row.
        """
        return self.line_count(row) > 0

    def line_count(self, row: int) -> int:
        """Return how many lines of its story the interruption of a row shows; 0 if closed.

        Raises:
            IndexError: There is no such row.
        """
        return self._rows.lines(self._rows.locate(row)[0])

    @property
    def record_count(self) -> int:
        """How many interruptions are shown, without the lines of their stories."""
        return len(self._records)

    @property
    def open_count(self) -> int:
        """How many interruptions are open."""
        return self._rows.open_count

    @property
    def first_serial(self) -> int:
        """Serial of the first interruption."""
        return self._rows.first

    @property
    def end_serial(self) -> int:
        """One more than the serial of the last interruption."""
        return self._rows.end

    def position(self, row: int) -> tuple[int, int]:
        """Return the serial of a row's interruption and the line of its story, 0 for none.

        Unlike the row, this stays the same while other rows come and go.

        Raises:
            IndexError: There is no such row.
        """
        return self._rows.locate(row)

    def row_at(self, serial: int, line: int = 0) -> int:
        """Return where a position is now.

        If the interruption has been closed it is its row; if it is gone, the first row.
        """
        serial = self._moved.get(serial, serial)
        if serial < self._rows.first:
            return 0
        row = self._rows.row(serial)
        return row + line if line <= self._rows.lines(serial) else row

    def row_of(self, interruption: Interruption) -> int | None:
        """Return the row of this very record; None if it is not shown."""
        serials = self.serials_of({id(interruption)})
        return self._rows.row(serials[0]) if serials else None

    def serials_of(self, identities: Container[int]) -> list[int]:
        """Return the serials of the interruptions whose `id` is one of these, ascending."""
        first = self._rows.first
        return [first + place for place in places_of(self._records, identities)]

    def records_between(self, first_serial: int, end_serial: int) -> list[Interruption]:
        """Return the interruptions from one serial up to, without, another."""
        first = self._rows.first
        return self._records[max(0, first_serial - first) : max(0, end_serial - first)]

    # Opening and closing

    def set_open(self, row: int, is_open: bool) -> None:
        """Open or close the interruption of a row (or to whose story the row belongs).

        Raises:
            IndexError: There is no such row.
        """
        serial, line = self._rows.locate(row)
        if (self._rows.lines(serial) > 0) == is_open:
            return
        record_row = row - line
        self.about_to_change.emit(False)
        if is_open:
            lines = len(self._story(serial, self._records[serial - self._rows.first]))
            self.beginInsertRows(_NO_INDEX, record_row + 1, record_row + lines)
            self._rows.open(serial, lines)
            self.endInsertRows()
        else:
            self._close(serial)
        self._repaint(record_row)
        self.changed.emit(False)
        self.toggled.emit(record_row, is_open)

    def toggle(self, row: int) -> None:
        """Open the interruption of a row if it is closed, close it if it is open.

        Raises:
            IndexError: There is no such row.
        """
        self.set_open(row, not self.is_open(row))

    def close_all(self) -> None:
        """Close all open interruptions."""
        if not self._rows.open_count:
            return
        self.about_to_change.emit(False)
        for serial in reversed(self._rows.open_serials):  # the lower first: fewer rows move
            self._close(serial)
        self._repaint(0, self.rowCount() - 1)
        self.changed.emit(False)

    def _close(self, serial: int) -> None:
        row = self._rows.row(serial)
        self.beginRemoveRows(_NO_INDEX, row + 1, row + self._rows.lines(serial))
        self._rows.close(serial)
        self._stories.pop(serial, None)
        self.endRemoveRows()

    def _repaint(self, first_row: int, last_row: int | None = None) -> None:
        last_row = first_row if last_row is None else last_row
        last_column = len(self.columns) - 1
        self.dataChanged.emit(self.index(first_row, 0), self.index(last_row, last_column))

    def _story(self, serial: int, record: Interruption) -> list[StoryLine]:
        lines = self._stories.get(serial)
        if lines is None:
            try:
                lines = story(self.applied(record))
            except (ValueError, OverflowError, OSError):  # a time that no calendar has
                lines = [StoryLine(LineKind.NOTE, "The story of this row cannot be shown.")]
            while len(self._stories) >= CACHED_STORIES:
                del self._stories[next(iter(self._stories))]
            self._stories[serial] = lines
        return lines

    # Other records

    def _replace(self, records: list[Interruption], first: int | None = None) -> None:
        """Show these records, with serials from `first` on, by default with new ones.

        Those that were open stay so. Call it during a reset.
        """
        opened = [self._records[serial - self._rows.first] for serial in self._rows.open_serials]
        first = self._rows.end if first is None else first
        self._records = records
        self._rows = OpenRows(first)
        self._rows.extend(len(records))
        self._stories.clear()
        self._moved.clear()
        if opened:
            for place in places_of(records, set(map(id, opened))):
                self._rows.open(first + place, len(self._story(first + place, records[place])))

    def _remove_run(self, place: int, count: int) -> None:
        """Remove `count` records from behind the first `place` ones."""
        first = self._rows.first
        row = self._rows.rows_of_head(place)
        self.beginRemoveRows(_NO_INDEX, row, self._rows.rows_of_head(place + count) - 1)
        self._moved = {serial: serial + count for serial in range(first, first + place)}
        if self._stories:
            end = first + place + count
            self._stories = {
                self._moved.get(serial, serial): lines
                for serial, lines in self._stories.items()
                if serial in self._moved or serial >= end
            }
        self._rows.remove(place, count)
        del self._records[place : place + count]
        self.endRemoveRows()

    def _insert_tail(self, added: deque[Interruption]) -> None:
        row = len(self._rows)
        self.beginInsertRows(_NO_INDEX, row, row + len(added) - 1)
        self._records.extend(added)
        self._rows.extend(len(added))
        self.endInsertRows()

    # Overrides of Qt

    def rowCount(self, parent: QModelIndex = _NO_INDEX) -> int:
        """Count the interruptions and the story lines shown."""
        return 0 if parent.isValid() else len(self._rows)

    def flags(self, index: QModelIndex) -> Qt.ItemFlags:
        """Return that a cell can be selected and has nothing below it."""
        return _FLAGS if index.isValid() else Qt.ItemFlags()

    def data(self, index: QModelIndex, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return the text of a cell; that of a story line is in the first column."""
        if role == Qt.ItemDataRole.DisplayRole:
            row, column = index.row(), index.column()
            if not (index.isValid() and row < len(self._rows)):
                return None
            record, line = self.content(row)
            if line is None:
                return self.columns[column].text(record)
            if column:
                return ""
            return f"{line.label}: {line.text}" if line.label else line.text
        if role == Qt.ItemDataRole.TextAlignmentRole and index.isValid():
            return self.columns[index.column()].alignment
        return None
