from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitorapp.core.filter.language import EVERYTHING, parse_filter
from monitorapp.core.history import schema
from monitorapp.core.history.file import Fault, HistoryError, open_to_read
from monitorapp.core.history.limits import HistoryLimits
from monitorapp.core.history.reader import read_newest, read_runs, search
from monitorapp.core.history.rows import Packing, Unpacking, pack
from monitorapp.core.history.writer import HistoryState, HistoryWriter
from monitorapp.core.record.interruption import Interruption
from monitorapp.core.record.searched_text import searched_text
from tests.factory import record, records
from tests.waits import WAIT_S, wait_until

KEEP_ALL = HistoryLimits(days=36_500)


class Watched:
    """A writer whose states are kept."""

    def __init__(self, path: Path, limits: HistoryLimits | None = None) -> None:
        self.states: list[HistoryState] = []
        self.writer = HistoryWriter(path, self.states.append, limits or KEEP_ALL)
        self.writer.start()

    @property
    def problem(self) -> str:
        return self.states[-1].problem if self.states else ""

    def wait(self, is_so: Callable[[], bool]) -> None:
        wait_until(is_so, lambda: str(self.states))

    def close(self) -> None:
        assert self.writer.close(WAIT_S)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "new folder" / "history.sqlite"


@pytest.fixture
def watched(path: Path) -> Iterator[Watched]:
    watched = Watched(path)
    yield watched
    watched.close()


def write(path: Path, *interruptions: Interruption, limits: HistoryLimits | None = None) -> Watched:
    watched = Watched(path, limits)
    for interruption in interruptions:
        watched.writer.add(interruption)
    watched.close()
    return watched


def test_what_is_written_is_read_again(path: Path) -> None:
    written = [record(number=number, uri=f"/{number}") for number in range(2_500)]
    states = write(path, *written).states
    assert read_newest(path, 10_000) == written
    assert read_newest(path, 3) == written[-3:]
    assert states == [HistoryState(True, "", 1)]


@settings(max_examples=200)
@given(records(), st.text(max_size=5))
def test_any_record_survives_packing(interruption: Interruption, origin: str) -> None:
    for of_run in (origin, interruption.origin):
        shared, fields = pack(interruption, of_run)
        shared.encode()
        assert Unpacking({1: of_run}).unpack(1, 1, shared, fields) == interruption


@given(st.lists(st.tuples(st.sampled_from(["", "a", "b"]), st.booleans()), max_size=9))
def test_rows_that_are_made_one_after_the_other_are_as_made_alone(
    facts: list[tuple[str, bool]],
) -> None:
    packing = Packing("a")
    for origin, has_frames in facts:
        one = record(origin=origin, has_frames=has_frames)
        assert packing.row_of(one) == (one.time_s, *pack(one, "a"))


def test_records_of_all_runs_share_their_fields(path: Path) -> None:
    for origin in ("first", "second"):
        write(path, *(record(origin=origin, request_number=number) for number in range(9)))
    assert [run.origin for run in read_runs(path)] == ["second", "first"]
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("SELECT count(*) FROM shared").fetchone() == (1,)
        (fields,) = connection.execute("SELECT fields FROM records LIMIT 1").fetchone()
        assert "origin" not in fields
    identities = [one.identity for one in read_newest(path, 99)]
    assert identities == [(origin, number) for origin in ("first", "second") for number in range(9)]


def test_records_of_other_processes_keep_their_origin(path: Path) -> None:
    origins = ["", "own", "other", "", "own", "\ud800"]
    write(path, *(record(origin=origin) for origin in origins))
    assert [one.origin for one in read_newest(path, 99)] == origins
    assert [run.origin for run in read_runs(path)] == ["own"]
    write(path, record(origin="\ud800"))
    assert read_newest(path, 1)[0].origin == "\ud800"


def test_closing_writes_even_if_it_was_not_started(path: Path) -> None:
    writer = HistoryWriter(path, lambda _: None, KEEP_ALL)
    writer.add(record(number=1))
    assert writer.close(WAIT_S)
    assert writer.close(WAIT_S)
    assert [one.number for one in read_newest(path, 9)] == [1]


