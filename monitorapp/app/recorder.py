"""Where records and outcomes go: into the store, and into the history that outlives the app."""

from __future__ import annotations

import threading
import time
from pathlib import Path
from typing import Any, Final

from twisted.internet.threads import deferToThreadPool
from twisted.logger import Logger
from twisted.python.failure import Failure

from monitorapp.core.history.file import HistoryError
from monitorapp.core.history.limits import HistoryLimits
from monitorapp.core.history.reader import read_newest
from monitorapp.core.history.writer import HistoryState, HistoryWriter
from monitorapp.core.record.identity import RequestId
from monitorapp.core.record.interruption import Interruption
from monitorapp.core.record.outcome import RequestOutcome
from monitorapp.core.records.store import InterruptionStore
from monitorapp.core.records.tries import Tries
from monitorapp.core.request.columns import EndColumns
from monitorapp.core.signal import Signal

SHOWN_AT_START: Final = 1_000
"""Records of earlier runs that come into the store when the app starts."""

LOADING_AFTER_S: Final = 0.1
"""When they are read: after the window has been painted for the first time."""


READ_LIMIT_S: Final = 10.0
"""How long they are read at most; then those are shown that were read until then."""


class Recorder:
    """Takes each record into the store and into the history. Make it in the reactor's thread.

    Args:
        reactor: Runs everything.
        store: Takes all records; those of earlier runs come into it first.
        path: The history file; None to keep none.
        limits: What the history keeps.
        origin: Names this process, see `RequestId`.
        tries: Counts repeated requests.

    Attributes:
        path: The same.
        tries: The same.
        state_changed: Emitted with the `HistoryState` whenever it has changed.
        unread: Emitted with a sentence if the records of earlier runs cannot be read.
    """

    def __init__(
        self,
        reactor: Any,
        store: InterruptionStore,
        path: Path | None,
        limits: HistoryLimits,
        origin: str = "",
        tries: Tries | None = None,
    ) -> None:
        self.path = path
        self.state_changed: Signal[[HistoryState]] = Signal()
        self.unread: Signal[[str]] = Signal()
        self._reactor = reactor
        self._thread = threading.get_ident()
        self._store = store
        self._log = Logger()
        self.tries = Tries() if tries is None else tries
        self._cancelled = threading.Event()
        self._read_until_s = 0.0
        self._writer: HistoryWriter | None = None
        if path is None:
            self._state = HistoryState(False, "It was started with --history none.")
        else:
            self._state = HistoryState(True)
            self._writer = HistoryWriter(path, self._on_state, limits, origin=origin)
            store.stars.changed.connect(self._writer.star)

    @property
    def state(self) -> HistoryState:
        """How the history is."""
        return self._state

    def start(self) -> None:
        """Begin to write, and bring the newest records of earlier runs into the store.

        They come in before those of this run, which do not wait for them.
        """
        if self._writer is not None:
            self._reactor.callLater(LOADING_AFTER_S, self._begin, self._writer)

    def add(self, interruption: Interruption) -> None:
        """Take a new record, in any thread."""
        if threading.get_ident() == self._thread:
            self._add(interruption)
        else:
            self._reactor.callFromThread(self._add, interruption)

    def add_ended(self, rows: EndColumns) -> None:
        """Have the history keep ended requests, answered or not."""
        if self._writer is not None:
            self._writer.add_ended(rows)

    def note(self, request: RequestId, outcome: RequestOutcome) -> None:
        """Take what has become known of the work for a request. Call it in the reactor's thread."""
        self._store.outcomes.note(request, outcome)
        if self._writer is not None:
            self._writer.note(request, outcome)

    def set_limits(self, limits: HistoryLimits) -> None:
        """Have the history keep at most this from now on."""
        if self._writer is not None:
            self._writer.set_limits(limits)

    def close(self, timeout_s: float) -> None:
        """Write what is left, and end; wait for that at most so many seconds."""
        self._cancelled.set()
        if self._writer is None:
            return
        if not self._writer.close(timeout_s):
            self._log.warn("The history was not written to its end.")
        elif self._writer.unsaved:
            self._log.warn("{unsaved}", unsaved=self._writer.unsaved)

    def _add(self, interruption: Interruption) -> None:
        interruption = self._store.outcomes.written(self.tries.count(interruption))
        if self._writer is not None:
            self._writer.add(interruption)
        self._store.add(interruption)

    def _begin(self, writer: HistoryWriter) -> None:
        if self._cancelled.is_set():
            return
        starred: list[Interruption] = []
        if writer.path.is_file():
            self._read_until_s = time.monotonic() + READ_LIMIT_S
            loaded = deferToThreadPool(
                self._reactor,
                self._reactor.getThreadPool(),
                read_newest,
                writer.path,
                min(SHOWN_AT_START, self._store.keep),
                self._is_reading_over,
                starred,
            )
            loaded.addCallbacks(self._take_earlier, self._report_unread, (starred,))
        if not self._cancelled.is_set():
            writer.start()

    def _is_reading_over(self) -> bool:
        return self._cancelled.is_set() or time.monotonic() > self._read_until_s

    def _take_earlier(self, earlier: list[Interruption], starred: list[Interruption]) -> None:
        if self._cancelled.is_set():
            return
        self._store.stars.restore(starred)
        # What was recorded and written since may have been read again.
        shown = {interruption.key for interruption in self._store}
        self._store.add_earlier([one for one in earlier if one.key not in shown])
        if time.monotonic() > self._read_until_s:
            self.unread.emit(
                f"Not all earlier records are shown: reading took over {READ_LIMIT_S:g} seconds."
            )

    def _on_state(self, state: HistoryState) -> None:
        self._reactor.callFromThread(self._take_state, state)

    def _take_state(self, state: HistoryState) -> None:
        self._state = state
        if state.problem:
            self._log.warn("{problem}", problem=state.problem)
        self.state_changed.emit(state)

    def _report_unread(self, failure: Failure) -> None:
        if failure.check(HistoryError) is None:
            self._log.failure("The history could not be read", failure=failure)
        self.unread.emit(f"Earlier records are not shown: {failure.getErrorMessage()}")
