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

from monitorapp import __version__
from monitorapp.core.history.file import Fault, HistoryError, explained, open_history, set_aside
from monitorapp.core.history.limits import HistoryLimits, Trimming
from monitorapp.core.history.rows import pack
from monitorapp.core.record.interruption import Interruption
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

_REMEMBERED: Final = 10_000
"""Shared fields whose number in the file is remembered."""


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
    """

    def __init__(
        self,
        path: Path,
        on_state: Callable[[HistoryState], None],
        limits: HistoryLimits | None = None,
        wall: Callable[[], float] = time.time,
    ) -> None:
        self.path = path
        self._on_state = on_state
        self._limits = limits or HistoryLimits()
        self._wall = wall
        self._added: queue.SimpleQueue[Interruption | HistoryLimits | None] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._run_thread, name="history", daemon=True)
        # All below belong to the thread.
        self._connection: sqlite3.Connection | None = None
        self._state = HistoryState(True)
        self._waiting: deque[Interruption] = deque()
        self._lost = 0
        self._noted = ""  # reported besides the problem, until it is outdated
        self._damaged: HistoryError | None = None
        self._run = 0
        self._origin = ""  # of the run
        self._began_s = wall()
        self._shared: dict[str, int] = {}
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
        for _ in range(2):  # the last attempt may wait for another process
            if self._waiting and self._state.is_on:
                self._retry_at_s = 0.0
                self._work()
        if self._connection is not None:
            with contextlib.suppress(sqlite3.Error):
                self._connection.execute(
                    "UPDATE runs SET ended_s = ? WHERE id = ?", (self._wall(), self._run)
                )
            self._close()

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
                if not self._waiting:
                    until_s = min(until_s, time.monotonic() + BATCH_S)
                self._waiting.append(added)
            if len(self._waiting) >= BATCH_RECORDS and self._connection is not None:
                return
        self._drop_oldest()

    def _idle_s(self) -> float:
        """Return how long it may wait for a first record."""
        if self._connection is None or self._waiting:
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
            if self._connection is not None and not self.path.exists():
                self._noted = f"The history file {visible(str(self.path))} was removed; a new one"
                self._noted += " was begun."
                self._close()
            connection = self._connection or self._open()
            while self._waiting:
                self._write(connection)
            self._report(True)
            self._trim(connection)
        except sqlite3.Error as error:
            self._fail(explained(error, self.path))
        except HistoryError as error:
            self._fail(error)

    def _open(self) -> sqlite3.Connection:
        if self._damaged is None:
            try:
                connection = open_history(self.path)
            except HistoryError as error:
                if error.fault is not Fault.CORRUPT:
                    raise
                self._damaged = error
        if self._damaged is not None:
            connection = self._replace(self._damaged)
        self._connection = connection
        self._shared.clear()
        self._run = 0
        self._trimming = None
        return connection

    def _replace(self, damaged: HistoryError) -> sqlite3.Connection:
        """Set a damaged file aside and begin a new one."""
        self._damaged = None
        now = datetime.datetime.fromtimestamp(self._wall())
        try:
            aside = set_aside(self.path, now)
        except OSError as error:
            raise HistoryError(Fault.READ_ONLY, self.path, str(error)) from error
        self._noted = f"{str(damaged)[:-1]}; it was set aside as {aside.name}, and a new one begun."
        return open_history(self.path)

    def _write(self, connection: sqlite3.Connection) -> None:
        """Write one batch, whole or not at all."""
        batch = [self._waiting[place] for place in range(min(BATCH_RECORDS, len(self._waiting)))]
        if len(self._shared) > _REMEMBERED:
            self._shared.clear()
        known = dict(self._shared)
        run, origin = self._run, self._origin
        connection.execute("BEGIN IMMEDIATE")
        try:
            if not run:
                origin = visible(next((one.origin for one in batch if one.origin), ""))
                run = (
                    connection.execute(
                        "INSERT INTO runs (began_s, version, origin) VALUES (?, ?, ?)",
                        (self._began_s, __version__, origin),
                    ).lastrowid
                    or 0
                )
            rows = []
            for interruption in batch:
                shared, fields = pack(interruption, origin)
                number = known.get(shared)
                if number is None:
                    number = known[shared] = _number_of(connection, shared)
                rows.append((run, interruption.time_s, number, fields))
            connection.executemany(
                "INSERT INTO records (run, time_s, shared, fields) VALUES (?, ?, ?, ?)", rows
            )
            connection.execute("COMMIT")
        except BaseException:
            with contextlib.suppress(sqlite3.Error):
                connection.execute("ROLLBACK")
            raise
        self._run, self._origin, self._shared = run, origin, known
        for _ in batch:
            self._waiting.popleft()

    def _trim(self, connection: sqlite3.Connection) -> None:
        if self._trimming is None:
            if time.monotonic() < self._trim_at_s:
                return
            self._trimming = Trimming(connection, self._limits, self._wall(), self._run)
        if not self._trimming.step():
            self._trimming = None
            self._trim_at_s = time.monotonic() + TRIM_INTERVAL_S
            self._shared.clear()  # some may have gone

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
        self._report(will_retry, str(error))

    def _close(self) -> None:
        if self._connection is not None:
            with contextlib.suppress(sqlite3.Error):
                self._connection.close()
        self._connection = None

    def _report(self, is_on: bool, problem: str = "") -> None:
        if not problem and self._lost:
            lost = plural(self._lost, "record is", "records are")
            problem = f"{lost} not in the history: it could not be written."
        state = HistoryState(is_on, problem or self._noted, self._run)
        if state != self._state:
            self._state = state
            self._on_state(state)


def _number_of(connection: sqlite3.Connection, shared: str) -> int:
    found = connection.execute("SELECT id FROM shared WHERE fields = ?", (shared,)).fetchone()
    if found is None:
        number = connection.execute("INSERT INTO shared (fields) VALUES (?)", (shared,)).lastrowid
        return number or 0
    return int(found[0])
