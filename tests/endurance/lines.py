"""Mutated lines of files that are imported, and what is done with the records that come of them."""

from __future__ import annotations

import contextlib
import io
import json
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random
from typing import Any, Final

from twisted.internet.error import ConnectionDone
from twisted.logger import Logger, jsonFileLogObserver
from twisted.python.failure import Failure

from monitorapp.core.history.rows import Packing, repaired
from monitorapp.core.record.curl import curl_command
from monitorapp.core.record.details import (
    record_details,
    request_details,
    story_details,
    traceback_details,
)
from monitorapp.core.record.interruption import INTERRUPTED_MESSAGE, Interruption
from monitorapp.core.record.reason import Reason
from monitorapp.core.record.searched_text import searched_text
from monitorapp.core.record.story import story, story_text
from monitorapp.core.records.groups import Grouping, Groups
from monitorapp.core.records.matching import FixedInterruptions
from monitorapp.core.records.sorting import SortedInterruptions
from monitorapp.core.records.stars import Stars
from monitorapp.core.records.tries import Tries
from monitorapp.core.transfer import jsonl
from monitorapp.core.transfer.export import export_steps
from monitorapp.core.transfer.formats import ExportFormat
from monitorapp.core.transfer.reading import Imported, import_steps
from monitorapp.ui.table.columns import interruption_columns
from tests.endurance.worst import Worst
from tests.factory import record

A_FILE: Final = 500
"""Lines of one file."""

ODD: Final[tuple[Any, ...]] = (
    None,
    True,
    False,
    0,
    -1,
    1e308,
    -1e308,
    1e-320,
    2**63,
    -(2**63),
    2**64,
    10**400,
    float("nan"),
    float("inf"),
    float("-inf"),
    "",
    "0",
    "nan",
    "\x00",
    "\ud800",
    "\u202e",
    "\r\n\t\x1b[31m",
    "=1+1",
    "a" * 20_000,
    [],
    [[]],
    {},
    [None],
    {"": {}},
    ["a", "b"],
    [["a", "b"]],
    [["a", 1]],
    "GET",
    "]",
    253402300800.0,
    -62135596801.0,
    1.8e9,
    "127.0.0.1:80",
    "[::1]:8",
    "unix:/a",
    "::::",
    "\U0001f600",
)


def bases() -> list[str]:
    """Return lines as they are in exports and logs."""
    rows = [
        record(),
        record(waited_s=None, delay_s=None, remaining_s=None, began_s=None, headers=()),
        record(reason=Reason.RESET, uri="/ä?b=c", client="[::1]:80", tries=3),
    ]
    lines = [line for row in jsonl.lines(rows) for line in row.splitlines() if line]
    stream = io.StringIO()
    log = Logger("a.server", observer=jsonFileLogObserver(stream))
    try:
        raise ConnectionDone
    except ConnectionDone:
        failure = Failure()
    log.failure(INTERRUPTED_MESSAGE, failure=failure)
    log.info("{a} and {b!r}", a=1, b=[2])
    log.error("{log_failure}", log_failure=failure, why=INTERRUPTED_MESSAGE)
    lines += [line.lstrip("\x1e") for line in stream.getvalue().splitlines() if line]
    lines += ["time,path,client\r", '"a";"b";"=1+1"', "2026-11-24,/a,127.0.0.1", "{}", "[]", ""]
    return lines


