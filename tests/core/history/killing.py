"""Two processes that write one history, one of which trims it, until both are killed."""

from __future__ import annotations

import itertools
import os
import random
import sqlite3
import subprocess
import sys
import threading
import time
from contextlib import closing
from pathlib import Path
from typing import Final, NamedTuple

from monitorapp.core.history import writer
from monitorapp.core.history.file import open_history
from monitorapp.core.history.limits import HistoryLimits
from monitorapp.core.history.reader import read_newest
from tests.factory import record
from tests.waits import WAIT_S

KEPT_S: Final = 0.7
"""How long a record is kept: a day passes in so many seconds."""

_DAY_S: Final = 86_400.0
_AGENTS: Final = 50
_OF_AGENT: Final = 20
"""Records in a row of the same agent: each is gone from the file before it comes again."""


class Killed(NamedTuple):
    """What was found in the file in the end.

    Attributes:
        added: Records that the writers were given.
        kept: Those that are in the file.
        oldest_lost_s: How long before the end of its process the oldest record was added that
            is not in the file and was not old enough to be trimmed, in seconds; 0 if none is.
        foreign: Records that have a field of another.
        dangling: Rows whose shared fields or run are not in the file.
    """

    added: int
    kept: int
    oldest_lost_s: float
    foreign: int
    dangling: int


def kill_writers(path: Path, first_s: float, second_s: float, swap: bool = False) -> Killed:
    """Let two write for `first_s`, kill one, and the other `second_s` later.

    Args:
        path: The history file.
        first_s: From the first record of both, in seconds.
        second_s: In seconds.
        swap: Kill the one that trims first.
    """
    writers = [_Process(path, name) for name in ("trims", "writes")]
    for one in writers:
        one.wait_for_first()
    time.sleep(first_s)
    for one in reversed(writers) if swap else writers:
        one.kill()
        time.sleep(second_s)
    open_history(path).close()
    kept = read_newest(path, 10**6)
    foreign = sum(
        one.header("User-Agent") != f"agent {one.uri}" or one.origin != one.uri.split("/")[1]
        for one in kept
    )
    with closing(sqlite3.connect(path)) as connection:
        (dangling,) = connection.execute(
            "SELECT count(*) FROM records WHERE shared NOT IN (SELECT id FROM shared)"
            " OR run NOT IN (SELECT id FROM runs)"
        ).fetchone()
    there = {(one.origin, one.number) for one in kept}
    trimmed_s = max(one.killed_s for one in writers if one.name == "trims") - KEPT_S + 0.1
    lost_s = [
        one.killed_s - added_s
        for one in writers
        for number, added_s in one.added
        if (one.name, number) not in there and added_s > trimmed_s
    ]
    count = sum(len(one.added) for one in writers)
    return Killed(count, len(kept), max(lost_s, default=0.0), foreign, dangling)


class _Process:
    def __init__(self, path: Path, name: str) -> None:
        self.name = name
        self.added: list[tuple[int, float]] = []
        self.killed_s = 0.0
        self._process = subprocess.Popen(
            [sys.executable, "-m", __name__, str(path), name], stdout=subprocess.PIPE, text=True
        )
        self._has_begun = threading.Event()
        self._thread = threading.Thread(target=self._read)
        self._thread.start()

    def wait_for_first(self) -> None:
        assert self._has_begun.wait(WAIT_S)

    def kill(self) -> None:
        self.killed_s = time.monotonic()
        self._process.kill()
        self._process.wait()
        self._thread.join()

    def _read(self) -> None:
        assert self._process.stdout is not None
        with self._process.stdout as lines:
            for line in lines:
                number, added_s = line.split()
                self.added.append((int(number), float(added_s)))
                self._has_begun.set()


def _write(path: Path, name: str) -> None:
    """Write records until the process is killed; print the number and the time of each."""

    def wall() -> float:
        return time.time() / KEPT_S * _DAY_S

    keep = HistoryLimits(days=1 if name == "trims" else 36_500)
    if name == "trims":
        writer.TRIM_INTERVAL_S = 0.02  # type: ignore[misc]
    writing = writer.HistoryWriter(path, lambda _: None, keep, wall)
    writing.start()
    chosen = random.Random(name)
    for number in itertools.count(1):
        uri = f"/{name}/{number // _OF_AGENT % _AGENTS}"
        writing.add(
            record(
                number=number,
                origin=name,
                time_s=wall(),
                uri=uri,
                headers=(("User-Agent", f"agent {uri}"),),
            )
        )
        os.write(1, f"{number} {time.monotonic()}\n".encode())
        time.sleep(0.002 * chosen.random())


if __name__ == "__main__":
    _write(Path(sys.argv[1]), sys.argv[2])
