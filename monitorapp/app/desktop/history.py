"""The list of the runs that the history keeps, and how much it keeps."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from pathlib import Path

from monitorapp.app.desktop.sources import SourcesPresenter
from monitorapp.app.recorder import Recorder
from monitorapp.core.history.file import HistoryError
from monitorapp.core.history.limits import HistoryLimits
from monitorapp.core.history.reader import Run, read_runs
from monitorapp.core.records.store import InterruptionStore
from monitorapp.core.source.run import RunSource
from monitorapp.core.source.source import InThread
from monitorapp.ui.history.runs_dialog import RunsDialog, run_title
from monitorapp.ui.settings import Settings
from monitorapp.ui.window.main_window import MainWindow


class HistoryPresenter:
    """Lists the runs when the user asks for them, and opens one.

    Args:
        window: Where the list is shown.
        sources: Show the run that is opened.
        recorder: Writes the present run.
        store: Has the stars and outcomes of what is shown, and limits how much can be shown.
        settings: Keep the limits.
        in_thread: Reads the file.
    """

    def __init__(
        self,
        window: MainWindow,
        sources: SourcesPresenter,
        recorder: Recorder,
        store: InterruptionStore,
        settings: Settings,
        in_thread: InThread,
    ) -> None:
        self._window = window
        self._sources = sources
        self._recorder = recorder
        self._store = store
        self._settings = settings
        self._path = recorder.path
        self._in_thread = in_thread
        window.runs_requested.connect(self.list_runs)

    def list_runs(self) -> None:
        """Show a dialog with all runs."""
        path = self._path
        if path is None:
            self._window.show_status("There is no history: the app was started without one.")
            return

        def steps() -> Iterator[list[Run]]:
            yield read_runs(path)

        self._in_thread(steps, partial(self._list, path), self._end)

    def open_run(self, run: Run | None) -> None:
        """Show the records of a run; of all runs if it is None."""
        if self._path is not None:
            number = None if run is None else run.number
            title, store = run_title(run), self._store
            self._sources.show(
                RunSource(
                    self._path,
                    number,
                    title,
                    self._in_thread,
                    store.stars,
                    store.keep,
                    store.outcomes,
                )
            )

    def _list(self, path: Path, runs: list[Run]) -> None:
        dialog = RunsDialog(
            str(path), runs, self._recorder.state.run, self._settings.history_limits, self._window
        )
        dialog.opened.connect(self.open_run)
        dialog.limits_changed.connect(self._change_limits)
        dialog.open()

    def _end(self, error: BaseException | None) -> None:
        if isinstance(error, HistoryError):
            self._window.show_status(f"The runs could not be listed: {error}")
        elif error is not None:
            raise error

    def _change_limits(self, limits: HistoryLimits) -> None:
        self._settings.history_limits = limits
        self._recorder.set_limits(limits)
