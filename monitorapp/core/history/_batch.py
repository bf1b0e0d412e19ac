"""Writes the records of one run, a batch at a time, whole or not at all."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from typing import Final, NamedTuple

from monitorapp import __version__
from monitorapp.core.history._transaction import transaction
from monitorapp.core.history.rows import Row

UNFIT: Final = (sqlite3.IntegrityError, sqlite3.DataError, OverflowError)
"""What is raised for a row that SQLite does not take; the file is as good as before."""


class WrittenRun(NamedTuple):
    """A run as the file has it.

    Attributes:
        number: Its number in the file; 0 if it is not there yet.
        began_s: When it began, in seconds since the epoch.
        origin: Names the process that it is.
    """

    number: int
    began_s: float
    origin: str


def write_batch(connection: sqlite3.Connection, run: WrittenRun, rows: list[Row]) -> WrittenRun:
    """Write rows and their run, and return the run as it is in the file.

    Whatever a row refers to is looked up in the same transaction: another process, or this one,
    may have trimmed it since the last.

    Raises:
        sqlite3.Error: It could not be written.
        OverflowError: A number is too large.
    """
    with transaction(connection):
        run = _keep_run(connection, run)
        write_rows(connection, run.number, rows)
    return run


def write_rows(connection: sqlite3.Connection, run: int, rows: Iterable[Row]) -> None:
    """Write rows of the run with this number, in a transaction that has begun."""
    numbers = _Numbers(connection)
    connection.executemany(
        "INSERT INTO records (run, time_s, shared, fields, request, outcome, wasted_s, starred)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        [
            (run, time_s, numbers[shared], fields, request, outcome, wasted_s, starred)
            for time_s, shared, fields, request, outcome, wasted_s, starred in rows
        ],
    )


class _Numbers(dict[str, int]):
    """The numbers of shared fields in the file, for as long as a transaction lasts."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        super().__init__()
        self._connection = connection

    def __missing__(self, shared: str) -> int:
        execute = self._connection.execute
        found = execute("SELECT id FROM shared WHERE fields = ?", (shared,)).fetchone()
        if found is None:
            number = execute("INSERT INTO shared (fields) VALUES (?)", (shared,)).lastrowid or 0
        else:
            number = int(found[0])
        self[shared] = number
        return number


def _keep_run(connection: sqlite3.Connection, run: WrittenRun) -> WrittenRun:
    found = connection.execute("SELECT 1 FROM runs WHERE id = ?", (run.number,)).fetchone()
    if found is not None:
        return run
    number = connection.execute(
        "INSERT INTO runs (id, began_s, version, origin) VALUES (?, ?, ?, ?)",
        (run.number or None, run.began_s, __version__, run.origin),
    ).lastrowid
    return run._replace(number=number or 0)
