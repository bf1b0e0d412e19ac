"""Interruptions in another order than that of their arrival."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Container, Iterable
from itertools import compress
from typing import Any

from monitorapp.core.record.interruption import Interruption

SortKey = Callable[[Interruption], Any]
"""Returns what an interruption is sorted by; None if it is not known."""


class SortedInterruptions:
    """Keeps interruptions sorted by a key while others come and go.

    Those of the same key stay in the order in which they came, descending the other way
    round. Those whose key is None or NaN are at the end in either direction. What comes is
    merged in by bisection, and what goes is left out by a loop in C, so that a change of a
    few among 100,000 takes milliseconds.

    Args:
        key: What is sorted by.
        descending: Whether the greatest come first.
        interruptions: Those that are there already, in the order in which they came.
    """

    def __init__(
        self, key: SortKey, descending: bool, interruptions: Iterable[Interruption]
    ) -> None:
        self._key = key
        self._descending = descending
        self._known: list[Interruption] = []  # ascending
        self._unknown: list[Interruption] = []
        self.add(interruptions)

    def add(self, interruptions: Iterable[Interruption]) -> None:
        """Take in others, in the order in which they came."""
        key = self._key
        keyed = []
        for one in interruptions:
            value = key(one)
            if value is None or value != value:
                self._unknown.append(one)
            else:
                keyed.append((value, one))
        keyed.sort(key=_first)
        known = self._known
        if not known:
            self._known = [one for _, one in keyed]
            return
        merged: list[Interruption] = []
        place = 0
        for value, one in keyed:
            upto = bisect_right(known, value, lo=place, key=key)
            if upto > place:
                merged += known[place:upto]
                place = upto
            merged.append(one)
        merged += known[place:]
        self._known = merged

    def remove(self, identities: Container[int]) -> None:
        """Drop those whose `id` is one of these."""
        self._known = _without(self._known, identities)
        self._unknown = _without(self._unknown, identities)

    def ordered(self) -> list[Interruption]:
        """Return all of them in their order, in a new list."""
        return (self._known[::-1] if self._descending else self._known) + self._unknown

    def place(self, interruption: Interruption) -> int:
        """Return where an interruption would be that is no longer there, or not yet."""
        value = self._key(interruption)
        if value is None or value != value:
            return len(self._known)
        if self._descending:
            return len(self._known) - bisect_right(self._known, value, key=self._key)
        return bisect_left(self._known, value, key=self._key)


def places_of(interruptions: list[Interruption], identities: Container[int]) -> list[int]:
    """Return the places of those whose `id` is one of these, ascending."""
    return list(compress(range(len(interruptions)), _are_in(interruptions, identities)))


def _without(interruptions: list[Interruption], identities: Container[int]) -> list[Interruption]:
    gone = places_of(interruptions, identities)
    kept: list[Interruption] = []
    place = 0
    for end in gone:
        kept += interruptions[place:end]
        place = end + 1
    return kept + interruptions[place:] if gone else interruptions


def _are_in(interruptions: list[Interruption], identities: Container[int]) -> Iterable[bool]:
    return map(identities.__contains__, map(id, interruptions))


def _first(pair: tuple[Any, Interruption]) -> Any:
    return pair[0]
