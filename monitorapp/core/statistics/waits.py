"""How long the clients of each path and address waited, as their requests end."""

from __future__ import annotations

from collections.abc import Callable
from enum import Enum
from typing import Final

from monitorapp.core.filter.language import Filter
from monitorapp.core.record.interruption import Interruption
from monitorapp.core.record.reason import Reason
from monitorapp.core.record.searched_text import searched_text
from monitorapp.core.request.ended import RequestEnd
from monitorapp.core.statistics.survival import Waits

MOST_KEYS: Final = 2_000
"""Pairs of path and client that are counted singly; later ones are counted with the others."""

COMPARED: Final = 4
"""Groups that are compared at most: those with the most requests."""

OTHERS: Final = "(others)"


class Comparison(Enum):
    """Whose patience is shown. The value is what the user reads."""

    ALL = "all clients"
    FILTER = "clients and paths of the filter"
    PATH = "by path"
    CLIENT = "by client"


class Patience:
    """Counts how long clients waited. A request costs the same however many there were.

    Attributes:
        changes: Grows with each request.
    """

    def __init__(self) -> None:
        self.changes = 0
        self._waits: dict[tuple[str, str], Waits] = {}
        self._known: dict[tuple[bytes, str], Waits] = {}  # by paths as they came

    def add(self, request: RequestEnd) -> None:
        """Count a request that has ended."""
        self.changes += 1
        waits = self._known.get((request.raw_path, request.host))
        if waits is None:
            waits = self._waits_of(request)
        waits.add(request.waited_s, left=request.left)

    def groups(self, comparison: Comparison, filter_: Filter) -> list[tuple[str, Waits]]:
        """Return names and waits of the groups to be compared, the largest first.

        Args:
            comparison: Which groups.
            filter_: Selects, for `Comparison.FILTER`, whose waits are one group; the waits of all
                others are the other. Of a request that was answered only the path and the
                client are known, so only the filter's terms on these two count.
        """
        if comparison is Comparison.ALL:
            return self._summed(lambda _: "all clients")
        if comparison is Comparison.PATH:
            return self._summed(lambda key: key[0])[:COMPARED]
        if comparison is Comparison.CLIENT:
            return self._summed(lambda key: key[1])[:COMPARED]
        return self._summed(
            lambda key: "of the filter" if _matches(filter_, *key) else "all others"
        )

    def _waits_of(self, request: RequestEnd) -> Waits:
        if len(self._known) >= MOST_KEYS:
            return self._waits.setdefault((OTHERS, OTHERS), Waits())
        # Different bytes can be the same text.
        waits = self._waits.setdefault((request.path, request.host), Waits())
        self._known[request.raw_path, request.host] = waits
        return waits

    def _summed(self, name: Callable[[tuple[str, str]], str]) -> list[tuple[str, Waits]]:
        sums: dict[str, Waits] = {}
        for key, waits in self._waits.items():
            sums.setdefault(name(key), Waits()).update(waits)
        return sorted(sums.items(), key=lambda pair: -len(pair[1]))


def _matches(filter_: Filter, path: str, host: str) -> bool:
    known = Interruption(
        number=0,
        time_s=0.0,
        reason=Reason.OTHER,
        failure_type="",
        message="",
        traceback="",
        has_frames=False,
        uri=path,
        client=host,
    )
    return filter_.matches(known, searched_text(known))
