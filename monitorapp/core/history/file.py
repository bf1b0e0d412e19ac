"""Opening a history file, and explaining in one sentence what is wrong with it."""

from __future__ import annotations

import contextlib
import os
import sqlite3
import stat
from collections.abc import Callable
from enum import Enum
from pathlib import Path
from typing import Final

from monitorapp.core.history._place import COMPANIONS, Identity, identity_of
from monitorapp.core.history._transaction import transaction
from monitorapp.core.history.schema import APPLICATION_ID, VERSION, migrate, version_of
from monitorapp.core.text.visible import visible

BUSY_S: Final = 0.2
"""How long one attempt waits for another process that holds the file, in seconds."""

READ_BUSY_S: Final = 1.0
"""The same for who only reads it, which is rarely kept out."""

MAX_VALUE_BYTES: Final = 32_000_000
"""Longest text that is read of a file; no record of our own is a third as long."""

_STEPS: Final = 20_000
"""Steps of SQLite's virtual machine, about a millisecond, between two looks at a cancellation."""

_SMALLEST_BYTES: Final = 512  # https://sqlite.org/fileformat2.html#pages
_MAGIC: Final = b"SQLite format 3\0"
_TABLES: Final = ("runs", "shared", "records")


class Fault(Enum):
    """What is wrong with a history file, and what can be done."""

    LOCKED = "is in use by another program; new records are written when it is free"
    FULL = "cannot grow: the disk is full; new records are written when there is space again"
    READ_ONLY = "cannot be written; change its permissions, or choose another file with --history"
    CORRUPT = "is damaged"
    DAMAGED_AGAIN = "is damaged for the second time in this run; choose another with --history"
    FUTURE = "was written by a newer version of this app; choose another file with --history"
    FOREIGN = "is not a history of this app; choose another file with --history"
    MISSING = "cannot be opened; choose another file with --history"
    OTHER = "cannot be used"

    @property
    def passes(self) -> bool:
        """Whether it may pass by itself."""
        return self in (Fault.LOCKED, Fault.FULL, Fault.OTHER)


_FAULTS: Final = (
    (("locked", "busy"), Fault.LOCKED),
    (("full",), Fault.FULL),
    (("readonly",), Fault.READ_ONLY),
    (("malformed", "not a database", "corrupt"), Fault.CORRUPT),
    (("unable to open",), Fault.MISSING),
)
"""Words in the messages of SQLite, and what they mean; a record that is not taken is no fault."""


class HistoryError(Exception):
    """A history file cannot be used; the message says why, in one sentence.

    Attributes:
        fault: What is wrong.
        identity: Which file it is, if it is a damaged one of ours; else None.
    """

    def __init__(
        self, fault: Fault, path: Path, detail: str = "", identity: Identity | None = None
    ) -> None:
        more = f" ({visible(detail)})" if detail else ""
        super().__init__(f"The history file {visible(str(path))} {fault.value}{more}.")
        self.fault = fault
        self.identity = identity


class HistoryFile:
    """A history file that is open to be written.

    Args:
        path: Where it is.
        identity: Which file it is.
        connection: In autocommit mode.

    Attributes:
        identity: The same.
        connection: The same.
    """

    def __init__(self, path: Path, identity: Identity, connection: sqlite3.Connection) -> None:
        self._path = path
        self.identity = identity
        self.connection = connection
        self._companions = {one: identity_of(one) for one in _companions_of(path)}

    @property
    def is_in_place(self) -> bool:
        """Whether its path still leads to it, and not to nothing or to another file."""
        return identity_of(self._path) == self.identity

    def close(self) -> None:
        """Close it. If it was moved, all of it is where it is now."""
        moved = not self.is_in_place
        with contextlib.suppress(sqlite3.Error):
            if moved:  # SQLite leaves in the log what it wrote, for it finds it by name
                self.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
        with contextlib.suppress(sqlite3.Error):
            self.connection.close()
        if moved:
            # Its log must not be taken for that of another file in its place.
            for companion, identity in self._companions.items():
                if identity is not None and identity_of(companion) == identity:
                    with contextlib.suppress(OSError):
                        companion.unlink()


