"""Where records go: into the table, and into the history that outlives the app."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

from twisted.internet.defer import Deferred
from twisted.internet.threads import deferToThreadPool
from twisted.logger import Logger
from twisted.python.failure import Failure

from monitorapp.core.history.file import HistoryError
from monitorapp.core.history.limits import HistoryLimits
from monitorapp.core.history.reader import read_newest
from monitorapp.core.history.writer import HistoryState, HistoryWriter
from monitorapp.core.record.interruption import Interruption
from monitorapp.core.records.store import InterruptionStore
from monitorapp.core.records.tries import Repeats
from monitorapp.ui.settings import Settings
from monitorapp.ui.widgets.message_bar import Severity
from monitorapp.ui.window.main_window import MainWindow

SHOWN_AT_START: Final = 1_000
"""Records of earlier runs that the table shows when the app starts."""

LOADING_AFTER_S: Final = 0.1
"""When they are read: after the window has been painted for the first time."""

CLOSING_S: Final = 3.0
"""How long the app waits in the end for what is still to be written."""


class Recording:
    """Joins the store, the history file and what the window shows of both.

    Args:
        reactor: Runs everything.
        store: What the table shows; records of earlier runs come into it first.
        window: Shows the history.
        settings: Keeps the limits.
        path: The history file; None to keep none.

    Attributes:
        run: Number of the present run in the file; 0 if it has none yet.
    """

    def __init__(
        self,
        reactor: Any,
        store: InterruptionStore,
        window: MainWindow,
        settings: Settings,
        path: Path | None,
    ) -> None:
        self._reactor = reactor
        self._store = store
        self._window = window
        self._path = path
        self.run = 0
        self._log = Logger()
        self._repeats = Repeats()
        self._held: list[Interruption] | None = None
        self._writer: HistoryWriter | None = None
        if path is not None:
            self._writer = HistoryWriter(path, self._hear, settings.history_limits)

    def start(self) -> None:
        """Begin to write, and show the newest records of earlier runs."""
        if self._writer is None:
            self._window.set_history(None, "It was started with --history none.")
            return
        self._window.set_history(str(self._path), "")
        self._held = []
        self._reactor.callLater(LOADING_AFTER_S, self._begin)

    def add(self, interruption: Interruption) -> None:
        """Take a new record."""
        interruption = self._repeats.count(interruption)
        if self._writer is not None:
            self._writer.add(interruption)
        if self._held is None:
            self._store.add(interruption)
        else:  # what is older comes first
            self._held.append(interruption)

    def set_limits(self, limits: HistoryLimits) -> None:
        """Keep at most this from now on."""
        if self._writer is not None:
            self._writer.set_limits(limits)

    def close(self) -> None:
        """Write what is left."""
        self._release()
        if self._writer is not None and not self._writer.close(CLOSING_S):
            self._log.warn("The history was not written to its end.")

    def _begin(self) -> None:
        assert self._path is not None
        if self._path.is_file():
            loaded = self._in_thread(read_newest, self._path, min(SHOWN_AT_START, self._store.keep))
            loaded.addCallbacks(self._show_earlier, self._say_unread)
            loaded.addBoth(lambda _: self._release())
        else:
            self._release()
        if self._writer is not None:
            self._writer.start()

    def _show_earlier(self, interruptions: list[Interruption]) -> None:
        for interruption in interruptions:
            self._store.add(interruption)

    def _release(self) -> None:
        held, self._held = self._held, None
        for interruption in held or ():
            self._store.add(interruption)

    def _hear(self, state: HistoryState) -> None:
        self._reactor.callFromThread(self._show_state, state)

    def _show_state(self, state: HistoryState) -> None:
        self.run = state.run
        self._window.set_history(str(self._path) if state.is_on else None, state.problem)
        if state.problem:
            self._log.warn("{problem}", problem=state.problem)
            self._window.message_bar.show_message(state.problem, Severity.WARNING)

    def _say_unread(self, failure: Failure) -> None:
        if failure.check(HistoryError) is None:
            self._log.failure("The history could not be read", failure=failure)
        problem = failure.getErrorMessage()
        self._window.show_status(f"Earlier records are not shown: {problem}")

    def _in_thread(self, function: Callable[..., Any], *arguments: object) -> Deferred[Any]:
        return deferToThreadPool(self._reactor, self._reactor.getThreadPool(), function, *arguments)
