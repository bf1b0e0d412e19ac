"""A bar that says that the table shows the past, and leads back to the present."""

from __future__ import annotations

from typing import Final

from PyQt5.QtCore import Qt, pyqtSignal
from PyQt5.QtWidgets import QFrame, QHBoxLayout, QLabel, QProgressBar, QPushButton, QWidget

_STEPS: Final = 1_000
_PROGRESS_PX: Final = 160


class PastBar(QFrame):
    """Says which part of the history is shown, and how far it has been looked through.

    Hidden while the present is shown.

    Signals:
        left(): The person wants to see the present again.
    """

    left = pyqtSignal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("past_bar")
        self.setFrameShape(QFrame.Shape.StyledPanel)
        self._label = QLabel()
        self._label.setObjectName("past_label")
        self._label.setTextFormat(Qt.TextFormat.PlainText)
        self._progress = QProgressBar()
        self._progress.setObjectName("past_progress")
        self._progress.setAccessibleName("How much of the history was looked through")
        self._progress.setRange(0, _STEPS)
        self._progress.setTextVisible(False)
        self._progress.setFixedWidth(_PROGRESS_PX)
        back = QPushButton("Back to &now")
        back.setObjectName("past_back_button")
        back.setToolTip("Show what is recorded now")
        back.clicked.connect(self.left)
        row = QHBoxLayout(self)
        row.setContentsMargins(9, 3, 3, 3)
        row.addWidget(self._label, 1)
        row.addWidget(self._progress)
        row.addWidget(back)
        self.hide()

    def show_past(self, title: str) -> None:
        """Say what is shown."""
        self._label.setText(title)
        self.show_progress(0.0)
        self.show()

    def show_progress(self, share: float) -> None:
        """Show how much was looked through, from 0 to 1; nothing at 1."""
        self._progress.setValue(round(share * _STEPS))
        self._progress.setVisible(share < 1)
