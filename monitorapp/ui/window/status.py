"""The status bar: what the server does, how many rows there are, and how the history is."""

from __future__ import annotations

from typing import Final

from PyQt5.QtCore import Qt
from PyQt5.QtWidgets import QLabel, QStatusBar, QWidget

from monitorapp.core.text.format import plural
from monitorapp.core.text.visible import cut, visible

STATUS_MS: Final = 8_000
"""How long a passing message stays, in milliseconds."""


class StatusBar(QStatusBar):
    """Shows passing messages, and besides them what is always shown."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._server = _label("server_status")
        self._kept = _label("rows_kept")
        self._history = _label("history_status")
        self._history.setContentsMargins(12, 0, 0, 0)
        self.addWidget(self._server, 1)
        self.addPermanentWidget(self._kept)
        self.addPermanentWidget(self._history)

    def show_passing(self, text: str) -> None:
        """Show one line for a while."""
        self.showMessage(text.replace("\n", " "), STATUS_MS)

    def set_server(self, text: str) -> None:
        """Show what the server does."""
        self._server.setText(text)

    def set_kept(self, kept: int) -> None:
        """Show how many rows the table has."""
        self._kept.setText(plural(kept, "row"))

    def set_history(self, path: str | None, problem: str) -> None:
        """Show whether there is a history, where it is, and what is wrong with it."""
        self._history.setText(
            "History: off" if path is None else "History: on" + (" (!)" if problem else "")
        )
        where = "" if path is None else f"Saved in {path}"
        # One line, and no tag in it, lets Qt show a tooltip as plain text.
        text = cut(visible(" ".join((problem, where)).strip()), 300)
        self._history.setToolTip(text.replace("<", "\N{SINGLE LEFT-POINTING ANGLE QUOTATION MARK}"))
        self._history.setAccessibleDescription(text)


def _label(name: str) -> QLabel:
    label = QLabel()
    label.setObjectName(name)
    label.setTextFormat(Qt.TextFormat.PlainText)
    return label
