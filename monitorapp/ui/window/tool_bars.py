"""The tool bars above everything else in the window."""

from __future__ import annotations

from PyQt5.QtCore import Qt
from PyQt5.QtWidgets import QMainWindow, QToolBar, QWidget


class ToolBars:
    """Those of the server and of the delay, side by side, or below one another.

    Args:
        window: Where they are.
        server: What the first one shows.
        delay: What the second one shows.

    Attributes:
        server: The first one.
    """

    def __init__(self, window: QMainWindow, server: QWidget, delay: QWidget) -> None:
        self._window = window
        self.server = _tool_bar("server_tool_bar", "Server", server)
        self._delay = _tool_bar("delay_tool_bar", "Delay", delay)
        for bar in (self.server, self._delay):
            window.addToolBar(bar)

    def fit(self) -> None:
        """Put them below one another where they do not fit: Qt would hide tools."""
        window, delay = self._window, self._delay
        wanted_px = self.server.sizeHint().width() + delay.sizeHint().width()
        if wanted_px > window.width() and not window.toolBarBreak(delay):
            window.insertToolBarBreak(delay)
        elif wanted_px <= window.width() and window.toolBarBreak(delay):
            window.removeToolBarBreak(delay)


def _tool_bar(name: str, title: str, widget: QWidget) -> QToolBar:
    bar = QToolBar(title)
    bar.setObjectName(name)
    bar.setMovable(False)
    bar.setContextMenuPolicy(Qt.ContextMenuPolicy.PreventContextMenu)  # it cannot be hidden
    bar.addWidget(widget)
    return bar
