"""Paints the table of groups."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, cast

from PyQt5.QtCore import QModelIndex, QRect
from PyQt5.QtGui import QColor, QPainter, QPalette
from PyQt5.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from monitorapp.ui.groups._model import GroupsModel

_INDENT_PX: Final = 22
_MARGIN_PX: Final = 4


class GroupDelegate(QStyledItemDelegate):
    """Paints groups with a triangle and with bars, and the rows of open ones indented."""

    def paint(
        self, painter: QPainter | None, option: QStyleOptionViewItem, index: QModelIndex
    ) -> None:
        """Paint one cell, with the triangle, the indent or the bars, which are not Qt's own."""
        model = cast(GroupsModel, index.model())
        row, column = model.row(index.row()), model.columns[index.column()]
        if painter is None or row is None:
            return
        shifted = QStyleOptionViewItem(option)
        if not row.is_group:
            role = QPalette.ColorRole.Text
            shifted.palette.setColor(role, _dimmed(option.palette))
        if not column.has_triangle:
            super().paint(painter, shifted, index)
            if column.bars is not None and row.is_group:
                self._paint_bars(painter, option, model.bars(column, row.group))
            return
        view = option.widget
        style = cast(QStyle, view.style())
        style.drawPrimitive(QStyle.PrimitiveElement.PE_PanelItemViewItem, option, painter, view)
        shifted.rect = option.rect.adjusted(_INDENT_PX * (1 if row.is_group else 2), 0, 0, 0)
        super().paint(painter, shifted, index)
        if row.is_group:
            self._paint_triangle(painter, option, model.is_open(index.row()), style, view)

    def _paint_triangle(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        is_open: bool,
        style: QStyle,
        view: QWidget,
    ) -> None:
        triangle = QStyleOptionViewItem(option)
        triangle.rect = triangle_rect(option.rect)
        state = option.state & (QStyle.StateFlag.State_Enabled | QStyle.StateFlag.State_Active)
        state |= QStyle.StateFlag.State_Children
        if is_open:
            state |= QStyle.StateFlag.State_Open
        triangle.state = cast(QStyle.State, state)
        style.drawPrimitive(QStyle.PrimitiveElement.PE_IndicatorBranch, triangle, painter, view)

    def _paint_bars(
        self, painter: QPainter, option: QStyleOptionViewItem, heights: Sequence[int]
    ) -> None:
        most = max(heights, default=0)
        if not most:
            return
        room = option.rect.adjusted(2 * _MARGIN_PX, 3, -_MARGIN_PX, -3)
        selected = option.state & QStyle.StateFlag.State_Selected
        colour = option.palette.color(
            QPalette.ColorRole.HighlightedText if selected else QPalette.ColorRole.Highlight
        )
        step_px = room.width() / len(heights)
        for place, height in enumerate(heights):
            if height:
                height_px = max(1, round(room.height() * height / most))
                left = room.left() + round(place * step_px)
                right = room.left() + round((place + 1) * step_px)
                width_px = max(1, right - left - (1 if step_px >= 3 else 0))
                painter.fillRect(
                    QRect(left, room.bottom() - height_px + 1, width_px, height_px), colour
                )


def triangle_rect(cell: QRect) -> QRect:
    """Return where the triangle is in the cell of a group that has one."""
    return QRect(cell.left() + 2, cell.top(), _INDENT_PX - 2, cell.height())


def _dimmed(palette: QPalette) -> QColor:
    colour = palette.color(QPalette.ColorRole.Text)
    colour.setAlphaF(0.75)
    return colour
