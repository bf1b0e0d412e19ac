from __future__ import annotations

import sqlite3
import tempfile
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)

from monitorapp.core.history import limits
from monitorapp.core.history._batch import WrittenRun, write_batch
from monitorapp.core.history.file import HistoryFile, open_history
from monitorapp.core.history.limits import HistoryLimits, Trimming
from monitorapp.core.history.reader import read_newest, read_runs
from monitorapp.core.history.rows import Packing
from monitorapp.core.record.interruption import Interruption
from tests.core.history.killing import kill_writers
from tests.factory import record

pytestmark = pytest.mark.slow

DAY_S = 86_400.0
NOW_S = 1_700_000_000.0


class Writer:
    """What one process has: a connection, a run, and a pass of trimming that can go on for long."""

    def __init__(self, path: Path, name: str) -> None:
        self.name = name
        self.file: HistoryFile = open_history(path)
        self.run = WrittenRun(0, NOW_S - 9 * DAY_S, name)
        self.trimming: Trimming | None = None

    def write(self, interruptions: list[Interruption]) -> None:
        packing = Packing(self.run.origin)
        rows = [packing.row_of(one) for one in interruptions]
        self.run = write_batch(self.file.connection, self.run, rows)

    def trim(self, steps: int) -> None:
        for _ in range(steps):
            if self.trimming is None:
                keep = HistoryLimits(days=5)
                self.trimming = Trimming(self.file.connection, keep, NOW_S, self.run.number)
            if not self.trimming.step():
                self.trimming = None


class Trimmed(RuleBasedStateMachine):
    """Two writers on one file: what is recent stays, as it was, in the run it is of."""

    folder: Path

    def __init__(self) -> None:
        super().__init__()
        self.count = 0
        self.recent: dict[int, Interruption] = {}
        self.writers: list[Writer] = []

    @initialize()
    def begin(self) -> None:
        self.path = Path(tempfile.mkdtemp(dir=self.folder)) / "h"
        self.writers = [Writer(self.path, name) for name in ("first", "second")]

    @rule(
        place=st.integers(0, 1),
        agents=st.lists(st.integers(0, 3), min_size=1, max_size=5),
        is_old=st.booleans(),
    )
    def write(self, place: int, agents: list[int], is_old: bool) -> None:
        writer = self.writers[place]
        batch = []
        for agent in agents:
            self.count += 1
            batch.append(
                record(
                    number=self.count,
                    origin=writer.name,
                    uri=f"/{agent}",
                    headers=(("User-Agent", f"agent {agent}"),),
                    time_s=NOW_S - (9 * DAY_S if is_old else 0),
                )
            )
        writer.write(batch)
        if not is_old:
            self.recent |= {one.number: one for one in batch}

    @rule(place=st.integers(0, 1), steps=st.integers(1, 4))
    def trim(self, place: int, steps: int) -> None:
        self.writers[place].trim(steps)

    @rule()
    def all_becomes_old(self) -> None:
        with closing(sqlite3.connect(self.path)) as connection:
            connection.execute("UPDATE records SET time_s = ?", [NOW_S - 9 * DAY_S])
            connection.commit()
        self.recent.clear()

    @rule(place=st.integers(0, 1))
    def start_again(self, place: int) -> None:
        writer = self.writers[place]
        writer.file.connection.execute("UPDATE runs SET ended_s = 1 WHERE id = ?", [writer.run[0]])
        writer.file.close()
        self.writers[place] = Writer(self.path, writer.name)

    @invariant()
    def what_is_recent_is_as_it_was(self) -> None:
        if not self.writers:
            return
        kept = {one.number: one for one in read_newest(self.path, 10_000)}
        assert {number: kept.get(number) for number in self.recent} == self.recent
        for one in kept.values():
            assert one.header("User-Agent") == f"agent {one.uri[1:]}"
        with closing(sqlite3.connect(self.path)) as connection:
            (count,) = connection.execute("SELECT count(*) FROM records").fetchone()
        assert count == len(kept)
        assert sum(run.count for run in read_runs(self.path)) == count

    def teardown(self) -> None:
        for writer in self.writers:
            writer.file.close()


def test_no_record_has_the_fields_of_another_while_two_trim(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Trimmed, "folder", tmp_path, raising=False)
    monkeypatch.setattr(limits, "CHUNK", 3)

    of_many = settings(max_examples=40, stateful_step_count=30, deadline=None)
    run_state_machine_as_test(Trimmed, settings=of_many)


def test_two_that_trim_at_once_remove_no_more_than_one(tmp_path: Path) -> None:
    path = tmp_path / "h"
    first, second = (Writer(path, name) for name in ("first", "second"))
    first.write([record(number=number, time_s=NOW_S, message="x" * 900) for number in range(1_500)])
    first.write(
        [record(number=number, time_s=NOW_S, uri="/" + "x" * 900) for number in range(4_000)]
    )
    passes = [
        Trimming(writer.file.connection, HistoryLimits(megabytes=2), NOW_S, writer.run.number)
        for writer in (first, second)
    ]
    sizes = []
    while any([one.step() for one in passes]):
        with closing(sqlite3.connect(path)) as connection:
            pages, free = (
                connection.execute(f"PRAGMA {name}").fetchone()[0]
                for name in ("page_count", "freelist_count")
            )
        sizes.append((pages - free) * 4096)
    first.file.close()
    second.file.close()
    assert sizes[-1] <= 2_000_000
    assert sizes[-1] > 1_500_000  # nine tenths is what one leaves


def test_a_run_that_was_removed_as_it_was_empty_is_there_again_under_its_number(
    tmp_path: Path,
) -> None:
    path = tmp_path / "h"
    first, second = (Writer(path, name) for name in ("first", "second"))
    first.write([record(number=1, origin="first", time_s=NOW_S - 9 * DAY_S)])
    second.trim(5)
    assert read_runs(path) == []
    second.write([record(number=2, origin="second", time_s=NOW_S)])
    first.write([record(number=3, origin="first", time_s=NOW_S)])
    assert [(run.number, run.origin) for run in read_runs(path)] == [(2, "second"), (1, "first")]
    assert [one.origin for one in read_newest(path, 9)] == ["second", "first"]
    first.file.close()
    second.file.close()


def test_killed_writers_leave_a_file_that_opens_and_records_that_are_whole(tmp_path: Path) -> None:
    for number in range(3):
        killed = kill_writers(tmp_path / f"h{number}", 0.6, 0.1)
        assert killed.added > 0  # how many are kept depends on how busy the machine is
        assert killed.foreign == 0
        assert killed.dangling == 0
