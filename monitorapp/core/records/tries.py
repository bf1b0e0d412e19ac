"""Repeated requests of clients for what they have just given up on."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from monitorapp.core.record.client import host_of
from monitorapp.core.record.interruption import Interruption

AGAIN_WITHIN_S: Final = 30.0
"""A request that begins so soon after an interruption, in seconds, is another try."""

REMEMBERED: Final = 20_000


class Tries:
    """Counts the tries of clients, as interruptions come in.

    A client is known by its address, and what it requests by the path without the query.

    Args:
        remembered: How many pairs of client and path are remembered; those that came last.
    """

    def __init__(self, remembered: int = REMEMBERED) -> None:
        self._remembered = remembered
        self._last: dict[tuple[str, str], tuple[float, int]] = {}  # the oldest first

    def __len__(self) -> int:
        return len(self._last)

    def count(self, interruption: Interruption) -> Interruption:
        """Return a new record with its number of tries."""
        if not interruption.client:
            return interruption
        time_s = interruption.time_s
        began_s = interruption.began_s
        if began_s is None:
            began_s = time_s - (interruption.waited_s or 0.0)
        key = (host_of(interruption.client), interruption.path)
        last_s, tries = self._last.pop(key, (-AGAIN_WITHIN_S, 0))
        # What began before the last one had ended was requested at the same time, not again.
        again = last_s <= began_s <= last_s + AGAIN_WITHIN_S
        tries = tries + 1 if again else 1
        self._last[key] = (time_s, tries)
        if len(self._last) > self._remembered:
            del self._last[next(iter(self._last))]
        return replace(interruption, tries=tries) if tries > 1 else interruption
