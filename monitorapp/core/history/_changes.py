"""What becomes known of records once they are recorded, on its way into the history."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from itertools import chain, islice
from typing import Final, NamedTuple

from monitorapp.core.history._transaction import transaction
from monitorapp.core.record.identity import RequestId
from monitorapp.core.record.interruption import Interruption
from monitorapp.core.record.outcome import RequestOutcome

MAX_WAITING: Final = 200_000
"""Outcomes that wait for the file at most; then the oldest of them are not kept."""

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


Known = tuple[RequestId, RequestOutcome] | Change
"""An outcome, or a star: what is passed on must be made fast, as each record has an outcome."""


def star_change(one: Interruption, starred: bool) -> Change:
    """Return the change that stars a record, or takes its star away."""
    return Change(one.origin, one.request_number, one.number, one.time_s, starred=int(starred))


class Changes:
    """The changes that wait for the file, the last of each kind for a record.

    A record that is written later takes its outcome along.
    """

    def __init__(self) -> None:
        self._outcomes: dict[tuple[str, int], RequestOutcome] = {}  # by the identity of the request
        self._stars: dict[tuple[object, ...], Change] = {}

    def __bool__(self) -> bool:
        return bool(self._outcomes or self._stars)

    def add(self, known: Known) -> None:
        """Take one more."""
        if isinstance(known, Change):
            self._stars[known[:4]] = known
            return
        request, outcome = known
        waiting = self._outcomes
        if len(waiting) >= MAX_WAITING and request not in waiting:
            del waiting[next(iter(waiting))]
        waiting[request] = outcome

    def outcome_of(self, interruption: Interruption) -> RequestOutcome | None:
        """Return the outcome of a record that is not written yet."""
        return self._outcomes.get((interruption.origin, interruption.request_number))

    def first(self, count: int) -> list[Change]:
        """Return some, at most so many."""
        outcomes = (
            Change(*request, outcome=known.outcome.name, wasted_s=known.wasted_s)
            for request, outcome in self._outcomes.items()
            for known in (outcome.as_written,)
        )
        return list(islice(chain(outcomes, self._stars.values()), count))

    def forget(self, changes: Iterable[Change]) -> None:
        """Drop those that are written."""
        for change in changes:
            if change.starred is None:
                self._outcomes.pop(change[:2], None)
            else:
                self._stars.pop(change[:4], None)

    def forget_outcomes(self, interruptions: Iterable[Interruption]) -> None:
        """Drop the outcomes of these records, which are written with them."""
        for one in interruptions:
            self._outcomes.pop((one.origin, one.request_number), None)

    def clear(self) -> None:
        """Drop all."""
        self._outcomes.clear()
        self._stars.clear()


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
