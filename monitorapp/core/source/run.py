"""One run of the history, or all of them, searched in a thread."""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import closing
from pathlib import Path
from typing import Final, NamedTuple

from monitorapp.core.filter.completion import ROWS, seen_values
from monitorapp.core.filter.language import Filter
from monitorapp.core.history.file import HistoryError
from monitorapp.core.history.reader import Part, search
from monitorapp.core.record.interruption import Interruption
from monitorapp.core.records.matching import FixedInterruptions, Interruptions
from monitorapp.core.records.outcomes import Outcomes
from monitorapp.core.records.stars import Stars
from monitorapp.core.signal import Signal
from monitorapp.core.source.source import InThread, Progress

REPORT_INTERVAL_S: Final = 0.25
"""How often a search reports how far it is."""


class Found(NamedTuple):
    """What a search reports.

    Attributes:
        share: How much was looked through, from 0 to 1; 1 in the last report only.
        records: All that was found until then, oldest first; None if it is not worth showing
            yet what came since the last report.
        is_cut: Whether it ended early, as enough was found and more match.
        starred: Those found since the last report that are starred in the file.
    """

    share: float
    records: list[Interruption] | None
    is_cut: bool = False
    starred: Sequence[Interruption] = ()


class RunSource:
    """What the history has of one run, or of all; see `Source`.

    Each filter begins a search in a thread, from the newest record to the oldest, and ends the
    one before. What that one had found stays until the new one reports for the first time, so
    that the rows neither vanish for a moment nor lose their place.

    Args:
        path: The history file.
        run: Number of the run in the file; None for all runs.
        title: What the user reads of it.
        in_thread: Runs the searches.
        stars: Which records are starred; what the file says of them is added.
        most: How many records are shown at most, the newest.
        outcomes: What is known of the outcomes of requests besides what the file says.
    """

    is_live = False

    def __init__(
        self,
        path: Path,
        run: int | None,
        title: str,
        in_thread: InThread,
        stars: Stars,
        most: int,
        outcomes: Outcomes | None = None,
    ) -> None:
        self.title = title
        self.changed: Signal[[]] = Signal()
        self.progressed: Signal[[]] = Signal()
        self.failed: Signal[[str]] = Signal()
        self._path = path
        self._run = run
        self._in_thread = in_thread
        self._stars = stars
        self._outcomes = Outcomes() if outcomes is None else outcomes
        self._most = most
        self._records: Interruptions = FixedInterruptions([], stars, self._outcomes)
        self._is_old = False  # the records are of the filter before
        self._progress = Progress(0.0)
        self._cancelled = threading.Event()
        self._filter: Filter | None = None
        self._widest = 0  # so many were found at most
        self._seen: list[Interruption] = []  # the newest of these

    @property
    def records(self) -> Interruptions:
        """What was found until now."""
        return self._records

    @property
    def progress(self) -> Progress:
        """How far the search is."""
        return self._progress

    def set_filter(self, filter_: Filter) -> None:
        """Begin to search."""
        if self._filter is None:
            self._stars.changed.connect(self._note_star)
        self._filter = filter_
        self._cancelled.set()
        cancelled = self._cancelled = threading.Event()
        self._is_old = True
        self._set_progress(Progress(0.0))

        def steps() -> Iterator[Found]:
            starred: list[Interruption] = []
            parts = search(
                self._path,
                filter_,
                self._run,
                cancelled.is_set,
                self._stars,
                self._outcomes,
                starred,
            )
            return search_steps(parts, self._most, cancelled.is_set, starred=starred)

        def take(found: Found) -> None:
            if not cancelled.is_set():
                self._take(found)

        def end(error: BaseException | None) -> None:
            if error is not None and not cancelled.is_set():
                self._fail(error)

        self._in_thread(steps, take, end)

    def seen_values(self, field: str) -> list[str]:
        """Return the values of a filter's field in the records that were found."""
        return seen_values(field, reversed(self._seen))

    def close(self) -> None:
        """End the search."""
        self._cancelled.set()
        if self._filter is not None:
            self._stars.changed.disconnect(self._note_star)
            self._filter = None

    def _take(self, found: Found) -> None:
        self._stars.restore(found.starred)
        if found.records is not None:
            if len(found.records) >= self._widest:
                self._widest = len(found.records)
                self._seen = found.records[-ROWS:]
            self._show(found.records)
        self._set_progress(Progress(found.share, found.is_cut))

    def _fail(self, error: BaseException) -> None:
        if isinstance(error, HistoryError):
            problem = str(error)
        else:
            problem = f"{self.title} could not be read: {error}."
            sys.excepthook(type(error), error, error.__traceback__)
        if self._is_old:
            self._show([])
        self._set_progress(Progress(problem=problem))
        self.failed.emit(problem)

    def _show(self, found: list[Interruption]) -> None:
        self._is_old = False
        self._records = FixedInterruptions(found, self._stars, self._outcomes)
        self.changed.emit()

    def _note_star(self, _interruption: Interruption, _starred: bool) -> None:
        if self._filter is not None and self._filter.uses_stars:
            self.set_filter(self._filter)

    def _set_progress(self, progress: Progress) -> None:
        if progress != self._progress:
            self._progress = progress
            self.progressed.emit()


def search_steps(
    parts: Generator[Part, None, None],
    most: int,
    is_cancelled: Callable[[], bool],
    clock: Callable[[], float] = time.monotonic,
    starred: list[Interruption] | None = None,
) -> Iterator[Found]:
    """Yield what a search has found: at once, then every `REPORT_INTERVAL_S`, and in the end.

    Args:
        parts: See `monitorapp.core.history.reader.search`.
        most: How many records are found at most, the newest.
        is_cancelled: Called before each part; returns whether to stop.
        clock: Returns seconds.
        starred: The one of that search.
    """
    starred = [] if starred is None else starred
    newest_first: list[Interruption] = []
    reported = 0
    next_s = clock()
    is_cut = False
    with closing(parts):
        for share, found in parts:
            if is_cancelled():
                return
            newest_first += found
            if len(newest_first) > most:
                del newest_first[most:]
                is_cut = True
                break
            now_s = clock()
            if share >= 1 or now_s < next_s:
                continue
            next_s = now_s + REPORT_INTERVAL_S
            # What is shown is taken over as a whole: the more there is, the less often.
            if len(newest_first) >= 2 * reported:
                reported = len(newest_first)
                yield Found(share, newest_first[::-1], starred=_taken(starred))
            else:
                yield Found(share, None, starred=_taken(starred))
    if not is_cancelled():
        yield Found(1.0, newest_first[::-1], is_cut, _taken(starred))


def _taken(starred: list[Interruption]) -> tuple[Interruption, ...]:
    """Return what is in a list, and empty it."""
    taken = tuple(starred)
    starred.clear()
    return taken
