"""The records of files that were exported, logged or recorded elsewhere."""

from __future__ import annotations

import heapq
import sys
import time
from collections.abc import Callable, Generator, Sequence
from contextlib import closing
from pathlib import Path
from typing import Final

from monitorapp.core.record.interruption import Interruption
from monitorapp.core.records.store import InterruptionStore
from monitorapp.core.source.held import HeldSource
from monitorapp.core.source.source import InSlices
from monitorapp.core.transfer.reading import Imported, import_steps

REPORT_INTERVAL_S: Final = 0.1
"""How often a file that is read reports how far it is."""

_READING: Final = 0.7
"""Share of the work that is reading; the rest is making the records searchable."""

_STEP: Final = 100
"""Records that one step makes searchable."""

_SORTED: Final = 10_000
"""Records that are sorted at a time."""


class FileSource(HeldSource):
    """What was read from files, by time; see `Source`.

    Args:
        title: What the user reads of it.
        in_slices: See `HeldSource`.
    """

    def __init__(self, title: str, in_slices: InSlices | None = None) -> None:
        super().__init__(title, InterruptionStore(sys.maxsize), in_slices)

    def __len__(self) -> int:
        """Return how many records were read."""
        return len(self._store)

    def read(
        self,
        files: Sequence[tuple[Path, Imported]],
        is_cancelled: Callable[[], bool] = lambda: False,
        clock: Callable[[], float] = time.monotonic,
    ) -> Generator[float, None, None]:
        """Read files; yield how much is done, from 0 to 1: at once, then periodically.

        It may run in another thread, as long as this source is not shown.

        Args:
            files: Each with an `Imported` that is filled.
            is_cancelled: Checked often; it ends early if that is true.
            clock: Returns seconds.

        Raises:
            ImportFileError: One of them cannot be read at all.
        """
        next_s = clock()
        with closing(self._steps(files, is_cancelled)) as steps:
            for share in steps:
                if is_cancelled():
                    return
                now_s = clock()
                if now_s >= next_s:
                    next_s = now_s + REPORT_INTERVAL_S
                    yield share

    def _steps(
        self, files: Sequence[tuple[Path, Imported]], is_cancelled: Callable[[], bool]
    ) -> Generator[float, None, None]:
        for number, (path, imported) in enumerate(files):
            for share in import_steps(path, imported, is_cancelled):
                yield (number + share) / len(files) * _READING
        found = [one for _, imported in files for one in imported.interruptions]
        # In pieces: a long list is sorted without another thread having its turn.
        pieces = [
            sorted(found[place : place + _SORTED], key=_time_s)
            for place in range(0, len(found), _SORTED)
        ]
        for count, interruption in enumerate(heapq.merge(*pieces, key=_time_s)):
            self._store.add(interruption)
            if count % _STEP == 0:
                yield _READING + (1 - _READING) * count / len(found)


def _time_s(interruption: Interruption) -> float:
    return interruption.time_s
