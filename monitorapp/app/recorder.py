"""Where records go: into the table, and into the history that outlives the app."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

from twisted.internet.defer import Deferred
from twisted.internet.threads import deferToThreadPool
from twisted.logger import Logger
from twisted.python.failure import Failure

from monitorapp.core.filter.language import Filter
from monitorapp.core.history.file import HistoryError
from monitorapp.core.history.limits import HistoryLimits
from monitorapp.core.history.reader import Run, read_newest, read_runs, search
from monitorapp.core.history.writer import HistoryState, HistoryWriter
from monitorapp.core.record.interruption import Interruption
from monitorapp.core.records.store import InterruptionStore
from monitorapp.core.records.tries import Repeats
from monitorapp.ui.history.runs_dialog import ALL_RUNS, RunsDialog, run_title
from monitorapp.ui.settings import Settings
from monitorapp.ui.widgets.message_bar import Severity
from monitorapp.ui.window.main_window import MainWindow

SHOWN_AT_START: Final = 1_000
"""Records of earlier runs that the table shows when the app starts."""

LOADING_AFTER_S: Final = 0.1
"""When they are read: after the window has been painted for the first time."""

SHOWN_INTERVAL_S: Final = 0.25
"""How often what a search has found so far is shown."""

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
        self._settings = settings
        self._path = path
        self._log = Logger()
        self._repeats = Repeats()
        self._held: list[Interruption] | None = None
        self._run: Run | None = None  # that is shown in place of the present
        self._run_number = 0
        self._cancelled = threading.Event()
        self._writer: HistoryWriter | None = None
        if path is not None:
            self._writer = HistoryWriter(path, self._hear, settings.history_limits)
        window.runs_requested.connect(self._ask_runs)
        window.table_pane.filtered.connect(self._search_again)
        window.table_pane.past_left.connect(self._leave_past)

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

    def stop(self) -> None:
        """Leave off what only the window wants."""
        self._cancelled.set()

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
        self._run_number = state.run
        self._window.set_history(str(self._path) if state.is_on else None, state.problem)
        if state.problem:
            self._log.warn("{problem}", problem=state.problem)
            self._window.message_bar.show_message(state.problem, Severity.WARNING)

    def _say_unread(self, failure: Failure) -> None:
        if failure.check(HistoryError) is None:
            self._log.failure("The history could not be read", failure=failure)
        problem = failure.getErrorMessage()
        self._window.show_status(f"Earlier records are not shown: {problem}")

    # The past

    def _ask_runs(self) -> None:
        if self._path is None:
            self._window.show_status("There is no history: the app was started without one.")
            return
        runs = self._in_thread(read_runs, self._path)
        runs.addCallbacks(self._list_runs, self._say_unread)

    def _list_runs(self, runs: list[Run]) -> None:
        dialog = RunsDialog(
            str(self._path), runs, self._run_number, self._settings.history_limits, self._window
        )
        dialog.opened.connect(self._open_run)
        dialog.limits_changed.connect(self._change_limits)
        dialog.open()

    def _change_limits(self, limits: HistoryLimits) -> None:
        self._settings.history_limits = limits
        if self._writer is not None:
            self._writer.set_limits(limits)

    def _open_run(self, run: Run) -> None:
        self._run = run
        self._window.table_pane.show_past([], run_title(run))
        self._search_again()

    def _leave_past(self) -> None:
        self._cancelled.set()
        self._run = None

    def _search_again(self) -> None:
        if self._run is None or self._path is None:
            return
        self._cancelled.set()
        cancelled = self._cancelled = threading.Event()
        number = None if self._run is ALL_RUNS else self._run.number

        def show(share: float, found: list[Interruption]) -> None:
            if not cancelled.is_set():
                self._window.table_pane.show_found(share, found)

        searched = self._in_thread(
            search_and_show,
            self._path,
            self._window.filter_bar.filter,
            number,
            self._store.keep,
            cancelled,
            lambda share, found: self._reactor.callFromThread(show, share, found),
        )
        searched.addErrback(self._say_unread)

    def _in_thread(self, function: Callable[..., Any], *arguments: object) -> Deferred[Any]:
        return deferToThreadPool(self._reactor, self._reactor.getThreadPool(), function, *arguments)


def search_and_show(
    path: Path,
    filter_: Filter,
    run: int | None,
    most: int,
    cancelled: threading.Event,
    show: Callable[[float, list[Interruption]], None],
) -> None:
    """Look through a history; show what was found, oldest first, at once and then now and then.

    Args:
        path: The history file.
        filter_: What is looked for.
        run: Look only at this run.
        most: How many are found at most, the newest.
        cancelled: Set when nobody wants to see it any more.
        show: Called with the share that was looked through, and what was found until then.

    Raises:
        HistoryError: The file cannot be read.
    """
    newest_first: list[Interruption] = []
    shown = 0
    next_s = 0.0
    for share, found in search(path, filter_, run):
        if cancelled.is_set():
            return
        newest_first += found
        if len(newest_first) >= most:
            del newest_first[most:]
            break
        now_s = time.monotonic()
        # What is shown is taken over as a whole: the more there is, the less often.
        if now_s >= next_s and (not shown or len(newest_first) >= 2 * shown):
            shown = len(newest_first)
            next_s = now_s + SHOWN_INTERVAL_S
            show(min(share, 0.999), newest_first[::-1])
    show(1.0, newest_first[::-1])