def test_a_row_that_makes_no_sense_is_left_out(path: Path) -> None:
    write(path, record(number=1), record(number=2), record(number=3))
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("UPDATE records SET fields = '[' || fields WHERE id = 2")
        connection.commit()
    assert [one.number for one in read_newest(path, 10)] == [1, 3]


def test_each_run_has_its_records(path: Path) -> None:
    write(path, record(number=1))
    write(path)  # nothing was recorded
    write(path, record(number=2), record(number=3))
    runs = read_runs(path)
    assert [(run.number, run.count) for run in runs] == [(2, 2), (1, 1)]
    assert all(run.ended_s is not None and run.ended_s >= run.began_s for run in runs)
    found = [one for _, part in search(path, EVERYTHING, run=1) for one in part]
    assert [one.number for one in found] == [1]


def test_it_is_written_within_a_quarter_of_a_second(watched: Watched, path: Path) -> None:
    watched.wait(path.exists)
    took_s = []
    for number in range(5):
        began_s = time.monotonic()
        watched.writer.add(record(number=number))
        watched.wait(lambda: len(read_newest(path, 10)) == number + 1)  # noqa: B023
        took_s.append(time.monotonic() - began_s)
    assert min(took_s) < 0.25  # a busy machine may be slower at times


def test_two_apps_can_share_a_file(path: Path) -> None:
    first, second = Watched(path), Watched(path)
    for number in range(500):
        first.writer.add(record(number=number, uri="/first"))
        second.writer.add(record(number=number, uri="/second"))
    first.close()
    second.close()
    assert sorted(run.count for run in read_runs(path)) == [500, 500]
    assert len(read_newest(path, 2_000)) == 1_000


# What can be wrong with a file


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


# Versions


def test_each_migration_leads_on(tmp_path: Path) -> None:
    steps = [*schema.MIGRATIONS, ["ALTER TABLE runs ADD COLUMN note TEXT"]]
    path = tmp_path / "h"
    write(path, record(number=1))
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        schema.migrate(connection, steps)
        assert schema.version_of(connection) == schema.VERSION + 1
        assert connection.execute("SELECT note FROM runs").fetchall() == [(None,)]
        schema.migrate(connection, steps)
        assert connection.execute("SELECT count(*) FROM records").fetchone() == (1,)


def of_version(path: Path, version: int) -> sqlite3.Connection:
    """Make a file as that version of the app did."""
    connection = sqlite3.connect(path, isolation_level=None)
    schema.migrate(connection, schema.MIGRATIONS[:version])
    return connection


def test_runs_of_the_first_version_have_an_origin_of_their_own(tmp_path: Path) -> None:
    path = tmp_path / "h"
    with closing(of_version(path, 1)) as connection:
        for began_s in (1.79e9, 1.79e9, 1.79e9 + 0.000001):
            run = connection.execute(
                "INSERT INTO runs (began_s, version) VALUES (?, '1')", [began_s]
            )
            shared, fields = pack(record(origin="", request_number=1), "")
            connection.execute("INSERT OR IGNORE INTO shared (fields) VALUES (?)", [shared])
            connection.execute(
                "INSERT INTO records (run, time_s, shared, fields) VALUES (?, 1, 1, ?)",
                (run.lastrowid, fields),
            )
    before = read_newest(path, 9)
    assert len({one.identity for one in before}) == 3
    write(path)
    with closing(open_to_read(path)) as connection:
        assert schema.version_of(connection) == schema.VERSION
    assert read_newest(path, 9) == before  # reading it first has not assigned another origin
    assert [run.origin for run in read_runs(path)] == [one.origin for one in before[::-1]]


