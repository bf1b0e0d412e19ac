"""Writes every record to the history, in a thread of its own."""

from __future__ import annotations

import contextlib
import datetime
import queue
import sqlite3
import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from monitorapp.core.history._batch import UNFIT, WrittenRun, write_batch
from monitorapp.core.history._changes import (
    Changes,
    Known,
    apply,
    keep,
    star_change,
)
from monitorapp.core.history._fitting import Unfit, rows_of
from monitorapp.core.history._place import set_aside
from monitorapp.core.history._transaction import transaction
from monitorapp.core.history._unsaved import PART, new_side_file, side_files, take_in
from monitorapp.core.history.file import (
    Fault,
    HistoryError,
    HistoryFile,
    explained,
    open_history,
)
from monitorapp.core.history.limits import HistoryLimits, Trimming
from monitorapp.core.record.identity import RequestId
from monitorapp.core.record.interruption import Interruption
from monitorapp.core.record.outcome import RequestOutcome
from monitorapp.core.text.format import plural
from monitorapp.core.text.visible import visible

BATCH_S: Final = 0.1
"""How long records are gathered before they are written, in seconds."""

BATCH_RECORDS: Final = 2_000
"""Most records of one transaction."""

RETRY_S: Final = 0.5
"""How long it waits before it tries again to write, in seconds."""

TRIM_INTERVAL_S: Final = 600.0
"""How often it looks for records beyond the limits, in seconds."""

MAX_WAITING: Final = 200_000
"""Records that wait for the file at most; then the oldest of them are not kept."""


@dataclass(frozen=True, slots=True)
class HistoryState:
    """How the history is.

    Attributes:
        is_on: Whether what is recorded is being written, or will be.
        problem: What is wrong, in a sentence; empty if nothing is.
        run: Number of the present run in the file; 0 if it has none yet.
    """

    is_on: bool
    problem: str = ""
    run: int = 0


