"""The item model of the live table: what a store keeps, in the order of its arrival or sorted."""

from __future__ import annotations

from bisect import bisect_left
from collections import deque
from collections.abc import Callable
from itertools import islice
from operator import is_
from typing import Final

from PyQt5.QtCore import QObject, QTimer

from monitorapp.core.record.identity import RequestId
from monitorapp.core.record.interruption import Interruption
from monitorapp.core.records.matching import Interruptions
from monitorapp.core.records.outcomes import Outcomes
from monitorapp.core.records.sorting import SortedInterruptions, SortKey, places_of
from monitorapp.core.records.stars import Stars
from monitorapp.ui.table._changes import StoreChanges, settled
from monitorapp.ui.table._story_rows import Columns, StoryRowsModel
from monitorapp.ui.table.columns import interruption_columns
from monitorapp.ui.widgets.columns import Column, Sorting, section_of

INTERVAL_MS: Final = 40
"""How long changes of the store are gathered before the table shows them at once."""

SORTED_INTERVAL_MS: Final = 400
"""The same while the rows are sorted, when most of them move at each change."""


class InterruptionsModel(StoryRowsModel):
    """A row for each interruption that the store keeps, oldest first or sorted.

    What the store adds, evicts and clears is gathered and shown every `INTERVAL_MS`, mostly
    with one removal near the head, behind starred rows, and one insertion at the tail. While
    the rows are sorted the model is reset instead, every `SORTED_INTERVAL_MS`.

    Attributes:
        is_held: Returns whether sorted rows must stay where they are, as while they are being
            selected with the mouse; changes are shown after that.
    """

    def __init__(
        self,
        store: Interruptions,
        parent: QObject | None = None,
        columns: Columns = interruption_columns,
    ) -> None:
        super().__init__(list(store), store.outcomes, columns, parent)
        self.is_held: Callable[[], bool] = lambda: False
        self._store = store
        self._sorting: Sorting | None = None
        self._sorted: SortedInterruptions | None = None
        self._live: int | None = None  # serial of the first record of this run
        self._head = 0  # so many starred rows are older than the next one that will go
        self._flushing = False
        self._changes = StoreChanges(store, INTERVAL_MS, self)
        self._changes.due.connect(self._flush_in_time)
        self._changed_outcomes: set[RequestId] = set()
        store.stars.changed.connect(self._note_star)
        self._find_live()
        store.outcomes.changed.connect(self._note_outcome)

    @property
    def stars(self) -> Stars:
        """Which interruptions are starred."""
        return self._store.stars

    @property
    def outcomes(self) -> Outcomes:
        """What became of the work for the interrupted requests."""
        return self._outcomes

    @property
    def sorting(self) -> Sorting | None:
        """By what the rows are sorted; None in the order of their arrival."""
        return self._sorting

    @property
    def first_live_row(self) -> int | None:
        """The first row of this run, if rows of earlier runs are right above it, else None.

        It is the number of rows if there is none of this run yet. Sorted rows are mixed.
        """
        if self._live is None or not self._rows.first < self._live <= self._rows.end:
            return None
        return len(self._rows) if self._live == self._rows.end else self._rows.row(self._live)

    def set_store(self, store: Interruptions) -> None:
        """Show the interruptions of another store, at once. Those of them that are open stay so.

        Serials begin again, above all that there were: none means another record than before.
        """
        self.beginResetModel()
        self._store.stars.changed.disconnect(self._note_star)
        store.stars.changed.connect(self._note_star)
        self._outcomes.changed.disconnect(self._note_outcome)
        store.outcomes.changed.connect(self._note_outcome)
        self._outcomes = store.outcomes
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
        self._outcomes.changed.disconnect(self._note_outcome)
        self._store.stars.changed.disconnect(self._note_star)

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
                added, gone = settled(added, gone)
                self._sort_in(self._sorted, gone, added)
            elif self._is_run(gone):
                self.about_to_change.emit(True)
                if gone:
                    self._remove_run(self._head, len(gone))
                    self._find_live()
                if added:
                    self._insert_tail(added)
                self.changed.emit(True)
            else:
                added, gone = settled(added, gone)
                self._leave_out(gone, added)
        finally:
            self._flushing = False

    def _flush_in_time(self) -> None:
        if self._sorted is not None and self.is_held():
            self._changes.postpone()
        else:
            self.flush()

    @property
    def _sorted_by(self) -> Column[Interruption] | None:
        if self._sorting is None:
            return None
        section = section_of(self.columns, self._sorting.key)
        return self.columns[section] if section >= 0 else None

    def _take_over(self) -> None:
        """Show all that the store has now."""
        self._changes.take()
        self._sorted = None
        records = list(self._store)
        column, sorting = self._sorted_by, self._sorting
        if column is not None and column.sort_key is not None and sorting is not None:
            key = column.sort_key
            if column.can_change:
                key = _never_none(key, sorting.descending)
            self._sorted = SortedInterruptions(key, sorting.descending, records)
            records = self._sorted.ordered()
        self._replace(records)
        self._head = 0
        self._find_live()

    def _find_live(self) -> None:
        """Look where the records of earlier runs end, which are the oldest."""
        self._live = None
        if self._sorted is None:
            earlier, records = self._store.earlier, self._records
            places = (place for place, one in enumerate(records) if one not in earlier)
            self._live = self._rows.first + next(places, len(records))

    def _sort_in(
        self, kept: SortedInterruptions, gone: list[Interruption], added: deque[Interruption]
    ) -> None:
        self.beginResetModel()
        kept.add(added)  # first: some may be gone already
        if gone:
            kept.remove(set(map(id, gone)))
        self._replace(kept.ordered())
        self._head = 0
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

        This is needed when a starred row has become one of the oldest, or lost its star there.
        """
        identities = set(map(id, gone))
        places = places_of(self._records, identities)
        self.beginResetModel()
        records = [one for one in (*self._records, *added) if id(one) not in identities]
        # The newest keep their serials, so that it stays known which of them were seen.
        self._replace(records, self._rows.end + len(added) - len(records))
        self._find_live()
        self._head = places[-1] + 1 - len(places) if places else 0
        self.endResetModel()

    def _note_star(self, _interruption: Interruption, _starred: bool) -> None:
        if self._records:
            self._repaint(0, len(self._rows) - 1)

    def _note_outcome(self, request: RequestId) -> None:
        if not self._changed_outcomes:
            interval_ms = SORTED_INTERVAL_MS if self._sorts_what_changes else INTERVAL_MS
            QTimer.singleShot(interval_ms, self._show_outcomes)
        self._changed_outcomes.add(request)

    @property
    def _sorts_what_changes(self) -> bool:
        column = self._sorted_by
        return column is not None and column.can_change

    def _show_outcomes(self) -> None:
        """Show what has become known late. A story keeps its number of lines."""
        if self._sorts_what_changes:
            if self.is_held():
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


def _never_none(key: SortKey, descending: bool) -> SortKey:
    """Return a key that puts last what is not known, and is never None.

    What is known of a row that stays can be dropped while it is sorted.
    """
    last = -1 if descending else 1

    def known_first(interruption: Interruption) -> tuple[int, object]:
        value = key(interruption)
        return (last, None) if value is None else (0, value)

    return known_first
