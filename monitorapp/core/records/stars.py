"""Which interruptions the user has starred."""

from __future__ import annotations

from monitorapp.core.record.interruption import Interruption
from monitorapp.core.signal import Signal


class Stars:
    """The starred interruptions: these very records, not others with equal fields.

    Attributes:
        changed: Emitted with a record that was starred (True), or no longer is.
    """

    def __init__(self) -> None:
        self._starred: dict[int, Interruption] = {}  # by their identity, which is cheap to look up
        self.changed: Signal[[Interruption, bool]] = Signal()

    def __len__(self) -> int:
        return len(self._starred)

    def __contains__(self, interruption: object) -> bool:
        return id(interruption) in self._starred

    def set_starred(self, interruption: Interruption, starred: bool) -> None:
        """Star a record, or take its star away."""
        if (interruption in self) == starred:
            return
        if starred:
            self._starred[id(interruption)] = interruption
        else:
            del self._starred[id(interruption)]
        self.changed.emit(interruption, starred)
