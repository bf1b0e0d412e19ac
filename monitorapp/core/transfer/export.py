"""Writing records to a file, in steps, whole or not at all."""

from __future__ import annotations

import contextlib
import os
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

from monitorapp.core.record.interruption import Interruption
from monitorapp.core.text.visible import visible
from monitorapp.core.transfer.formats import format_of

_DATABASE: Final = b"SQLite format 3\0"  # https://sqlite.org/fileformat2.html#magic_header_string

STEP: Final = 100
"""Records that one step writes."""


class ExportError(Exception):
    """A file could not be written; the message says why, in one sentence."""


def export_steps(path: Path, interruptions: Iterable[Interruption], about: str) -> Iterator[int]:
    """Write records to a file whose name gives the format; yield how many are written so far.

    They are written beside the file, which is replaced when they are all there. If the
    generator is closed before, or fails, the file is as it was.

    Args:
        path: The file.
        interruptions: The records.
        about: What they are, in a sentence.

    Raises:
        ExportError: The name gives no format, the file is a database, or it cannot be written.
    """
    try:
        kind = format_of(path)
    except ValueError as error:
        raise ExportError(str(error)) from error
    if _is_database(path):
        raise ExportError(
            f"{visible(str(path))} is a database, such as a history: choose another name to write."
        )
    temporary = ""
    try:
        handle, temporary = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
        taken = _Counted(interruptions)
        reported = 0
        # An unpaired surrogate has no UTF-8.
        with open(  # noqa: PTH123
            handle, "w", encoding=kind.encoding, errors="backslashreplace", newline=""
        ) as stream:
            for text in kind.texts(taken, about):
                stream.write(text)
                if taken.count >= reported + STEP:
                    reported = taken.count
                    yield reported
            stream.flush()
            os.fsync(stream.fileno())
        _allow_as_usual(temporary)
        os.replace(temporary, path)  # noqa: PTH105
        temporary = ""
    except OSError as error:
        raise ExportError(
            f"{visible(str(path))} could not be written: {error.strerror or error}."
        ) from error
    finally:
        if temporary:
            with contextlib.suppress(OSError):
                os.unlink(temporary)  # noqa: PTH108


def _is_database(path: Path) -> bool:
    try:
        if not path.is_file():
            return False
        with path.open("rb") as stream:
            return stream.read(len(_DATABASE)) == _DATABASE
    except OSError:  # writing will say why
        return False


class _Counted(Iterator[Interruption]):
    """Counts the records that were taken."""

    def __init__(self, interruptions: Iterable[Interruption]) -> None:
        self._rest = iter(interruptions)
        self.count = 0

    def __next__(self) -> Interruption:
        interruption = next(self._rest)
        self.count += 1
        return interruption


def _allow_as_usual(name: str) -> None:
    """Give a file the mode of one that was simply opened; a temporary one is private."""
    mask = os.umask(0)
    os.umask(mask)
    os.chmod(name, 0o666 & ~mask)  # noqa: PTH101