class Lines:
    """Makes lines: a base with odd values, or with odd bytes, or both."""

    def __init__(self, dice: Random) -> None:
        self._dice = dice
        self._bases = bases()

    def line(self) -> bytes:
        dice, line = self._dice, self._dice.choice(self._bases)
        if dice.random() < 0.7:
            line = self._with_odd_values(line)
        data = line.encode("utf-8", "surrogatepass")
        if dice.random() < 0.5:
            data = self._with_odd_bytes(data)
        return data.replace(b"\n", b"")

    def _with_odd_values(self, line: str) -> str:
        try:
            values = json.loads(line)
        except ValueError:
            return line
        for _ in range(self._dice.choice((1, 1, 2, 5))):
            values = self._mutated(values)
        return json.dumps(values, ensure_ascii=self._dice.random() < 0.5)

    def _mutated(self, value: Any) -> Any:
        dice = self._dice
        if isinstance(value, dict) and value and dice.random() < 0.95:
            key = dice.choice(list(value))
            kind = dice.random()
            if kind < 0.1:
                return {name: one for name, one in value.items() if name != key}
            if kind < 0.15:
                return {**value, dice.choice(("", "a", "log_time", "reason")): dice.choice(ODD)}
            return {**value, key: self._mutated(value[key])}
        if isinstance(value, list) and value and dice.random() < 0.7:
            place = dice.randrange(len(value))
            return [*value[:place], self._mutated(value[place]), *value[place + 1 :]]
        return dice.choice(ODD)

    def _with_odd_bytes(self, data: bytes) -> bytes:
        dice = self._dice
        for _ in range(dice.choice((1, 2, 10))):
            place = dice.randrange(len(data) + 1)
            kind = dice.randrange(6)
            if kind == 0:
                data = data[:place] + dice.randbytes(dice.choice((1, 4, 40))) + data[place:]
            elif kind == 1:
                data = data[:place] + data[place + dice.randint(1, 9) :]
            elif kind == 2:
                data = data[:place]
            elif kind == 3:
                end = place + dice.randint(1, 30)
                data = data[:end] + data[place:end] * dice.choice((1, 3, 300)) + data[end:]
            elif kind == 4:
                data = (
                    data[:place]
                    + dice.choice((b"[", b"{", b'"', b"\\", b",", b"9"))
                    * (dice.choice((1, 2, 2_000)))
                    + data[place:]
                )
            else:
                data = (
                    data[:place]
                    + dice.choice(
                        (
                            b"NaN",
                            b"1e999",
                            b"null",
                            b"\\u0000",
                            b"\\ud800",
                            b"\x1e",
                            b"\xef\xbb\xbf",
                            b"\xff\xfe",
                        )
                    )
                    + data[place:]
                )
        return data


def fuzz(count: int, dice: Random, folder: Path, found: Worst) -> list[Interruption]:
    """Import so many lines; return some of the records that came of them."""
    made, some = Lines(dice), []
    for number in range(0, count, A_FILE):
        lines = [made.line() for _ in range(min(A_FILE, count - number))]
        path = folder / "in.jsonl"
        path.write_bytes(b"\n".join(lines))
        imported = Imported()
        steps = import_steps(path, imported)
        with found.time("import of 100 lines", lines):
            while _step(steps):
                found.lap("import of 100 lines")
        found.count("lines", len(lines))
        found.count("records", len(imported.interruptions))
        found.count("broken lines", imported.broken)
        for one in imported.interruptions:
            with found.time("what is shown of a record", one):
                _show(one)
        with found.time("what is made of 500 lines", imported.interruptions):
            _use(imported.interruptions)
        if imported.interruptions and number % (10 * A_FILE) == 0:
            _export(imported.interruptions, folder, found)
        some += dice.sample(imported.interruptions, min(2, len(imported.interruptions)))
    return some


def _step(steps: Iterator[float]) -> bool:
    return next(steps, None) is not None


_COLUMNS: Final = interruption_columns(lambda _: None)


def _show(one: Interruption) -> None:
    for column in _COLUMNS:
        column.text(one)
        if column.sort_key is not None:
            column.sort_key(one)
    searched_text(one)
    for tell in (story, story_text):
        with contextlib.suppress(ValueError, OverflowError, OSError):  # as documented
            tell(one)
    made: tuple[Callable[[Interruption], str], ...] = (
        story_details, request_details, traceback_details, record_details
    )  # fmt: skip
    for details in made:
        details(one)
    curl_command(one, "http://127.0.0.1:8080/")


def _use(rows: list[Interruption]) -> None:
    for column in _COLUMNS:
        if column.sort_key is not None:
            SortedInterruptions(column.sort_key, True, list(rows)).ordered()
    for grouping in Grouping:
        groups = Groups(FixedInterruptions(rows, Stars()), grouping)
        for group in groups:
            assert group.course(time.time())
            assert group.newest
            assert group.median_s is None or group.largest_s is not None
    tries, packing = Tries(), Packing("")
    for one in map(tries.count, rows):
        try:
            packing.row_of(one)
        except (ValueError, TypeError, RecursionError):  # as the writer takes them
            whole = repaired(one, time.time())
            if whole is not None:
                packing.row_of(whole)


def _export(rows: list[Interruption], folder: Path, found: Worst) -> None:
    for kind in ExportFormat:
        path = folder / f"out{kind.value}"
        with found.time(f"export {kind.value}", rows):
            for _ in export_steps(path, rows, "about"):
                found.lap(f"export {kind.value}")
        if kind is ExportFormat.JSONL:
            again = Imported()
            for _ in import_steps(path, again):
                pass
            if len(again.interruptions) != len(rows):
                found.wrong(f"{len(again.interruptions)} of {len(rows)} exported records are read")
