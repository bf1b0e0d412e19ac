"""Reading records from files: our own exports and histories, and JSON logs of Twisted."""

from __future__ import annotations

import json
import re
import stat
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import Any, BinaryIO, Final, get_type_hints

from monitorapp.core.filter.language import EVERYTHING
from monitorapp.core.history.file import HistoryError
from monitorapp.core.history.reader import search
from monitorapp.core.record.interruption import KEPT_CHARACTERS, Interruption
from monitorapp.core.text.format import grouped
from monitorapp.core.text.visible import cut, visible, visible_lines
from monitorapp.core.transfer import jsonl, twisted_log
from monitorapp.core.transfer.twisted_log import Skipped

STEP: Final = 100
"""Lines that one step reads."""

STEP_BYTES: Final = 8_000_000
"""After so much, a step ends in any case."""

MAX_LINE_BYTES: Final = 8_000_000
"""Longest line that is looked at: longer than any record, however it is escaped."""

MAX_VALUES: Final = 50_000
"""How many values a line may have. While it is parsed, nothing else runs in this process."""

MAX_ESCAPES: Final = 1_100_000
"""How many characters of it may be escaped: as many as the longest message and traceback have."""

MAX_RECORDS: Final = 1_000_000
"""How many records are read of a file."""

MAX_CHARACTERS: Final = 500_000_000
"""How many characters these may have, each text counted once."""

_BUFFER_BYTES: Final = 1 << 18
_SQLITE: Final = b"SQLite format 3\0"
"""How such a file begins, see https://sqlite.org/fileformat.html."""

