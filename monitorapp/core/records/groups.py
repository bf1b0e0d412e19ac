"""Interruptions that have something in common, kept together while others come and go."""

from __future__ import annotations

from bisect import bisect_left, insort
from collections import deque
from collections.abc import Iterator
from enum import Enum
from typing import Final

from monitorapp.core.record.client import host_of
from monitorapp.core.record.interruption import Interruption
from monitorapp.core.records.matching import Interruptions

BUCKET_S: Final = 10.0
"""How much time a bar of a group's course stands for, in seconds."""

BUCKETS: Final = 60
"""How many bars it has: the last ten minutes."""


class Grouping(Enum):
    """What the interruptions of a group have in common."""

    FINGERPRINT = "fingerprint"
    CLIENT = "client"
    PATH = "path"

    def key(self, interruption: Interruption) -> tuple[str, ...]:
        """Return what is the same for all interruptions of a group.

        That is, for a fingerprint, the path without its query, the reason and where the wait
        began; for a client, its address without the port.
        """
        if self is Grouping.CLIENT:
            return (host_of(interruption.client),)
        if self is Grouping.PATH:
            return (interruption.path,)
        return (interruption.path, interruption.reason.value, interruption.began_in)


class Group:
    """Interruptions with the same key.

    Attributes:
        key: What they have in common, see `Grouping.key`.
        interruptions: They, oldest first; there is at least one.
    """

    def __init__(self, key: tuple[str, ...]) -> None:
        self.key = key
        self.interruptions: deque[Interruption] = deque()
        self._waited_s: list[float] = []  # in order
        self._buckets: dict[int, int] = {}

    def __len__(self) -> int:
        return len(self.interruptions)

    @property
    def newest(self) -> Interruption:
        """The newest of them."""
        return self.interruptions[-1]

    @property
    def first_s(self) -> float:
        """When the oldest was logged, in seconds since the epoch."""
        return self.interruptions[0].time_s

    @property
    def last_s(self) -> float:
        """When the newest was logged, in seconds since the epoch."""
        return self.interruptions[-1].time_s

    @property
    def median_s(self) -> float | None:
        """Median of how long the clients had waited, in seconds; None if that is not known.

        Of an even number it is the mean of the two in the middle.
        """
        count = len(self._waited_s)
        if not count:
            return None
        return (self._waited_s[(count - 1) // 2] + self._waited_s[count // 2]) / 2

    @property
    def largest_s(self) -> float | None:
        """Longest that a client had waited, in seconds; None if that is not known."""
        return self._waited_s[-1] if self._waited_s else None

    def course(self, now_s: float) -> list[int]:
        """Return how many were logged in each `BUCKET_S` of the last minutes, oldest first."""
        last = int(now_s // BUCKET_S)
        return [self._buckets.get(place, 0) for place in range(last - BUCKETS + 1, last + 1)]

    def add(self, interruption: Interruption) -> None:
        """Take one more, the newest."""
        self.interruptions.append(interruption)
        if interruption.waited_s is not None:
            insort(self._waited_s, interruption.waited_s)
        place = int(interruption.time_s // BUCKET_S)
        self._buckets[place] = self._buckets.get(place, 0) + 1

    def remove(self, interruption: Interruption) -> None:
        """Remove one, mostly the oldest.

        Raises:
            ValueError: It is not there.
        """
        if self.interruptions and self.interruptions[0] is interruption:
            self.interruptions.popleft()
        else:
            self.interruptions.remove(interruption)
        if interruption.waited_s is not None:
            del self._waited_s[bisect_left(self._waited_s, interruption.waited_s)]
        place = int(interruption.time_s // BUCKET_S)
        self._buckets[place] -= 1
        if not self._buckets[place]:
            del self._buckets[place]


class Groups:
    """The groups of interruptions, kept up to date until `detach`.

    A group whose last interruption goes is left out and does not change any more: a group is
    never empty.

    Args:
        interruptions: They, and what changes.
        grouping: What those of a group have in common.

    Attributes:
        changes: Grows whenever something has changed.
    """

    def __init__(self, interruptions: Interruptions, grouping: Grouping) -> None:
        self._source = interruptions
        self._key = grouping.key
        self._groups: dict[tuple[str, ...], Group] = {}
        self.changes = 0
        for interruption in interruptions:
            self._add(interruption)
        interruptions.added.connect(self._add)
        interruptions.evicted.connect(self._remove)
        interruptions.cleared.connect(self._clear)

    def detach(self) -> None:
        """Stop listening."""
        self._source.added.disconnect(self._add)
        self._source.evicted.disconnect(self._remove)
        self._source.cleared.disconnect(self._clear)

    def __len__(self) -> int:
        return len(self._groups)

    def __iter__(self) -> Iterator[Group]:
        """Iterate over the groups, in the order in which they began."""
        return iter(self._groups.values())

    def _add(self, interruption: Interruption) -> None:
        key = self._key(interruption)
        group = self._groups.get(key)
        if group is None:
            group = self._groups[key] = Group(key)
        group.add(interruption)
        self.changes += 1

    def _remove(self, interruption: Interruption) -> None:
        key = self._key(interruption)
        group = self._groups[key]
        if len(group) == 1:
            del self._groups[key]  # and it stays as it was, for who still shows it
        else:
            group.remove(interruption)
        self.changes += 1

    def _clear(self) -> None:
        self._groups.clear()
        self.changes += 1
