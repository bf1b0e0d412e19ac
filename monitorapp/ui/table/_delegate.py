"""Paints the live table: rows with a triangle and a star, and the stories of the open ones."""

from __future__ import annotations

import html
import math
from enum import Enum
from typing import Final, cast

from PyQt5.QtCore import QEvent, QModelIndex, QPoint, QPointF, QRect, QRectF, QSize, Qt
from PyQt5.QtGui import QFont, QFontMetrics, QHelpEvent, QPainter, QPalette, QPolygonF
from PyQt5.QtWidgets import (
    QAbstractItemView,
    QApplication,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QToolTip,
)

from monitorapp.core.filter.marks import Marks
from monitorapp.core.record.interruption import Interruption
from monitorapp.ui.table._colours import Colours, RowColours
from monitorapp.ui.table._header import InterruptionHeader
from monitorapp.ui.table._mark_painter import MarkPainter
from monitorapp.ui.table._story_lines import StoryLinePainter
from monitorapp.ui.table.model import InterruptionsModel
from monitorapp.ui.widgets.cells import MARGIN_PX, UNKNOWN, elided
from monitorapp.ui.widgets.columns import Column

_SINGLE_LINE: Final = int(Qt.TextFlag.TextSingleLine)
_WIDEST_HINT_PX: Final = 800
_SELECTED: Final = QStyle.StateFlag.State_Selected
_ENABLED: Final = QStyle.StateFlag.State_Enabled
_ACTIVE: Final = QStyle.StateFlag.State_Active
_CHILDREN: Final = QStyle.StateFlag.State_Children
_OPEN: Final = QStyle.StateFlag.State_Open
_UNDER_MOUSE: Final = QStyle.StateFlag.State_MouseOver


class Handle(Enum):
    """What can be pressed at the beginning of a row."""

    TRIANGLE = "opens and closes it"
    STAR = "stars it"


