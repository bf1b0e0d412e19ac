"""Fixtures of the presenters' tests."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PyQt5.QtCore import QSettings
from pytestqt.qtbot import QtBot
from twisted.logger import globalLogPublisher

from monitorapp.ui.settings import Settings
from monitorapp.ui.window.main_window import MainWindow
from tests.app.desktop.desk import Desk
from tests.app.memory import AppReactor, make_services


@pytest.fixture
def desk(qtbot: QtBot, tmp_path: Path) -> Iterator[Desk]:
    """A window that is shown, and services whose observer observes."""
    reactor = AppReactor()
    services = make_services(reactor)
    settings = Settings(QSettings(str(tmp_path / "s.ini"), QSettings.Format.IniFormat))
    window = MainWindow(services.store, settings)
    qtbot.addWidget(window)
    window.show()
    globalLogPublisher.addObserver(services.observer)
    yield Desk(reactor, services, settings, window)
    globalLogPublisher.removeObserver(services.observer)
