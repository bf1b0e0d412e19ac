"""A table view of whole rows: what Qt does to single cells is left out."""

from __future__ import annotations

from typing import cast

from PyQt5.QtCore import QItemSelectionModel, QModelIndex, Qt
from PyQt5.QtGui import QFocusEvent
from PyQt5.QtWidgets import QAbstractItemView, QHeaderView, QScrollBar, QTableView, QWidget


class RowView(QTableView):
    """A table without a grid, in which rows of one height are current and selected as a whole."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._rows = QHeaderView(Qt.Orientation.Vertical, self)
        self._rows.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self._rows.setMinimumSectionSize(1)
        self.setVerticalHeader(self._rows)
        self._rows.hide()
        self._bar = QScrollBar(Qt.Orientation.Vertical, self)
        self.setVerticalScrollBar(self._bar)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerItem)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setTabKeyNavigation(False)

    def keyboardSearch(self, search: str | None) -> None:
        """Do nothing: Qt would format every row to look for the letters typed."""

    def scrollTo(
        self,
        index: QModelIndex,
        hint: QAbstractItemView.ScrollHint = QAbstractItemView.ScrollHint.EnsureVisible,
    ) -> None:
        """Scroll to a row, but not sideways: a row is current as a whole."""
        bar = cast(QScrollBar, self.horizontalScrollBar())
        left = bar.value()
        super().scrollTo(index, hint)
        bar.setValue(left)

    def scrollContentsBy(self, dx: int, dy: int) -> None:
        """Scroll; sideways everything is painted again, as stories end at the right edge."""
        super().scrollContentsBy(dx, dy)
        if dx:
            self._area.update()

    def focusInEvent(self, event: QFocusEvent | None) -> None:
        """Take the focus, but leave it to the user which row is current."""
        had_current = self.currentIndex().isValid()
        super().focusInEvent(event)
        if not had_current:  # Qt made it the oldest row
            self._selection.clearCurrentIndex()

    @property
    def _area(self) -> QWidget:
        return cast(QWidget, self.viewport())

    @property
    def _selection(self) -> QItemSelectionModel:
        return cast(QItemSelectionModel, self.selectionModel())
