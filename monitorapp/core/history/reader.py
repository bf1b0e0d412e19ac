"""Reads what a history file keeps: its runs, its newest records, and those that match."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Callable, Generator, Iterator
from contextlib import closing
from dataclasses import dataclass
from functools import partial
from itertools import chain
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
    "SELECT records.id, run, shared, shared.fields, records.fields"
    " FROM records JOIN shared ON shared.id = shared"
    " WHERE records.id BETWEEN ? AND ? {run} {words} ORDER BY records.id DESC"
)
_PLAIN: Final = re.compile(r"[a-z0-9/._:?=&%+,;@~*!$'-]+")
"""Words that JSON writes as they are."""

_PART_CHARACTERS: Final = 8_000_000
"""So many characters of records are read at a time, or one record."""

_FETCHED: Final = 50

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


def read_newest(
    path: Path, count: int, is_cancelled: Callable[[], bool] | None = None
) -> list[Interruption]:
    """Return the newest records of all runs, at most `count`, oldest first.

    Args:
        path: The history file.
        count: How many there are at most.
        is_cancelled: See `search`; what was read until then is returned.

    Raises:
        HistoryError: The file cannot be read.
    """
    newest: list[Interruption] = []
    for _, found in search(path, EVERYTHING, is_cancelled=is_cancelled):
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
            for part in _search(connection, filter_, run):
                if is_cancelled is not None and is_cancelled():
                    return
                yield part
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
    unpack = unpacking.unpack
    end: int | None = last
    while end is not None:
        start = max(first, end - size + 1)
        cursor = connection.execute(statement, (start, end, *run_values, *word_values))
        found, left = [], _PART_CHARACTERS
        for number, of, shared, shared_fields, fields in _rows(cursor):
            interruption = unpack(of, shared, shared_fields, fields)
            if interruption is not None:
                found.append(interruption)
            left -= len(fields)
            if left <= 0:
                start = number
                break
        cursor.close()
        if not filter_.is_empty:
            texts = [searched_text(interruption) for interruption in found]
            found = [found[place] for place in filter_.select(found, texts)]
        # The next that there is: numbers can have gaps of any size.
        (end,) = connection.execute(
            f"SELECT max(id) FROM records WHERE id < ? {of_run}", (start, *run_values)
        ).fetchone()
        yield Part(1.0 if end is None else (last - end) / (last - first + 1), found)


def _rows(cursor: sqlite3.Cursor) -> Iterator[tuple[int, int, int, str, str]]:
    """Return what a cursor finds, a few at a time: one by one takes longer, and all can be much."""
    return chain.from_iterable(iter(partial(cursor.fetchmany, _FETCHED), []))


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
