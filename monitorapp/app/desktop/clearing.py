"""Clears the live rows, and brings them back."""

from __future__ import annotations

from monitorapp.core.records.store import InterruptionStore
from monitorapp.core.text.format import grouped, plural
from monitorapp.ui.window.main_window import MainWindow


class ClearingPresenter:
    """Clears the store when the user wants that, which can be undone until they do so again.

    Args:
        store: The live records.
        window: Asks for it, and shows the result.
    """

    def __init__(self, store: InterruptionStore, window: MainWindow) -> None:
        self._store = store
        self._window = window
        self._cleared = 0
        window.clear_requested.connect(self._clear)
        window.undo_clear_requested.connect(self._undo)

    def _clear(self) -> None:
        self._cleared = self._store.clear()
        if self._cleared:
            self._window.table_pane.focus_rows()  # a text box would undo what was typed
            them = "it" if self._cleared == 1 else "them"
            self._window.show_status(
                f"Cleared {plural(self._cleared, 'row')}; Ctrl+Z brings {them} back"
            )

    def _undo(self) -> None:
        back = self._store.undo_clear()
        if back:
            gone = self._cleared - back
            no_room = f"; there was no room for the {grouped(gone)} oldest" if gone > 0 else ""
            self._window.show_status(f"Brought back {plural(back, 'row')}{no_room}")
