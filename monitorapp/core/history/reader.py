"""Reads what a history file keeps: its runs, its newest records, and those that match."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Callable, Container, Generator, Iterator
from contextlib import closing
from dataclasses import dataclass
from functools import partial
from itertools import chain
from pathlib import Path
from typing import Any, Final, NamedTuple

from monitorapp.core.filter.language import EVERYTHING, Filter, written_outcome
from monitorapp.core.filter.names import NeededOutcome
from monitorapp.core.history.file import HistoryError, explained, open_to_read
from monitorapp.core.history.rows import Unpacking
from monitorapp.core.history.schema import known_late_in, origin_in, version_of
from monitorapp.core.record.interruption import Interruption
from monitorapp.core.record.outcome import Outcome
from monitorapp.core.record.searched_text import searched_text
from monitorapp.core.records.outcomes import Outcomes
from monitorapp.core.records.stars import Stars

CHUNK: Final = 500
"""Records that are read at a time."""

SCANNED: Final = 20_000
"""Records that SQLite looks through at a time for a word."""

_PART: Final = (
    "SELECT records.id, run, shared, shared.fields, records.fields, {known_late}"
    " FROM records JOIN shared ON shared.id = shared"
    " WHERE records.id BETWEEN ? AND ? {run} {words} ORDER BY records.id DESC"
)
_PLAIN: Final = re.compile(r"[a-z0-9/._:?=&%+,;@~*!$'-]+")
"""Words that JSON writes as they are."""

MOST_STARRED: Final = 10_000
"""Starred records that are read when the app starts at most."""

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
    path: Path,
    count: int,
    is_cancelled: Callable[[], bool] | None = None,
    starred: list[Interruption] | None = None,
) -> list[Interruption]:
    """Return the newest records of all runs, at most `count`, oldest first.

    If those that are starred are wanted, older ones of them come before the others.

    Args:
        path: The history file.
        count: How many there are at most.
        is_cancelled: See `search`; what was read until then is returned.
        starred: Those that are starred are added to it, at most `MOST_STARRED`.

    Raises:
        HistoryError: The file cannot be read.
    """
    newest: list[Interruption] = []
    for _, found in search(path, EVERYTHING, is_cancelled=is_cancelled, starred=starred):
        newest += found
        if len(newest) >= count:
            break
    newest = newest[:count]
    if starred is not None and len(newest) == count:
        known = {one.key for one in newest}
        starred.clear()
        for part in search(
            path, EVERYTHING, is_cancelled=is_cancelled, starred=starred, only_starred=True
        ):
            newest += [one for one in part.found if one.key not in known]
            if len(starred) >= MOST_STARRED:
                break
    return newest[::-1]


def search(
    path: Path,
    filter_: Filter,
    run: int | None = None,
    is_cancelled: Callable[[], bool] | None = None,
    stars: Stars | None = None,
    outcomes: Outcomes | None = None,
    starred: list[Interruption] | None = None,
    only_starred: bool = False,
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
        stars: What is starred besides, or no longer is, and not in the file yet.
        outcomes: What is known besides of outcomes, and not in the file yet.
        starred: Before each part, what is starred in the file of those found is added to it.
        only_starred: Look only at what is starred in the file.

    Yields:
        One part after the other; there is none if the history is empty.

    Raises:
        HistoryError: The file cannot be read.
    """
    try:
        with closing(open_to_read(path, is_cancelled)) as connection:
            for part in _search(connection, filter_, run, stars, outcomes, starred, only_starred):
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
    connection: sqlite3.Connection,
    filter_: Filter,
    run: int | None,
    stars: Stars | None,
    outcomes: Outcomes | None,
    starred: list[Interruption] | None,
    only_starred: bool,
) -> Generator[Part, None, None]:
    of_run, run_values = ("", ()) if run is None else ("AND run = ?", (run,))
    first, last = connection.execute(
        f"SELECT min(id), max(id) FROM records WHERE 1 {of_run}", run_values
    ).fetchone()
    if first is None:
        return
    words, word_values = _prefilter(connection, filter_)
    version = version_of(connection)
    if only_starred:
        words += " AND starred = 1" if version > 3 else " AND 0"
    statement = _PART.format(run=of_run, words=words, known_late=known_late_in(version))
    size = SCANNED if words else CHUNK
    runs = f"SELECT id, {origin_in(version)} FROM runs"
    unpacking = Unpacking(dict(connection.execute(runs)))
    unpack = unpacking.unpack
    stars = Stars() if stars is None else stars
    outcome_of = written_outcome if outcomes is None else outcomes.words_of
    end: int | None = last
    while end is not None:
        start = max(first, end - size + 1)
        cursor = connection.execute(statement, (start, end, *run_values, *word_values))
        found, in_file, left = [], set(), _PART_CHARACTERS
        for number, of, shared, shared_fields, fields, outcome, wasted_s, star in _rows(cursor):
            interruption = unpack(of, shared, shared_fields, fields, outcome, wasted_s)
            if interruption is not None:
                found.append(interruption)
                if star:
                    in_file.add(id(interruption))
            left -= len(fields)
            if left <= 0:
                start = number
                break
        cursor.close()
        if not filter_.is_empty:
            texts = [searched_text(interruption) for interruption in found]
            places = filter_.select(found, texts, _Starred(stars, in_file), outcome_of)
            found = [found[place] for place in places]
        if starred is not None and in_file:
            starred += [one for one in found if id(one) in in_file]
        # The next that there is: numbers can have gaps of any size.
        (end,) = connection.execute(
            f"SELECT max(id) FROM records WHERE id < ? {of_run}", (start, *run_values)
        ).fetchone()
        yield Part(1.0 if end is None else (last - end) / (last - first + 1), found)


