"""What can be wrong with a file."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from monitorapp.core.history import schema
from monitorapp.core.history.file import Fault, HistoryError
from monitorapp.core.history.reader import read_newest, read_runs
from tests.core.history.watched import Watched, write
from tests.factory import record

pytestmark = pytest.mark.slow


def damaged(content: bytes) -> bytes:
    """Return what was a history of ours: its header says so, and nothing else is left."""
    header = bytearray(b"SQLite format 3\0".ljust(100, b"\xff"))
    header[68:72] = schema.APPLICATION_ID.to_bytes(4, "big")
    return bytes(header) + content


@pytest.mark.parametrize("count", [1, 2, 15, 16, 99, 100, 511, 512, 5_000])
@pytest.mark.parametrize("byte", [b"x", b"\0"])
def test_a_file_that_is_no_history_is_left_alone(path: Path, count: int, byte: bytes) -> None:
    path.parent.mkdir()
    path.write_bytes(byte * count)
    watched = write(path, record())
    assert "is not a history of this app" in watched.problem
    assert not watched.states[-1].is_on
    with pytest.raises(HistoryError, match="is not a history of this app"):
        read_newest(path, 1)
    assert path.read_bytes() == byte * count
    assert list(path.parent.iterdir()) == [path]


def test_a_damaged_file_is_set_aside(path: Path) -> None:
    path.parent.mkdir()
    path.write_bytes(damaged(b"nothing" * 100))
    watched = write(path, record())
    assert "is damaged" in watched.problem
    assert "set aside" in watched.problem
    (aside,) = path.parent.glob("history.sqlite.damaged-*")
    assert aside.read_bytes() == damaged(b"nothing" * 100)
    assert len(read_newest(path, 10)) == 1


def test_pages_damaged_while_it_was_closed_are_set_aside(path: Path) -> None:
    write(path, *(record(number=number, message=str(number) * 50) for number in range(3_000)))
    whole = path.read_bytes()
    damaged = whole[:4096] + b"\xa5" * (len(whole) - 4096)
    path.write_bytes(damaged)
    watched = write(path, record(number=7))
    assert "set aside" in watched.problem
    (aside,) = path.parent.glob("history.sqlite.damaged-*")
    assert aside.read_bytes() == damaged
    assert [one.number for one in read_newest(path, 10)] == [7]


def test_a_damaged_file_never_replaces_another_one(path: Path) -> None:
    path.parent.mkdir()
    first, second = damaged(b"first" * 500), damaged(b"second" * 500)
    for content in (first, second):
        path.write_bytes(content)
        write(path, record())
        for companion in path.parent.glob("history.sqlite-*"):
            companion.unlink()
    contents = {aside.read_bytes() for aside in path.parent.glob("*.damaged-*")}
    assert contents == {first, second}


def test_a_locked_file_is_written_when_it_is_free(path: Path, watched: Watched) -> None:
    watched.writer.add(record(number=1))
    watched.wait(lambda: bool(watched.states))
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        watched.writer.add(record(number=2))
        watched.wait(lambda: "in use by another program" in watched.problem)
        assert watched.states[-1].is_on
        other.execute("ROLLBACK")
    watched.wait(lambda: watched.problem == "")
    assert [one.number for one in read_newest(path, 10)] == [1, 2]


def test_a_file_that_is_locked_from_the_start_is_written_later(path: Path) -> None:
    write(path)
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("PRAGMA locking_mode = EXCLUSIVE")
        other.execute("BEGIN EXCLUSIVE")
        watched = Watched(path)
        watched.writer.add(record(number=1))
        watched.wait(lambda: "in use by another program" in watched.problem)
        other.execute("ROLLBACK")
    watched.wait(lambda: watched.problem == "")
    watched.close()
    assert [one.number for one in read_newest(path, 10)] == [1]


def test_a_file_that_cannot_be_written_is_left_alone(path: Path) -> None:
    # A file of root's could be written by root whatever its mode: so the header says it.
    write(path, record(number=1))
    content = bytearray(path.read_bytes())
    content[18] = 3  # a write version this SQLite does not know makes a file read-only
    path.write_bytes(content)
    watched = write(path, record(number=2))
    assert "cannot be written" in watched.problem
    assert not watched.states[-1].is_on
    assert path.read_bytes() == content


def test_a_folder_that_cannot_be_made_is_reported(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    watched = write(tmp_path / "file" / "history.sqlite", record())
    assert "cannot be opened" in watched.problem
    assert not watched.states[-1].is_on


class Disk(sqlite3.Connection):
    """A file on a disk that can be full."""

    is_full = False

    def execute(self, sql: str, *parameters: Any) -> sqlite3.Cursor:
        if sql.startswith("BEGIN"):
            pages = super().execute("PRAGMA page_count").fetchone()[0] if Disk.is_full else 10**9
            super().execute(f"PRAGMA max_page_count = {pages}").fetchall()
        return super().execute(sql, *parameters)


def test_a_full_disk_loses_nothing_once_there_is_room(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sqlite3, "connect", partial(sqlite3.connect, factory=Disk))
    watched = Watched(path)
    watched.wait(path.exists)
    written = [record(number=number, message=str(number) * 90) for number in range(300)]
    monkeypatch.setattr(Disk, "is_full", True)
    for interruption in written:
        watched.writer.add(interruption)
    watched.wait(lambda: "disk is full" in watched.problem)
    assert watched.states[-1].is_on
    monkeypatch.setattr(Disk, "is_full", False)
    watched.wait(lambda: watched.problem == "")
    watched.close()
    assert read_newest(path, 1_000) == written


def test_a_file_of_a_newer_version_is_left_alone(path: Path) -> None:
    write(path, record(number=1))
    with closing(sqlite3.connect(path)) as connection:
        connection.execute(f"PRAGMA user_version = {schema.VERSION + 1}")
    content = path.read_bytes()
    watched = write(path, record(number=2))
    assert "newer version" in watched.problem
    assert not watched.states[-1].is_on
    assert path.read_bytes() == content
    with pytest.raises(HistoryError, match="newer version"):
        read_runs(path)


def test_a_database_of_another_program_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "of another" / "bookmarks.sqlite"
    path.parent.mkdir()
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE bookmarks (url TEXT)")
    content = path.read_bytes()
    watched = write(path, record())
    assert "not a history of this app" in watched.problem
    assert path.read_bytes() == content
    assert list(path.parent.iterdir()) == [path]


def test_a_file_that_was_removed_begins_again(path: Path, watched: Watched) -> None:
    watched.writer.add(record(number=1))
    watched.wait(lambda: bool(watched.states))
    for file in path.parent.iterdir():
        file.unlink()
    watched.writer.add(record(number=2))
    watched.wait(lambda: "was removed" in watched.problem)
    assert [one.number for one in read_newest(path, 10)] == [2]


def test_records_beyond_what_can_wait_are_counted(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("monitorapp.core.history.writer.MAX_WAITING", 10)
    write(path)
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        watched = Watched(path)
        for number in range(25):
            watched.writer.add(record(number=number))
        watched.wait(lambda: "in use" in watched.problem)
        watched.wait(watched.writer._added.empty)
        other.execute("ROLLBACK")
    watched.wait(lambda: "are not in the history" in watched.problem)
    watched.close()
    kept = [one.number for one in read_newest(path, 100)]
    assert kept == sorted(kept)
    assert kept[-1] == 24
    assert f"{25 - len(kept)} records" in watched.problem


def test_reading_says_what_is_wrong(tmp_path: Path) -> None:
    with pytest.raises(HistoryError, match="no such file") as caught:
        read_runs(tmp_path / "none")
    assert caught.value.fault is Fault.MISSING
    broken = tmp_path / "broken"
    broken.write_bytes(damaged(b"\0" * 5_000))
    with pytest.raises(HistoryError, match="damaged"):
        read_newest(broken, 5)


def test_an_empty_file_has_no_runs(tmp_path: Path) -> None:
    path = tmp_path / "empty"
    path.touch()
    assert read_runs(path) == []
    assert read_newest(path, 5) == []