def open_history(path: Path) -> HistoryFile:
    """Open a history file to write it; make it, and its folder, if there is none.

    Nobody but the user can read it, nor a folder that was made for it.

    Raises:
        HistoryError: It cannot be used. It is as it was.
    """
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with contextlib.suppress(FileExistsError):
            # Never open one that is there: closing it would end the locks of this process.
            # https://sqlite.org/howtocorrupt.html#_posix_advisory_locks_canceled_by_a_separate_thread_doing_close_
            os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
        identity = _identity_of_regular(path)
        connection = sqlite3.connect(path, timeout=BUSY_S, isolation_level=None)
    except (OSError, sqlite3.Error) as error:
        raise HistoryError(Fault.MISSING, path, str(error)) from error
    try:
        if _is_empty(connection, path):
            # Only before the first table; so that what is trimmed can be given back.
            connection.execute("PRAGMA auto_vacuum = INCREMENTAL")
            # The header says whose it is before the log is in use: also if the app is killed now.
            connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        else:
            _check(connection, path)
        # A commit survives the end of this process, though not that of the machine.
        # https://sqlite.org/wal.html, https://sqlite.org/pragma.html#pragma_synchronous
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = NORMAL")
        migrate(connection)
        with transaction(connection):  # a file that cannot be written says so now
            pass
        with contextlib.suppress(PermissionError):  # it is another user's, who shares it
            path.chmod(0o600)
        file = HistoryFile(path, identity, connection)
        if not file.is_in_place:
            raise HistoryError(Fault.OTHER, path, "it was replaced while it was opened")
    except (OSError, sqlite3.Error) as error:
        with contextlib.suppress(sqlite3.Error):
            connection.close()
        if isinstance(error, OSError):
            raise HistoryError(Fault.OTHER, path, str(error)) from error
        raise explained(error, path) from error
    except HistoryError:
        connection.close()
        raise
    return file


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
            f"{path.absolute().as_uri()}?mode=ro",
            uri=True,
            timeout=READ_BUSY_S,
            isolation_level=None,
        )
    except sqlite3.Error as error:
        raise HistoryError(Fault.MISSING, path, str(error)) from error
    try:
        if is_cancelled is not None:
            connection.set_progress_handler(is_cancelled, _STEPS)
        if hasattr(connection, "setlimit"):  # since Python 3.11
            connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, MAX_VALUE_BYTES)
        if not _is_empty(connection, path):
            _check(connection, path)
            _check_tables(connection, path)
    except (OSError, sqlite3.Error) as error:
        connection.close()
        if isinstance(error, OSError):
            raise HistoryError(Fault.MISSING, path, str(error)) from error
        raise explained(error, path) from error
    except HistoryError:
        connection.close()
        raise
    return connection


def explained(error: sqlite3.Error, path: Path, ours: Identity | None = None) -> HistoryError:
    """Return what an error of SQLite means for a history file.

    Args:
        error: The error.
        path: The file.
        ours: Which file it is, if it is known as ours; else its header says whether it is.
    """
    text = str(error)
    said = (fault for words, fault in _FAULTS if any(word in text for word in words))
    fault = next(said, Fault.OTHER)
    if fault is Fault.CORRUPT:
        if ours is None and _has_our_header(path):
            ours = identity_of(path)
        if ours is None:
            return HistoryError(Fault.FOREIGN, path)
    detail = "" if fault in (Fault.LOCKED, Fault.FULL) else text
    return HistoryError(fault, path, detail, ours)


def _companions_of(path: Path) -> list[Path]:
    return [path.with_name(path.name + end) for end in COMPANIONS]


def _identity_of_regular(path: Path) -> Identity:
    found = path.stat()
    if not stat.S_ISREG(found.st_mode):
        raise HistoryError(Fault.FOREIGN, path)
    return found.st_dev, found.st_ino


def _has_our_header(path: Path) -> bool:
    """Return whether the first bytes of a file that SQLite cannot read say that it is ours."""
    try:
        with path.open("rb") as stream:
            header = stream.read(100)
    except OSError:
        return False
    # https://sqlite.org/fileformat2.html#the_database_header
    return header.startswith(_MAGIC) and header[68:72] == APPLICATION_ID.to_bytes(4, "big")


def _is_empty(connection: sqlite3.Connection, path: Path) -> bool:
    """Return whether there is nothing in a file yet; raise if what is in it is not ours."""
    if 0 < path.stat().st_size < _SMALLEST_BYTES:  # SQLite takes one byte for an empty database
        raise HistoryError(Fault.FOREIGN, path)
    if connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]:
        return False
    if _application_id(connection) not in (0, APPLICATION_ID):
        raise HistoryError(Fault.FOREIGN, path)
    return version_of(connection) == 0


def _check(connection: sqlite3.Connection, path: Path) -> None:
    if _application_id(connection) != APPLICATION_ID:
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


def _application_id(connection: sqlite3.Connection) -> int:
    value: int = connection.execute("PRAGMA application_id").fetchone()[0]
    return value
