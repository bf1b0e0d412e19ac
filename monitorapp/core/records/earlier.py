"""Which interruptions are of earlier runs."""

from __future__ import annotations

from collections.abc import Iterable

from monitorapp.core.record.interruption import Interruption


class Earlier:
    """The interruptions of earlier runs among those of a store: these very records."""

    def __init__(self) -> None:
        self._known: dict[int, Interruption] = {}  # by their identity, as stars are

    def __len__(self) -> int:
        return len(self._known)

    def __contains__(self, interruption: object) -> bool:
        return id(interruption) in self._known

    def add(self, interruptions: Iterable[Interruption]) -> None:
        """Take these for interruptions of earlier runs."""
        self._known.update((id(one), one) for one in interruptions)

    def discard(self, interruption: Interruption) -> None:
        """Forget one that is gone, if it is of an earlier run."""
        self._known.pop(id(interruption), None)
