"""The panes around the table, which the user shows, moves and closes."""

from __future__ import annotations

from functools import partial

from PyQt5.QtCore import Qt
from PyQt5.QtWidgets import QDockWidget, QMainWindow, QMenu

from monitorapp.ui.clients.pane import ClientPane
from monitorapp.ui.details.pane import DetailsPane
from monitorapp.ui.patience.pane import PatiencePane
from monitorapp.ui.rate.pane import RatePane
from monitorapp.ui.settings import Settings
from monitorapp.ui.waiting.pane import WaitingPane


class Panes:
    """All panes of a window, hidden until they are asked for.

    Those at the right share one place, with a tab for each that is shown.

    Args:
        window: Where they belong.
        menu: Gets an action for each, which shows or hides it.
        settings: What is saved from one run to the next.

    Attributes:
        clients: Sends requests and gives them up.
        details: Shows all that is known of the current row.
        patience: Shows how long clients wait.
        rate: Shows how many requests end a second.
        waiting: Shows the requests that wait.
    """

    def __init__(self, window: QMainWindow, menu: QMenu, settings: Settings) -> None:
        self.details = DetailsPane(window)
        self.waiting = WaitingPane(window)
        self.clients = ClientPane(settings, window)
        self.rate = RatePane(window)
        self.patience = PatiencePane(window)
        for pane, area in (
            (self.details, Qt.DockWidgetArea.RightDockWidgetArea),
            (self.waiting, Qt.DockWidgetArea.BottomDockWidgetArea),
            (self.clients, Qt.DockWidgetArea.LeftDockWidgetArea),
            (self.patience, Qt.DockWidgetArea.RightDockWidgetArea),
            (self.rate, Qt.DockWidgetArea.RightDockWidgetArea),
        ):
            window.addDockWidget(area, pane)
            pane.hide()
            action = pane.toggle_action
            assert action is not None
            menu.addAction(action)
            action.triggered.connect(partial(_come_forward, pane))
        window.tabifyDockWidget(self.details, self.patience)
        window.tabifyDockWidget(self.patience, self.rate)


def _come_forward(pane: QDockWidget, is_shown: bool) -> None:
    """Put a pane that is shown again above those that share its place."""
    if not is_shown:
        return
    if not pane.isFloating():
        pane.lower()  # or the next line does nothing to one that is above all others already
    pane.raise_()
