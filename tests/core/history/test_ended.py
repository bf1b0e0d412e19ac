from __future__ import annotations

import os
import random
import sqlite3
import subprocess
import sys
import time
import zlib
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitorapp.core.history import _ended, _ended_block
from monitorapp.core.history._batch import WrittenRun
from monitorapp.core.history._ended_block import BlockError, packed, unpacked
from monitorapp.core.history.ended import EarlierEnds, read_ended
from monitorapp.core.history.file import open_history
from monitorapp.core.history.limits import HistoryLimits, Trimming
from monitorapp.core.history.reader import read_newest
from monitorapp.core.request.columns import EndColumns, Gathering
from tests.core.history.watched import Watched
from tests.core.request.ends import end
from tests.core.request.strategies import columns, rows
from tests.factory import record
from tests.waits import WAIT_S

MOST = 10**6


def numbered(first: int, end_: int, origin: str = "a-process", began_s: float = 1e9) -> EndColumns:
    gathering = Gathering(origin)
    gathering.add(
        [
            end(uri=f"/{origin}/{number % 50}".encode(), bytes_written=number, began_s=began_s)
            for number in range(first, end_)
        ]
    )
    return gathering.columns


def numbers(earlier: EarlierEnds) -> list[int]:
    return sorted(number for block in earlier.blocks for number in block.bytes_written)


def count(path: Path, what: str = "count(*)") -> int:
    with closing(sqlite3.connect(path)) as connection:
        found: int = connection.execute(f"SELECT {what} FROM ended").fetchone()[0]
        return found


def write(path: Path, *parts: EndColumns, limits: HistoryLimits | None = None) -> Watched:
    watched = Watched(path, limits)
    for part in parts:
        watched.writer.add_ended(part)
    watched.close()
    return watched


@settings(max_examples=200)
@given(columns())
def test_a_block_has_what_was_packed_to_the_microsecond(before: EndColumns) -> None:
    after = unpacked(packed(before), before.origin)
    assert len(after) == len(before)
    for one, other in zip(rows(before), rows(after), strict=True):
        assert one[:5] == other[:5]
        assert one[5:8] == pytest.approx(other[5:8], abs=2e-6)
        assert one[8:] == other[8:]


def test_times_that_make_no_sense_are_kept_as_some_that_do() -> None:
    gathering = Gathering()
    absurd = (float("nan"), float("inf"), -1.0, 1e300)
    gathering.add([end(waited_s=number, delay_s=number, began_s=number) for number in absurd])
    after = unpacked(packed(gathering.columns), "")
    assert min(after.waited_s) == min(after.ended_s) == 0.0
    assert max(after.waited_s) < 2e9


