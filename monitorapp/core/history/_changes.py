"""What becomes known of records once they are recorded, on its way into the history."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Final, NamedTuple

from monitorapp.core.history._transaction import transaction
from monitorapp.core.record.identity import RequestId
from monitorapp.core.record.interruption import Interruption
from monitorapp.core.record.outcome import RequestOutcome

MAX_WAITING: Final = 200_000
"""Changes that wait for the file at most; then the oldest of them are not kept."""

_OUTCOME: Final = (
    "UPDATE records SET outcome = :outcome, wasted_s = :wasted_s"
    " WHERE run IN (SELECT id FROM runs WHERE origin = :origin) AND request = :request"
)
# A record knows its request and its time; its number is that of the record. Those of older
# versions have no request in their row.
_STAR: Final = (
    "UPDATE records SET starred = :starred"
    " WHERE run IN (SELECT id FROM runs WHERE :origin IN (origin, ''))"
    " AND request = {request} AND time_s = :time_s"
    " AND instr(fields, '\"number\":' || :number || ',')"
)
_STAR_OF_REQUEST: Final = _STAR.format(request=":request")
_STAR_OF_NONE: Final = _STAR.format(request="0")


_Key = tuple[bool, str, int, int, float]


class Change(NamedTuple):
    """What has become known of a record: an outcome, or whether it is starred.

    Attributes:
        origin: Names the process that served its request.
        request: The running number of that request.
        number: The running number of the record; 0 for an outcome.
        time_s: When it was logged, in seconds since the epoch; 0 for an outcome.
        outcome: Name of the outcome; None for a star.
        wasted_s: See `RequestOutcome`; None for a star.
        starred: Whether it is starred, 1 or 0; None for an outcome.
    """

    origin: str
    request: int
    number: int = 0
    time_s: float = 0.0
    outcome: str | None = None
    wasted_s: float | None = None
    starred: int | None = None

    @property
    def key(self) -> _Key:
        """What it is about: a later change with the same one takes its place."""
        return self.starred is None, *self[:4]


def outcome_change(request: RequestId, outcome: RequestOutcome) -> Change:
    """Return the change that notes an outcome."""
    written = outcome.as_written
    return Change(*request, outcome=written.outcome.name, wasted_s=written.wasted_s)


def star_change(one: Interruption, starred: bool) -> Change:
    """Return the change that stars a record, or takes its star away."""
    return Change(one.origin, one.request_number, one.number, one.time_s, starred=int(starred))


class Changes:
    """The changes that wait for the file, the last of each kind for a record.

    A record that is written later takes its outcome along.
    """

    def __init__(self) -> None:
        self._waiting: dict[_Key, Change] = {}

    def __bool__(self) -> bool:
        return bool(self._waiting)

    def __iter__(self) -> Iterator[Change]:
        return iter(self._waiting.values())

    def add(self, change: Change) -> None:
        """Take one more."""
        self._waiting.pop(change.key, None)
        if len(self._waiting) >= MAX_WAITING:
            del self._waiting[next(iter(self._waiting))]
        self._waiting[change.key] = change

    def outcome_of(self, interruption: Interruption) -> Change | None:
        """Return the outcome of a record that is not written yet."""
        return self._waiting.get((True, interruption.origin, interruption.request_number, 0, 0.0))

    def first(self, count: int) -> list[Change]:
        """Return the oldest, at most so many."""
        return list(islice(self._waiting.values(), count))

    def forget(self, changes: Iterable[Change]) -> None:
        """Drop those that are written."""
        for change in changes:
            self._waiting.pop(change.key, None)

    def clear(self) -> None:
        """Drop all."""
        self._waiting.clear()


def apply(connection: sqlite3.Connection, changes: Iterable[Change]) -> None:
    """Change the records that are there, in a transaction that has begun.

    Raises:
        sqlite3.Error: It could not be written.
    """
    outcomes = []
    for change in changes:
        if change.starred is None:
            outcomes.append(change._asdict())
        else:
            connection.execute(_STAR_OF_REQUEST, change._asdict())
            connection.execute(_STAR_OF_NONE, change._asdict())
    connection.executemany(_OUTCOME, outcomes)


def keep(connection: sqlite3.Connection, changes: Iterable[Change]) -> None:
    """Write changes of records that are elsewhere, for `kept`; see `apply`."""
    with transaction(connection):
        connection.executemany("INSERT INTO changes VALUES (?, ?, ?, ?, ?, ?, ?)", changes)


def kept(connection: sqlite3.Connection) -> list[Change]:
    """Return the changes that a file keeps for records that are elsewhere."""
    rows = connection.execute(
        "SELECT origin, request, number, time_s, outcome, wasted_s, starred FROM changes"
        " ORDER BY rowid"
    )
    return [Change(*row) for row in rows]
