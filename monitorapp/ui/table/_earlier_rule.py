"""A thin rule in the live table, between the rows of earlier runs and those of this one."""

from __future__ import annotations

from typing import Final, cast

from PyQt5.QtGui import QColor, QFont, QFontMetrics, QPainter, QPalette
from PyQt5.QtWidgets import QHeaderView, QTableView, QWidget

from monitorapp.ui.table._colours import between
from monitorapp.ui.table.model import InterruptionsModel
from monitorapp.ui.widgets.cells import MARGIN_PX
from monitorapp.ui.widgets.columns import LEFT

LABEL: Final = "\N{UPWARDS ARROW} earlier runs"

_SHRUNK: Final = 0.85


class EarlierRule:
    """Paints the rule over the painted cells: it takes no room, and is no part of a row.

    Args:
        view: The table.
        header: Its header.
    """

    def __init__(self, view: QTableView, header: QHeaderView) -> None:
        self._view = view
        self._header = header

    def paint(self, model: InterruptionsModel) -> None:
        """Paint it, if it belongs into what is on the screen; call it in the view's paintEvent."""
        row = model.first_live_row
        if row is None:
            return
        view, area = self._view, cast(QWidget, self._view.viewport())
        y = view.rowViewportPosition(row - 1) + view.rowHeight(row - 1)
        if not 0 < y <= area.height() + view.rowHeight(row - 1):
            return
        base = area.palette().color(QPalette.ColorRole.Base)
        colour = between(area.palette().color(QPalette.ColorRole.Text), base, 0.35)
        end = min(area.width(), self._header.length() - int(self._header.offset()))
        painter = QPainter(area)
        painter.fillRect(0, y - 1, end, 1, colour)
        self._paint_label(painter, model, row - 1, y - 1, colour)
        painter.end()

    def _paint_label(
        self,
        painter: QPainter,
        model: InterruptionsModel,
        row: int,
        bottom: int,
        colour: QColor,
    ) -> None:
        font = QFont(self._view.font())
        font.setPointSizeF(font.pointSizeF() * _SHRUNK)
        metrics = QFontMetrics(font)
        width_px = metrics.horizontalAdvance(LABEL) + MARGIN_PX
        right = self._free_end(model, row, width_px)
        if right is None:  # it would cover what the row says
            return
        painter.setFont(font)
        painter.setPen(colour)
        left = right - width_px + MARGIN_PX // 2
        painter.drawText(left, bottom - metrics.descent(), LABEL)

    def _free_end(self, model: InterruptionsModel, row: int, width_px: int) -> int | None:
        """Return where a label can end beside the text of a cell of the row, the rightmost."""
        view, header = self._view, self._header
        for place in range(header.count() - 1, -1, -1):
            section = header.logicalIndex(place)
            left, width = view.columnViewportPosition(section), view.columnWidth(section)
            in_sight = left >= 0 and left + width <= cast(QWidget, view.viewport()).width()
            if header.isSectionHidden(section) or not in_sight:
                continue
            text_px = view.sizeHintForIndex(model.index(row, section)).width()
            if model.columns[section].alignment == LEFT and text_px + width_px <= width:
                return left + width - MARGIN_PX // 2
        return None
