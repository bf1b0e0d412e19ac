"""The ended requests that are kept in memory: the newest, as columns."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from monitorapp.core.request.columns import MOST_ROWS, EndColumns, Gathering
from monitorapp.core.request.ended import RequestEnd
from monitorapp.core.signal import Signal

KEPT: Final = 1_000_000
"""Ended requests that are kept at most, by default: some 45 MB."""

GATHERED: Final = 1_000
"""Requests that wait to be gathered at most. They keep their headers alive meanwhile."""


class EndStore:
    """Keeps the newest ended requests, answered or not. It is used in one thread.

    Args:
        keep: How many are kept, about: the oldest go in blocks.

    Attributes:
        gathered: Emitted with the columns of requests that have ended. They do not change.
        left_out: How many older ones are not kept any more, or were not read.
    """

    def __init__(self, keep: int = KEPT) -> None:
        self.gathered: Signal[[EndColumns]] = Signal()
        self.left_out = 0
        self._keep = keep
        self._changes = 0
        self._count = 0
        self._sealed: list[EndColumns] = []
        self._open = Gathering()
        self._waiting: list[RequestEnd] = []

    def __len__(self) -> int:
        return self._count + len(self._waiting)

    @property
    def changes(self) -> int:
        """It grows with each request."""
        return self._changes + len(self._waiting)

    def add(self, end: RequestEnd) -> None:
        """Keep a request that has ended. Its columns are made later, with those of others."""
        self._waiting.append(end)
        if len(self._waiting) >= GATHERED:
            self.gather()

    def gather(self) -> None:
        """Make columns of what was added since the last time."""
        if not self._waiting:
            return
        ends, self._waiting = self._waiting, []
        if self._open.columns.room < len(ends) or not len(self._open.columns):
            if len(self._open.columns):
                self._sealed.append(self._open.columns)
            self._open = Gathering(ends[0].origin)
        found = self._open.add(ends)
        self._changes += len(ends)
        self._count += len(ends)
        self._drop_oldest()
        self.gathered.emit(found)

    def add_earlier(self, blocks: Sequence[EndColumns], left_out: int) -> None:
        """Keep requests of earlier runs too, before all others, as far as there is room.

        Args:
            blocks: The oldest first; they do not change any more.
            left_out: How many still older ones there were.
        """
        self._sealed[:0] = blocks
        self._changes += 1
        self._count += sum(map(len, blocks))
        self.left_out += left_out
        self._drop_oldest()

    def blocks(self) -> list[EndColumns]:
        """Return all that is kept, the oldest first. It does not change, in any thread."""
        self.gather()
        newest = self._open.columns
        return [*self._sealed, newest.copy()] if len(newest) else [*self._sealed]

    def _drop_oldest(self) -> None:
        while self._sealed and self._count - len(self._sealed[0]) >= self._keep:
            dropped = len(self._sealed.pop(0))
            self._count -= dropped
            self.left_out += dropped


def merged(blocks: Sequence[EndColumns]) -> list[EndColumns]:
    """Return the same rows in as few blocks as possible, so that going through them is fast."""
    found: list[EndColumns] = []
    for block in blocks:
        if found and found[-1].room >= len(block) and len(block) < MOST_ROWS // 2:
            found[-1].extend(block)
        else:
            found.append(block)
    for block in found:
        block.seal()
    return found
