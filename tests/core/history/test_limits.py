"""What is kept."""

from __future__ import annotations

import time
from contextlib import closing
from pathlib import Path

import pytest

from monitorapp.core.history.file import open_to_read
from monitorapp.core.history.limits import HistoryLimits
from monitorapp.core.history.reader import read_newest, read_runs
from tests.core.history.watched import Watched, write
from tests.factory import record

pytestmark = pytest.mark.slow


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
