"""The interruptions that match a filter, kept up to date while others come and go."""

from __future__ import annotations

from collections.abc import Generator, Iterator, Sequence
from typing import Final, Protocol

from monitorapp.core.filter.language import Filter
from monitorapp.core.record.identity import RequestId
from monitorapp.core.record.interruption import Interruption
from monitorapp.core.record.searched_text import searched_text
from monitorapp.core.records.earlier import Earlier
from monitorapp.core.records.outcomes import Outcomes
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
        outcomes: What became of the work for their requests.
        stars: Which are starred.
        earlier: Which are of earlier runs of the app, if others are of this one.
        added: Emitted with each new interruption, or with one whose outcome matches now.
        evicted: Emitted with one that was removed: mostly the oldest, else the oldest
            that is not starred, or one that lost its star, or whose outcome no longer matches.
        cleared: Emitted when all have been removed.
    """

    outcomes: Outcomes
    stars: Stars
    earlier: Earlier
    added: Signal[[Interruption]]
    evicted: Signal[[Interruption]]
    cleared: Signal[[]]

    def __len__(self) -> int: ...

    def __iter__(self) -> Iterator[Interruption]: ...


class SearchIndex:
    """Keeps the text that is searched of each interruption of a store, made when it is added.

    Many can be put before others at once: their texts are made when they are searched.

    Args:
        store: The interruptions. What matches a filter is notified after the store has changed.
    """

    def __init__(self, store: InterruptionStore) -> None:
        self._store = store
        # In the order of the store, by the identity of the records.
        self._texts = {id(one): searched_text(one) for one in store}
        self._has_gaps = False  # texts that are still to be made, which are empty
        self._matching: Matching | None = None
        self._searched: Filter | None = None
        self._came: list[Interruption] | None = None  # while others are searched
        self._has_lost = False  # any of them meanwhile
        self._changed: list[Interruption] = []  # those whose outcome has, meanwhile
        self._of_requests: dict[tuple[str, int], Interruption] | None = None  # once it is needed
        self._heeds_outcomes = False
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
        self._heed_outcomes(filter_.uses_outcomes)
        if filter_.is_empty:
            self._matching = None
            return
        stars, outcomes = self._store.stars, self._store.outcomes
        records, texts = list(self._store), list(self._texts.values())
        looks_at_texts = filter_.words is not None and not filter_.uses_outcomes
        found: list[Interruption] = []
        self._has_lost = False
        self._changed = []
        self._searched = filter_
        try:
            while records:
                self._came = []
                start = 0
                while start < len(records):
                    if self._has_gaps:
                        self._fill_gaps(records, texts, start)
                    end = start + _piece(texts, start, filter_.most_characters)
                    # Copying records that are not looked at would take a tenth of the time.
                    piece = () if looks_at_texts else records[start:end]
                    places = filter_.select(piece, texts[start:end], stars, outcomes.words_of)
                    found += [records[start + place] for place in places]
                    start = end
                    yield start / len(records)
                records = self._came
                texts = [self._texts.get(id(one), "") for one in records]
        finally:
            self._came = None
            self._searched = None
        self._has_gaps = False
        if self._has_lost:
            found = [one for one in found if id(one) in self._texts]
        self._matching = Matching(filter_, found, stars, outcomes, earlier=self._store.earlier)
        for one in self._changed:
            if id(one) in self._texts:
                self._matching.refresh(one, self._texts[id(one)])
        self._changed = []

    def everything(self) -> Interruptions:
        """Return all of the store, and keep up with no filter any more."""
        self._matching = None
        self._heed_outcomes(False)
        return self._store

    def _add(self, interruption: Interruption) -> None:
        text = searched_text(interruption)
        self._texts[id(interruption)] = text
        if self._of_requests is not None:
            self._of_requests[_request_of(interruption)] = interruption
        if self._came is not None:
            self._came.append(interruption)
        if self._matching is not None:
            self._matching.add(interruption, text)

    def _add_earlier(self) -> None:
        """Take in what was put before others; ask `matching` again for what matches."""
        known = self._texts
        self._texts = {id(one): known.get(id(one), "") for one in self._store}
        self._has_gaps = True
        self._of_requests = None

    def _fill_gaps(self, records: list[Interruption], texts: list[str], start: int) -> None:
        """Make the texts of the next piece, as far as there are none."""
        for place in range(start, min(start + _PIECE, len(texts))):
            if not texts[place]:
                one = records[place]
                texts[place] = searched_text(one)
                if id(one) in self._texts:
                    self._texts[id(one)] = texts[place]

    def _evict(self, interruption: Interruption) -> None:
        del self._texts[id(interruption)]
        if self._of_requests is not None:
            self._of_requests.pop(_request_of(interruption), None)
        self._has_lost = True
        if self._matching is not None:
            self._matching.evict(interruption)

    def _clear(self) -> None:
        self._texts.clear()
        self._of_requests = None
        self._has_lost = True
        if self._matching is not None:
            self._matching.clear()

    def _heed_outcomes(self, are_heeded: bool) -> None:
        """Listen to outcomes only while a filter needs them: each new record has one."""
        if are_heeded == self._heeds_outcomes:
            return
        self._heeds_outcomes = are_heeded
        self._of_requests = None
        for signal in (self._store.outcomes.became_known, self._store.outcomes.changed):
            (signal.connect if are_heeded else signal.disconnect)(self._note_outcome)

    def _note_outcome(self, request: RequestId) -> None:
        matching, searched = self._matching, self._searched
        is_shown = matching is not None and matching.uses_outcomes
        is_searched = searched is not None and searched.uses_outcomes
        if not (is_shown or is_searched):
            return
        interruption = self._newest_of(request)
        if interruption is None:
            return
        if is_searched:
            self._changed.append(interruption)
        if matching is not None and is_shown:
            matching.refresh(interruption, self._texts[id(interruption)])

    def _newest_of(self, request: RequestId) -> Interruption | None:
        """Return the record of a request; mostly it is the one that came last."""
        newest = next(reversed(self._store), None)
        if newest is not None and newest.identity == request:
            return newest
        if self._of_requests is None:
            self._of_requests = {_request_of(one): one for one in self._store}
        return self._of_requests.get(request)


def _request_of(interruption: Interruption) -> tuple[str, int]:
    return interruption.origin, interruption.request_number


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
        outcomes: What became of the work for their requests.
        earlier: Which are of earlier runs.
    """

    def __init__(
        self,
        filter_: Filter,
        found: list[Interruption],
        stars: Stars,
        outcomes: Outcomes,
        *,
        earlier: Earlier,
    ) -> None:
        self._filter = filter_
        self._found = {id(one): one for one in found}
        self.outcomes = outcomes
        self.stars = stars
        self.earlier = earlier
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
        if self._filter.matches(interruption, text, self.stars, self.outcomes.words_of):
            self._found[id(interruption)] = interruption
            self.added.emit(interruption)

    @property
    def uses_outcomes(self) -> bool:
        """Whether it depends on an outcome what matches."""
        return self._filter.uses_outcomes

    def refresh(self, interruption: Interruption, text: str) -> None:
        """Add or drop one whose outcome has changed; see `add`. It comes in as the last."""
        if id(interruption) not in self._found:
            self.add(interruption, text)
        elif not self._filter.matches(interruption, text, self.stars, self.outcomes.words_of):
            self.evict(interruption)

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
        outcomes: What became of the work for their requests.
    """

    def __init__(
        self, found: Sequence[Interruption], stars: Stars, outcomes: Outcomes | None = None
    ) -> None:
        self._found = found
        self.outcomes = Outcomes() if outcomes is None else outcomes
        self.stars = stars
        self.earlier = Earlier()
        self.added: Signal[[Interruption]] = Signal()
        self.evicted: Signal[[Interruption]] = Signal()
        self.cleared: Signal[[]] = Signal()

    def __len__(self) -> int:
        return len(self._found)

    def __iter__(self) -> Iterator[Interruption]:
        """Iterate from the oldest to the newest."""
        return iter(self._found)
