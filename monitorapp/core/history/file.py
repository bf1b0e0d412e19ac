"""Opening a history file, and explaining in one sentence what is wrong with it."""

from __future__ import annotations

import contextlib
import datetime
import os
import sqlite3
from collections.abc import Callable
from enum import Enum
from pathlib import Path
from typing import Final

from monitorapp.core.history.schema import APPLICATION_ID, VERSION, migrate, version_of
from monitorapp.core.text.visible import visible

BUSY_S: Final = 0.2
"""How long one attempt waits for another process that holds the file, in seconds."""

MAX_VALUE_BYTES: Final = 32_000_000
"""Longest text that is read of a file; no record of our own is a third as long."""

_STEPS: Final = 20_000
"""Steps of SQLite's virtual machine, about a millisecond, between two looks at a cancellation."""

_TABLES: Final = ("runs", "shared", "records")
_COMPANIONS: Final = ("-wal", "-shm", "-journal")


class Fault(Enum):
    """What is wrong with a history file, and what can be done."""

    LOCKED = "is in use by another program; new records are written when it is free"
    FULL = "cannot grow: the disk is full; new records are written when there is space again"
    READ_ONLY = "cannot be written; change its permissions, or choose another file with --history"
    CORRUPT = "is damaged"
    FUTURE = "was written by a newer version of this app; choose another file with --history"
    FOREIGN = "belongs to another program; choose another file with --history"
    MISSING = "cannot be opened; choose another file with --history"
    OTHER = "cannot be used"

    @property
    def passes(self) -> bool:
        """Whether it may pass by itself."""
        return self in (Fault.LOCKED, Fault.FULL, Fault.OTHER)


class HistoryError(Exception):
    """A history file cannot be used; the message says why, in one sentence.

    Attributes:
        fault: What is wrong.
    """

    def __init__(self, fault: Fault, path: Path, detail: str = "") -> None:
        more = f" ({visible(detail)})" if detail else ""
        super().__init__(f"The history file {visible(str(path))} {fault.value}{more}.")
        self.fault = fault


def open_history(path: Path) -> sqlite3.Connection:
    """Open a history file to write it; make it, and its folder, if there is none.

    Raises:
        HistoryError: It cannot be used. It is as it was.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        connection = sqlite3.connect(path, timeout=BUSY_S, isolation_level=None)
    except (OSError, sqlite3.Error) as error:
        raise HistoryError(Fault.MISSING, path, str(error)) from error
    try:
        if _is_empty(connection):
            # Only before the first table; so that what is trimmed can be given back.
            connection.execute("PRAGMA auto_vacuum = INCREMENTAL")
        else:
            _check(connection, path)
        # A commit survives the end of this process, though not that of the machine.
        # https://sqlite.org/wal.html, https://sqlite.org/pragma.html#pragma_synchronous
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = NORMAL")
        migrate(connection)
        connection.execute("BEGIN IMMEDIATE")  # a file that cannot be written says so now
        connection.execute("ROLLBACK")
    except sqlite3.Error as error:
        with contextlib.suppress(sqlite3.Error):
            connection.close()
        raise explained(error, path) from error
    except HistoryError:
        connection.close()
        raise
    return connection


def open_to_read(path: Path, is_cancelled: Callable[[], bool] | None = None) -> sqlite3.Connection:
    """Open a history file to read it only; one of an older version stays as it is.

    Whatever is in it, it is tables that are read, and no text is longer than `MAX_VALUE_BYTES`.

    Args:
        path: The file.
        is_cancelled: Asked while SQLite is at work, in any statement; once it returns true that
            statement raises `sqlite3.OperationalError`.

    Raises:
        HistoryError: There is none, or it cannot be read.
    """
    if not path.is_file():
        raise HistoryError(Fault.MISSING, path, "there is no such file")
    try:
        connection = sqlite3.connect(
            f"{path.absolute().as_uri()}?mode=ro", uri=True, timeout=5.0, isolation_level=None
        )
    except sqlite3.Error as error:
        raise HistoryError(Fault.MISSING, path, str(error)) from error
    try:
        if is_cancelled is not None:
            connection.set_progress_handler(is_cancelled, _STEPS)
        if hasattr(connection, "setlimit"):  # since Python 3.11
            connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, MAX_VALUE_BYTES)
        if not _is_empty(connection):
            _check(connection, path)
            _check_tables(connection, path)
    except sqlite3.Error as error:
        connection.close()
        raise explained(error, path) from error
    except HistoryError:
        connection.close()
        raise
    return connection


def explained(error: sqlite3.Error, path: Path) -> HistoryError:
    """Return what an error of SQLite means for a history file."""
    text = str(error)
    for words, fault in (
        (("locked", "busy"), Fault.LOCKED),
        (("full",), Fault.FULL),
        (("readonly",), Fault.READ_ONLY),
        (("malformed", "not a database", "corrupt"), Fault.CORRUPT),
        (("unable to open",), Fault.MISSING),
    ):
        if any(word in text for word in words):
            return HistoryError(fault, path, "" if fault.passes else text)
    if isinstance(error, (sqlite3.OperationalError, sqlite3.ProgrammingError)):
        return HistoryError(Fault.OTHER, path, text)
    return HistoryError(Fault.CORRUPT, path, text)


def set_aside(path: Path, now: datetime.datetime) -> Path:
    """Give a damaged file another name, so that a new one can take its place; return that name.

    Raises:
        OSError: It cannot be renamed.
    """
    stem = f"{path.name}.damaged-{now:%Y%m%d-%H%M%S}"
    aside = path.with_name(stem)
    number = 1
    while aside.exists():
        number += 1
        aside = path.with_name(f"{stem}-{number}")
    os.rename(path, aside)  # noqa: PTH104 -- never over another file, which replace() might
    for companion in _COMPANIONS:
        with contextlib.suppress(FileNotFoundError):
            os.rename(f"{path}{companion}", f"{aside}{companion}")  # noqa: PTH104
    return aside


def _is_empty(connection: sqlite3.Connection) -> bool:
    return bool(connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0] == 0)


def _check(connection: sqlite3.Connection, path: Path) -> None:
    if connection.execute("PRAGMA application_id").fetchone()[0] != APPLICATION_ID:
        raise HistoryError(Fault.FOREIGN, path)
    if version_of(connection) > VERSION:
        raise HistoryError(Fault.FUTURE, path)


def _check_tables(connection: sqlite3.Connection, path: Path) -> None:
    marks = ", ".join("?" * len(_TABLES))
    (count,) = connection.execute(
        f"SELECT count(*) FROM sqlite_master WHERE name IN ({marks}) AND type = 'table'"
        " AND sql LIKE 'CREATE TABLE %' AND rootpage > 0",
        _TABLES,
    ).fetchone()
    if count != len(_TABLES):
        raise HistoryError(Fault.FOREIGN, path)
