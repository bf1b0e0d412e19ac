"""A writer whose states are kept."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

from monitorapp.core.history.limits import HistoryLimits
from monitorapp.core.history.writer import HistoryState, HistoryWriter
from monitorapp.core.record.interruption import Interruption
from tests.waits import WAIT_S, wait_until

KEEP_ALL = HistoryLimits(days=36_500)


class Watched:
    """A writer whose states are kept."""

    def __init__(
        self,
        path: Path,
        limits: HistoryLimits | None = None,
        wall: Callable[[], float] = time.time,
    ) -> None:
        self.states: list[HistoryState] = []
        self.writer = HistoryWriter(path, self.states.append, limits or KEEP_ALL, wall)
        self.writer.start()

    @property
    def problem(self) -> str:
        return self.states[-1].problem if self.states else ""

    def wait(self, is_so: Callable[[], bool]) -> None:
        wait_until(is_so, lambda: str(self.states))

    def close(self) -> None:
        assert self.writer.close(WAIT_S)


def write(path: Path, *interruptions: Interruption, limits: HistoryLimits | None = None) -> Watched:
    watched = Watched(path, limits)
    for interruption in interruptions:
        watched.writer.add(interruption)
    watched.close()
    return watched
