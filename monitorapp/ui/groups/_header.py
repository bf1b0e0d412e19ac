"""The header of the table of groups."""

from __future__ import annotations

from typing import Final

from PyQt5.QtCore import QRect, Qt
from PyQt5.QtGui import QPainter
from PyQt5.QtWidgets import QHeaderView, QWidget

from monitorapp.ui.groups.columns import FIRST_SORTING
from monitorapp.ui.widgets.columns import Sorting, section_of
from monitorapp.ui.widgets.header import ColumnHeader

_PADDING_PX: Final = 14


class GroupsHeader(ColumnHeader):
    """Columns of which one always sorts the groups, as Qt has it: up and down in turn."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("groups_header", "Columns of the groups", _PADDING_PX, parent)
        self.setSectionsClickable(True)

    @property
    def sorting(self) -> Sorting | None:
        """By what the groups are sorted."""
        section = self.sortIndicatorSection()
        if not 0 <= section < len(self.columns):
            return None
        descending = self.sortIndicatorOrder() == Qt.SortOrder.DescendingOrder
        return Sorting(self.columns[section].key, descending)

    def set_sorting(self, sorting: Sorting | None) -> None:
        """Sort the groups so; None for the default."""
        sorting = sorting or FIRST_SORTING
        order = Qt.SortOrder.DescendingOrder if sorting.descending else Qt.SortOrder.AscendingOrder
        self.setSortIndicator(section_of(self.columns, sorting.key), order)

    def paintSection(self, painter: QPainter | None, rect: QRect, logicalIndex: int) -> None:
        """Paint a title with the margins of the cells below it, which are not a header's."""
        QHeaderView.paintSection(self, painter, rect, logicalIndex)
