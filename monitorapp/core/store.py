"""The interruptions that are kept, the newest of a bounded number."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator
from typing import Final

from monitorapp.core.interruption import Interruption

DEFAULT_KEEP: Final = 100_000


class InterruptionStore:
    """Keeps the newest interruptions and says what changes.

    It is used in one thread. Callbacks are called in the order they were added,
    after the store has changed.

    Args:
        keep: How many interruptions are kept; the oldest go first.

    Attributes:
        on_added: Called with each new interruption.
        on_evicted: Called with each interruption that had to go to make room.
        on_cleared: Called with nothing when all have been removed.

    Raises:
        ValueError: `keep` is less than 1.
    """

    def __init__(self, keep: int = DEFAULT_KEEP) -> None:
        if keep < 1:
            raise ValueError(f"At least 1 interruption must be kept, not {keep}.")
        self._keep = keep
        self._interruptions: deque[Interruption] = deque()
        self.on_added: list[Callable[[Interruption], None]] = []
        self.on_evicted: list[Callable[[Interruption], None]] = []
        self.on_cleared: list[Callable[[], None]] = []

    @property
    def keep(self) -> int:
        """How many interruptions are kept at most."""
        return self._keep

    def __len__(self) -> int:
        return len(self._interruptions)

    def __iter__(self) -> Iterator[Interruption]:
        """Iterate from the oldest to the newest."""
        return iter(self._interruptions)

    def add(self, interruption: Interruption) -> None:
        """Keep `interruption` as the newest; evict the oldest if there are too many."""
        evicted = None
        if len(self._interruptions) == self._keep:
            evicted = self._interruptions.popleft()
        self._interruptions.append(interruption)
        if evicted is not None:
            for on_evicted in self.on_evicted:
                on_evicted(evicted)
        for on_added in self.on_added:
            on_added(interruption)

    def clear(self) -> None:
        """Remove all interruptions."""
        self._interruptions.clear()
        for on_cleared in self.on_cleared:
            on_cleared()