@settings(max_examples=300)
@given(columns(), st.data())
def test_a_damaged_block_is_none_or_has_rows_that_make_sense(
    before: EndColumns, data: st.DataObject
) -> None:
    content = bytearray(zlib.decompress(packed(before)))
    for _ in range(data.draw(st.integers(1, 3))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    try:
        after = unpacked(zlib.compress(bytes(content)), "")
    except BlockError:
        return
    assert len(rows(after)) == len(after)  # every text is there
    assert min(after.waited_s) >= 0


@given(st.binary(max_size=200))
def test_other_bytes_are_no_block(content: bytes) -> None:
    for block in (content, zlib.compress(content), packed(numbered(0, 9))[: len(content)]):
        with pytest.raises(BlockError):
            unpacked(block, "")


def test_a_block_that_grows_without_end_is_none() -> None:
    with pytest.raises(BlockError):
        unpacked(zlib.compress(bytes(_ended_block.MOST_BYTES + 1)), "")


def test_what_is_written_is_read_again(path: Path) -> None:
    parts = [numbered(start, start + 100) for start in range(0, 20_000, 100)]
    write(path, *parts)
    earlier = read_ended(path, MOST, "")
    assert numbers(earlier) == [*range(20_000)]
    assert earlier[1:] == (0, 0)
    assert {block.origin for block in earlier.blocks} == {"a-process"}
    assert count(path) <= 3


def test_requests_of_the_reader_itself_are_left_out(path: Path) -> None:
    write(path, numbered(0, 10, "first"))
    write(path, numbered(10, 20, "second"))
    assert numbers(read_ended(path, MOST, "second")) == [*range(10)]
    assert numbers(read_ended(path, MOST, "other")) == [*range(20)]


def test_they_are_written_soon_and_slowly_coming_ones_too(
    watched: Watched, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(_ended, "_TOGETHER", 4)
    watched.wait(path.exists)
    for number in range(18):
        watched.writer.add_ended(numbered(number, number + 1))
        watched.wait(lambda: len(numbers(read_ended(path, MOST, ""))) == number + 1)  # noqa: B023
    assert count(path) <= 3 * (_ended._TOGETHER - 1)
    watched.close()
    assert count(path) == 1
    assert numbers(read_ended(path, MOST, "")) == [*range(18)]
    watched.writer = Watched(path).writer


def test_each_row_is_written_a_few_times_at_most(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    written: list[int] = []

    def noting(found: EndColumns) -> bytes:
        written.append(len(found))
        return packed(found)

    monkeypatch.setattr(_ended, "packed", noting)
    writing = _ended.EndedWriting()
    file = open_history(path)
    run = WrittenRun(0, 1.0, "")
    for number in range(3_000):
        writing.add(numbered(number, number + 1))
        run = writing.write(file.connection, run)
    assert sum(written) <= 4 * 3_000
    writing.finish(file.connection, run)
    file.close()
    assert numbers(read_ended(path, MOST, "this")) == [*range(3_000)]


def test_the_newest_are_read_and_the_others_counted(path: Path) -> None:
    for start in range(0, 500, 100):
        write(path, numbered(start, start + 100, f"run {start}"))
    earlier = read_ended(path, 150, "")
    assert numbers(earlier) == [*range(300, 500)]
    assert earlier.left_out == 300


def test_a_damaged_block_is_skipped_and_counted(path: Path) -> None:
    for start in range(0, 500, 100):
        write(path, numbered(start, start + 100, f"run {start}"))
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("UPDATE ended SET block = zeroblob(30000000) WHERE id = 1")
        connection.execute("UPDATE ended SET block = substr(block, 1, 50) WHERE id = 2")
        connection.execute("UPDATE ended SET block = 'text', run = 77 WHERE id = 3")
        connection.execute("UPDATE ended SET count = 'x', ended_s = 'y' WHERE id = 4")
        connection.commit()
    earlier = read_ended(path, MOST, "")
    assert numbers(earlier) == [*range(300, 500)]
    assert earlier.damaged == 3


def test_a_view_in_its_place_is_not_read(path: Path) -> None:
    write(path, numbered(0, 9))
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("DROP TABLE ended")
        connection.execute("CREATE VIEW ended AS SELECT 1 id, 1 run, 1 count, 1 ended_s, 1 block")
    assert read_ended(path, MOST, "") == ([], 0, 0)


def test_reading_can_be_cancelled(path: Path) -> None:
    write(path, numbered(0, 9))
    assert read_ended(path, MOST, "", lambda: True).blocks == []


def test_two_apps_share_a_file(path: Path) -> None:
    watched = [Watched(path), Watched(path)]
    for start in range(0, 2_000, 10):
        watched[start // 10 % 2].writer.add_ended(numbered(start, start + 10))
    for one in watched:
        one.close()
    assert numbers(read_ended(path, MOST, "")) == [*range(2_000)]


def test_old_ones_are_trimmed_by_age(path: Path) -> None:
    write(path, numbered(0, 10, began_s=time.time() - 3 * 86_400))
    write(path, numbered(10, 20, began_s=time.time()), limits=HistoryLimits(days=2))
    watched = Watched(path, HistoryLimits(days=2))
    watched.wait(lambda: numbers(read_ended(path, MOST, "")) == [*range(10, 20)])
    watched.close()


def test_the_oldest_are_trimmed_by_size(path: Path) -> None:
    chosen = random.Random(1)
    for start in range(0, 30_000, 1_500):
        gathering = Gathering(f"run {start}")
        gathering.add(
            [
                end(uri=b"/%x" % chosen.getrandbits(640), bytes_written=number)
                for number in range(start, start + 1_500)
            ]
        )
        write(path, gathering.columns)
    assert path.stat().st_size > 2_000_000
    file = open_history(path)
    trimming = Trimming(file.connection, HistoryLimits(days=36_500, megabytes=1), 1e9, 0)
    while trimming.step():
        pass
    file.close()
    assert path.stat().st_size <= 1_000_000
    kept = numbers(read_ended(path, MOST, ""))
    assert kept
    assert kept == [*range(30_000 - len(kept), 30_000)]


def test_a_locked_file_is_waited_for_and_what_is_left_goes_to_a_side_file(path: Path) -> None:
    watched = Watched(path)
    watched.wait(path.exists)
    watched.writer.add_ended(numbered(0, 10))
    watched.wait(lambda: numbers(read_ended(path, MOST, "")) == [*range(10)])
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        watched.writer.add_ended(numbered(10, 20))
        watched.writer.add(record())
        watched.wait(lambda: "in use" in watched.problem)
        watched.close()
        assert "1 record could not be written" in watched.writer.unsaved
        other.execute("ROLLBACK")
    assert numbers(read_ended(path, MOST, "")) == [*range(10)]
    write(path)
    assert numbers(read_ended(path, MOST, "")) == [*range(20)]
    assert len(read_newest(path, 10)) == 1


def test_what_cannot_wait_is_dropped_and_counted(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(_ended, "MAX_WAITING", 25)
    open_history(path).close()
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        watched = Watched(path)
        for start in range(0, 50, 10):
            watched.writer.add_ended(numbered(start, start + 10))
        watched.wait(lambda: "in use" in watched.problem)
        other.execute("ROLLBACK")
    watched.wait(lambda: "30 waits are not in the history" in watched.problem)
    watched.close()
    assert numbers(read_ended(path, MOST, "")) == [*range(30, 50)]


def test_a_file_that_takes_its_place_gets_what_comes_then(path: Path) -> None:
    watched = Watched(path)
    watched.writer.add_ended(numbered(0, 10))
    watched.wait(lambda: path.exists() and numbers(read_ended(path, MOST, "")) == [*range(10)])
    path.rename(path.with_name("moved"))
    write(path, *(numbered(100 + start, 101 + start, "other") for start in range(5)))
    watched.writer.add_ended(numbered(10, 20))
    watched.wait(lambda: 19 in numbers(read_ended(path, MOST, "")))
    watched.close()
    assert numbers(read_ended(path, MOST, "other")) == [*range(10, 20)]
    assert numbers(read_ended(path, MOST, "a-process")) == [*range(100, 105)]


@pytest.mark.slow
def test_a_killed_app_loses_hardly_any(path: Path) -> None:
    for run in range(3):
        process = subprocess.Popen(
            [sys.executable, "-m", __name__, str(path), str(run)],
            stdout=subprocess.PIPE,
            text=True,
        )
        assert process.stdout is not None
        added = []
        with process.stdout as lines:
            for line in lines:
                added.append((int(line.split()[0]), float(line.split()[1])))
                if len(added) == 150 + 40 * run:
                    process.kill()
                    killed_s = time.monotonic()
        process.wait(WAIT_S)
        earlier = read_ended(path, MOST, "")
        assert earlier.damaged == 0
        there = {
            number
            for block in earlier.blocks
            for number, code in zip(block.bytes_written, block.codes["path"], strict=True)
            if block.texts["path"][code].startswith(f"/{run}/")
        }
        lost_s = [killed_s - added_s for number, added_s in added if number not in there]
        assert max(lost_s, default=0.0) < WAIT_S / 4  # 0.25 s, but the machine may be busy
        assert there == {number for number, _ in added[: len(there)]} or len(there) > len(added)


def _write(path: Path, run: str) -> None:
    watched = Watched(path)
    number = 0
    while True:
        watched.writer.add_ended(numbered(number, number + 1, run))
        os.write(1, f"{number} {time.monotonic()}\n".encode())
        number += 1
        time.sleep(0.004)


if __name__ == "__main__":
    _write(Path(sys.argv[1]), sys.argv[2])
