"""The interruptions that match a filter, kept up to date while others come and go."""

from __future__ import annotations

from collections.abc import Generator, Iterator, Sequence
from typing import Final, Protocol

from monitorapp.core.filter.language import Filter
from monitorapp.core.record.interruption import Interruption
from monitorapp.core.record.searched_text import searched_text
from monitorapp.core.records.stars import Stars
from monitorapp.core.records.store import InterruptionStore
from monitorapp.core.signal import Signal

_PIECE: Final = 1_000
"""How many records are looked through at once."""

_LONG_PIECE: Final = 100
"""The same where texts are long."""

_LONG_CHARACTERS: Final = 2_000

_SLOW_PIECE: Final = 64
"""The same, if the filter has regular expressions, while they may read all these texts at once."""


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
        self._came: list[Interruption] | None = None  # while others are searched
        self._has_lost = False  # any of them meanwhile
        store.added.connect(self._add)
        store.preceded.connect(self._add_earlier)
        store.evicted.connect(self._evict)
        store.cleared.connect(self._clear)

    @property
    def current(self) -> Interruptions:
        """What matches the filter that was searched for last, kept up to date."""
        return self._store if self._matching is None else self._matching

    def matching(self, filter_: Filter) -> Interruptions:
        """Return what matches a filter; what it was asked for before is no longer kept up.

        If the filter asks for stars, ask again when they have changed.
        """
        for _ in self.search(filter_):
            pass
        return self.current

    def search(self, filter_: Filter) -> Generator[float, None, None]:
        """Look for what matches a filter; yield how much is done, from 0 to 1.

        Until its end `current` is what it was. Begin another search only when this one is at its
        end or closed; records may come and go meanwhile.
        """
        if filter_.is_empty:
            self._matching = None
            return
        stars = self._store.stars
        records, texts = list(self._store), list(self._texts.values())
        found: list[Interruption] = []
        self._has_lost = False
        try:
            while records:
                self._came = []
                start = 0
                while start < len(records):
                    end = start + _piece(texts, start, filter_.most_characters)
                    # Copying records that are not looked at would take a tenth of the time.
                    piece = records[start:end] if filter_.words is None else ()
                    places = filter_.select(piece, texts[start:end], stars)
                    found += [records[start + place] for place in places]
                    start = end
                    yield start / len(records)
                records = self._came
                texts = [self._texts.get(id(one), "") for one in records]
        finally:
            self._came = None
        if self._has_lost:
            found = [one for one in found if id(one) in self._texts]
        self._matching = Matching(filter_, found, stars)

    def everything(self) -> Interruptions:
        """Return all of the store, and keep up with no filter any more."""
        self._matching = None
        return self._store

    def _add(self, interruption: Interruption) -> None:
        text = searched_text(interruption)
        self._texts[id(interruption)] = text
        if self._came is not None:
            self._came.append(interruption)
        if self._matching is not None:
            self._matching.add(interruption, text)

    def _add_earlier(self) -> None:
        """Take in what was put before all others; ask `matching` again for what matches."""
        known = self._texts
        self._texts = {
            id(one): known[id(one)] if id(one) in known else searched_text(one)
            for one in self._store
        }

    def _evict(self, interruption: Interruption) -> None:
        del self._texts[id(interruption)]
        self._has_lost = True
        if self._matching is not None:
            self._matching.evict(interruption)

    def _clear(self) -> None:
        self._texts.clear()
        self._has_lost = True
        if self._matching is not None:
            self._matching.clear()


def _piece(texts: Sequence[str], start: int, most_characters: int | None) -> int:
    """Return how many texts can be searched at once, from a place on."""
    if most_characters is None:
        return _PIECE if len(texts[start]) < _LONG_CHARACTERS else _LONG_PIECE
    size = _SLOW_PIECE
    while size > 1 and sum(map(len, texts[start : start + size])) > most_characters:
        size //= 8
    return size


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
