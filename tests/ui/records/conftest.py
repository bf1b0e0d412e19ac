from __future__ import annotations

from pathlib import Path

import pytest
from PyQt5.QtCore import QSettings
from PyQt5.QtWidgets import QAction, QApplication
from pytestqt.qtbot import QtBot

from monitorapp.core.records.store import InterruptionStore
from monitorapp.core.source.live import LiveSource
from monitorapp.ui.editor.source import SourceEditor
from monitorapp.ui.records.pane import TablePane
from monitorapp.ui.settings import Settings
from tests.factory import record
from tests.ui.records.searched import Searched


@pytest.fixture
def store() -> InterruptionStore:
    store = InterruptionStore(1_000)
    for number in range(60):
        uri = f"/{'often' if number % 3 else 'seldom'}?{number}"
        store.add(record(number=number, uri=uri, time_s=1.8e9 + number, waited_s=60.0 - number))
    return store


@pytest.fixture
def app_settings(tmp_path: Path) -> Settings:
    return Settings(QSettings(str(tmp_path / "s.ini"), QSettings.Format.IniFormat))


@pytest.fixture
def copied() -> list[str]:
    return []


@pytest.fixture
def mine(qapp: QApplication) -> QAction:
    """An action of the window, which the menu of a row offers first."""
    mine = QAction("Mine")
    mine.setObjectName("mine_action")
    return mine


@pytest.fixture
def pane(
    qtbot: QtBot,
    store: InterruptionStore,
    app_settings: Settings,
    copied: list[str],
    mine: QAction,
) -> TablePane:
    pane = TablePane(
        LiveSource(store),
        app_settings,
        copied.append,
        row_actions=[mine],
        source_editor=SourceEditor(app_settings, print),
    )
    qtbot.addWidget(pane)
    pane.resize(1_000, 600)
    pane.show()
    return pane


@pytest.fixture
def searched(pane: TablePane) -> Searched:
    """A source that is shown, of which nothing was found yet."""
    source = Searched()
    pane.set_source(source)
    return source
