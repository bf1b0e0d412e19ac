"""A pane that shows how long clients wait."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from functools import partial
from random import Random
from typing import Final

from PyQt5.QtCore import QEvent, QObject, QSize, Qt, QTimer, pyqtSignal
from PyQt5.QtGui import QHideEvent, QKeySequence, QResizeEvent, QShowEvent
from PyQt5.QtWidgets import (
    QComboBox,
    QDockWidget,
    QFrame,
    QLabel,
    QScrollArea,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from monitorapp.core.chance.distribution import Fixed
from monitorapp.core.delay.delay import DelayPlan, expected_delays_s
from monitorapp.core.filter.columns import ColumnFilter
from monitorapp.core.filter.language import EVERYTHING, Filter
from monitorapp.core.request.columns import EndColumns
from monitorapp.core.request.store import EndStore
from monitorapp.core.source.source import InThread, in_this_thread
from monitorapp.core.statistics.estimate import Curve, Estimate, estimate
from monitorapp.core.statistics.waits import Comparison
from monitorapp.core.statistics.wording import NO_EVENT
from monitorapp.core.text.visible import cut, visible
from monitorapp.ui.charts.chart import Chart
from monitorapp.ui.charts.series import Axes, LineColour, Steps

REFRESH_MS: Final = 1_000
"""How often the pane looks for news to estimate again, in milliseconds."""

DRAWN: Final = 400
"""Steps of a curve that are drawn: as many as there are pixels."""

SAMPLED: Final = 200
"""Delays that stand for a distribution of them."""

_PAUSES: Final = 20  # so many times as long as an estimate took there is no other
_LINE: Final = 300  # characters that are shown of a line
_CHART_LINES: Final = 12  # as high as so many lines of text is the chart at least
_COLOURS: Final = (LineColour.BLUE, LineColour.ORANGE, LineColour.GREEN, LineColour.PURPLE)


class PatiencePane(QDockWidget):
    """Shows the share of clients that is still waiting after a time, and what that means.

    It estimates only while it is seen.

    Attributes:
        toggle_action: Shows or hides the pane.

    Signals:
        status_message(str): Emitted with something worth a line in the status bar.
        shown(): Emitted whenever it begins to be seen.
    """

    status_message = pyqtSignal(str)
    shown = pyqtSignal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Patience", parent)
        self.setObjectName("patience_dock")
        self.setAccessibleName("How long clients wait")
        self.toggle_action = self.toggleViewAction()
        assert self.toggle_action is not None
        self.toggle_action.setObjectName("patience_action")
        self.toggle_action.setText("&Patience")
        self.toggle_action.setShortcut(QKeySequence("F8"))
        self.toggle_action.setToolTip("Show or hide how long clients wait (F8)")
        self._ends: EndStore | None = None
        self._filter: Callable[[], Filter] = lambda: EVERYTHING
        self._column_filter = ColumnFilter(EVERYTHING)
        self._in_thread: InThread = in_this_thread
        self._plan: DelayPlan = Fixed()
        self._asked: tuple[object, ...] | None = None  # what is being estimated
        self._seen: tuple[tuple[object, ...], int] | None = None  # and of which requests
        self._is_estimating = False
        self._took_s = self._next_s = 0.0
        self._made, self._note = NO_EVENT, ""
        self._chart = Chart(
            "patience_chart",
            "Share of clients still waiting",
            Axes(
                "Still waiting (%) by time waited",
                x_unit="s",
                y_unit="%",
                y_high=100.0,
                counts="Waited at least so long:",
            ),
            "No client has left by itself yet.",
        )
        self._chart.setToolTip("The share of clients that still wait, by time waited")
        self._fit_chart(1)
        self._chart.status_message.connect(self.status_message)
        self._box = QComboBox()
        self._box.setObjectName("patience_comparison")
        self._box.setAccessibleName("Whose patience is shown")
        self._box.setToolTip(
            "Whose patience is shown. Of answered requests method, path, client, User-Agent,\n"
            "time, wait and delay are known; other terms of the filter are not heeded here"
        )
        for comparison in Comparison:
            self._box.addItem(comparison.value, comparison)
        self._text = QLabel(NO_EVENT)
        self._text.setObjectName("patience_text")
        self._text.setTextFormat(Qt.TextFormat.PlainText)
        self._text.setWordWrap(True)
        self._text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._box.currentIndexChanged.connect(lambda _: self.refresh())
        body = QWidget()
        body.setObjectName("patience_body")
        column = QVBoxLayout(body)
        column.setContentsMargins(6, 6, 6, 6)
        column.addWidget(self._box)
        column.addWidget(self._chart, 1)
        column.addWidget(_TextArea(self._text))
        self.setWidget(body)
        self._timer = QTimer(self)
        self._timer.setInterval(REFRESH_MS)
        self._timer.timeout.connect(self.refresh)

    def set_source(
        self, ends: EndStore, filter_: Callable[[], Filter], in_thread: InThread = in_this_thread
    ) -> None:
        """Use these ended requests, this way to get the present filter, and these threads."""
        self._ends, self._filter, self._in_thread = ends, filter_, in_thread
        self.refresh()

    def set_plan(self, plan: DelayPlan) -> None:
        """Use this plan of the delays that responses get."""
        self._plan = plan
        self.refresh()

    def set_note(self, note: str) -> None:
        """Say this too, in one sentence, until it is outdated; an empty one for nothing."""
        self._note = note
        self._show_text()

    def cancel(self) -> None:
        """Stop the estimate that is being made."""
        self._asked = None

    def refresh(self) -> None:
        """Estimate again, if the pane is seen and there is news. It is shown when it is made."""
        ends = self._ends
        if ends is None or not self.isVisible():
            return
        comparison = Comparison(self._box.currentData())
        filter_ = self._filter()
        asked = (comparison, filter_.expression, self._plan)
        if (asked, ends.changes) == self._seen:
            return
        if self._is_estimating:
            if asked != self._asked:  # what is being made is not wanted any more
                self._asked = None
            return
        now_s = time.monotonic()
        if self._seen is not None and asked == self._seen[0] and now_s < self._next_s:
            return
        if self._column_filter.expression != filter_.expression:
            self._column_filter = ColumnFilter(filter_)
        self._asked, self._seen = asked, (asked, ends.changes)
        self._is_estimating = True
        made = partial(self._estimates, asked, ends.blocks(), comparison, ends.left_out)
        self._in_thread(made, self._show, self._end)

    def _estimates(
        self,
        asked: tuple[object, ...],
        blocks: list[EndColumns],
        comparison: Comparison,
        left_out: int,
    ) -> Iterator[Estimate]:
        """Yield the estimate, in another thread, unless it is cancelled."""
        began_s = time.monotonic()
        plan, random = self._plan, Random(1)  # the same sample each time: nothing flickers
        delays = expected_delays_s(plan, SAMPLED, random), plan.words
        made = estimate(
            blocks,
            comparison,
            self._column_filter,
            delays,
            left_out,
            lambda: self._asked is not asked,
        )
        self._took_s = time.monotonic() - began_s
        if made is not None:
            yield made

    def _show(self, made: Estimate) -> None:
        self._made = made.text
        self._show_text()
        self._draw(made.curves)

    def _end(self, error: BaseException | None) -> None:
        self._next_s = time.monotonic() + _PAUSES * self._took_s
        self._is_estimating = False
        if error is not None:
            raise error
        if self._asked is None:
            self._seen = None
            self.refresh()

    def _show_text(self) -> None:
        lines = [line for line in (*self._made.split("\n"), self._note) if line]
        self._text.setText("\n".join(cut(visible(line), _LINE) for line in lines))

    def showEvent(self, event: QShowEvent | None) -> None:
        """Start estimating, which costs time only while it is seen."""
        super().showEvent(event)
        self._timer.start()
        self._next_s = 0.0
        self.refresh()
        self.shown.emit()

    def hideEvent(self, event: QHideEvent | None) -> None:
        """Stop estimating what nobody sees."""
        super().hideEvent(event)
        self._timer.stop()
        self.cancel()

    def _draw(self, curves: list[Curve]) -> None:
        has_bands = len(curves) <= 2  # more of them would hide one another
        lines = [
            _steps(curve, colour, has_bands)
            for curve, colour in zip(curves, _COLOURS, strict=False)
            if curve.curve.events or (len(curves) > 1 and curve.curve.censored)
        ]
        self._fit_chart(len(lines))
        typical_s = self._plan.typical_s
        end_s = max([min(typical_s * 1.1, 3_600.0), *(line.edges[-1] for line in lines)])
        self._chart.set_lines(lines, (0.0, end_s or 1.0))
        self._chart.set_marker(typical_s, "delay")

    def _fit_chart(self, lines: int) -> None:
        """Leave room for the plot beside the names and the counts of so many lines."""
        rows = _CHART_LINES + 2 * max(0, lines - 1)
        self._chart.setMinimumHeight(rows * self.fontMetrics().lineSpacing())


class _TextArea(QScrollArea):
    """Shows a text, as high as it needs; if there is less room, it scrolls.

    Args:
        text: The text.
    """

    def __init__(self, text: QLabel) -> None:
        super().__init__()
        self._text = text
        self.setObjectName("patience_text_area")
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setWidgetResizable(True)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        self.setWidget(text)

    def sizeHint(self) -> QSize:
        """Ask for the whole text at the present width; Qt would ask for a fixed size."""
        width = max(self.width(), 100)
        return QSize(200, max(self._text.heightForWidth(width), self.minimumSizeHint().height()))

    def minimumSizeHint(self) -> QSize:
        """Ask for a few lines at least: the rest scrolls."""
        return QSize(100, 4 * self.fontMetrics().lineSpacing())

    def resizeEvent(self, event: QResizeEvent | None) -> None:
        """Update the height, which depends on the width."""
        super().resizeEvent(event)
        self.updateGeometry()

    def eventFilter(self, watched: QObject | None, event: QEvent | None) -> bool:
        """Update the height, which depends on text and font."""
        if event is not None and event.type() == QEvent.Type.LayoutRequest:
            self.updateGeometry()
        return super().eventFilter(watched, event)


def _steps(of: Curve, colour: LineColour, has_band: bool) -> Steps:
    """Return a curve from 0 to the longest wait, in per cent, with at most `DRAWN` falls."""
    name, curve, at_risk = of
    falls = len(curve.times_s)
    drawn = min(falls, DRAWN)
    places = [falls * (step + 1) // drawn - 1 for step in range(drawn)]
    edges = [0.0, *(curve.times_s[place] for place in places), curve.longest_s]
    share, low, high = (
        [100.0, *(100 * values[place] for place in places)]
        for values in (curve.share, curve.low, curve.high)
    )
    return Steps(name, edges, share, colour, (low, high) if has_band else None, at_risk)
