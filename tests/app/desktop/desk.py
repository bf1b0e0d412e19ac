"""What presenters join, in a test."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeVar

from PyQt5.QtCore import QObject

from monitorapp.app.services import Services
from monitorapp.ui.settings import Settings
from monitorapp.ui.window.main_window import MainWindow
from tests.app.memory import AppReactor

ENDPOINT = "tcp:8080:interface=127.0.0.1"

Found = TypeVar("Found", bound=QObject)


@dataclass
class Desk:
    """A window, and services on a reactor in memory."""

    reactor: AppReactor
    services: Services
    settings: Settings
    window: MainWindow

    @property
    def status(self) -> str:
        """The passing message."""
        bar = self.window.statusBar()
        assert bar is not None
        return bar.currentMessage()

    def child(self, kind: type[Found], name: str) -> Found:
        """Return what the window has of this kind and name."""
        found = self.window.findChild(kind, name)
        assert found is not None, name
        return found
