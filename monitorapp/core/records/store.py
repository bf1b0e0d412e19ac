"""The interruptions that are kept, the newest of a bounded number."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Sequence
from itertools import chain
from typing import Final

from monitorapp.core.record.interruption import Interruption
from monitorapp.core.records.outcomes import Outcomes
from monitorapp.core.records.stars import Stars
from monitorapp.core.signal import Signal

DEFAULT_KEEP: Final = 100_000


class InterruptionStore:
    """Keeps the newest interruptions, and those that are starred, and notifies of changes.

    It is used in one thread. Callbacks are called in the order they were added,
    after the store has changed. No record may be added twice.

    Args:
        keep: How many interruptions are kept; the oldest go first. Starred ones that are older
            than these are kept besides.

    Attributes:
        outcomes: What became of the work for their requests.
        stars: Which are starred. An old one that loses its star goes when the next one comes.
        added: Emitted with each new interruption.
        evicted: Emitted with each interruption that was removed to make room: the oldest
            without a star.
        preceded: Emitted when older ones have been put before all others.
        cleared: Emitted when all have been removed.

    Raises:
        ValueError: `keep` is less than 1.
    """

    def __init__(self, keep: int = DEFAULT_KEEP) -> None:
        if keep < 1:
            raise ValueError(f"At least 1 interruption must be kept, not {keep}.")
        self._keep = keep
        self._newest: deque[Interruption] = deque()
        self._old: list[Interruption] = []  # starred, and older than all of the newest
        self._lost_star = False  # one of the old
        self.outcomes = Outcomes(keep)
        self.stars = Stars()
        self.stars.changed.connect(self._note_star)
        self.added: Signal[[Interruption]] = Signal()
        self.evicted: Signal[[Interruption]] = Signal()
        self.preceded: Signal[[]] = Signal()
        self.cleared: Signal[[]] = Signal()

    @property
    def keep(self) -> int:
        """How many interruptions are kept at most, without starred ones that are older."""
        return self._keep

    def __len__(self) -> int:
        return len(self._old) + len(self._newest)

    def __iter__(self) -> Iterator[Interruption]:
        """Iterate from the oldest to the newest."""
        return chain(self._old, self._newest) if self._old else iter(self._newest)

    def __reversed__(self) -> Iterator[Interruption]:
        """Iterate from the newest to the oldest."""
        return chain(reversed(self._newest), reversed(self._old))

    def add(self, interruption: Interruption) -> None:
        """Keep `interruption` as the newest; evict the oldest if there are too many."""
        evicted = None
        if len(self._newest) == self._keep:
            evicted = self._newest.popleft()
            if evicted in self.stars:
                self._old.append(evicted)
                evicted = None
        self._newest.append(interruption)
        if self._lost_star:
            self._evict_old()
        if evicted is not None:
            self.evicted.emit(evicted)
        self.added.emit(interruption)

    def add_earlier(self, interruptions: Sequence[Interruption]) -> None:
        """Put some before all others, oldest first; as many of the newest as there is room for."""
        room = self._keep - len(self._newest)
        earlier = interruptions[-room:] if room else []
        if earlier:
            self._newest.extendleft(reversed(earlier))
            self.preceded.emit()

    def clear(self) -> None:
        """Remove all interruptions but the starred ones."""
        kept = [one for one in self if one in self.stars] if len(self.stars) else []
        if not kept:
            self._old.clear()
            self._newest.clear()
            self.cleared.emit()
            return
        gone = [one for one in self if one not in self.stars]
        self._old, self._lost_star = kept, False
        self._newest.clear()
        for evicted in gone:
            self.evicted.emit(evicted)

    def _evict_old(self) -> None:
        gone = [one for one in self._old if one not in self.stars]
        self._old = [one for one in self._old if one in self.stars]
        self._lost_star = False
        for evicted in gone:
            self.evicted.emit(evicted)

    def _note_star(self, interruption: Interruption, starred: bool) -> None:
        if not starred and any(one is interruption for one in self._old):
            self._lost_star = True