class InterruptionDelegate(QStyledItemDelegate):
    """Paints the cells of an `InterruptionsModel`.

    Args:
        header: The header of the view that is painted.
        view: The view.

    Attributes:
        marks: What is marked of the cells; None for nothing.
    """

    def __init__(self, header: InterruptionHeader, view: QAbstractItemView) -> None:
        super().__init__(view)
        self.marks: Marks | None = None
        self._view = view
        self._header = header
        self._colours = Colours()
        self._lines = StoryLinePainter(header)
        self.set_font(QApplication.font())

    def set_font(self, font: QFont) -> None:
        """Measure for this font."""
        self._font = QFont(font)
        self._metrics = QFontMetrics(font)
        self._mark_painter = MarkPainter(self._font)
        self.row_height_px = max(self._metrics.height(), self._lines.height_px) + 6
        self.triangle_px = self._metrics.height() + 2
        self.star_px = self._metrics.height()
        self._indent_px = 4 + self.triangle_px + self.star_px + 5
        self._lines.set_font(self._font, self._indent_px, 4 + self.triangle_px // 2)

    def triangle(self, cell: QRect) -> QRect:
        """Return where the triangle is in a row's leftmost cell."""
        return QRect(cell.left() + 4, cell.top(), self.triangle_px, cell.height())

    def star(self, cell: QRect) -> QRect:
        """Return where the star is in a row's leftmost cell."""
        left = self.triangle(cell).right() + 1
        return QRect(left, cell.top(), self.star_px, cell.height())

    def handle_at(self, cell: QRect, point: QPoint) -> Handle | None:
        """Return which handle of a row is at a point of its leftmost cell."""
        if point.x() <= self.triangle(cell).right():
            return Handle.TRIANGLE
        return Handle.STAR if self.star(cell).contains(point) else None

    def paint(
        self, painter: QPainter | None, option: QStyleOptionViewItem, index: QModelIndex
    ) -> None:
        """Paint one cell: handles, bars and story lines are not Qt's own."""
        if painter is None:
            return
        model = cast(InterruptionsModel, index.model())
        row, section = index.row(), index.column()
        try:
            interruption, line = model.content(row)
        except IndexError:  # Qt paints what is no longer there
            return
        colours = self._colours.of(option)
        selected = bool(option.state & _SELECTED)
        cell = option.rect
        if selected:
            self._draw(QStyle.PrimitiveElement.PE_PanelItemViewItem, option, painter)
        elif line is not None:
            painter.fillRect(cell, colours.story)
        if line is None:
            column, is_first = model.columns[section], section == self._header.first_section
            if column.share is not None:
                self._paint_share(painter, cell, column.share(interruption) or 0.0, colours)
            if is_first:
                self._paint_triangle(painter, option, model.is_open(row), colours)
            self._paint_text(painter, cell, model, column, interruption, is_first, colours)
            if is_first:
                offered = selected or bool(option.state & _UNDER_MOUSE)
                self._paint_star(painter, cell, interruption in model.stars, offered, colours)
        else:
            self._lines.paint(painter, cell, line, colours, self.marks)
        if self._view.hasFocus() and self._view.currentIndex().row() == row:
            self._paint_focus(painter, cell, colours)

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex) -> QSize:
        """Measure the whole cell, with its handles; for story lines only the height matters."""
        model = cast(InterruptionsModel, index.model())
        try:
            interruption, line = model.content(index.row())
        except IndexError:
            return QSize(0, self.row_height_px)
        if line is not None:
            return QSize(0, self.row_height_px)
        text = model.columns[index.column()].text(interruption)
        width_px = self._metrics.horizontalAdvance(text) + 2 * MARGIN_PX
        if index.column() == self._header.first_section:
            width_px += self._indent_px - MARGIN_PX
        return QSize(min(width_px + 2, _WIDEST_HINT_PX), self.row_height_px)

    def helpEvent(
        self,
        event: QHelpEvent | None,
        view: QAbstractItemView | None,
        option: QStyleOptionViewItem,
        index: QModelIndex,
    ) -> bool:
        """Show the whole text of an elided cell; Qt shows only tooltips of the model."""
        if event is None or event.type() != QEvent.Type.ToolTip:
            return False
        QToolTip.showText(event.globalPos(), self.tooltip(option, index), view)
        return True

    def tooltip(self, option: QStyleOptionViewItem, index: QModelIndex) -> str:
        """Return the text of an elided cell, escaped; the empty string if all of it is seen."""
        model = index.model()
        if not isinstance(model, InterruptionsModel) or not index.isValid():
            return ""
        try:
            interruption, line = model.content(index.row())
        except IndexError:
            return ""
        if line is None:
            text = model.columns[index.column()].text(interruption)
            is_first = index.column() == self._header.first_section
            if (
                self._metrics.horizontalAdvance(text)
                <= self._text_rect(option.rect, is_first).width()
            ):
                return ""
        else:
            text = self._lines.elided_text(option.rect, line)
        # Qt takes a tooltip that looks like rich text for rich text: so it is one, escaped.
        escaped = html.escape(text)
        return f'<qt><p style="white-space:pre-wrap">{escaped}</p></qt>' if text else ""

    def _draw(
        self, element: QStyle.PrimitiveElement, option: QStyleOptionViewItem, painter: QPainter
    ) -> None:
        style = self._view.style()
        if style is not None:
            style.drawPrimitive(element, option, painter, self._view)

    def _paint_text(
        self,
        painter: QPainter,
        cell: QRect,
        model: InterruptionsModel,
        column: Column[Interruption],
        interruption: Interruption,
        is_first: bool,
        colours: RowColours,
    ) -> None:
        rect, text = self._text_rect(cell, is_first), column.text(interruption)
        shown = elided(self._metrics, text, rect.width())
        if self.marks is not None:
            outcome = model.outcomes.words_of(interruption)
            spans = self.marks.of(interruption, outcome).get(column.key)
            if spans:
                self._mark_painter.paint(painter, rect, text, shown, spans, colours)
        painter.setFont(self._font)
        painter.setPen(colours.dim if text == UNKNOWN else colours.text)
        painter.drawText(rect, column.alignment | _SINGLE_LINE, shown)

    def _paint_share(
        self, painter: QPainter, cell: QRect, share: float, colours: RowColours
    ) -> None:
        room_px = cell.width() - MARGIN_PX
        width_px = round(room_px * share)
        if width_px > 0:
            rect = QRect(cell.left() + MARGIN_PX // 2, cell.top() + 3, width_px, cell.height() - 6)
            painter.fillRect(rect, colours.bar)

    def _paint_triangle(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        is_open: bool,
        colours: RowColours,
    ) -> None:
        triangle = QStyleOptionViewItem(option)
        triangle.rect = self.triangle(option.rect)
        # No State_Item: the style would draw the lines of a tree.
        shape = _CHILDREN | _OPEN if is_open else _CHILDREN
        triangle.state = cast(QStyle.State, option.state & (_ENABLED | _ACTIVE) | shape)
        for role in (
            QPalette.ColorRole.Text,
            QPalette.ColorRole.WindowText,
            QPalette.ColorRole.ButtonText,
        ):
            triangle.palette.setColor(role, colours.dim)
        self._draw(QStyle.PrimitiveElement.PE_IndicatorBranch, triangle, painter)

    def _paint_star(
        self, painter: QPainter, cell: QRect, starred: bool, offered: bool, colours: RowColours
    ) -> None:
        """Paint a star, or the outline of one where it could be."""
        if not (starred or offered):
            return
        place = QRectF(self.star(cell))
        radius = self.star_px * 0.44
        shape = QPolygonF()
        for corner in range(10):
            angle = math.pi * (corner / 5 - 0.5)
            length = radius * (0.45 if corner % 2 else 1.0)
            shape.append(
                place.center() + QPointF(math.cos(angle) * length, math.sin(angle) * length)
            )
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(colours.star if starred else colours.dim)
        painter.setBrush(colours.star if starred else Qt.BrushStyle.NoBrush)
        painter.drawPolygon(shape)
        painter.restore()

    def _paint_focus(self, painter: QPainter, cell: QRect, colours: RowColours) -> None:
        left = self._lines.left
        right = left + self._header.length() - 1
        painter.setPen(colours.focus)
        painter.drawLine(cell.topLeft(), cell.topRight())
        painter.drawLine(cell.bottomLeft(), cell.bottomRight())
        if cell.left() <= left:
            painter.drawLine(cell.topLeft(), cell.bottomLeft())
        if cell.right() >= right:
            painter.drawLine(cell.topRight(), cell.bottomRight())

    def _text_rect(self, cell: QRect, is_first: bool) -> QRect:
        left_px = self._indent_px if is_first else MARGIN_PX
        return cell.adjusted(left_px, 0, -MARGIN_PX, 0)
