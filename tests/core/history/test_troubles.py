"""Records that no file can keep, files that go, and files that are kept from being written."""

from __future__ import annotations

import datetime
import math
import os
import shutil
import sqlite3
import stat
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from monitorapp.core.history._place import set_aside
from monitorapp.core.history.file import HistoryError, open_history
from monitorapp.core.history.reader import read_newest, read_runs
from monitorapp.core.record.interruption import Interruption
from tests.core.history.watched import Watched
from tests.factory import record
from tests.waits import WAIT_S, wait_until

pytestmark = pytest.mark.slow

NOW_S = 1_700_000_123.0


class Written(Watched):
    """A writer whose states are kept, and whose time stands still."""

    def __init__(self, path: Path) -> None:
        super().__init__(path, wall=lambda: NOW_S)


def write(path: Path, *interruptions: Interruption) -> Written:
    written = Written(path)
    for one in interruptions:
        written.writer.add(one)
    written.close()
    return written


def numbers(path: Path) -> list[int]:
    return [one.number for one in read_newest(path, 10_000)]


@pytest.fixture
def written(path: Path) -> Iterator[Written]:
    written = Written(path)
    written.writer.add(record(number=1))
    wait_until(lambda: written.states)
    yield written
    written.close()


@contextmanager
def locked(path: Path) -> Iterator[None]:
    with closing(sqlite3.connect(path, timeout=WAIT_S, isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        yield
        other.execute("ROLLBACK")


# Records


@pytest.mark.parametrize(
    ("name", "number"),
    [
        *(("time_s", number) for number in (math.nan, math.inf, -math.inf, 1e308, "soon", None)),
        *((name, math.nan) for name in ("waited_s", "began_s", "remaining_s", "late_s")),
        ("delay_s", -math.inf),
    ],
)
def test_a_number_that_is_none_costs_only_itself(path: Path, name: str, number: Any) -> None:
    bad = record(number=2, **{name: number})
    written = write(path, record(number=1), bad, record(number=3))
    usual: Any = {"time_s": NOW_S, "late_s": 0.0}.get(name)
    kept = read_newest(path, 9)
    assert kept[1] == record(number=2, **{name: usual})
    assert numbers(path) == [1, 2, 3]
    assert list(path.parent.glob("*damaged*")) == []
    assert written.problem == "1 record is in the history without a number that no file can keep."


def test_a_record_that_cannot_be_repaired_is_dropped_and_counted(path: Path) -> None:
    bad: Any = object()
    written = write(path, record(number=1), record(uri=bad), record(number=3))
    assert written.problem == "1 record is not in the history: no file can keep its fields."
    assert written.states[-1].is_on
    assert numbers(path) == [1, 3]


def test_a_record_that_the_file_refuses_is_dropped_and_counted(path: Path) -> None:
    write(path)
    with closing(sqlite3.connect(path)) as connection:
        connection.execute(
            "CREATE TRIGGER refuse BEFORE INSERT ON records WHEN NEW.fields LIKE '%/refused%'"
            " BEGIN SELECT RAISE(ABORT, 'refused'); END"
        )
    refused = [record(number=number, uri="/refused") for number in range(2)]
    some = [record(number=number) for number in range(2, 50)]
    written = write(path, *some[:20], refused[0], *some[20:], refused[1])
    assert written.problem == "2 records are not in the history: no file can keep its fields."
    assert numbers(path) == list(range(2, 50))
    assert list(path.parent.glob("*damaged*")) == []


# Files that go


def remove(path: Path) -> None:
    for file in path.parent.iterdir():
        file.unlink()


def move(path: Path) -> None:
    path.rename(path.with_name("moved"))


def put_another_there(path: Path) -> None:
    other = path.with_name("other")
    write(other, record(number=100))
    other.replace(path)


@pytest.mark.parametrize("go", [remove, move, put_another_there])
def test_a_file_that_is_no_longer_there_is_begun_again(
    path: Path, written: Written, go: Callable[[Path], None]
) -> None:
    go(path)
    written.writer.add(record(number=2))
    wait_until(lambda: "was removed or replaced" in written.problem)
    written.writer.add(record(number=3))
    written.close()
    assert numbers(path) == ([100, 2, 3] if go is put_another_there else [2, 3])
    if go is move:
        assert numbers(path.with_name("moved")) == [1]
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)


def test_a_file_that_goes_while_it_is_written_loses_nothing(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Removing(sqlite3.Connection):
        """The file is moved right before a transaction ends that has written records."""

        is_armed = False

        def execute(self, sql: str, *parameters: Any) -> sqlite3.Cursor:
            if sql == "COMMIT" and Removing.is_armed and self.total_changes > before:
                Removing.is_armed = False
                move(path)
            return super().execute(sql, *parameters)

    monkeypatch.setattr(sqlite3, "connect", partial(sqlite3.connect, factory=Removing))
    written = Written(path)
    written.writer.add(record(number=1))
    wait_until(lambda: written.states)
    before = 1
    Removing.is_armed = True
    written.writer.add(record(number=2))
    written.close()
    assert not Removing.is_armed
    assert numbers(path) == [2]
    assert numbers(path.with_name("moved"))[0] == 1


def test_a_file_is_set_aside_once(path: Path) -> None:
    write(path, *(record(number=number, message=str(number) * 50) for number in range(3_000)))
    whole = path.read_bytes()
    path.write_bytes(whole[:4096] + b"\xa5" * (len(whole) - 4096))
    written = Written(path)
    written.writer.add(record(number=1))
    wait_until(lambda: "set aside" in written.problem)
    wait_until(lambda: path.exists() and numbers(path) == [1])
    second = path.with_name("second")
    second.write_bytes(whole[:4096] + b"\xa5" * (len(whole) - 4096))
    second.replace(path)
    for number in range(2, 5):
        written.writer.add(record(number=number))
    written.close()
    assert len(list(path.parent.glob("*.damaged-*"))) == 1
    assert "damaged for the second time" in written.problem
    assert not written.states[-1].is_on


def test_a_file_that_another_process_set_aside_is_not_set_aside_again(path: Path) -> None:
    write(path, record(number=1))
    identity = (path.stat().st_dev, path.stat().st_ino)
    path.rename(path.with_name("aside"))
    write(path, record(number=2))

    assert set_aside(path, identity, datetime.datetime.now()) is None
    assert numbers(path) == [2]


# Files that are kept from being written


def test_what_cannot_be_written_in_the_end_is_taken_in_by_the_next_start(path: Path) -> None:
    written = Written(path)
    written.writer.add(record(number=1))
    wait_until(lambda: path.exists() and numbers(path) == [1])
    with locked(path):
        for number in range(2, 102):
            written.writer.add(record(number=number, uri=f"/{number}"))
        written.close()
    (side,) = path.parent.glob("history.sqlite.unsaved-*")
    assert "100 records could not be written to the history" in written.writer.unsaved
    assert str(side) in written.writer.unsaved
    assert stat.S_IMODE(side.stat().st_mode) == 0o600
    assert numbers(path) == [1]
    assert len(numbers(side)) == 100  # it is a history, which can be imported too
    assert write(path, record(number=102)).writer.unsaved == ""
    assert numbers(path) == list(range(1, 103))
    assert [run.count for run in read_runs(path)] == [1, 101]
    assert all(run.ended_s == NOW_S for run in read_runs(path))
    assert {one.origin for one in read_newest(path, 999)} == {"a-process"}
    assert list(path.parent.glob("*unsaved*")) == []


def test_a_side_file_is_taken_in_only_once(path: Path) -> None:
    write(path)
    with locked(path):
        write(path, record(number=1), record(number=2))
    (side,) = path.parent.glob("history.sqlite.unsaved-*")
    copy = path.with_name("copy")
    shutil.copy(side, copy)
    write(path)
    shutil.copy(copy, side)  # as if the app had been killed before it was removed
    write(path)
    assert numbers(path) == [1, 2]
    assert list(path.parent.glob("*unsaved*")) == []


def test_a_side_file_that_cannot_be_read_stays_and_costs_nothing(path: Path) -> None:
    path.parent.mkdir()
    side = path.with_name("history.sqlite.unsaved-0123456789abcdef")
    side.write_bytes(b"nothing")
    part = path.with_name("history.sqlite.unsaved-0123456789abcde0.part")
    part.write_bytes(b"nothing")
    written = write(path, record(number=1))
    assert "unsaved-0123456789abcdef is not a history" in written.problem
    assert numbers(path) == [1]
    assert side.read_bytes() == part.read_bytes() == b"nothing"


def test_what_can_be_saved_nowhere_is_said_to_be_lost(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(path)
    side = path.with_name("side")
    side.mkdir()
    part = path.with_name("side.part")
    part.mkdir()
    monkeypatch.setattr("monitorapp.core.history.writer.new_side_file", lambda _: side)
    with locked(path):
        written = write(path, record(number=1))
    assert "1 record could not be written" in written.writer.unsaved
    assert "lost" in written.writer.unsaved


# Whose files they are


def test_only_the_user_can_read_the_files_and_their_new_folder(path: Path) -> None:
    written = Written(path)
    written.writer.add(record())
    wait_until(lambda: written.states)
    modes = {file.name: stat.S_IMODE(file.stat().st_mode) for file in path.parent.iterdir()}
    written.close()
    assert modes == dict.fromkeys(
        ("history.sqlite", "history.sqlite-wal", "history.sqlite-shm"), 0o600
    )
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


def test_a_file_of_earlier_versions_is_closed_to_others_and_a_folder_of_others_is_not(
    path: Path,
) -> None:
    path.parent.mkdir(mode=0o755)
    open_history(path).close()
    path.chmod(0o644)
    write(path, record())
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o755


def test_what_is_no_regular_file_is_left_alone(tmp_path: Path) -> None:
    fifo = tmp_path / "fifo"
    os.mkfifo(fifo)
    for path in (fifo, tmp_path):
        with pytest.raises(HistoryError):
            open_history(path)
