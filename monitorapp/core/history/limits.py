"""How much a history keeps, and how the oldest records are removed."""

from __future__ import annotations

import math
import sqlite3
from dataclasses import dataclass
from typing import Final, NamedTuple

from monitorapp.core.history._transaction import transaction
from monitorapp.core.text.format import plural

DEFAULT_DAYS: Final = 90
DEFAULT_MEGABYTES: Final = 500
MAX_DAYS: Final = 36_500
MAX_MEGABYTES: Final = 1_000_000

CHUNK: Final = 2_000
"""Records that one step removes: few enough for a batch to be written soon after."""

_FIRST: Final = f"(SELECT id, time_s FROM records WHERE NOT starred ORDER BY id LIMIT {CHUNK})"

_DAY_S: Final = 86_400.0
_MEGABYTE: Final = 1_000_000
_PAGES_A_STEP: Final = 500
_GOAL: Final = 0.9
"""What is left of the size limit once it was passed, so that it is not passed again at once."""


@dataclass(frozen=True, slots=True)
class HistoryLimits:
    """What a history keeps at most, besides the starred records, which always stay.

    Attributes:
        days: Age of the oldest record, in days.
        megabytes: Size of what is kept, in millions of bytes.

    Raises:
        ValueError: One of them is not possible.
    """

    days: int = DEFAULT_DAYS
    megabytes: int = DEFAULT_MEGABYTES

    def __post_init__(self) -> None:
        if not 1 <= self.days <= MAX_DAYS:
            raise ValueError(
                f"A history keeps from 1 to {plural(MAX_DAYS, 'day')}, not {self.days}."
            )
        if not 1 <= self.megabytes <= MAX_MEGABYTES:
            raise ValueError(
                f"A history keeps from 1 to {plural(MAX_MEGABYTES, 'megabyte')},"
                f" not {self.megabytes}."
            )


class _Excess(NamedTuple):
    """Which records are beyond the size limit.

    It names records and does not count them, so that they are not removed twice over when
    another process trims the same file.

    Attributes:
        end: They have smaller numbers than this.
        last: The newest record had this number. Numbers begin again if all have gone.
    """

    end: int
    last: int


class Trimming:
    """One pass that removes what is beyond the limits, in small steps.

    Args:
        connection: The file, in autocommit mode.
        limits: What is kept.
        now_s: The present, in seconds since the epoch.
        run: The present run, which stays with or without records.
    """

    def __init__(
        self, connection: sqlite3.Connection, limits: HistoryLimits, now_s: float, run: int
    ) -> None:
        self._connection = connection
        self._before_s = now_s - limits.days * _DAY_S
        self._bytes = limits.megabytes * _MEGABYTE
        self._run = run
        self._excess: _Excess | None = None  # of records beyond the size limit
        self._untidy = False

    def step(self) -> bool:
        """Remove some; return whether there is more to do.

        Raises:
            sqlite3.Error: It could not be removed; nothing of this step was.
        """
        if self._excess is None:
            with transaction(self._connection):
                self._excess = self._find_excess()
        if self._remove(self._excess):
            self._untidy = True
            return True
        if self._untidy:
            self._tidy()
            self._untidy = False
            self._excess = None  # shared fields weigh something too: look again
            return True
        return self._give_back()

    def _find_excess(self) -> _Excess:
        """Return about which records make the file too large."""
        used = self._used_bytes()
        first, last = self._connection.execute(
            "SELECT (SELECT min(id) FROM records WHERE NOT starred), max(id) FROM records"
        ).fetchone()
        if used <= self._bytes or first is None:
            return _Excess(0, 0)
        excess = math.ceil((last - first + 1) * (1 - _GOAL * self._bytes / used))
        return _Excess(first + excess, last)

    def _remove(self, excess: _Excess) -> int:
        """Remove what is beyond the limits of the first records; return how many that were."""
        # No WITH: sqlite3 counts rows only of what begins with DELETE.
        removed: int = self._connection.execute(
            f"DELETE FROM records WHERE id IN (SELECT id FROM {_FIRST}) AND ("
            f" id < ifnull((SELECT min(id) FROM {_FIRST} WHERE time_s >= ?), id + 1)"
            " OR (id < ? AND (SELECT max(id) FROM records) >= ?))",
            (self._before_s, *excess),
        ).rowcount
        return removed

    def _tidy(self) -> None:
        """Delete what no record needs any more."""
        with transaction(self._connection):
            self._connection.execute(
                "DELETE FROM shared WHERE id NOT IN (SELECT shared FROM records)"
            )
            self._connection.execute(
                "DELETE FROM runs WHERE id != ? AND (ended_s IS NOT NULL OR began_s < ?)"
                " AND NOT EXISTS (SELECT 1 FROM records WHERE run = runs.id)",
                (self._run, self._before_s),
            )

    def _give_back(self) -> bool:
        """Give free pages back to the file system; return whether there are more."""
        free = self._pragma("freelist_count")
        if free:
            self._connection.execute(f"PRAGMA incremental_vacuum({_PAGES_A_STEP})").fetchall()
        return self._pragma("freelist_count") > 0 and free > self._pragma("freelist_count")

    def _used_bytes(self) -> int:
        pages = self._pragma("page_count") - self._pragma("freelist_count")
        return pages * self._pragma("page_size")

    def _pragma(self, name: str) -> int:
        value: int = self._connection.execute(f"PRAGMA {name}").fetchone()[0]
        return value
