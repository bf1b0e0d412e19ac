"""What is in a history file: its tables, and how those of older versions become them."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from typing import Final

from monitorapp.core.history._transaction import transaction

APPLICATION_ID: Final = 0x6D6F6E69
"""Marks the file in its header as ours: `moni`, see https://sqlite.org/pragma.html."""

_ORIGIN_OF_OLD: Final = "printf('run-%d-%.6f', id, began_s)"
"""The origin of a run that was written before there were any, as an expression of SQL.

It is not random: it is the same in every copy of a file, and before and after a migration.
"""

MIGRATIONS: Final[Sequence[Sequence[str]]] = (
    (
        # A run of the app; it has no end if it was killed.
        "CREATE TABLE runs (id INTEGER PRIMARY KEY, began_s REAL NOT NULL, ended_s REAL,"
        " version TEXT NOT NULL)",
        # What nearly all records have in common is kept once, as a JSON object.
        "CREATE TABLE shared (id INTEGER PRIMARY KEY, fields TEXT NOT NULL UNIQUE)",
        # The other fields of a record, as a JSON object.
        "CREATE TABLE records (id INTEGER PRIMARY KEY, run INTEGER NOT NULL REFERENCES runs,"
        " time_s REAL NOT NULL, shared INTEGER NOT NULL REFERENCES shared, fields TEXT NOT NULL)",
        "CREATE INDEX records_of_run ON records (run)",
    ),
    (
        # The process that a run was; a record names its own only if that is another one.
        "ALTER TABLE runs ADD COLUMN origin TEXT NOT NULL DEFAULT ''",
        f"UPDATE runs SET origin = {_ORIGIN_OF_OLD}",
    ),
    (
        # A number that was given once is never given again: whoever still knows it, as a reader
        # does or a writer of the version before, can miss a row but never take another for it.
        # https://sqlite.org/autoinc.html, https://sqlite.org/lang_altertable.html#otheralter
        "CREATE TABLE new_runs (id INTEGER PRIMARY KEY AUTOINCREMENT, began_s REAL NOT NULL,"
        " ended_s REAL, version TEXT NOT NULL, origin TEXT NOT NULL DEFAULT '')",
        "INSERT INTO new_runs SELECT id, began_s, ended_s, version, origin FROM runs",
        "DROP TABLE runs",
        "ALTER TABLE new_runs RENAME TO runs",
        "CREATE TABLE new_shared (id INTEGER PRIMARY KEY AUTOINCREMENT,"
        " fields TEXT NOT NULL UNIQUE)",
        "INSERT INTO new_shared SELECT id, fields FROM shared",
        "DROP TABLE shared",
        "ALTER TABLE new_shared RENAME TO shared",
        # Writers of the version before could outlive what their records referred to.
        "DELETE FROM records WHERE shared NOT IN (SELECT id FROM shared)",
        "INSERT INTO runs (id, began_s, version) SELECT run, min(time_s), '' FROM records"
        " WHERE run NOT IN (SELECT id FROM runs) GROUP BY run",
        # Names of the side files whose records are in this file, see `unsaved`.
        "CREATE TABLE taken_in (name TEXT PRIMARY KEY) WITHOUT ROWID",
    ),
    (
        # What becomes known of a record once it is written, see `changes`. With its run, `request`
        # says which request it is of; 0 if that is not known, as for all that are there already.
        "ALTER TABLE records ADD COLUMN request INTEGER NOT NULL DEFAULT 0",
        "ALTER TABLE records ADD COLUMN outcome TEXT",
        "ALTER TABLE records ADD COLUMN wasted_s REAL NOT NULL DEFAULT 0",
        "ALTER TABLE records ADD COLUMN starred INTEGER NOT NULL DEFAULT 0",
        "DROP INDEX records_of_run",
        "CREATE INDEX records_of_request ON records (run, request)",
        "CREATE INDEX records_of_no_request ON records (time_s) WHERE request = 0",
        "CREATE INDEX records_starred ON records (id) WHERE starred = 1",
        "CREATE INDEX runs_of_origin ON runs (origin)",
        # In a side file, what became known of records that are in the history, see `unsaved`:
        # either outcome and wasted_s are set, or starred.
        "CREATE TABLE changes (origin TEXT NOT NULL, request INTEGER NOT NULL,"
        " number INTEGER NOT NULL, time_s REAL NOT NULL, outcome TEXT, wasted_s REAL,"
        " starred INTEGER)",
    ),
    (
        # Blocks of ended requests, see `_ended_block`, with how many they are and when the last
        # of them ended. No number is given again: who makes one of several names them.
        "CREATE TABLE ended (id INTEGER PRIMARY KEY AUTOINCREMENT, run INTEGER NOT NULL,"
        " count INTEGER NOT NULL, ended_s REAL NOT NULL, block BLOB NOT NULL)",
    ),
)
"""The statements that lead from each version to the next; the first leads from nothing to 1."""

VERSION: Final = len(MIGRATIONS)
"""The version that this app writes, kept as `user_version` in the file's header."""

ENDED_VERSION: Final = 1 + next(
    place for place, steps in enumerate(MIGRATIONS) if "TABLE ended" in steps[0]
)
"""The first version that keeps ended requests."""


def version_of(connection: sqlite3.Connection) -> int:
    """Return the version of a file; 0 for an empty one."""
    version: int = connection.execute("PRAGMA user_version").fetchone()[0]
    return version


def origin_in(version: int) -> str:
    """Return the expression of SQL that is the origin of a run in a file of this version."""
    return "origin" if version > 1 else _ORIGIN_OF_OLD


def known_late_in(version: int) -> str:
    """Return what selects outcome, wasted_s and starred in a file of this version."""
    return "outcome, wasted_s, starred" if version > 3 else "NULL, 0.0, 0"


def migrate(
    connection: sqlite3.Connection, migrations: Sequence[Sequence[str]] = MIGRATIONS
) -> None:
    """Bring a file to the newest version, each step whole or not at all.

    Args:
        connection: In autocommit mode (`isolation_level=None`).
        migrations: The steps from nothing to the newest version.

    Raises:
        sqlite3.Error: A step failed; the file is as it was before this step.
    """
    for number, statements in enumerate(migrations, 1):
        if version_of(connection) >= number:
            continue
        with transaction(connection):
            if version_of(connection) < number:  # another process may have been first
                for statement in statements:
                    connection.execute(statement)
                connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
                connection.execute(f"PRAGMA user_version = {number}")
