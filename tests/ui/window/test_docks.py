from __future__ import annotations

from pathlib import Path

import pytest
from PyQt5.QtCore import QSettings, Qt
from PyQt5.QtWidgets import QAction, QApplication, QTabBar
from pytestqt.qtbot import QtBot

from monitorapp.core.records.store import InterruptionStore
from monitorapp.ui.settings import Settings
from monitorapp.ui.window.main_window import MainWindow
from tests.ui.table.shown import child


@pytest.fixture
def window(qtbot: QtBot, tmp_path: Path) -> MainWindow:
    settings = QSettings(str(tmp_path / "s.ini"), QSettings.Format.IniFormat)
    window = MainWindow(InterruptionStore(), Settings(settings))
    qtbot.addWidget(window)
    window.resize(1100, 700)
    window.show()
    return window


def toggle(window: MainWindow, *names: str) -> None:
    for name in names:
        child(window, QAction, f"{name}_action").trigger()
        QApplication.processEvents()


def tab_bar(window: MainWindow) -> QTabBar:
    """The tabs of the panes at the right."""
    bars = [bar for bar in window.findChildren(QTabBar) if bar.parent() is window]
    (bar,) = (bar for bar in bars if bar.isVisible())
    return bar


def tabs(window: MainWindow) -> list[str]:
    """Their titles, that of the one in front in capitals."""
    bar, titles = tab_bar(window), []
    for place in range(bar.count()):
        title = bar.tabText(place)
        titles.append(title.upper() if place == bar.currentIndex() else title)
    return titles


def test_a_pane_that_is_shown_comes_before_those_that_share_its_place(window: MainWindow) -> None:
    toggle(window, "patience", "rate")
    assert tabs(window) == ["Patience", "RATE"]
    assert not window.panes.rate.visibleRegion().isEmpty()


def test_so_does_one_that_is_shown_again(window: MainWindow) -> None:
    toggle(window, "patience", "rate", "patience", "patience")
    assert tabs(window) == ["PATIENCE", "Rate"]
    assert not window.panes.patience.visibleRegion().isEmpty()


def test_so_does_the_one_that_was_in_front_before_another_tab_was_chosen(
    qtbot: QtBot, window: MainWindow
) -> None:
    toggle(window, "details", "rate")
    bar = tab_bar(window)
    qtbot.mouseClick(bar, Qt.MouseButton.LeftButton, pos=bar.tabRect(0).center())
    assert tabs(window) == ["DETAILS", "Rate"]
    toggle(window, "rate", "rate")
    assert tabs(window) == ["Details", "RATE"]


def test_one_that_is_hidden_leaves_the_others_as_they_are(window: MainWindow) -> None:
    toggle(window, "details", "rate", "patience", "details")
    assert tabs(window) == ["PATIENCE", "Rate"]
