"""Reads what a history file keeps: its runs, its newest records, and those that match."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Callable, Generator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Final, NamedTuple

from monitorapp.core.filter.language import EVERYTHING, Filter
from monitorapp.core.history.file import HistoryError, explained, open_to_read
from monitorapp.core.history.rows import Unpacking
from monitorapp.core.history.schema import origin_in, version_of
from monitorapp.core.record.interruption import Interruption
from monitorapp.core.record.searched_text import searched_text

CHUNK: Final = 500
"""Records that are read at a time."""

SCANNED: Final = 20_000
"""Records that SQLite looks through at a time for a word."""

_PART: Final = (
    "SELECT run, shared, shared.fields, records.fields"
    " FROM records JOIN shared ON shared.id = shared"
    " WHERE records.id BETWEEN ? AND ? {run} {words} ORDER BY records.id DESC"
)
_PLAIN: Final = re.compile(r"[a-z0-9/._:?=&%+,;@~*!$'-]+")
"""Words that JSON writes as they are."""

_MOST_WORDS: Final = 8
_MOST_SHARING: Final = 500


@dataclass(frozen=True, slots=True)
class Run:
    """One run of the app.

    Attributes:
        number: Its number in the file.
        began_s: When it began, in seconds since the epoch.
        ended_s: When it ended; None if it runs, or was killed.
        version: Version of the app.
        count: Records that are kept of it.
        origin: Names the process that it was, see `RequestId`; empty if that is not known.
    """

    number: int
    began_s: float
    ended_s: float | None
    version: str
    count: int
    origin: str = ""


class Part(NamedTuple):
    """What a search has found in one part of a history.

    Attributes:
        share: The share of the history that was looked through until now, from 0 to 1.
        found: What matches in this part, newest first.
    """

    share: float
    found: list[Interruption]


def read_runs(path: Path) -> list[Run]:
    """Return the runs of which records are kept, newest first.

    Raises:
        HistoryError: The file cannot be read.
    """
    with closing(open_to_read(path)) as connection:
        try:
            counts = dict(connection.execute("SELECT run, count(*) FROM records GROUP BY run"))
            origin = origin_in(version_of(connection))
            runs = connection.execute(
                f"SELECT id, began_s, ended_s, version, {origin} FROM runs ORDER BY id DESC"
            ).fetchall()
        except sqlite3.Error as error:
            if "no such table" in str(error):
                return []
            raise explained(error, path) from error
    return [
        Run(number, began_s, ended_s, version, counts[number], origin)
        for number, began_s, ended_s, version, origin in runs
        if number in counts
    ]


def read_newest(path: Path, count: int) -> list[Interruption]:
    """Return the newest records of all runs, at most `count`, oldest first.

    Raises:
        HistoryError: The file cannot be read.
    """
    newest: list[Interruption] = []
    for _, found in search(path, EVERYTHING):
        newest += found
        if len(newest) >= count:
            break
    return newest[:count][::-1]


def search(
    path: Path,
    filter_: Filter,
    run: int | None = None,
    is_cancelled: Callable[[], bool] | None = None,
) -> Generator[Part, None, None]:
    """Look through a history, from the newest record to the oldest.

    The file is opened again for each part, so that nothing of it is held meanwhile. Rows that
    are invalid are left out.

    Args:
        path: The history file.
        filter_: What is looked for.
        run: Look only at this run.
        is_cancelled: Asked all the time whether nobody wants to know any more; then there is no
            other part.

    Yields:
        One part after the other; there is none if the history is empty.

    Raises:
        HistoryError: The file cannot be read.
    """
    try:
        with closing(open_to_read(path, is_cancelled)) as connection:
            yield from _search(connection, filter_, run)
    except (sqlite3.Error, HistoryError) as error:
        if is_cancelled is not None and is_cancelled():
            return
        if isinstance(error, HistoryError):
            raise
        if "no such table" not in str(error):  # nothing was written yet
            raise explained(error, path) from error


def _search(
    connection: sqlite3.Connection, filter_: Filter, run: int | None
) -> Generator[Part, None, None]:
    of_run, run_values = ("", ()) if run is None else ("AND run = ?", (run,))
    first, last = connection.execute(
        f"SELECT min(id), max(id) FROM records WHERE 1 {of_run}", run_values
    ).fetchone()
    if first is None:
        return
    words, word_values = _prefilter(connection, filter_)
    statement = _PART.format(run=of_run, words=words)
    size = SCANNED if words else CHUNK
    runs = f"SELECT id, {origin_in(version_of(connection))} FROM runs"
    unpacking = Unpacking(dict(connection.execute(runs)))
    for end in range(last, first - 1, -size):
        rows = connection.execute(
            statement, (max(first, end - size + 1), end, *run_values, *word_values)
        ).fetchall()
        unpacked = (unpacking.unpack(*row) for row in rows)
        found = [interruption for interruption in unpacked if interruption is not None]
        if not filter_.is_empty:
            texts = [searched_text(interruption) for interruption in found]
            found = [found[place] for place in filter_.select(found, texts)]
        yield Part(min(1.0, (last - end + size) / (last - first + 1)), found)


def _prefilter(
    connection: sqlite3.Connection, filter_: Filter
) -> tuple[str, tuple[str | int, ...]]:
    """Return a condition that SQLite can test fast, and which is true of all that match.

    A needed word is in a record's own fields, or in those that it shares.
    """
    needed = [word for word in filter_.needed if _PLAIN.fullmatch(word)]
    if not needed:
        return "", ()
    texts = {}
    unpacking = Unpacking({})
    for number, fields in connection.execute("SELECT id, fields FROM shared"):
        one = unpacking.unpack(0, number, fields, '{"time_s":0}')
        texts[number] = "" if one is None else searched_text(one)
    conditions = []
    values: list[str | int] = []
    for word in needed[:_MOST_WORDS]:
        sharing = [number for number, text in texts.items() if word in text]
        if len(sharing) == len(texts) or len(sharing) > _MOST_SHARING:
            continue  # it would rule out little
        marks = ", ".join("?" * len(sharing))
        conditions.append(f"AND (instr(lower(records.fields), ?) OR shared IN ({marks}))")
        values += [word, *sharing]
    return " ".join(conditions), tuple(values)
