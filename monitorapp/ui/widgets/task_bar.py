"""A bar that shows how far long work has come, and can cancel it."""

from __future__ import annotations

from typing import Final

from PyQt5.QtCore import Qt, pyqtSignal
from PyQt5.QtWidgets import QFrame, QHBoxLayout, QLabel, QProgressBar, QPushButton, QWidget

from monitorapp.core.text.visible import cut, visible

_STEPS: Final = 1_000
_PROGRESS_PX: Final = 220


class TaskBar(QFrame):
    """Shown while something long is running.

    Signals:
        cancelled(): Emitted when the user cancels it.
    """

    cancelled = pyqtSignal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("task_bar")
        self.setFrameShape(QFrame.Shape.StyledPanel)
        self._label = QLabel()
        self._label.setObjectName("task_label")
        self._label.setTextFormat(Qt.TextFormat.PlainText)
        self._progress = QProgressBar()
        self._progress.setObjectName("task_progress")
        self._progress.setAccessibleName("How much is done")
        self._progress.setRange(0, _STEPS)
        self._progress.setTextVisible(False)
        self._progress.setFixedWidth(_PROGRESS_PX)
        cancel = QPushButton("Ca&ncel")
        cancel.setObjectName("task_cancel_button")
        cancel.setToolTip("Stop; no file is changed")
        cancel.clicked.connect(self.cancelled)
        row = QHBoxLayout(self)
        row.setContentsMargins(9, 3, 3, 3)
        row.addWidget(self._label, 1)
        row.addWidget(self._progress)
        row.addWidget(cancel)
        self.hide()

    def begin(self, title: str) -> None:
        """Show what is being done."""
        self._label.setText(cut(visible(title), 200))
        self.show_progress(0.0)
        self.show()

    def show_progress(self, share: float) -> None:
        """Show how much is done, from 0 to 1."""
        self._progress.setValue(round(share * _STEPS))
