"""The interruptions that match a filter, kept up to date while others come and go."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Protocol

from monitorapp.core.filter.language import Filter
from monitorapp.core.record.interruption import Interruption
from monitorapp.core.record.searched_text import searched_text
from monitorapp.core.records.stars import Stars
from monitorapp.core.records.store import InterruptionStore
from monitorapp.core.signal import Signal


class Interruptions(Protocol):
    """Interruptions in the order in which they were added, oldest first, and what changes.

    Attributes:
        stars: Which are starred.
        added: Emitted with each new interruption.
        evicted: Emitted with one that was removed: mostly the oldest, else the oldest
            that is not starred, or one that lost its star.
        cleared: Emitted when all have been removed.
    """

    stars: Stars
    added: Signal[[Interruption]]
    evicted: Signal[[Interruption]]
    cleared: Signal[[]]

    def __len__(self) -> int: ...

    def __iter__(self) -> Iterator[Interruption]: ...


class SearchIndex:
    """Keeps the text that is searched of each interruption of a store, made when it is added.

    Args:
        store: The interruptions. What matches a filter is notified after the store has changed.
    """

    def __init__(self, store: InterruptionStore) -> None:
        self._store = store
        # In the order of the store, by the identity of the records.
        self._texts = {id(one): searched_text(one) for one in store}
        self._matching: Matching | None = None
        store.added.connect(self._add)
        store.evicted.connect(self._evict)
        store.cleared.connect(self._clear)

    def matching(self, filter_: Filter) -> Interruptions:
        """Return what matches a filter; what it was asked for before is no longer kept up.

        If the filter asks for stars, ask again when they have changed.
        """
        if filter_.is_empty:
            return self.everything()
        records, stars = list(self._store), self._store.stars
        found = filter_.select(records, list(self._texts.values()), stars)
        self._matching = Matching(filter_, [records[place] for place in found], stars)
        return self._matching

    def everything(self) -> Interruptions:
        """Return all of the store, and keep up with no filter any more."""
        self._matching = None
        return self._store

    def _add(self, interruption: Interruption) -> None:
        text = searched_text(interruption)
        self._texts[id(interruption)] = text
        if self._matching is not None:
            self._matching.add(interruption, text)

    def _evict(self, interruption: Interruption) -> None:
        del self._texts[id(interruption)]
        if self._matching is not None:
            self._matching.evict(interruption)

    def _clear(self) -> None:
        self._texts.clear()
        if self._matching is not None:
            self._matching.clear()


class Matching:
    """The interruptions of a store that match a filter; see `Interruptions`.

    Args:
        filter_: What they match.
        found: Those that match already, oldest first.
        stars: Which are starred.
    """

    def __init__(self, filter_: Filter, found: list[Interruption], stars: Stars) -> None:
        self._filter = filter_
        self._found = {id(one): one for one in found}
        self.stars = stars
        self.added: Signal[[Interruption]] = Signal()
        self.evicted: Signal[[Interruption]] = Signal()
        self.cleared: Signal[[]] = Signal()

    def __len__(self) -> int:
        return len(self._found)

    def __iter__(self) -> Iterator[Interruption]:
        """Iterate from the oldest to the newest."""
        return iter(self._found.values())

    def add(self, interruption: Interruption, text: str) -> None:
        """Take what was added to the store, and the text of it that is searched."""
        if self._filter.matches(interruption, text, self.stars):
            self._found[id(interruption)] = interruption
            self.added.emit(interruption)

    def evict(self, interruption: Interruption) -> None:
        """Drop what the store has dropped, if it matched."""
        if self._found.pop(id(interruption), None) is not None:
            self.evicted.emit(interruption)

    def clear(self) -> None:
        """Drop all."""
        self._found.clear()
        self.cleared.emit()


class FixedInterruptions:
    """Interruptions of which none comes or goes; see `Interruptions`.

    Args:
        found: They, oldest first.
        stars: Which are starred.
    """

    def __init__(self, found: Sequence[Interruption], stars: Stars) -> None:
        self._found = found
        self.stars = stars
        self.added: Signal[[Interruption]] = Signal()
        self.evicted: Signal[[Interruption]] = Signal()
        self.cleared: Signal[[]] = Signal()

    def __len__(self) -> int:
        return len(self._found)

    def __iter__(self) -> Iterator[Interruption]:
        """Iterate from the oldest to the newest."""
        return iter(self._found)
