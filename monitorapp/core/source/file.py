"""The records of files that were exported, logged or recorded elsewhere."""

from __future__ import annotations

import sys
from collections.abc import Generator, Sequence
from pathlib import Path
from typing import Final

from monitorapp.core.records.store import InterruptionStore
from monitorapp.core.source.held import HeldSource
from monitorapp.core.source.source import InSlices
from monitorapp.core.transfer.reading import Imported, import_steps

_READING: Final = 0.7
"""Share of the work that is reading; the rest is making the records searchable."""

_STEP: Final = 100
"""Records that one step makes searchable."""


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

    def read(self, files: Sequence[tuple[Path, Imported]]) -> Generator[float, None, None]:
        """Read files; yield how much is done, from 0 to 1.

        Args:
            files: Each with an `Imported` that is filled.

        Raises:
            ImportFileError: One of them cannot be read at all.
        """
        for number, (path, imported) in enumerate(files):
            for share in import_steps(path, imported):
                yield (number + share) / len(files) * _READING
        found = [one for _, imported in files for one in imported.interruptions]
        found.sort(key=lambda one: one.time_s)
        for count, interruption in enumerate(found):
            self._store.add(interruption)
            if count % _STEP == 0:
                yield _READING + (1 - _READING) * count / len(found)
