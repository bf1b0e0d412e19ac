"""Whatever is a window of its own has an owner, which keeps it for as long as it is open."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from pathlib import Path

import pytest
from PyQt5 import sip
from PyQt5.QtCore import QEvent, QSettings
from PyQt5.QtWidgets import QAction, QApplication, QDialog, QMenu, QWidget
from pytestqt.qtbot import QtBot

from monitorapp.core.records.store import InterruptionStore
from monitorapp.ui.settings import Settings
from monitorapp.ui.window.main_window import MainWindow
from tests.ui.table.shown import child

OF_THEIR_COMPLETER = {"filter_completions"}


@pytest.fixture
def others() -> set[QWidget]:
    """What stands alone before there is the window."""
    return tops()


@pytest.fixture
def window(others: set[QWidget], qtbot: QtBot, tmp_path: Path) -> MainWindow:
    settings = QSettings(str(tmp_path / "s.ini"), QSettings.Format.IniFormat)
    window = MainWindow(InterruptionStore(), Settings(settings))
    qtbot.addWidget(window)
    window.show()
    return window


def tops() -> set[QWidget]:
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    return set(QApplication.topLevelWidgets())


@pytest.mark.parametrize(
    ("action", "dialog"),
    [
        ("listen_action", "listen_dialog"),
        ("about_action", "about_box"),
        ("editor_action", "editor_dialog"),
        ("export_action", "export_dialog"),
        ("import_action", "import_dialog"),
        ("keep_filter_action", "keep_filter_dialog"),
        ("delay_kind_uniform_action", "delay_dialog"),
    ],
)
def test_a_dialog_is_kept_until_it_is_closed(
    window: MainWindow, qtbot: QtBot, action: str, dialog: str
) -> None:
    window.filter_bar.set_expression("path:/")
    child(window, QMenu, "kept_filters_menu").aboutToShow.emit()
    before = tops()
    child(window, QAction, action).trigger()
    gc.collect()
    opened = [widget for widget in tops() - before if widget.objectName() == dialog]
    assert len(opened) == 1
    assert isinstance(opened[0], QDialog)
    assert opened[0].isVisible()
    assert window in owners(opened[0])
    opened[0].reject()
    assert tops() <= before
    assert sip.isdeleted(opened[0])


def test_all_that_can_stand_alone_belongs_to_the_window(
    others: set[QWidget], window: MainWindow
) -> None:
    panes = set(vars(window.panes).values())
    for pane in panes:
        pane.show()
        pane.setFloating(True)
    made = tops() - others
    assert panes < made
    lone = [each for each in made - {window} if window not in owners(each)]
    assert {each.objectName() for each in lone} <= OF_THEIR_COMPLETER


def owners(widget: QWidget) -> Iterator[QWidget]:
    parent = widget.parentWidget()
    while parent is not None:
        yield parent
        parent = parent.parentWidget()


def test_a_menu_that_is_filled_again_leaves_nothing_behind(window: MainWindow) -> None:
    menu = child(window, QMenu, "kept_filters_menu")
    menu.aboutToShow.emit()
    before = tops()
    for _ in range(5):
        menu.aboutToShow.emit()
    assert tops() == before
