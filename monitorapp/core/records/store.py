"""The interruptions that are kept, the newest of a bounded number."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Sequence
from itertools import chain
from typing import Final

from monitorapp.core.record.interruption import Interruption
from monitorapp.core.records.earlier import Earlier
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
        earlier: Which are of earlier runs.
        added: Emitted with each new interruption.
        evicted: Emitted with each interruption that was removed to make room: the oldest
            without a star.
        preceded: Emitted when older ones have been put before all others, or to their places.
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
        # What the last clearing found, as far as there is room for it beside the newest; and
        # what of that stayed, as it was starred.
        self._cleared: deque[Interruption] = deque()
        self._stayed: set[int] = set()
        self._is_cleared = False
        self.earlier = Earlier()
        self._has_earlier = False
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

    @property
    def undoable(self) -> int:
        """How many interruptions `undo_clear` would bring back."""
        return len(self._cleared) - len(self._stayed)

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
        if self._cleared:
            self._make_room()
        if evicted is not None:
            if self._has_earlier:
                self.earlier.discard(evicted)
                self._has_earlier = len(self.earlier) > 0
            self.evicted.emit(evicted)
        self.added.emit(interruption)

    def add_earlier(self, interruptions: Sequence[Interruption]) -> None:
        """Put some of earlier runs before all others, oldest first.

        They are as many of the newest as there is room for, and the starred ones. Once all have
        been cleared they are only those: the others would have been cleared, too.
        """
        room = 0 if self._is_cleared else max(0, self._keep - len(self._newest))
        older = len(interruptions) - min(room, len(interruptions))
        old = [one for one in interruptions[:older] if one in self.stars]
        self._old[:0] = old
        newest = interruptions[older:]
        self._newest.extendleft(reversed(newest))
        earlier = [*old, *newest]
        if earlier:
            self.earlier.add(earlier)
            self._has_earlier = True
            self.preceded.emit()

    def clear(self) -> int:
        """Remove all interruptions but the starred ones, until `undo_clear`; return how many."""
        if self._lost_star:
            self._evict_old()
        self._is_cleared = True
        found = deque(self)
        kept = [one for one in found if one in self.stars] if len(self.stars) else []
        gone = len(found) - len(kept)
        if not gone:
            return 0
        self._forget(len(self._cleared))
        self._cleared, self._stayed = found, set(map(id, kept))
        self._old = kept
        self._newest.clear()
        if kept:
            for one in list(found):
                if one not in self.stars:
                    self.evicted.emit(one)
        else:
            self.cleared.emit()
        self._make_room()
        return gone

    def undo_clear(self) -> int:
        """Bring back what the last `clear` removed, to its places; return how many those are.

        The oldest are no longer there if they would be too many with what has come since.
        """
        back, found = self.undoable, self._cleared
        self._cleared, self._stayed, self._is_cleared = deque(), set(), False
        if back:
            identities = set(map(id, found))
            self._old = [one for one in self._old if id(one) not in identities]
            found.extend(self._newest)
            self._newest = found
            self.preceded.emit()
        return back

    def _make_room(self) -> None:
        """Forget as much of what was cleared as is too much with the newest."""
        self._forget(min(len(self._cleared), len(self._cleared) + len(self._newest) - self._keep))

    def _forget(self, count: int) -> None:
        """Forget the oldest of what was cleared."""
        for _ in range(count):
            oldest = self._cleared.popleft()
            if id(oldest) in self._stayed:
                self._stayed.remove(id(oldest))
            else:
                self.earlier.discard(oldest)

    def _evict_old(self) -> None:
        gone = [one for one in self._old if one not in self.stars]
        self._old = [one for one in self._old if one in self.stars]
        self._lost_star = False
        if self._stayed:
            identities = set(map(id, gone))
            self._cleared = deque(one for one in self._cleared if id(one) not in identities)
            self._stayed -= identities
        for evicted in gone:
            self.earlier.discard(evicted)
            self.evicted.emit(evicted)

    def _note_star(self, interruption: Interruption, starred: bool) -> None:
        # A star can be taken from what is read of a file again: the same record, another object.
        if not starred:
            self._lost_star = any(one not in self.stars for one in self._old)