def test_what_writers_of_the_second_version_left_dangling_is_cleaned(tmp_path: Path) -> None:
    path = tmp_path / "h"
    with closing(of_version(path, 2)) as connection:
        connection.execute("INSERT INTO runs (id, began_s, version) VALUES (1, 5, '0.1.0')")
        shared, fields = pack(record(), "")
        connection.execute("INSERT INTO shared (id, fields) VALUES (3, ?)", [shared])
        connection.executemany(
            "INSERT INTO records (run, time_s, shared, fields) VALUES (?, ?, ?, ?)",
            [(1, 6.0, 3, fields), (1, 7.0, 4, fields), (9, 8.0, 3, fields), (9, 9.0, 3, fields)],
        )
    write(path, record(message="of a run and a number of their own"))
    runs = [(run.number, run.began_s, run.count) for run in read_runs(path)]
    assert runs[1:] == [(9, 8.0, 2), (1, 5.0, 1)]
    assert runs[0][::2] == (10, 1)
    assert len(read_newest(path, 9)) == 4
    with closing(open_to_read(path)) as connection:
        assert connection.execute("SELECT count(*) FROM records").fetchone() == (4,)
        assert connection.execute("SELECT id FROM shared").fetchall() == [(3,), (4,)]


def test_a_migration_that_fails_changes_nothing(tmp_path: Path) -> None:
    path = tmp_path / "h"
    write(path, record(number=1))
    steps = [*schema.MIGRATIONS, ["ALTER TABLE runs ADD COLUMN note TEXT", "DROP TABLE nothing"]]
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        with pytest.raises(sqlite3.OperationalError):
            schema.migrate(connection, steps)
        assert schema.version_of(connection) == schema.VERSION
        columns = [row[1] for row in connection.execute("PRAGMA table_info(runs)")]
    assert "note" not in columns
    assert len(read_newest(path, 5)) == 1


# Limits


@pytest.mark.parametrize(("days", "megabytes"), [(0, 5), (5, 0), (10**6, 5), (5, 10**9)])
def test_impossible_limits(days: int, megabytes: int) -> None:
    with pytest.raises(ValueError, match="A history keeps"):
        HistoryLimits(days, megabytes)


def test_what_is_too_old_goes(path: Path) -> None:
    now_s = time.time()
    old = [record(number=number, time_s=now_s - 10 * 86_400, message="old") for number in range(9)]
    new = [record(number=number, time_s=now_s - 86_400) for number in range(3)]
    write(path, *old)
    write(path, *new)
    watched = Watched(path, HistoryLimits(days=5))
    watched.wait(lambda: len(read_newest(path, 100)) == 3)
    watched.close()
    assert read_newest(path, 100) == new
    assert [run.count for run in read_runs(path)] == [3]
    with closing(open_to_read(path)) as connection:
        assert connection.execute("SELECT count(*) FROM shared").fetchone() == (1,)
        assert connection.execute("SELECT count(*) FROM runs").fetchone() == (1,)


def test_a_file_that_is_too_large_shrinks(path: Path) -> None:
    written = [record(number=number, message=str(number) * 300) for number in range(3_000)]
    write(path, *written)
    before = path.stat().st_size
    assert before > 2_500_000
    watched = Watched(path, HistoryLimits(days=36_500, megabytes=1))
    watched.wait(lambda: len(read_newest(path, 5_000)) <= 1_000)
    watched.wait(lambda: watched.writer._trimming is None)
    watched.close()
    kept = read_newest(path, 5_000)
    assert kept == written[-len(kept) :]
    assert path.stat().st_size < before / 2


# Searching


EXPRESSIONS = st.sampled_from(
    [
        "",
        "slow",
        "/7",
        "path:/1",
        "closed",
        "client:10.0",
        "-slow",
        "reason:reset or 1",
        'path:"/1" 50000',
        "connectiondone",
        "agent:curl",
        "waited>1s",
        '"get /"',
    ]
)


@settings(max_examples=30)
@given(EXPRESSIONS, st.lists(records(), max_size=5), st.integers(0, 60))
def test_a_search_finds_what_the_filter_matches(
    tmp_path_factory: pytest.TempPathFactory,
    expression: str,
    odd: list[Interruption],
    count: int,
) -> None:
    path = tmp_path_factory.mktemp("search") / "h"
    usual = [
        record(number=number, uri=f"/{number}", client=f"10.{number % 3}.0.1:50000")
        for number in range(count)
    ]
    write(path, *usual, *odd)
    filter_ = parse_filter(expression)
    everything = read_newest(path, 1_000)
    wanted = [one for one in everything if filter_.matches(one, searched_text(one))]
    parts = list(search(path, filter_))
    assert [one for _, part in parts for one in part] == wanted[::-1]
    assert not parts or parts[-1][0] == 1.0
