"""What an empty table shows instead of rows."""

from __future__ import annotations

from typing import Final, cast

from PyQt5.QtCore import QRect, Qt
from PyQt5.QtGui import QGuiApplication
from PyQt5.QtWidgets import QHBoxLayout, QLabel, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from monitorapp.ui.widgets.fonts import fixed_font

_SELECTABLE: Final = cast(
    Qt.TextInteractionFlags,
    Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard,
)


class InterruptionEmptyHint(QWidget):
    """A title and, below it, a command line to be copied."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("empty_hint")
        self._title = QLabel()
        self._title.setObjectName("empty_hint_title")
        self._command = QLabel()
        self._command.setObjectName("empty_hint_command")
        self._command.setAccessibleName("Command that produces a row")
        self._command.setFont(fixed_font())
        self._command.setTextInteractionFlags(_SELECTABLE)
        for label in (self._title, self._command):
            label.setTextFormat(Qt.TextFormat.PlainText)
            label.setWordWrap(True)
        self._title.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._copy = QPushButton("Copy")
        self._copy.setObjectName("empty_hint_copy")
        self._copy.setAccessibleName("Copy the command")
        self._copy.setToolTip("Copy the command")
        self._copy.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self._copy.clicked.connect(self._copy_command)

        line = QHBoxLayout()
        line.setSpacing(12)
        line.addStretch(1)
        line.addWidget(self._command)
        line.addWidget(self._copy)
        line.addStretch(1)
        column = QVBoxLayout(self)
        column.setSpacing(12)
        column.addStretch(1)
        column.addWidget(self._title)
        column.addLayout(line)
        column.addStretch(1)
        self.set_text("", "")

    @property
    def command(self) -> str:
        """The command line that is shown."""
        return str(self._command.text())

    def set_text(self, title: str, command: str) -> None:
        """Show these plain texts; without a command there is nothing to copy."""
        self._title.setText(title)
        self._command.setText(command)
        self._command.setVisible(bool(command))
        self._copy.setVisible(bool(command))

    def cover(self, area: QRect) -> None:
        """Take this area of the parent; the texts are in the middle of it."""
        # A label with word wrap asks for less width than its text has: give it what there is.
        text_px = self._command.fontMetrics().horizontalAdvance(self._command.text()) + 4
        room_px = area.width() - self._copy.sizeHint().width() - 80
        self._command.setFixedWidth(max(0, min(text_px, room_px)))
        self.setGeometry(area)

    def _copy_command(self) -> None:
        clipboard = QGuiApplication.clipboard()
        if clipboard is not None:
            clipboard.setText(self._command.text())
