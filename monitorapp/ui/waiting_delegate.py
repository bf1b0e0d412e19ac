"""Paints how far the requests are that wait."""

from __future__ import annotations

from typing import cast

from PyQt5.QtCore import QModelIndex, QRect
from PyQt5.QtGui import QPainter, QPalette
from PyQt5.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from monitorapp.ui.waiting_model import WaitingColumn, WaitingModel


class WaitingDelegate(QStyledItemDelegate):
    """Paints the cells of a `WaitingModel`: behind a countdown, a bar of what is over."""

    def paint(
        self, painter: QPainter | None, option: QStyleOptionViewItem, index: QModelIndex
    ) -> None:
        """Paint one cell."""
        if painter is not None and index.column() == WaitingColumn.DELAY:
            self._paint_bar(painter, option, index)
        super().paint(painter, option, index)

    def _paint_bar(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex
    ) -> None:
        model = cast(WaitingModel, index.model())
        request = model.request(index.row()) if index.row() < model.rowCount() else None
        share = request.share if request is not None else None
        if share is None or option.state & QStyle.StateFlag.State_Selected:
            return
        room = option.rect.adjusted(2, 2, -2, -2)
        colour = option.palette.color(QPalette.ColorRole.Highlight)
        colour.setAlphaF(0.22)
        painter.fillRect(
            QRect(room.left(), room.top(), round(room.width() * share), room.height()), colour
        )
