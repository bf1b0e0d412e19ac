"""Paints how far the requests are that wait."""

from __future__ import annotations

from typing import cast

from PyQt5.QtCore import QModelIndex, QRect
from PyQt5.QtGui import QPainter
from PyQt5.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from monitorapp.ui.waiting._model import WaitingModel
from monitorapp.ui.widgets.cells import MARGIN_PX, bar_colour


class WaitingDelegate(QStyledItemDelegate):
    """Paints the cells of a `WaitingModel`: behind some texts, a bar."""

    def paint(
        self, painter: QPainter | None, option: QStyleOptionViewItem, index: QModelIndex
    ) -> None:
        """Paint one cell: the bar below its text, and margins like those of the other tables."""
        if painter is None:
            return
        if option.state & QStyle.StateFlag.State_Selected:
            self._paint_panel(painter, option)
        else:
            self._paint_bar(painter, option, index)
        inner = QStyleOptionViewItem(option)
        inner.state = cast(QStyle.State, option.state & ~QStyle.StateFlag.State_HasFocus)
        inner.rect = option.rect.adjusted(MARGIN_PX - 3, 0, 3 - MARGIN_PX, 0)  # Qt has 3 itself
        super().paint(painter, inner, index)

    def _paint_panel(self, painter: QPainter, option: QStyleOptionViewItem) -> None:
        style = option.widget.style() if option.widget is not None else None
        if style is not None:
            panel = QStyle.PrimitiveElement.PE_PanelItemViewItem
            style.drawPrimitive(panel, option, painter, option.widget)

    def _paint_bar(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex
    ) -> None:
        model = cast(WaitingModel, index.model())
        share_of = model.columns[index.column()].share
        if share_of is None or index.row() >= model.rowCount():
            return
        share = share_of(model.row(index.row()))
        if share is None:
            return
        room = option.rect.adjusted(2, 2, -2, -2)
        colour = bar_colour(option.palette, option.palette.currentColorGroup())
        painter.fillRect(
            QRect(room.left(), room.top(), round(room.width() * share), room.height()), colour
        )
