"""Joins the recorder and what the window shows of the history."""

from __future__ import annotations

from typing import Final

from monitorapp.app.recorder import Recorder
from monitorapp.core.history.writer import HistoryState
from monitorapp.ui.widgets.message_bar import MessageBar, Severity
from monitorapp.ui.window.main_window import MainWindow

SOURCE: Final = "history"


class RecordingPresenter:
    """Shows whether what is recorded is kept in the history, and what is wrong with that.

    Args:
        recorder: Keeps it.
        window: Shows whether it does.
        message_bar: Shows what is wrong, for as long as it is.
    """

    def __init__(self, recorder: Recorder, window: MainWindow, message_bar: MessageBar) -> None:
        self._path = recorder.path
        self._window = window
        self._message_bar = message_bar
        self._show_in_window(recorder.state)
        recorder.state_changed.connect(self._show)
        recorder.unread.connect(window.show_status)

    def _show(self, state: HistoryState) -> None:
        self._show_in_window(state)
        if state.problem:
            self._message_bar.show_message(state.problem, Severity.WARNING, source=SOURCE)
        else:
            self._message_bar.clear_message(SOURCE)

    def _show_in_window(self, state: HistoryState) -> None:
        self._window.set_history(str(self._path) if state.is_on else None, state.problem)
