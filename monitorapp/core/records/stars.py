"""Which interruptions the user has starred."""

from __future__ import annotations

from collections.abc import Iterable

from monitorapp.core.record.interruption import Interruption
from monitorapp.core.signal import Signal

_Key = tuple[float, str, int]
"""What tells a record from all others: when it was logged, by whom, and its running number."""


class Stars:
    """The starred interruptions, which are known again when they are read another time.

    Attributes:
        changed: Emitted with a record that was starred (True), or no longer is.
    """

    def __init__(self) -> None:
        self._starred: set[_Key] = set()
        self._times_s: set[float] = set()  # of them and a few more; sooner looked up than a key
        self._taken: set[_Key] = set()  # whose star was taken away
        self.changed: Signal[[Interruption, bool]] = Signal()

    def __len__(self) -> int:
        return len(self._starred)

    def __contains__(self, interruption: object) -> bool:
        # All that are evicted are asked for, and hardly any was logged at such a time.
        return (
            interruption.time_s in self._times_s  # type: ignore[attr-defined]
            and interruption.key in self._starred  # type: ignore[attr-defined]
        )

    def set_starred(self, interruption: Interruption, starred: bool) -> None:
        """Star a record, or take its star away."""
        if (interruption in self) == starred:
            return
        key = interruption.key
        if starred:
            self._times_s.add(interruption.time_s)
            self._starred.add(key)
            self._taken.discard(key)
        else:
            self._starred.discard(key)
            self._taken.add(key)
        self.changed.emit(interruption, starred)

    def is_starred(self, interruption: Interruption, in_file: bool) -> bool:
        """Return whether a record is starred that has a star in a file, or has none there."""
        key = interruption.key
        return key in self._starred or (in_file and key not in self._taken)

    def restore(self, interruptions: Iterable[Interruption]) -> None:
        """Take up what is starred in a file, but for what has lost its star since."""
        for interruption in interruptions:
            if self.is_starred(interruption, in_file=True):
                self._times_s.add(interruption.time_s)
                self._starred.add(interruption.key)
