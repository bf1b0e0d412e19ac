"""Paints the live table: rows with a triangle, and the stories below the open ones."""

from __future__ import annotations

import html
import math
from dataclasses import dataclass
from typing import Final, cast

from PyQt5.QtCore import QEvent, QModelIndex, QPointF, QRect, QRectF, QSize, Qt
from PyQt5.QtGui import (
    QColor,
    QFont,
    QFontDatabase,
    QFontInfo,
    QFontMetrics,
    QHelpEvent,
    QPainter,
    QPalette,
    QPolygonF,
)
from PyQt5.QtWidgets import (
    QAbstractItemView,
    QApplication,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QToolTip,
)

from monitorapp.core.record.interruption import Interruption
from monitorapp.core.record.story import LineKind, StoryLine
from monitorapp.core.text.visible import cut
from monitorapp.ui.table.columns import (
    LEFT,
    RIGHT,
    RIGHT_ALIGNED,
    UNKNOWN,
    Column,
    waited_share,
)
from monitorapp.ui.table.header import MARGIN_PX, InterruptionHeader
from monitorapp.ui.table.model import InterruptionsModel

_LEFT: Final = LEFT | int(Qt.TextFlag.TextSingleLine)
_RIGHT: Final = RIGHT | int(Qt.TextFlag.TextSingleLine)
_LABELS: Final = ("User-Agent", "Wait began", "Waited for", "Traceback")
_WIDEST_HINT_PX: Final = 800
_SELECTED: Final = QStyle.StateFlag.State_Selected
_ENABLED: Final = QStyle.StateFlag.State_Enabled
_ACTIVE: Final = QStyle.StateFlag.State_Active
_CHILDREN: Final = QStyle.StateFlag.State_Children
_OPEN: Final = QStyle.StateFlag.State_Open
_UNDER_MOUSE: Final = QStyle.StateFlag.State_MouseOver
_DARK_GOLD: Final = QColor("#b67c00")  # on a light ground
_LIGHT_GOLD: Final = QColor("#f2c14e")


@dataclass(frozen=True)
class _Colours:
    """Colours of a row, all of them mixed from one group of the palette."""

    text: QColor
    dim: QColor
    story: QColor
    rule: QColor
    bar: QColor
    focus: QColor
    star: QColor


def fixed_font() -> QFont:
    """Return the system's fixed-pitch font, or what comes next to one."""
    font = QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont)
    if not QFontInfo(font).fixedPitch():  # the platform names none
        font.setFamily("monospace")
        font.setStyleHint(QFont.StyleHint.Monospace)
        font.setPointSizeF(QApplication.font().pointSizeF())
    return font


