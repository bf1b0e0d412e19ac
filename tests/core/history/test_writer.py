from __future__ import annotations

import sqlite3
import time
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from monitorapp.core.filter.language import EVERYTHING
from monitorapp.core.history.reader import read_newest, read_runs, search
from monitorapp.core.history.rows import Packing, Row, Unpacking, pack
from monitorapp.core.history.writer import HistoryState, HistoryWriter
from monitorapp.core.record.interruption import Interruption
from tests.core.history.watched import KEEP_ALL, Watched, write
from tests.factory import record, records
from tests.waits import WAIT_S

pytestmark = pytest.mark.slow


def test_what_is_written_is_read_again(path: Path) -> None:
    written = [record(number=number, uri=f"/{number}") for number in range(2_500)]
    states = write(path, *written).states
    assert read_newest(path, 10_000) == written
    assert read_newest(path, 3) == written[-3:]
    assert states == [HistoryState(True, "", 1)]


@settings(max_examples=200)
@given(records(), st.text(max_size=5))
@example(record(request_number=2**62), "")
def test_any_record_survives_packing(interruption: Interruption, origin: str) -> None:
    for of_run in (origin, interruption.origin):
        row = Packing(of_run).row_of(interruption)
        row.shared.encode()
        late = row.outcome, row.wasted_s
        assert Unpacking({1: of_run}).unpack(1, 1, row.shared, row.fields, *late) == interruption


@given(st.lists(st.tuples(st.sampled_from(["", "a", "b"]), st.booleans()), max_size=9))
def test_rows_that_are_made_one_after_the_other_are_as_made_alone(
    facts: list[tuple[str, bool]],
) -> None:
    packing = Packing("a")
    for origin, has_frames in facts:
        one = record(origin=origin, has_frames=has_frames)
        assert packing.row_of(one) == Row(one.time_s, *pack(one, "a"), one.request_number)


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
