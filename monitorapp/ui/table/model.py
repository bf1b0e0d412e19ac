"""The item model of the live table: interruptions, and the stories of the open ones."""

from __future__ import annotations

from bisect import bisect_left
from collections import deque
from collections.abc import Container
from itertools import islice
from operator import is_
from typing import Any, Final, cast

from PyQt5.QtCore import QAbstractTableModel, QModelIndex, QObject, Qt, QTimer, pyqtSignal
from PyQt5.QtGui import QGuiApplication

from monitorapp.core.record.identity import RequestId
from monitorapp.core.record.interruption import Interruption
from monitorapp.core.record.outcome import explain_outcome
from monitorapp.core.record.story import LineKind, StoryLine, story
from monitorapp.core.records.matching import Interruptions
from monitorapp.core.records.outcomes import Outcomes
from monitorapp.core.records.sorting import SortedInterruptions, places_of
from monitorapp.core.records.stars import Stars
from monitorapp.ui.table.changes import StoreChanges
from monitorapp.ui.table.columns import (
    COLUMNS,
    EXPLANATIONS,
    LEFT,
    RIGHT,
    RIGHT_ALIGNED,
    TITLES,
    Column,
    cell_text,
)
from monitorapp.ui.table.open_rows import OpenRows
from monitorapp.ui.table.sorting import Sorting, sort_key
from monitorapp.ui.widgets.columns import column_header

INTERVAL_MS: Final = 40
"""How long changes of the store are gathered before the table shows them at once."""

SORTED_INTERVAL_MS: Final = 400
"""The same while the rows are sorted, when most of them move at each change."""

CACHED_STORIES: Final = 64
"""Stories of open records that are kept in lines: more than a screen can show."""

_FLAGS: Final = cast(
    Qt.ItemFlags,
    Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemNeverHasChildren,
)
_NO_INDEX: Final = QModelIndex()


