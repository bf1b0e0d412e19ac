from __future__ import annotations

from pathlib import Path

from PyQt5.QtCore import QSettings
from PyQt5.QtWidgets import QApplication, QToolBar
from pytestqt.qtbot import QtBot

from monitorapp.core.records.store import InterruptionStore
from monitorapp.ui.settings import Settings
from monitorapp.ui.window.main_window import MainWindow
from tests.ui.table.shown import child


def test_no_tool_is_hidden_in_a_narrow_window(qtbot: QtBot, tmp_path: Path) -> None:
    settings = QSettings(str(tmp_path / "s.ini"), QSettings.Format.IniFormat)
    window = MainWindow(InterruptionStore(), Settings(settings))
    qtbot.addWidget(window)
    window.show()
    bars = [child(window, QToolBar, f"{name}_tool_bar") for name in ("server", "delay")]
    wide_px = sum(bar.sizeHint().width() for bar in bars)
    for width_px, in_line in ((wide_px + 20, True), (wide_px - 20, False), (wide_px + 20, True)):
        window.resize(width_px, 500)
        QApplication.processEvents()
        assert (bars[0].y() == bars[1].y()) is in_line
        assert all(bar.width() >= bar.sizeHint().width() for bar in bars)
