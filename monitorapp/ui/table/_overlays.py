"""What lies over the live table: a hint while it is empty, and the way to rows not yet seen."""

from __future__ import annotations

from typing import Final, cast

from PyQt5.QtCore import QObject, QPoint, Qt, pyqtSignal
from PyQt5.QtWidgets import QPushButton, QTableView, QWidget

from monitorapp.core.text.format import grouped, plural
from monitorapp.ui.table._empty_hint import InterruptionEmptyHint

_MARGIN_PX: Final = 10


class Overlays(QObject):
    """A hint that covers an empty table, and a button at the lower right of a full one.

    Args:
        view: The table.

    Signals:
        newest_wanted(): Emitted when the button to the newest row was pressed.
    """

    newest_wanted = pyqtSignal()

    def __init__(self, view: QTableView) -> None:
        super().__init__(view)
        self._view = view
        self._hint = InterruptionEmptyHint(view)
        self._button = QPushButton(view)
        self._button.setObjectName("new_rows_button")
        self._button.setToolTip("Go to the newest row and stay with it (End)")
        self._button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._button.clicked.connect(self.newest_wanted)
        self._button.hide()

    def set_hint(self, title: str, command: str) -> None:
        """Set the hint: a sentence, and a command line that can be copied."""
        self._hint.set_text(title, command)

    def update(self, is_empty: bool, unseen: int) -> None:
        """Show what belongs over the table.

        Args:
            is_empty: Whether the table has no row.
            unseen: How many rows below have never been on the screen.
        """
        area = cast(QWidget, self._view.viewport()).geometry()
        self._hint.setVisible(is_empty)
        if is_empty:
            self._hint.cover(area)
        self._button.setVisible(unseen > 0)
        if unseen:
            self._button.setText(f"{grouped(unseen)} new ↓")
            self._button.setAccessibleName(f"{plural(unseen, 'new row')} below: go to the newest")
            self._button.adjustSize()
            box = self._button.geometry()
            box.moveBottomRight(area.bottomRight() - QPoint(_MARGIN_PX, _MARGIN_PX))
            self._button.setGeometry(box)
