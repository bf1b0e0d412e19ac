"""Joins the history and the window that lists, opens and searches its runs."""

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

from monitorapp.app.recorder import Recorder
from monitorapp.core.filter.language import Filter
from monitorapp.core.history.file import HistoryError
from monitorapp.core.history.limits import HistoryLimits
from monitorapp.core.history.reader import Run, read_runs, search
from monitorapp.core.record.interruption import Interruption
from monitorapp.core.records.store import InterruptionStore
from monitorapp.ui.history.runs_dialog import ALL_RUNS, RunsDialog, run_title
from monitorapp.ui.records.pane import TablePane
from monitorapp.ui.settings import Settings
from monitorapp.ui.window.main_window import MainWindow

SHOWN_INTERVAL_S: Final = 0.25
"""How often what a search has found so far is shown."""


class HistoryPresenter:
    """Lists the runs of the history, and shows those that the user opens.

    Args:
        reactor: Runs everything.
        recorder: Writes the history.
        store: Says how many records are shown at most.
        settings: Keeps the limits.
        window: Asks for the runs.
        table_pane: Shows what they recorded.
    """

    def __init__(
        self,
        reactor: Any,
        recorder: Recorder,
        store: InterruptionStore,
        settings: Settings,
        window: MainWindow,
        table_pane: TablePane,
    ) -> None:
        self._reactor = reactor
        self._recorder = recorder
        self._path = recorder.path
        self._store = store
        self._settings = settings
        self._window = window
        self._table_pane = table_pane
        self._log = Logger()
        self._run: Run | None = None  # that is shown in place of the present
        self._cancelled = threading.Event()
        window.runs_requested.connect(self._ask_runs)
        table_pane.filtered.connect(self._search_again)
        table_pane.past_left.connect(self._leave_past)

    def stop(self) -> None:
        """Leave off searching."""
        self._cancelled.set()

    def _ask_runs(self) -> None:
        if self._path is None:
            self._window.show_status("There is no history: the app was started without one.")
            return
        runs = self._in_thread(read_runs, self._path)
        runs.addCallbacks(self._list_runs, self._say_unread)

    def _list_runs(self, runs: list[Run]) -> None:
        dialog = RunsDialog(
            str(self._path),
            runs,
            self._recorder.state.run,
            self._settings.history_limits,
            self._window,
        )
        dialog.opened.connect(self._open_run)
        dialog.limits_changed.connect(self._change_limits)
        dialog.open()

    def _change_limits(self, limits: HistoryLimits) -> None:
        self._settings.history_limits = limits
        self._recorder.set_limits(limits)

    def _open_run(self, run: Run) -> None:
        self._run = run
        self._table_pane.show_past([], run_title(run))
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
                self._table_pane.show_found(share, found)

        searched = self._in_thread(
            search_and_show,
            self._path,
            self._table_pane.filter_bar.filter,
            number,
            self._store.keep,
            cancelled,
            lambda share, found: self._reactor.callFromThread(show, share, found),
        )
        searched.addErrback(self._say_unread)

    def _in_thread(self, function: Callable[..., Any], *arguments: object) -> Deferred[Any]:
        return deferToThreadPool(self._reactor, self._reactor.getThreadPool(), function, *arguments)

    def _say_unread(self, failure: Failure) -> None:
        if failure.check(HistoryError) is None:
            self._log.failure("The history could not be read", failure=failure)
        problem = failure.getErrorMessage()
        self._window.show_status(f"Earlier records are not shown: {problem}")


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
