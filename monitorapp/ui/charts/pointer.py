"""A line across a chart with a box of what it reads beside it."""

from __future__ import annotations

from typing import Final

from PyQt5.QtCore import QRectF, Qt
from PyQt5.QtGui import QFont, QFontMetricsF, QPalette, QPen
from PyQt5.QtWidgets import (
    QGraphicsItem,
    QGraphicsLineItem,
    QGraphicsRectItem,
    QGraphicsSimpleTextItem,
)

from monitorapp.ui.charts.lines import faded

_ABOVE: Final = 10.0
_AWAY_PX: Final = 6.0


class Pointer:
    """Draws the line and the box above all else.

    Args:
        parent: What they are drawn on.
    """

    def __init__(self, parent: QGraphicsItem) -> None:
        self._line = QGraphicsLineItem(parent)
        self._box = QGraphicsRectItem(parent)
        self._text = QGraphicsSimpleTextItem(self._box)
        for item in (self._line, self._box):
            item.setZValue(_ABOVE)
            item.hide()

    @property
    def text(self) -> str:
        """What stands in the box; empty if it is hidden."""
        return self._text.text() if self._box.isVisible() else ""

    def hide(self) -> None:
        """Draw nothing."""
        self._line.hide()
        self._box.hide()

    def show(
        self,
        text: str,
        at_px: float,
        plot: QRectF,
        width_px: float,
        font: QFont,
        palette: QPalette,
    ) -> None:
        """Draw the line and the box.

        Args:
            text: What stands in the box; its lines are shortened to half the chart.
            at_px: Where the line is.
            plot: What it crosses.
            width_px: How wide the whole chart is.
            font: For the text.
            palette: For all.
        """
        self._line.setPen(QPen(faded(palette, 0.7)))
        self._line.setLine(at_px, plot.top(), at_px, plot.bottom())
        metrics = QFontMetricsF(font)
        rows = (
            metrics.elidedText(row, Qt.TextElideMode.ElideMiddle, 0.5 * width_px)
            for row in text.split("\n")
        )
        self._text.setFont(font)
        self._text.setText("\n".join(rows))
        self._text.setBrush(palette.color(QPalette.ColorRole.ToolTipText))
        size = self._text.boundingRect().adjusted(-4, -2, 4, 2)
        self._box.setRect(size)
        self._box.setPen(QPen(faded(palette, 0.4)))
        self._box.setBrush(palette.color(QPalette.ColorRole.ToolTipBase))
        left_px = at_px + _AWAY_PX
        if left_px + size.width() > width_px:
            left_px = max(0.0, at_px - _AWAY_PX - size.width())
        self._box.setPos(left_px - size.left(), plot.top() + 2 - size.top())
        self._line.show()
        self._box.show()
