"""The header of the requests that wait."""

from __future__ import annotations

from PyQt5.QtCore import QRect, Qt
from PyQt5.QtGui import QPainter, QPalette
from PyQt5.QtWidgets import QHeaderView, QStyle, QStyleOptionHeader, QWidget

from monitorapp.ui.table.header import MARGIN_PX


class WaitingHeader(QHeaderView):
    """Titles in line with the cells of a `WaitingDelegate` below them."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self.setObjectName("waiting_header")
        self.setAccessibleName("Columns of the requests that wait")
        self.setHighlightSections(False)

    def paintSection(self, painter: QPainter | None, rect: QRect, logicalIndex: int) -> None:
        """Paint a title with a margin at either side."""
        style, model = self.style(), self.model()
        if painter is None or style is None or model is None or not rect.isValid():
            return
        option = QStyleOptionHeader()
        self.initStyleOption(option)
        option.rect = rect
        option.section = logicalIndex
        painter.save()
        style.drawControl(QStyle.ControlElement.CE_HeaderSection, option, painter, self)
        painter.restore()
        orientation = self.orientation()
        title = str(model.headerData(logicalIndex, orientation))
        room = rect.adjusted(MARGIN_PX, 0, -MARGIN_PX, 0)
        style.drawItemText(
            painter,
            room,
            model.headerData(logicalIndex, orientation, Qt.ItemDataRole.TextAlignmentRole),
            option.palette,
            self.isEnabled(),
            self.fontMetrics().elidedText(title, Qt.TextElideMode.ElideRight, room.width()),
            QPalette.ColorRole.ButtonText,
        )
