"""A bar that names the source shown in place of the live one, and leads back to live."""

from __future__ import annotations

from typing import Final

from PyQt5.QtCore import QTimer, pyqtSignal
from PyQt5.QtWidgets import QFrame, QHBoxLayout, QProgressBar, QPushButton, QWidget

from monitorapp.core.source.source import Source
from monitorapp.ui.widgets.elided_label import ElidedLabel

_STEPS: Final = 1_000
_PROGRESS_PX: Final = 160

SHOWN_AFTER_MS: Final = 250
"""How long a search takes before its progress is shown, so that short ones do not flicker."""


class SourceBar(QFrame):
    """Shows which source is shown, and how far it has been searched.

    Hidden while the live source is shown.

    Signals:
        left(): Emitted when the user wants to see the live source again.
    """

    left = pyqtSignal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("past_bar")
        self.setFrameShape(QFrame.Shape.StyledPanel)
        self._label = ElidedLabel()
        self._label.setObjectName("past_label")
        self._progress = QProgressBar()
        self._progress.setObjectName("past_progress")
        self._progress.setAccessibleName("How much was searched")
        self._progress.setRange(0, _STEPS)
        self._progress.setTextVisible(False)
        self._progress.setFixedWidth(_PROGRESS_PX)
        self._progress.hide()
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(SHOWN_AFTER_MS)
        self._timer.timeout.connect(self._progress.show)
        back = QPushButton("Bac&k to live")
        back.setObjectName("past_back_button")
        back.setToolTip("Show what is recorded now")
        back.clicked.connect(self.left)
        row = QHBoxLayout(self)
        row.setContentsMargins(9, 3, 3, 3)
        row.addWidget(self._label, 1)
        row.addWidget(self._progress)
        row.addWidget(back)
        self.hide()

    def show_source(self, source: Source) -> None:
        """Show the name and the progress of a source."""
        progress = source.progress
        cut = f" (only the newest {len(source.records):,})" if progress.is_cut else ""
        self._label.set_text(source.title + cut)
        self._progress.setValue(round(progress.share * _STEPS))
        if progress.share == 1:
            self._timer.stop()
            self._progress.hide()
        elif not self._timer.isActive():
            self._timer.start()
        self.setVisible(not source.is_live)