class HistoryWriter:
    """Keeps a history file up to date with what is recorded.

    The thread begins with `start` and ends with `close`. All methods return at once, but for
    `close`, which waits until what was recorded is written.

    Args:
        path: The file; it is made if there is none.
        on_state: Called with each new `HistoryState`, in the thread of the writer.
        limits: What is kept.
        wall: Returns the seconds since the epoch.
        origin: Names this process, see `RequestId`; empty if the first records do.

    Attributes:
        path: The same.
        unsaved: What could not be written in the end and where it is, in sentences; empty if
            all was written. It is known once `close` has returned True.
    """

    def __init__(
        self,
        path: Path,
        on_state: Callable[[HistoryState], None],
        limits: HistoryLimits | None = None,
        wall: Callable[[], float] = time.time,
        origin: str = "",
    ) -> None:
        self.path = path
        self.unsaved = ""
        self._on_state = on_state
        self._limits = limits or HistoryLimits()
        self._wall = wall
        self._added: queue.SimpleQueue[Interruption | Known | HistoryLimits | None]
        self._added = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._run_thread, name="history", daemon=True)
        # All below belong to the thread.
        self._file: HistoryFile | None = None
        self._state = HistoryState(True)
        self._waiting: deque[Interruption] = deque()
        self._changes = Changes()  # of what is written, or waits
        self._lost = 0
        self._noted = ""  # reported besides the problem, until it is outdated
        self._damaged: HistoryError | None = None
        self._replaced = False
        self._run = WrittenRun(0, wall(), origin)
        self._sides: list[Path] = []
        self._singly = 0  # so many records are written one by one, as one of them is unfit
        self._unfit = Unfit()
        self._trimming: Trimming | None = None
        self._trim_at_s = 0.0
        self._retry_at_s = 0.0
        self._is_over = False

    def start(self) -> None:
        """Begin to write."""
        self._thread.start()

    def add(self, interruption: Interruption) -> None:
        """Write a record soon."""
        self._added.put(interruption)

    def note(self, request: RequestId, outcome: RequestOutcome) -> None:
        """Write soon what has become known of a request, whose record came before or is there."""
        self._added.put((request, outcome))

    def star(self, interruption: Interruption, starred: bool) -> None:
        """Write soon that a record, of this or another run, is starred or no longer is."""
        self._added.put(star_change(interruption, starred))

    def set_limits(self, limits: HistoryLimits) -> None:
        """Keep at most this from now on."""
        self._added.put(limits)

    def close(self, timeout_s: float) -> bool:
        """Write what is left and end; return whether that was done within so many seconds."""
        if self._thread.ident is None:  # it was not even started
            self._thread.start()
        self._added.put(None)
        self._thread.join(timeout_s)
        return not self._thread.is_alive()

    def _run_thread(self) -> None:
        while not self._is_over:
            self._gather()
            self._work()
        for _ in range(3):  # the file may have gone, and another process may keep it
            if self._has_work and self._state.is_on:
                self._retry_at_s = 0.0
                self._work()
        if self._has_work and self._state.is_on:
            self._write_aside()
        if self._file is not None:
            with contextlib.suppress(sqlite3.Error):
                self._end_run(self._file)
            self._close()

    @property
    def _has_work(self) -> bool:
        return bool(self._waiting or self._changes)

    def _gather(self) -> None:
        """Wait for records; take those that come soon after the first."""
        until_s = time.monotonic() + self._idle_s()
        while len(self._waiting) < MAX_WAITING:
            try:
                left_s = until_s - time.monotonic()
                added = self._added.get(timeout=left_s) if left_s > 0 else self._added.get_nowait()
            except queue.Empty:
                return
            if added is None:
                self._is_over = True
                return
            if isinstance(added, HistoryLimits):
                self._limits, self._trim_at_s, self._trimming = added, 0.0, None
                return
            if self._state.is_on:
                if not self._has_work:
                    until_s = min(until_s, time.monotonic() + BATCH_S)
                if isinstance(added, Interruption):
                    self._waiting.append(added)
                else:
                    self._changes.add(added)
            if len(self._waiting) >= BATCH_RECORDS and self._file is not None:
                return
        self._drop_oldest()

    def _idle_s(self) -> float:
        """Return how long it may wait for a first record."""
        if self._file is None or self._has_work:
            return max(0.0, self._retry_at_s - time.monotonic()) if self._state.is_on else 3600.0
        if self._trimming is not None:
            return 0.0
        return max(0.0, self._trim_at_s - time.monotonic())

    def _drop_oldest(self) -> None:
        self._waiting.popleft()
        self._lost += 1

    def _work(self) -> None:
        if not self._state.is_on or time.monotonic() < self._retry_at_s:
            return
        try:
            file = self._file or self._open()
            if file.is_in_place:
                self._take_in(file)
            while self._waiting and file.is_in_place:
                self._write(file)
            while self._changes and file.is_in_place:
                self._write_changes(file)
            if not file.is_in_place:
                self._note_gone()
                return
            self._report(True)
            self._trim(file)
        except sqlite3.Error as error:
            if self._file is None:
                self._fail(explained(error, self.path))
            elif self._file.is_in_place:
                self._fail(explained(error, self.path, self._file.identity))
            else:
                self._note_gone()
        except HistoryError as error:
            self._fail(error)

    def _open(self) -> HistoryFile:
        if self._damaged is None:
            try:
                file = open_history(self.path)
            except HistoryError as error:
                if error.fault is not Fault.CORRUPT:
                    raise
                self._damaged = error
        if self._damaged is not None:
            file = self._replace(self._damaged)
        self._file = file
        self._run = self._run._replace(number=0)
        self._sides = side_files(self.path)
        self._trimming = None
        return file

    def _replace(self, damaged: HistoryError) -> HistoryFile:
        """Set a damaged file aside, once in a run, and open a new one."""
        self._damaged = None
        if self._replaced or damaged.identity is None:
            raise HistoryError(Fault.DAMAGED_AGAIN, self.path)
        now = datetime.datetime.fromtimestamp(self._wall())
        try:
            aside = set_aside(self.path, damaged.identity, now)
        except OSError as error:
            raise HistoryError(Fault.READ_ONLY, self.path, str(error)) from error
        if aside is not None:
            self._replaced = True
            self._noted = f"{str(damaged)[:-1]}; it was set aside as {aside.name}, and a new one"
            self._noted += " was created."
        return open_history(self.path)

    def _note_gone(self) -> None:
        """Open again what is at the path now. What was written last may be gone with the file."""
        self._noted = f"The history file {visible(str(self.path))} was removed or replaced;"
        self._noted += " what is recorded goes to the one that is there now."
        self._close()
        self._retry_at_s = 0.0

    def _take_in(self, file: HistoryFile) -> None:
        """Bring in what earlier runs could not write."""
        while self._sides:
            try:
                take_in(file.connection, self._sides[-1])
            except HistoryError as error:
                self._noted = str(error)
            except UNFIT as error:
                self._noted = str(HistoryError(Fault.OTHER, self._sides[-1], str(error)))
            self._sides.pop()

    def _write(self, file: HistoryFile) -> None:
        """Write one batch."""
        count = min(BATCH_RECORDS if not self._singly else 1, len(self._waiting))
        batch = [self._waiting[place] for place in range(count)]
        if not (self._run.number or self._run.origin):
            origin = visible(next((one.origin for one in batch if one.origin), ""))
            self._run = self._run._replace(origin=origin)
        unfit = Unfit(self._unfit.repaired, self._unfit.dropped)
        rows = rows_of(batch, self._run.origin, self._changes, self._wall(), unfit)
        try:
            run = write_batch(file.connection, self._run, rows)
        except UNFIT:
            if count > 1:
                self._singly = count
                return
            unfit, run = Unfit(self._unfit.repaired, self._unfit.dropped + 1), self._run
        if not file.is_in_place:
            return
        self._run, self._unfit = run, unfit
        self._singly = max(0, self._singly - count)
        for _ in batch:
            self._waiting.popleft()
        self._changes.forget_outcomes(batch)

    def _write_changes(self, file: HistoryFile) -> None:
        changes = self._changes.first(BATCH_RECORDS)
        with transaction(file.connection):
            apply(file.connection, changes)
        if file.is_in_place:
            self._changes.forget(changes)

    def _write_aside(self) -> None:
        """Write what is left into a side file, which the next start takes in."""
        left = f"{plural(len(self._waiting), 'record')} could not be written to the history"
        if not self._waiting:
            left = "The last changes of records could not be written to the history"
        left += f" {visible(str(self.path))}"
        side, run = new_side_file(self.path), self._run
        part = side.with_name(side.name + PART)
        self._run = run._replace(number=0)
        try:
            with contextlib.closing(open_history(part)) as file:
                while self._waiting:
                    if not file.is_in_place:
                        raise HistoryError(Fault.MISSING, part)
                    self._write(file)
                while changes := self._changes.first(BATCH_RECORDS):
                    keep(file.connection, changes)
                    self._changes.forget(changes)
                self._end_run(file)
            part.rename(side)
        except (HistoryError, sqlite3.Error, OSError) as error:
            self.unsaved = f"{left}, and are lost: {error}"
        else:
            self.unsaved = f"{left}; they are in {visible(str(side))}, and the next start takes"
            self.unsaved += " them in."
        self._run = run

    def _end_run(self, file: HistoryFile) -> None:
        file.connection.execute(
            "UPDATE runs SET ended_s = ? WHERE id = ?", (self._wall(), self._run.number)
        )

    def _trim(self, file: HistoryFile) -> None:
        if self._trimming is None:
            if time.monotonic() < self._trim_at_s:
                return
            now_s, run = self._wall(), self._run.number
            self._trimming = Trimming(file.connection, self._limits, now_s, run)
        if not self._trimming.step():
            self._trimming = None
            self._trim_at_s = time.monotonic() + TRIM_INTERVAL_S

    def _fail(self, error: HistoryError) -> None:
        if error.fault is Fault.CORRUPT:
            self._damaged = error  # opened again it may look whole
        if not error.fault.passes:
            self._close()
        will_retry = error.fault.passes or self._damaged is not None
        if will_retry:
            self._retry_at_s = time.monotonic() + RETRY_S
        else:
            self._waiting.clear()
            self._changes.clear()
        self._report(will_retry, str(error))

    def _close(self) -> None:
        if self._file is not None:
            self._file.close()
        self._file = None

    def _report(self, is_on: bool, problem: str = "") -> None:
        lost = f"{plural(self._lost, 'record is', 'records are')} not in the history:"
        dropped = f"{plural(self._unfit.dropped, 'record is', 'records are')} not in the history:"
        fixed = f"{plural(self._unfit.repaired, 'record is', 'records are')} in the history without"
        sentences = (
            (problem, problem),
            (self._lost, f"{lost} it could not be written."),
            (self._unfit.dropped, f"{dropped} no file can keep its fields."),
            (self._unfit.repaired, f"{fixed} a number that no file can keep."),
            (self._noted, self._noted),
        )
        said = " ".join(sentence for is_so, sentence in sentences if is_so)
        state = HistoryState(is_on, said, self._run.number)
        if state != self._state:
            self._state = state
            self._on_state(state)
