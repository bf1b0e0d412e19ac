"""Paints what a filter has matched behind the texts of the live table."""

from __future__ import annotations

from typing import Final

from PyQt5.QtCore import QRect, Qt
from PyQt5.QtGui import QFont, QFontMetrics, QPainter, QTextLayout, QTextOption

from monitorapp.core.filter.marks import Spans
from monitorapp.core.text.visible import CELL_CHARACTERS
from monitorapp.ui.table._colours import RowColours

_END_PX: Final = 3
"""How wide the mark at the end of a cell is that has no room for an ellipsis."""

_LEFT_TO_RIGHT: Final = QTextOption()
_LEFT_TO_RIGHT.setTextDirection(Qt.LayoutDirection.LeftToRight)


class MarkPainter:
    """Paints marks: a ground and, as colours are not seen by all, a line below.

    Args:
        font: That of the texts.
    """

    def __init__(self, font: QFont) -> None:
        self._font = font
        self._metrics = QFontMetrics(font)

    def paint(
        self,
        painter: QPainter,
        rect: QRect,
        text: str,
        shown: str,
        spans: Spans,
        colours: RowColours,
    ) -> None:
        """Paint the marks of a text at the left of a rectangle, before the text itself.

        What is matched but elided has its mark on the ellipsis.

        Args:
            painter: Paints.
            rect: Where the text is.
            text: The text that can be shown.
            shown: What is shown of it.
            spans: What is marked of the text, or of a longer one that begins so.
            colours: Those of the row.
        """
        seen = min(len(shown) if shown == text else max(0, len(shown) - 1), CELL_CHARACTERS)
        for start, end in spans:
            if start >= seen:
                break
            left, right = self._edges(shown, start, min(end, seen))
            self._paint_one(painter, rect, left, right, colours)
        if spans and spans[-1][1] > seen:
            left, right = self._edges(shown, seen, min(seen + 1, len(shown)))
            if not shown:
                left, right = max(0, rect.width() - _END_PX), rect.width()
            self._paint_one(painter, rect, left, right, colours)

    def _paint_one(
        self, painter: QPainter, rect: QRect, left: int, right: int, colours: RowColours
    ) -> None:
        height = self._metrics.height()
        top = rect.top() + (rect.height() - height) // 2
        painter.fillRect(rect.left() + left, top, right - left, height, colours.mark)
        painter.fillRect(rect.left() + left, top + height - 1, right - left, 1, colours.text)

    def _edges(self, shown: str, start: int, end: int) -> tuple[int, int]:
        """Return where a part of a text begins and ends, in pixels."""
        before = shown[:end]
        if before.isascii():
            width = self._metrics.horizontalAdvance
            return width(before[:start]), width(before)
        # Letters can be joined, or run from right to left in a line that does not.
        layout = QTextLayout(shown, self._font)
        layout.setTextOption(_LEFT_TO_RIGHT)
        layout.beginLayout()
        line = layout.createLine()
        layout.endLayout()
        edges = [float(line.cursorToX(_units(shown[:place]))[0]) for place in (start, end)]
        return round(min(edges)), round(max(edges))


def _units(text: str) -> int:
    """Return how long Qt takes a text to be."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2
