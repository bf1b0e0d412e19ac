"""A source whose records are all held."""

from __future__ import annotations

from monitorapp.core.filter.completion import seen_values
from monitorapp.core.filter.language import Filter
from monitorapp.core.record.interruption import Interruption
from monitorapp.core.records.matching import Interruptions, SearchIndex
from monitorapp.core.records.store import InterruptionStore
from monitorapp.core.signal import Signal
from monitorapp.core.source.source import Progress


class HeldSource:
    """What a store holds, whoever adds to it; see `Source`.

    Args:
        title: What the user reads of it.
        store: The records.
    """

    is_live = False

    def __init__(self, title: str, store: InterruptionStore) -> None:
        self.title = title
        self.changed: Signal[[]] = Signal()
        self.progressed: Signal[[]] = Signal()
        self.failed: Signal[[str]] = Signal()
        self._store = store
        self._index = SearchIndex(store)
        self._filter: Filter | None = None
        self._records: Interruptions = store
        store.preceded.connect(self._note_earlier)
        store.stars.changed.connect(self._note_star)

    @property
    def records(self) -> Interruptions:
        """What matches the filter."""
        return self._records

    @property
    def progress(self) -> Progress:
        """That there is nothing to wait for."""
        return Progress()

    def set_filter(self, filter_: Filter) -> None:
        """Have what matches this filter, at once."""
        self._filter = filter_
        self._records = self._index.matching(filter_)
        self.changed.emit()

    def seen_values(self, field: str) -> list[str]:
        """Return the values of a filter's field in all records."""
        return seen_values(field, reversed(self._store))

    def close(self) -> None:
        """Keep up with no filter any more."""
        self._filter = None
        self._records = self._index.everything()

    def _note_earlier(self) -> None:
        if self._filter is not None:
            self.set_filter(self._filter)

    def _note_star(self, _interruption: Interruption, _starred: bool) -> None:
        if self._filter is not None and self._filter.uses_stars:
            self.set_filter(self._filter)