class InterruptionsModel(QAbstractTableModel):
    """A row for each interruption that the store keeps, oldest first or sorted.

    An open interruption is followed by a row for each line of its story. What the store
    adds, evicts and clears is gathered and shown every `INTERVAL_MS`, mostly with one
    removal near the head, behind starred rows, and one insertion at the tail. While the
    rows are sorted the model is reset instead, every `SORTED_INTERVAL_MS`. Cells are
    formatted when they are asked for; of a row that is closed nothing is held but a
    reference to the record.

    Records have a serial, a running number that stays theirs while rows come and go, but
    not through a reset. `row_at` knows where those went whose serial has just changed.

    Signals:
        about_to_change: Rows are about to come or go; True if the store is the cause,
            False if rows are being opened or closed.
        changed: The same, afterwards.
        toggled: The interruption in this row was opened (True) or closed.
    """

    about_to_change = pyqtSignal(bool)
    changed = pyqtSignal(bool)
    toggled = pyqtSignal(int, bool)

    def __init__(self, store: Interruptions, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._store = store
        self._sorting: Sorting | None = None
        self._sorted: SortedInterruptions | None = None
        self._records: list[Interruption] = list(store)
        self._rows = OpenRows()
        self._rows.extend(len(self._records))
        self._stories: dict[int, list[StoryLine]] = {}

        self._head = 0  # so many starred rows are older than the next one that will go
        self._moved: dict[int, int] = {}  # serials that the last removal has changed
        self._flushing = False
        self._changes = StoreChanges(store, INTERVAL_MS, self)
        self._changes.due.connect(self._flush_in_time)
        self._outcomes: Outcomes | None = None
        self._changed_outcomes: set[RequestId] = set()
        store.stars.changed.connect(self._note_star)

    def set_store(self, store: Interruptions) -> None:
        """Show the interruptions of another store, at once. Those of them that are open stay so.

        Serials begin anew, above all that there were: none means another record than before.
        """
        self.beginResetModel()
        self._store.stars.changed.disconnect(self._note_star)
        store.stars.changed.connect(self._note_star)
        self._changes.listen_to(store)
        self._store = store
        self._take_over()
        self.endResetModel()

    def set_sorting(self, sorting: Sorting | None) -> None:
        """Sort the rows, or show them in the order of their arrival; see `set_store`."""
        if sorting == self._sorting:
            return
        self.beginResetModel()
        self._sorting = sorting
        self._changes.set_interval_ms(INTERVAL_MS if sorting is None else SORTED_INTERVAL_MS)
        self._take_over()
        self.endResetModel()

    def detach(self) -> None:
        """Stop listening to the store."""
        self._changes.detach()
        self._store.stars.changed.disconnect(self._note_star)

    def set_outcomes(self, outcomes: Outcomes) -> None:
        """Show these outcomes from now on; call it once, while no row is open."""
        self._outcomes = outcomes
        outcomes.changed.connect(self._note_outcome)

    def _take_over(self) -> None:
        """Show all that the store has now."""
        self._changes.take()
        self._sorted = None
        records = list(self._store)
        if self._sorting is not None:
            column = self._sorting.column
            key = self._outcome_key if self._sorts_outcomes else sort_key(column)
            self._sorted = SortedInterruptions(key, self._sorting.descending, records)
            records = self._sorted.ordered()
        self._replace(records)

    def _replace(self, records: list[Interruption], first: int | None = None) -> None:
        """Show these records, with serials from `first` on, by default with new ones.

        Those that were open stay so.
        """
        opened = [self._records[serial - self._rows.first] for serial in self._rows.open_serials]
        first = self._rows.end if first is None else first
        self._records = records
        self._rows = OpenRows(first)
        self._rows.extend(len(records))
        self._stories.clear()
        self._moved.clear()
        self._head = 0
        if opened:
            for place in places_of(records, set(map(id, opened))):
                self._rows.open(first + place, len(self._story(first + place, records[place])))

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

    def text(self, interruption: Interruption, column: int) -> str:
        """Return what a cell of the row of `interruption` says. Never raises."""
        if column == Column.OUTCOME and self._outcomes is not None:
            known = self._outcomes.of(interruption)
            if known is not None:
                return known.text
        return cell_text(interruption, column)

    @property
    def _sorts_outcomes(self) -> bool:
        return self._sorting is not None and self._sorting.column == Column.OUTCOME

    def _outcome_key(self, interruption: Interruption) -> tuple[int, str, float]:
        known = self._outcomes.of(interruption) if self._outcomes is not None else None
        if known is not None:
            return 0, known.outcome.value, known.wasted_s
        # Never None: what is known of a row that stays can be forgotten while it is sorted.
        return -1 if self._sorting is not None and self._sorting.descending else 1, "", 0.0

    def outcome_line(self, interruption: Interruption) -> str | None:
        """Return what a story says of the outcome; None if this model shows no outcomes."""
        if self._outcomes is None:
            return None
        return explain_outcome(self._outcomes.of(interruption), interruption.request_number)

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
    def stars(self) -> Stars:
        """Which interruptions are starred."""
        return self._store.stars

    @property
    def sorting(self) -> Sorting | None:
        """By what the rows are sorted; None in the order of their arrival."""
        return self._sorting

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

    def row_near(self, interruption: Interruption) -> int:
        """Return the row of a record, or of the one that stands where it would stand.

        It is the number of rows if there is none. Without a sorting, records are taken to be
        in the order of time.
        """
        row = self.row_of(interruption)
        if row is not None:
            return row
        if self._sorted is not None:
            place = self._sorted.place(interruption)
        else:
            time_s = interruption.time_s
            place = bisect_left(self._records, time_s, key=lambda record: record.time_s)
        if place >= len(self._records):
            return len(self._rows)
        return self._rows.row(self._rows.first + place)

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
        self.dataChanged.emit(self.index(first_row, 0), self.index(last_row, len(COLUMNS) - 1))

    def _story(self, serial: int, record: Interruption) -> list[StoryLine]:
        lines = self._stories.get(serial)
        if lines is None:
            try:
                lines = story(record, outcome=self.outcome_line(record))
            except (ValueError, OverflowError, OSError):  # a time that no calendar has
                lines = [StoryLine(LineKind.NOTE, "The story of this row cannot be told.")]
            while len(self._stories) >= CACHED_STORIES:
                del self._stories[next(iter(self._stories))]
            self._stories[serial] = lines
        return lines

    def _note_outcome(self, request: RequestId) -> None:
        if not self._changed_outcomes:
            interval_ms = SORTED_INTERVAL_MS if self._sorts_outcomes else INTERVAL_MS
            QTimer.singleShot(interval_ms, self._show_outcomes)
        self._changed_outcomes.add(request)

    def _show_outcomes(self) -> None:
        """Show what has become known late. A story keeps its number of lines."""
        if self._sorts_outcomes:
            if QGuiApplication.mouseButtons():  # see _flush_in_time
                QTimer.singleShot(SORTED_INTERVAL_MS, self._show_outcomes)
                return
            self._changed_outcomes.clear()
            self.beginResetModel()
            self._take_over()
            self.endResetModel()
            return
        changed, self._changed_outcomes = self._changed_outcomes, set()
        for serial in self._rows.open_serials:
            if self._records[serial - self._rows.first].identity in changed:
                self._stories.pop(serial, None)
        if len(self._rows):
            self._repaint(0, len(self._rows) - 1)

    # What the store says

    def flush(self) -> None:
        """Show at once what has been gathered."""
        if self._flushing:
            return
        changes = self._changes.take()
        added, gone = changes.added, changes.gone
        if changes.cleared:
            gone = [*self._records, *gone]
        if not (gone or added):
            return
        self._flushing = True
        try:
            if self._sorted is not None:
                self._sort_in(self._sorted, gone, added)
            elif self._is_run(gone):
                self.about_to_change.emit(True)
                if gone:
                    self._remove_run(len(gone))
                if added:
                    self._insert_tail(added)
                self.changed.emit(True)
            else:
                self._leave_out(gone, added)
        finally:
            self._flushing = False

    def _flush_in_time(self) -> None:
        # A reset would end the selection of rows with the mouse.
        if self._sorted is not None and QGuiApplication.mouseButtons():
            self._changes.postpone()
        else:
            self.flush()

    def _sort_in(
        self, kept: SortedInterruptions, gone: list[Interruption], added: deque[Interruption]
    ) -> None:
        self.beginResetModel()
        kept.add(added)  # first: some may be gone already
        if gone:
            kept.remove(set(map(id, gone)))
        self._replace(kept.ordered())
        self.endResetModel()

    def _is_run(self, gone: list[Interruption]) -> bool:
        """Return whether these are the records right behind the old starred ones."""
        if len(gone) == len(self._records):
            self._head = 0
        if self._head + len(gone) > len(self._records):
            return False
        return all(map(is_, gone, islice(self._records, self._head, None)))

    def _leave_out(self, gone: list[Interruption], added: deque[Interruption]) -> None:
        """Show all but these, at once.

        So it goes when a starred row has become one of the oldest, or lost its star there.
        """
        identities = set(map(id, gone))
        places = places_of(self._records, identities)
        self.beginResetModel()
        records = [one for one in (*self._records, *added) if id(one) not in identities]
        # The newest keep their serials, so that it stays known which of them were seen.
        self._replace(records, self._rows.end + len(added) - len(records))
        self._head = places[-1] + 1 - len(places) if places else 0
        self.endResetModel()

    def _remove_run(self, count: int) -> None:
        """Remove the records right behind the old starred ones."""
        head, first = self._head, self._rows.first
        row = self._rows.rows_of_head(head)
        self.beginRemoveRows(_NO_INDEX, row, self._rows.rows_of_head(head + count) - 1)
        self._moved = {serial: serial + count for serial in range(first, first + head)}
        if self._stories:
            end = first + head + count
            self._stories = {
                self._moved.get(serial, serial): lines
                for serial, lines in self._stories.items()
                if serial in self._moved or serial >= end
            }
        self._rows.remove(head, count)
        del self._records[head : head + count]
        self.endRemoveRows()

    def _insert_tail(self, added: deque[Interruption]) -> None:
        row = len(self._rows)
        self.beginInsertRows(_NO_INDEX, row, row + len(added) - 1)
        self._records.extend(added)
        self._rows.extend(len(added))
        self.endInsertRows()

    def _note_star(self, _interruption: Interruption, _starred: bool) -> None:
        if self._records:
            self._repaint(0, len(self._rows) - 1)

    # What Qt asks

    def rowCount(self, parent: QModelIndex = _NO_INDEX) -> int:
        """Return the number of interruptions and of story lines shown."""
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: QModelIndex = _NO_INDEX) -> int:
        """Return the number of columns."""
        return 0 if parent.isValid() else len(COLUMNS)

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
                return self.text(record, column)
            if column:
                return ""
            return f"{line.label}: {line.text}" if line.label else line.text
        if role == Qt.ItemDataRole.TextAlignmentRole and index.isValid():
            return RIGHT if index.column() in RIGHT_ALIGNED else LEFT
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
        return column_header(section, role, COLUMNS, TITLES, EXPLANATIONS, RIGHT_ALIGNED)
