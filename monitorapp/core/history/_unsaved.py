"""Side files: histories of their own, of what the history could not take before the app ended."""

from __future__ import annotations

import contextlib
import re
import secrets
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Final

from monitorapp.core.history._batch import write_rows
from monitorapp.core.history._changes import Change, apply, kept
from monitorapp.core.history._place import COMPANIONS
from monitorapp.core.history._transaction import transaction
from monitorapp.core.history.file import explained, open_to_read
from monitorapp.core.history.rows import Row
from monitorapp.core.history.schema import known_late_in, version_of

PART: Final = ".part"
"""The end of the name of a side file that is not written to its end."""

_Run = tuple[float, float | None, str, str]
"""When it began and ended, the version of the app, and the origin."""


def new_side_file(path: Path) -> Path:
    """Return a name for a side file of a history that no other has."""
    return path.with_name(f"{path.name}.unsaved-{secrets.token_hex(8)}")


def side_files(path: Path) -> list[Path]:
    """Return the side files of a history that are there and written to their end."""
    pattern = re.compile(re.escape(path.name) + r"\.unsaved-[0-9a-f]{16}")
    try:
        return sorted(one for one in path.parent.iterdir() if pattern.fullmatch(one.name))
    except OSError:
        return []


def take_in(connection: sqlite3.Connection, side: Path) -> None:
    """Bring what a side file has into its history, exactly once, and remove it.

    Other processes may do so at the same time, and this one may be killed at any time: the
    history keeps the names of what it has taken in.

    Args:
        connection: The history, in autocommit mode.
        side: The side file.

    Raises:
        HistoryError: The side file cannot be read. It stays.
        sqlite3.Error: The history cannot be written. The side file stays.
    """
    with transaction(connection):
        taken = connection.execute("SELECT 1 FROM taken_in WHERE name = ?", (side.name,))
        if taken.fetchone() is None and side.exists():
            runs, rows, changes = _read(side)
            for number, run in runs.items():
                of_run = (row for of, row in rows if of == number)
                write_rows(connection, _number_of_run(connection, run), of_run)
            apply(connection, changes)
            connection.execute("INSERT INTO taken_in (name) VALUES (?)", (side.name,))
    for end in ("", *COMPANIONS):
        with contextlib.suppress(FileNotFoundError):
            side.with_name(side.name + end).unlink()


def _read(side: Path) -> tuple[dict[int, _Run], list[tuple[int, Row]], list[Change]]:
    with closing(open_to_read(side)) as source:
        try:
            version = version_of(source)
            runs = source.execute("SELECT id, began_s, ended_s, version, origin FROM runs")
            rows = source.execute(
                f"SELECT run, time_s, shared.fields, records.fields,"
                f" {'request' if version > 3 else '0'}, {known_late_in(version)}"
                " FROM records JOIN shared ON shared.id = shared JOIN runs ON runs.id = run"
                " ORDER BY records.id"
            )
            return (
                {
                    number: (began_s, ended_s, version, origin)
                    for number, began_s, ended_s, version, origin in runs
                },
                [(run, Row(*row)) for run, *row in rows],
                kept(source) if version > 3 else [],
            )
        except sqlite3.Error as error:
            raise explained(error, side) from error


def _number_of_run(connection: sqlite3.Connection, run: _Run) -> int:
    """Return the number in the history of a run of a side file; add it if it is not there."""
    began_s, ended_s, version, origin = run
    found = connection.execute(
        "SELECT id FROM runs WHERE began_s = ? AND version = ? AND origin = ?",
        (began_s, version, origin),
    ).fetchone()
    if found is not None:
        connection.execute(
            "UPDATE runs SET ended_s = coalesce(ended_s, ?) WHERE id = ?", (ended_s, found[0])
        )
        return int(found[0])
    added = connection.execute(
        "INSERT INTO runs (began_s, ended_s, version, origin) VALUES (?, ?, ?, ?)",
        (began_s, ended_s, version, origin),
    )
    return added.lastrowid or 0
