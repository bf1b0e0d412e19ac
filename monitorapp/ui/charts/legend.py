"""The names of the lines of a chart, above it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from PyQt5.QtCore import Qt
from PyQt5.QtGui import QFont, QFontMetricsF, QPalette, QPen
from PyQt5.QtWidgets import QGraphicsItem, QGraphicsRectItem, QGraphicsSimpleTextItem

from monitorapp.ui.charts.lines import Line, plain

_BETWEEN_PX: Final = 4.0


class Legend:
    """Places names with the colours of their lines in rows; nothing for less than two lines.

    Qt's own would read a name as HTML.

    Args:
        parent: What it is drawn on.
    """

    def __init__(self, parent: QGraphicsItem) -> None:
        self._parent = parent
        self._entries: list[tuple[QGraphicsRectItem, QGraphicsSimpleTextItem]] = []

    def place(
        self,
        lines: Sequence[Line],
        font: QFont,
        palette: QPalette,
        after_px: float,
        left_px: float,
        right_px: float,
    ) -> int:
        """Place the names of these lines; return how many rows they take, at least 1.

        Args:
            lines: All lines.
            font: For the names.
            palette: For the names and the lines.
            after_px: Where the first row begins.
            left_px: Where the others begin.
            right_px: Where all end.
        """
        lines = lines if len(lines) > 1 else []
        while len(self._entries) < len(lines):
            swatch = QGraphicsRectItem(self._parent)
            self._entries.append((swatch, QGraphicsSimpleTextItem(self._parent)))
        for entry in self._entries[len(lines) :]:
            for item in entry:
                item.hide()
        metrics = QFontMetricsF(font)
        row_px, swatch_px = metrics.height(), 0.6 * metrics.height()
        x, row = after_px, 0
        for line, (swatch, text) in zip(lines, self._entries, strict=False):
            room_px = right_px - left_px - swatch_px - _BETWEEN_PX
            name = metrics.elidedText(plain(line.name), Qt.TextElideMode.ElideMiddle, room_px)
            entry_px = swatch_px + _BETWEEN_PX + metrics.horizontalAdvance(name)
            if x > left_px and x + entry_px > right_px:
                x, row = left_px, row + 1
            y = 2 + row * row_px
            swatch.setRect(x, y + (row_px - swatch_px) / 2, swatch_px, swatch_px)
            swatch.setPen(QPen(Qt.PenStyle.NoPen))
            swatch.setBrush(line.colour_role.on(palette))
            text.setText(name)
            text.setFont(font)
            text.setBrush(palette.color(QPalette.ColorRole.Text))
            text.setPos(x + swatch_px + _BETWEEN_PX, y)
            for item in (swatch, text):
                item.show()
            x += entry_px + 3 * _BETWEEN_PX
        return row + 1
