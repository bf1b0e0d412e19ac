"""Reading records from files: our own exports and histories, and JSON logs of Twisted.

A log is that of `twisted.logger.jsonFileLogObserver`; of its events those are taken that say
that a response was interrupted (see `monitorapp.web.request.observer`).
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, BinaryIO, Final

from monitorapp.core.filter.language import parse_filter
from monitorapp.core.history.file import HistoryError
from monitorapp.core.history.reader import search
from monitorapp.core.record.codec import from_fields
from monitorapp.core.record.interruption import INTERRUPTED_MESSAGE, KEPT_CHARACTERS, Interruption
from monitorapp.core.record.reason import reason_of_types
from monitorapp.core.text.format import grouped
from monitorapp.core.text.visible import cut, visible, visible_lines
from monitorapp.core.transfer.formats import MARKER

STEP: Final = 100
"""Lines that one step reads."""

MAX_LINE_BYTES: Final = 8_000_000
"""Longest line that is looked at: longer than any record, however it is escaped."""

_SQLITE: Final = b"SQLite format 3\0"
"""How such a file begins, see https://sqlite.org/fileformat.html."""

_SEPARATOR: Final = "\x1e"
"""What `jsonFileLogObserver` puts before each line (RFC 7464)."""


class ImportFileError(Exception):
    """A file could not be read; the message says why, in one sentence."""


@dataclass(slots=True)
class Imported:
    """What was read from a file so far.

    Attributes:
        interruptions: The records, in the order of the file.
        lines: How many lines were read.
        broken: How many of them could not be understood.
        first_problem: Which was the first of these, and what was wrong with it.
    """

    interruptions: list[Interruption] = field(default_factory=list)
    lines: int = 0
    broken: int = 0
    first_problem: str = ""

    def add_broken(self, problem: str) -> None:
        """Count the present line as one that could not be understood."""
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
    for share, found in search(path, parse_filter("")):
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
    text = line.decode("utf-8", "replace").strip().lstrip(_SEPARATOR).lstrip("\N{BYTE ORDER MARK}")
    if not text:
        return True
    try:
        read = json.loads(text)
    except (ValueError, RecursionError) as error:
        imported.add_broken(f"it is no JSON ({error})")
        return True
    try:
        interruption = _interruption(read)
    except (ValueError, TypeError, KeyError, RecursionError, OverflowError) as error:
        imported.add_broken(str(error))
        return True
    if interruption is not None:
        imported.interruptions.append(interruption)
    return True


def _interruption(read: object) -> Interruption | None:
    """Return the record of a line; None if it is an event of another kind.

    Raises:
        ValueError: It is neither, or it makes no sense.
    """
    if not isinstance(read, dict):
        raise ValueError("it is neither a record nor an event of a log")
    if MARKER in read:
        return _shown(from_fields(read))
    if "log_time" not in read and "time" not in read:
        raise ValueError("it is neither a record nor an event of a log")
    return _of_event(read)


def _of_event(event: dict[str, Any]) -> Interruption | None:
    failure = event.get("log_failure") or event.get("failure")
    why = event.get("why") or event.get("log_format") or ""
    if not isinstance(failure, dict) or not str(why).startswith(INTERRUPTED_MESSAGE):
        return None
    kind = failure.get("type")
    name = ""
    if isinstance(kind, dict):
        name = f"{kind.get('__module__', '')}.{kind.get('__name__', '')}".strip(".")
    frames = failure.get("frames")
    frames = frames if isinstance(frames, list) else []
    traceback = _logged_traceback(event) or _told_traceback(name, frames)
    # An exception is not written to such a log, but what it says may stand in its last line.
    message = traceback.rstrip().rpartition("\n")[2].partition(f"{name}: ")[2]
    parents = failure.get("parents")
    names = [str(parent) for parent in parents] if isinstance(parents, list) else [name]
    return _shown(
        from_fields(
            {
                "time_s": event.get("log_time", event.get("time")),
                "reason": reason_of_types(names, message).name,
                "failure_type": name,
                "message": message,
                "traceback": traceback,
                "has_frames": bool(frames),
            }
        )
    )


def _logged_traceback(event: dict[str, Any]) -> str:
    """Return the traceback that `twisted.python.log.err` put into the text of its event."""
    text = event.get("log_text")
    return str(text).partition("\n")[2] if isinstance(text, str) else ""


def _told_traceback(name: str, frames: list[Any]) -> str:
    """Return a traceback of what is known of the frames."""
    lines = ["Traceback (most recent call last):"]
    for frame in frames:
        if isinstance(frame, list) and len(frame) >= 3:
            lines.append(f'  File "{frame[1]}", line {frame[2]}, in {frame[0]}')
    return "\n".join([*lines, name if frames else f"Failure: {name}"])


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


_TEXTS: Final = (
    "method",
    "uri",
    "version",
    "client",
    "began_in",
    "began_at",
    "awaited",
    "failure_type",
    "message",
)
