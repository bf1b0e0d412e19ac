"""Tests that forget their windows; `test_windows.py` runs them in a process of their own."""

from __future__ import annotations

import gc

from PyQt5.QtCore import QRect, Qt
from PyQt5.QtGui import QPainter, QStandardItemModel
from PyQt5.QtWidgets import QHeaderView, QTreeView, QWidget
from pytestqt.qtbot import QtBot


class Header(QHeaderView):
    def paintSection(self, painter: QPainter | None, rect: QRect, logicalIndex: int) -> None:
        gc.collect()
        super().paintSection(painter, rect, logicalIndex)


class View(QTreeView):
    def __init__(self) -> None:
        super().__init__()
        self.setModel(QStandardItemModel(3, 3, self))
        self.setHeader(Header(Qt.Orientation.Horizontal, self))
        self.cycle = self


def test_visible_garbage_that_is_painted(qtbot: QtBot) -> None:
    view = View()
    qtbot.addWidget(view)
    view.show()


def test_visible_garbage_amid_the_test(qtbot: QtBot) -> None:
    def show() -> None:
        view = View()
        qtbot.addWidget(view)
        view.show()

    show()
    qtbot.wait(1)


def test_a_window_nobody_closes(qtbot: QtBot) -> None:
    view = View()
    view.setObjectName("forgotten")
    view.show()


def test_a_dialog_of_a_window(qtbot: QtBot) -> None:
    window = QWidget()
    dialog = QWidget(window, Qt.WindowType.Dialog)
    qtbot.addWidget(window)
    window.show()
    dialog.show()