class InterruptionDelegate(QStyledItemDelegate):
    """Paints the cells of an `InterruptionsModel`.

    A line of a story runs across all columns: each of its cells paints the part that
    lies in it. So it does not matter which columns are shown, in which order and how wide.

    Args:
        header: The header of the view that is painted.
        view: The view.
    """

    def __init__(self, header: InterruptionHeader, view: QAbstractItemView) -> None:
        super().__init__(view)
        self._view = view
        self._header = header
        self._colours: dict[tuple[int, int, bool], _Colours] = {}
        self._font = QFont()
        self._fixed_font = fixed_font()
        self.set_font(QApplication.font())

    def set_font(self, font: QFont) -> None:
        """Measure for this font; traceback lines keep the system's fixed-pitch font."""
        self._font = QFont(font)
        self._metrics = QFontMetrics(font)
        self._fixed_metrics = QFontMetrics(self._fixed_font)
        self.row_height_px = max(self._metrics.height(), self._fixed_metrics.height()) + 6
        self.triangle_px = self._metrics.height() + 2
        self.star_px = self._metrics.height()
        self._indent_px = 4 + self.triangle_px + self.star_px + 5
        self._label_px = max(map(self._metrics.horizontalAdvance, _LABELS)) + 2 * MARGIN_PX

    def triangle(self, cell: QRect) -> QRect:
        """Return where the triangle is in a row's leftmost cell."""
        return QRect(cell.left() + 4, cell.top(), self.triangle_px, cell.height())

    def star(self, cell: QRect) -> QRect:
        """Return where the star is in a row's leftmost cell."""
        left = self.triangle(cell).right() + 1
        return QRect(left, cell.top(), self.star_px, cell.height())

    def paint(
        self, painter: QPainter | None, option: QStyleOptionViewItem, index: QModelIndex
    ) -> None:
        """Paint one cell."""
        if painter is None:
            return
        model = cast(InterruptionsModel, index.model())
        row, column = index.row(), index.column()
        try:
            interruption, line = model.content(row)
        except IndexError:  # Qt paints what is no longer there
            return
        colours = self._colours_of(option)
        selected = bool(option.state & _SELECTED)
        if selected:
            self._draw(QStyle.PrimitiveElement.PE_PanelItemViewItem, option, painter)
        elif line is not None:
            painter.fillRect(option.rect, colours.story)
        if line is None:
            text, is_open = model.text(interruption, column), model.is_open(row)
            self._paint_record(painter, option, interruption, text, column, is_open, colours)
            if column == self._header.first_column:
                offered = bool(option.state & _UNDER_MOUSE) or selected
                self._paint_star(
                    painter, option.rect, interruption in model.stars, offered, colours
                )
        else:
            self._paint_line(painter, option, line, colours)
        if self._view.hasFocus() and self._view.currentIndex().row() == row:
            self._paint_focus(painter, option.rect, colours)

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex) -> QSize:
        """Return the size that shows the whole cell; of story lines only the height counts."""
        model = cast(InterruptionsModel, index.model())
        try:
            interruption, line = model.content(index.row())
        except IndexError:
            return QSize(0, self.row_height_px)
        if line is not None:
            return QSize(0, self.row_height_px)
        column = index.column()
        width_px = self._metrics.horizontalAdvance(model.text(interruption, column)) + 2 * MARGIN_PX
        if column == self._header.first_column:
            width_px += self._indent_px - MARGIN_PX
        return QSize(min(width_px + 2, _WIDEST_HINT_PX), self.row_height_px)

    def helpEvent(
        self,
        event: QHelpEvent | None,
        view: QAbstractItemView | None,
        option: QStyleOptionViewItem,
        index: QModelIndex,
    ) -> bool:
        """Show the whole text of a cell that shows only the beginning of it."""
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
            text = model.text(interruption, index.column())
            room_px = self._text_rect(option.rect, index.column()).width()
            elided = self._metrics.horizontalAdvance(text) > room_px
        else:
            text = _line_text(line)
            _, rect, metrics = self._line_rects(option.rect, line)
            elided = metrics.horizontalAdvance(text) > rect.width()
        # Qt takes a tooltip that looks like rich text for rich text: so it is one, escaped.
        escaped = html.escape(text)
        return f'<qt><p style="white-space:pre-wrap">{escaped}</p></qt>' if elided else ""

    def _draw(
        self, element: QStyle.PrimitiveElement, option: QStyleOptionViewItem, painter: QPainter
    ) -> None:
        style = self._view.style()
        if style is not None:
            style.drawPrimitive(element, option, painter, self._view)

    def _paint_record(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        interruption: Interruption,
        text: str,
        column: int,
        is_open: bool,
        colours: _Colours,
    ) -> None:
        if column == Column.WAITED:
            self._paint_share(painter, option.rect, waited_share(interruption), colours)
        if column == self._header.first_column:
            self._paint_triangle(painter, option, is_open, colours)
        rect = self._text_rect(option.rect, column)
        painter.setFont(self._font)
        painter.setPen(colours.dim if text == UNKNOWN else colours.text)
        flags = _RIGHT if column in RIGHT_ALIGNED else _LEFT
        painter.drawText(rect, flags, _elided(self._metrics, text, rect.width()))

    def _paint_share(self, painter: QPainter, cell: QRect, share: float, colours: _Colours) -> None:
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
        colours: _Colours,
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
        self, painter: QPainter, cell: QRect, starred: bool, offered: bool, colours: _Colours
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

    def _paint_line(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        line: StoryLine,
        colours: _Colours,
    ) -> None:
        cell = option.rect
        label_rect, text_rect, metrics = self._line_rects(cell, line)
        text = _line_text(line)
        rule = QRect(self._left() + 4 + self.triangle_px // 2, cell.top(), 1, cell.height())
        shown = _elided(metrics, text, text_rect.width())
        end = text_rect.left() + metrics.horizontalAdvance(shown)
        if cell.left() > end:  # most cells of most lines
            return
        painter.save()
        painter.setClipRect(cell, Qt.ClipOperation.IntersectClip)
        painter.fillRect(rule, colours.rule)
        if line.label:
            label = _elided(self._metrics, cut(line.label), label_rect.width())
            painter.setFont(self._font)
            painter.setPen(colours.dim)
            painter.drawText(label_rect, _LEFT, label)
        painter.setFont(self._fixed_font if line.kind is LineKind.TRACEBACK else self._font)
        painter.setPen(colours.dim if line.kind is LineKind.NOTE else colours.text)
        painter.drawText(text_rect, _LEFT, shown)
        painter.restore()

    def _paint_focus(self, painter: QPainter, cell: QRect, colours: _Colours) -> None:
        left, right = self._left(), self._left() + self._header.length() - 1
        painter.setPen(colours.focus)
        painter.drawLine(cell.topLeft(), cell.topRight())
        painter.drawLine(cell.bottomLeft(), cell.bottomRight())
        if cell.left() <= left:
            painter.drawLine(cell.topLeft(), cell.bottomLeft())
        if cell.right() >= right:
            painter.drawLine(cell.topRight(), cell.bottomRight())

    def _left(self) -> int:
        """Return where the leftmost column begins in the viewport."""
        return -int(self._header.offset())

    def _text_rect(self, cell: QRect, column: int) -> QRect:
        left_px = MARGIN_PX
        if column == self._header.first_column:
            left_px = self._indent_px
        return cell.adjusted(left_px, 0, -MARGIN_PX, 0)

    def _line_rects(self, cell: QRect, line: StoryLine) -> tuple[QRect, QRect, QFontMetrics]:
        """Return where the label and the text of a story line are, and how wide letters are."""
        left = self._left() + self._indent_px
        right = self._header.width() - MARGIN_PX
        label = QRect(left, cell.top(), self._label_px - MARGIN_PX, cell.height())
        if line.kind is not LineKind.SUMMARY:
            left += self._label_px
        text = QRect(left, cell.top(), max(0, right - left), cell.height())
        metrics = self._fixed_metrics if line.kind is LineKind.TRACEBACK else self._metrics
        return label, text, metrics

    def _colours_of(self, option: QStyleOptionViewItem) -> _Colours:
        group = QPalette.ColorGroup.Active
        if not option.state & _ENABLED:
            group = QPalette.ColorGroup.Disabled
        elif not option.state & _ACTIVE:
            group = QPalette.ColorGroup.Inactive
        selected = bool(option.state & _SELECTED)
        key = (option.palette.cacheKey(), int(group), selected)
        colours = self._colours.get(key)
        if colours is None:
            if len(self._colours) > 32:  # palettes that are no longer used
                self._colours.clear()
            colours = self._colours[key] = _mixed(option.palette, group, selected)
        return colours


def _mixed(palette: QPalette, group: QPalette.ColorGroup, selected: bool) -> _Colours:
    base = palette.color(group, QPalette.ColorRole.Base)
    highlight = palette.color(group, QPalette.ColorRole.Highlight)
    if selected:
        text = palette.color(group, QPalette.ColorRole.HighlightedText)
        bar = QColor(text)
        bar.setAlphaF(0.25)
        dim = _between(text, highlight, 0.2)
        return _Colours(text, dim, highlight, dim, bar, _between(highlight, text, 0.6), text)
    text = palette.color(group, QPalette.ColorRole.Text)
    bar = QColor(highlight)
    bar.setAlphaF(0.22)
    return _Colours(
        text=text,
        dim=_between(text, base, 0.35),
        story=_between(base, text, 0.045),
        rule=_between(base, text, 0.25),
        bar=bar,
        focus=_between(base, highlight, 0.8),
        star=_DARK_GOLD if base.lightnessF() > 0.5 else _LIGHT_GOLD,
    )


def _between(one: QColor, other: QColor, share: float) -> QColor:
    """Return the colour that lies between two, `share` of the way from one to the other."""
    red = one.red() + (other.red() - one.red()) * share
    green = one.green() + (other.green() - one.green()) * share
    blue = one.blue() + (other.blue() - one.blue()) * share
    return QColor(round(red), round(green), round(blue))


def _line_text(line: StoryLine) -> str:
    return cut(line.text.expandtabs(4) if line.kind is LineKind.TRACEBACK else line.text)


def _elided(metrics: QFontMetrics, text: str, width_px: int) -> str:
    """Return what fits of `text`, with an ellipsis if that is not all of it."""
    # Measuring a thousand characters to show thirty is slow. A letter is seldom narrower
    # than two pixels; where many are, some that would fit are not shown.
    longest = max(0, width_px) // 2 + 8
    if len(text) > longest:
        text = f"{text[:longest]}…"
    return str(metrics.elidedText(text, Qt.TextElideMode.ElideRight, width_px))
