"""A source whose records are all held."""

from __future__ import annotations

import time
from collections.abc import Callable, Generator
from typing import Final

from monitorapp.core.filter.completion import seen_values
from monitorapp.core.filter.language import Filter
from monitorapp.core.record.interruption import Interruption
from monitorapp.core.records.matching import Interruptions, SearchIndex
from monitorapp.core.records.store import InterruptionStore
from monitorapp.core.signal import Signal
from monitorapp.core.source.source import InSlices, Progress

REPORT_INTERVAL_S: Final = 0.25
"""How often such a search reports how far it is."""

AT_ONCE_S: Final = 0.04
"""How long a filter's search goes on at once, before the rest of it is done in slices."""


def _nothing() -> None:
    pass


class HeldSource:
    """What a store holds, whoever adds to it; see `Source`.

    Args:
        title: What the user reads of it.
        store: The records.
        in_slices: Goes on with a search that takes longer than `AT_ONCE_S`; None if none needs to
            be interrupted.
        clock: Returns seconds.
    """

    is_live = False

    def __init__(
        self,
        title: str,
        store: InterruptionStore,
        in_slices: InSlices | None = None,
        clock: Callable[[], float] = time.perf_counter,
    ) -> None:
        self.title = title
        self._in_slices = in_slices
        self._clock = clock
        self._progress = Progress()
        self._search: Generator[float, None, None] | None = None  # that goes on
        self._cancel: Callable[[], None] = _nothing
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
        """How far the search is; mostly there is nothing to wait for."""
        return self._progress

    def set_filter(self, filter_: Filter) -> None:
        """Have what matches this filter, at once if that does not take long."""
        self._stop()
        self._filter = filter_
        search = self._index.search(filter_)
        until_s = self._clock() + AT_ONCE_S
        for share in search:
            if self._in_slices is not None and share < 1 and self._clock() >= until_s:
                self._set_progress(share)
                self._search = search
                self._cancel = self._in_slices(self._go_on(search))
                return
        self._finish()

    def seen_values(self, field: str) -> list[str]:
        """Return the values of a filter's field in all records."""
        return seen_values(field, reversed(self._store))

    def close(self) -> None:
        """Keep up with no filter any more."""
        self._stop()
        self._filter = None
        self._progress = Progress()
        self._records = self._index.everything()

    def _go_on(self, search: Generator[float, None, None]) -> Generator[float, None, None]:
        next_s = self._clock() + REPORT_INTERVAL_S
        for share in search:
            now_s = self._clock()
            if share < 1 and now_s >= next_s:  # at 1 there is more to do if records came
                next_s = now_s + REPORT_INTERVAL_S
                self._set_progress(share)
            yield share
        self._search = None
        self._finish()

    def _finish(self) -> None:
        self._records = self._index.current
        self.changed.emit()
        if self._search is None:
            self._set_progress(1.0)

    def _stop(self) -> None:
        if self._search is not None:
            self._cancel()
            self._search.close()
            self._search = None

    def _set_progress(self, share: float) -> None:
        progress = Progress(share)
        if progress != self._progress:
            self._progress = progress
            self.progressed.emit()

    def _note_earlier(self) -> None:
        if self._filter is not None:
            self.set_filter(self._filter)

    def _note_star(self, _interruption: Interruption, _starred: bool) -> None:
        if self._filter is not None and self._filter.uses_stars:
            self.set_filter(self._filter)
