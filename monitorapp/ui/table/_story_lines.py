"""Paints the lines of a story, each across all columns of the live table."""

from __future__ import annotations

from typing import Final

from PyQt5.QtCore import QRect, Qt
from PyQt5.QtGui import QFont, QFontMetrics, QPainter
from PyQt5.QtWidgets import QHeaderView

from monitorapp.core.filter.marks import Marks
from monitorapp.core.record.story import LineKind, StoryLine
from monitorapp.core.request.ended import RECORDED_HEADERS
from monitorapp.core.text.visible import cut
from monitorapp.ui.table._colours import RowColours
from monitorapp.ui.table._mark_painter import MarkPainter
from monitorapp.ui.widgets.cells import MARGIN_PX, elided
from monitorapp.ui.widgets.columns import LEFT
from monitorapp.ui.widgets.fonts import fixed_font

_FLAGS: Final = LEFT | int(Qt.TextFlag.TextSingleLine)
_SEARCHED: Final = frozenset({*RECORDED_HEADERS, "Client"})
_LABELS: Final = ("User-Agent", "Wait began", "Waited for", "Traceback")


class StoryLinePainter:
    """Paints story lines.

    A line runs across all columns: each of its cells paints the part that lies in it. So it does
    not matter which columns are shown, in which order and how wide.

    Args:
        header: The header of the view that is painted.

    Attributes:
        height_px: How high a line is.
    """

    def __init__(self, header: QHeaderView) -> None:
        self._header = header
        self._fixed_font = fixed_font()
        self._fixed_metrics = QFontMetrics(self._fixed_font)
        self._fixed_marks = MarkPainter(self._fixed_font)
        self.height_px = self._fixed_metrics.height()

    def set_font(self, font: QFont, indent_px: int, rule_px: int) -> None:
        """Measure for this font; traceback lines keep the system's fixed-pitch font.

        Args:
            font: That of labels and of other lines.
            indent_px: How far right from the leftmost column lines begin.
            rule_px: The same, of the rule to the left of them.
        """
        self._font = font
        self._metrics = QFontMetrics(font)
        self._marks = MarkPainter(font)
        self._indent_px = indent_px
        self._rule_px = rule_px
        self._label_px = max(map(self._metrics.horizontalAdvance, _LABELS)) + 2 * MARGIN_PX

    def paint(
        self,
        painter: QPainter,
        cell: QRect,
        line: StoryLine,
        colours: RowColours,
        marks: Marks | None,
    ) -> None:
        """Paint the part of a line that lies in a cell."""
        label_rect, text_rect, metrics = self._rects(cell, line)
        rule = QRect(self.left + self._rule_px, cell.top(), 1, cell.height())
        text = _text(line)
        shown = elided(metrics, text, text_rect.width())
        end = text_rect.left() + metrics.horizontalAdvance(shown)
        if cell.left() > end:  # most cells of most lines
            return
        painter.save()
        painter.setClipRect(cell, Qt.ClipOperation.IntersectClip)
        painter.fillRect(rule, colours.rule)
        if line.label:
            label = elided(self._metrics, cut(line.label), label_rect.width())
            painter.setFont(self._font)
            painter.setPen(colours.dim)
            painter.drawText(label_rect, _FLAGS, label)
        if marks is not None and _is_searched(line) and (spans := marks.in_line(text)):
            is_fixed = line.kind is LineKind.TRACEBACK
            mark_painter = self._fixed_marks if is_fixed else self._marks
            mark_painter.paint(painter, text_rect, text, shown, spans, colours)
        painter.setFont(self._fixed_font if line.kind is LineKind.TRACEBACK else self._font)
        painter.setPen(colours.dim if line.kind is LineKind.NOTE else colours.text)
        painter.drawText(text_rect, _FLAGS, shown)
        painter.restore()

    def elided_text(self, cell: QRect, line: StoryLine) -> str:
        """Return the text of a line that is elided; the empty string if all of it is seen."""
        text = _text(line)
        _, rect, metrics = self._rects(cell, line)
        return text if metrics.horizontalAdvance(text) > rect.width() else ""

    @property
    def left(self) -> int:
        """Where the leftmost column begins in the viewport."""
        return -int(self._header.offset())

    def _rects(self, cell: QRect, line: StoryLine) -> tuple[QRect, QRect, QFontMetrics]:
        """Return where the label and the text of a line are, and how wide letters are."""
        left = self.left + self._indent_px
        right = self._header.width() - MARGIN_PX
        label = QRect(left, cell.top(), self._label_px - MARGIN_PX, cell.height())
        if line.kind is not LineKind.SUMMARY:
            left += self._label_px
        text = QRect(left, cell.top(), max(0, right - left), cell.height())
        metrics = self._fixed_metrics if line.kind is LineKind.TRACEBACK else self._metrics
        return label, text, metrics


def _is_searched(line: StoryLine) -> bool:
    """Return whether a line is as it is searched: the others are written for the story."""
    return line.kind is LineKind.TRACEBACK or line.label in _SEARCHED


def _text(line: StoryLine) -> str:
    return cut(line.text.expandtabs(4) if line.kind is LineKind.TRACEBACK else line.text)