_STRING: Final = re.compile(rb'"[^"]*(?:"|\Z)')
"""A string of JSON without escapes. It need not end: so it takes linear time to find all."""


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
        skipped: How many of them are events without such a record, and why.
        is_cut: Whether there is more in the file than is read of one.
    """

    interruptions: list[Interruption] = field(default_factory=list)
    lines: int = 0
    broken: int = 0
    first_problem: str = ""
    skipped: Counter[Skipped] = field(default_factory=Counter)
    is_cut: bool = False
    _texts: dict[str, str] = field(default_factory=dict, repr=False, compare=False)
    _characters: int = field(default=0, repr=False, compare=False)

    def add(self, interruption: Interruption) -> bool:
        """Add a record, unless there are too many; return whether it was added."""
        if len(self.interruptions) >= MAX_RECORDS or self._characters >= MAX_CHARACTERS:
            self.is_cut = True
        else:
            self.interruptions.append(interruption)
        return not self.is_cut

    def add_broken(self, problem: str) -> None:
        """Count the present line as one that could not be read."""
        self.broken += 1
        if not self.first_problem:
            self.first_problem = f"line {grouped(self.lines)}: {cut(visible(problem), 200)}"

    def shared(self, text: str) -> str:
        """Return the same object for equal texts: most records have the same few."""
        known = self._texts.setdefault(text, text)
        if known is text:
            self._characters += len(text)
        return known


def import_steps(
    path: Path, imported: Imported, is_cancelled: Callable[[], bool] | None = None
) -> Iterator[float]:
    """Read a file into `imported`; yield which share of it was read, from 0 to 1.

    A step is short, whatever is in the file. It reads no more than `MAX_RECORDS` and
    `MAX_CHARACTERS` of it.

    Args:
        path: The file, a regular one.
        imported: What was read.
        is_cancelled: Asked while a step is long.

    Raises:
        ImportFileError: It cannot be read at all. What was read until then stays.
    """
    try:
        mode = path.stat().st_mode
        if not (stat.S_ISREG(mode) or stat.S_ISDIR(mode)):  # a pipe would be waited for
            raise ImportFileError(
                f"{visible(str(path))} could not be read: it is not a regular file."
            )
        with path.open("rb", buffering=_BUFFER_BYTES) as stream:
            if stream.read(len(_SQLITE)) == _SQLITE:
                yield from _history_steps(path, imported, is_cancelled)
                return
            size = max(1, stream.seek(0, 2))
            stream.seek(0)
            for _ in _line_steps(stream, imported):
                yield min(1.0, stream.tell() / size)
    except (OSError, ValueError) as error:  # a name with a NUL is a ValueError
        detail = error.strerror if isinstance(error, OSError) else None
        raise ImportFileError(
            f"{visible(str(path))} could not be read: {detail or error}."
        ) from error
    except HistoryError as error:
        raise ImportFileError(str(error)) from error


def _history_steps(
    path: Path, imported: Imported, is_cancelled: Callable[[], bool] | None
) -> Iterator[float]:
    """Read a history, from its newest record to the oldest."""
    try:
        for share, found in search(path, EVERYTHING, is_cancelled=is_cancelled):
            imported.lines += len(found)
            for interruption in found:
                if not imported.add(interruption):
                    return
                for name in (*_TEXTS, "traceback"):
                    imported.shared(getattr(interruption, name))
            yield share
    finally:
        imported.interruptions.reverse()


def _line_steps(stream: BinaryIO, imported: Imported) -> Iterator[None]:
    lines = read = 0
    is_rest = False  # of a line that is too long
    for line in iter(partial(stream.readline, MAX_LINE_BYTES), b""):
        is_whole = len(line) < MAX_LINE_BYTES or line.endswith(b"\n")
        if not is_rest:
            imported.lines += 1
            if not is_whole:
                imported.add_broken("it is too long")
            elif not _take(line, imported):
                return
        is_rest = not is_whole
        lines += 1
        read += len(line)
        if lines == STEP or read >= STEP_BYTES:
            lines = read = 0
            yield


def _take(line: bytes, imported: Imported) -> bool:
    """Take a line; return whether there is room for more."""
    if _takes_long(line):
        imported.add_broken("it has too many values or escapes")
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
        record = _record(values)
        if isinstance(record, Interruption):
            return imported.add(_shown(record, imported))
        imported.skipped[record] += 1
    except (ValueError, TypeError, KeyError, RecursionError, OverflowError) as error:
        imported.add_broken(str(error))
    return True


def _takes_long(line: bytes) -> bool:
    if len(line) <= MAX_VALUES:
        return False
    if line.count(b"\\") > MAX_ESCAPES:
        return True
    if _marks(line) <= MAX_VALUES:
        return False
    line = line.replace(rb"\\", b"").replace(rb"\"", b"")
    count = end = 0
    for string in _STRING.finditer(line):  # what stands in strings are no values
        count += _marks(line[end : string.start()])
        end = string.end()
        if count > MAX_VALUES:
            return True
    return count + _marks(line[end:]) > MAX_VALUES


def _marks(text: bytes) -> int:
    """Return how many values there are at most, where there are no strings."""
    return text.count(b",") + text.count(b"[") + text.count(b"{")


def _record(values: object) -> Interruption | Skipped:
    """Return the record of a line, or why it has none.

    Raises:
        ValueError: It is neither a record nor an event, or it is invalid.
    """
    if isinstance(values, dict) and jsonl.is_record(values):
        return jsonl.record_of(values)
    if isinstance(values, dict) and twisted_log.is_event(values):
        return twisted_log.record_of(values)
    raise ValueError("it is neither a record nor an event of a log")


def _shown(interruption: Interruption, imported: Imported) -> Interruption:
    """Return a record in which every character can be seen: a file is data, too."""
    texts: dict[str, Any] = {
        name: imported.shared(cut(visible(getattr(interruption, name)), KEPT_CHARACTERS))
        for name in _TEXTS
    }
    traceback = cut(visible_lines(interruption.traceback.rstrip("\n")), KEPT_CHARACTERS)
    headers = tuple(
        (imported.shared(visible(name)), imported.shared(visible(value)))
        for name, value in interruption.headers
    )
    return replace(interruption, **texts, traceback=imported.shared(traceback), headers=headers)


_TEXTS: Final = tuple(
    name
    for name, kind in get_type_hints(Interruption).items()
    if kind is str and name != "traceback"  # which alone has several lines
)