class _Starred(Container[Interruption]):
    """What is starred of some records.

    Args:
        stars: What became of stars in this run.
        in_file: The `id` of those that are starred in the file.
    """

    def __init__(self, stars: Stars, in_file: set[int]) -> None:
        self._stars = stars
        self._in_file = in_file

    def __contains__(self, one: object) -> bool:
        return isinstance(one, Interruption) and self._stars.is_starred(
            one, id(one) in self._in_file
        )


def _rows(cursor: sqlite3.Cursor) -> Iterator[tuple[Any, ...]]:
    """Return what a cursor finds, a few at a time: one by one takes longer, and all can be much."""
    return chain.from_iterable(iter(partial(cursor.fetchmany, _FETCHED), []))


def _prefilter(
    connection: sqlite3.Connection, filter_: Filter
) -> tuple[str, tuple[str | int, ...]]:
    """Return a condition that SQLite can test fast, and which is true of all that match.

    A needed word is in a record's own fields, or in those that it shares.
    """
    has_outcomes = version_of(connection) > 3
    needed: list[NeededOutcome] = [(word, frozenset()) for word in filter_.needed]
    if has_outcomes:
        needed = [*filter_.needed_outcomes, *needed]
    needed = [one for one in needed if not one[0] or _PLAIN.fullmatch(one[0])][:_MOST_WORDS]
    if not needed:
        return "", ()
    texts = {}
    unpacking = Unpacking({})
    for number, fields in connection.execute("SELECT id, fields FROM shared"):
        one = unpacking.unpack(0, number, fields, '{"time_s":0}')
        texts[number] = "" if one is None else searched_text(one)
    conditions = []
    values: list[str | int] = []
    for word, outcomes in needed:
        if Outcome.RUNNING in outcomes:  # what still runs was written as last seen so
            outcomes |= {Outcome.LAST_SEEN_RUNNING}
        marks = ", ".join("?" * len(outcomes))
        named = f"outcome IN ({marks})" if has_outcomes else "0"
        names = [one.name for one in outcomes]
        if not word:
            conditions.append(f"AND {named}")
            values += names
            continue
        sharing = [number for number, text in texts.items() if word in text]
        if len(sharing) == len(texts) or len(sharing) > _MOST_SHARING:
            continue  # it would rule out little
        marks = ", ".join("?" * len(sharing))
        conditions.append(
            f"AND (instr(lower(records.fields), ?) OR shared IN ({marks}) OR {named})"
        )
        values += [word, *sharing, *names]
    return " ".join(conditions), tuple(values)
