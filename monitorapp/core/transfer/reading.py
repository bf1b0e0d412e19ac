"""Reading records from files: our own exports and histories, and JSON logs of Twisted."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, BinaryIO, Final, get_type_hints

from monitorapp.core.filter.language import EVERYTHING
from monitorapp.core.history.file import HistoryError
from monitorapp.core.history.reader import search
from monitorapp.core.record.interruption import KEPT_CHARACTERS, Interruption
from monitorapp.core.text.format import grouped
from monitorapp.core.text.visible import cut, visible, visible_lines
from monitorapp.core.transfer import jsonl, twisted_log

STEP: Final = 100
"""Lines that one step reads."""

MAX_LINE_BYTES: Final = 8_000_000
"""Longest line that is looked at: longer than any record, however it is escaped."""

_SQLITE: Final = b"SQLite format 3\0"
"""How such a file begins, see https://sqlite.org/fileformat.html."""


class ImportFileError(Exception):
    """A file could not be read; the message says why, in one sentence."""


@dataclass(slots=True)
class Imported:
    """What was read from a file so far.

    Attributes:
        interruptions: The records, in the order of the file.
        lines: How many lines were read.
        broken: How many of them could not be read.
        first_problem: Which was the first of these, and what was wrong with it.
    """

    interruptions: list[Interruption] = field(default_factory=list)
    lines: int = 0
    broken: int = 0
    first_problem: str = ""

    def add_broken(self, problem: str) -> None:
        """Count the present line as one that could not be read."""
        self.broken += 1
        if not self.first_problem:
            self.first_problem = f"line {grouped(self.lines)}: {cut(visible(problem), 200)}"


def import_steps(path: Path, imported: Imported) -> Iterator[float]:
    """Read a file into `imported`; yield which share of it was read, from 0 to 1.

    Raises:
        ImportFileError: It cannot be read at all. What was read until then stays.
    """
    try:
        with path.open("rb") as stream:
            if stream.read(len(_SQLITE)) == _SQLITE:
                yield from _history_steps(path, imported)
                return
            stream.seek(0, 2)
            size = max(1, stream.tell())
            stream.seek(0)
            while True:
                for _ in range(STEP):
                    if not _take_line(stream, imported):
                        return
                yield min(1.0, stream.tell() / size)
    except OSError as error:
        raise ImportFileError(
            f"{visible(str(path))} could not be read: {error.strerror or error}."
        ) from error
    except HistoryError as error:
        raise ImportFileError(str(error)) from error


def _history_steps(path: Path, imported: Imported) -> Iterator[float]:
    newest_first: list[Interruption] = []
    for share, found in search(path, EVERYTHING):
        newest_first += found
        imported.lines = len(newest_first)
        yield share
    imported.interruptions += newest_first[::-1]


def _take_line(stream: BinaryIO, imported: Imported) -> bool:
    """Read one line; return whether there was one."""
    line = stream.readline(MAX_LINE_BYTES)
    if not line:
        return False
    imported.lines += 1
    if len(line) == MAX_LINE_BYTES and not line.endswith(b"\n"):
        imported.add_broken("it is too long")
        while line and not line.endswith(b"\n"):
            line = stream.readline(MAX_LINE_BYTES)
        return True
    text = line.decode("utf-8", "replace").strip()
    text = text.lstrip(twisted_log.SEPARATOR).lstrip("\N{BYTE ORDER MARK}")
    if not text:
        return True
    try:
        values = json.loads(text)
    except (ValueError, RecursionError) as error:
        imported.add_broken(f"it is not JSON ({error})")
        return True
    try:
        interruption = _record(values)
    except (ValueError, TypeError, KeyError, RecursionError, OverflowError) as error:
        imported.add_broken(str(error))
        return True
    if interruption is not None:
        imported.interruptions.append(interruption)
    return True


def _record(values: object) -> Interruption | None:
    """Return the record of a line; None if it is an event of another kind.

    Raises:
        ValueError: It is neither, or it is invalid.
    """
    if isinstance(values, dict) and jsonl.is_record(values):
        return _shown(jsonl.record_of(values))
    if isinstance(values, dict) and twisted_log.is_event(values):
        interruption = twisted_log.record_of(values)
        return None if interruption is None else _shown(interruption)
    raise ValueError("it is neither a record nor an event of a log")


def _shown(interruption: Interruption) -> Interruption:
    """Return a record in which every character can be seen: a file is data, too."""
    texts: dict[str, Any] = {
        name: _shared(cut(visible(getattr(interruption, name)), KEPT_CHARACTERS)) for name in _TEXTS
    }
    traceback = cut(visible_lines(interruption.traceback.rstrip("\n")), KEPT_CHARACTERS)
    headers = tuple((visible(name), visible(value)) for name, value in interruption.headers)
    return replace(interruption, **texts, traceback=_shared(traceback), headers=headers)


def _shared(text: str) -> str:
    return sys.intern(text)


_TEXTS: Final = tuple(
    name
    for name, kind in get_type_hints(Interruption).items()
    if kind is str and name != "traceback"  # which alone has several lines
)
