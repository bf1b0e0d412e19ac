"""A pane that shows how long clients wait."""

from __future__ import annotations

from collections.abc import Callable
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
from monitorapp.core.filter.language import EVERYTHING, Filter
from monitorapp.core.statistics.survival import SurvivalCurve, survival_curve
from monitorapp.core.statistics.waits import Comparison, Patience
from monitorapp.core.statistics.wording import NO_EVENT, patience_text
from monitorapp.core.text.visible import cut, visible
from monitorapp.ui.charts.chart import Chart
from monitorapp.ui.charts.series import Axes, LineColour, Steps

REFRESH_MS: Final = 1_000
"""How often the pane looks for news to estimate again, in milliseconds."""

DRAWN: Final = 400
"""Steps of a curve that are drawn: as many as there are pixels."""

SAMPLED: Final = 200
"""Delays that stand for a distribution of them."""

_CHART_LINES: Final = 10  # as high as so many lines of text is the chart at least
_COLOURS: Final = (LineColour.BLUE, LineColour.ORANGE, LineColour.GREEN, LineColour.PURPLE)


class PatiencePane(QDockWidget):
    """Shows the share of clients that is still waiting after a time, and what that means.

    It estimates only while it is seen.

    Attributes:
        toggle_action: Shows or hides the pane.

    Signals:
        status_message(str): Emitted with something worth a line in the status bar.
    """

    status_message = pyqtSignal(str)

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
        self._patience: Patience | None = None
        self._filter: Callable[[], Filter] = lambda: EVERYTHING
        self._plan: DelayPlan = Fixed()
        self._seen: tuple[object, ...] = ()
        self._chart = Chart(
            "patience_chart",
            "Share of clients still waiting",
            Axes("Still waiting (%) by time waited", x_unit="s", y_unit="%", y_high=100.0),
            "No client has left by itself yet.",
        )
        self._chart.setToolTip("The share of clients that still wait, by time waited")
        self._chart.setMinimumHeight(_CHART_LINES * self.fontMetrics().lineSpacing())
        self._chart.status_message.connect(self.status_message)
        self._box = QComboBox()
        self._box.setObjectName("patience_comparison")
        self._box.setAccessibleName("Whose patience is shown")
        self._box.setToolTip(
            "Whose patience is shown. Of answered requests only path and client are known,\n"
            "so only terms of the filter about these two apply here"
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

    def set_source(self, patience: Patience, filter_: Callable[[], Filter]) -> None:
        """Use the waits of this source, and this way to get the present filter."""
        self._patience, self._filter = patience, filter_
        self.refresh()

    def set_plan(self, plan: DelayPlan) -> None:
        """Use this plan of the delays that responses get."""
        self._plan = plan
        self.refresh()

    def refresh(self) -> None:
        """Show the present estimate, if the pane is seen and there is news."""
        if self._patience is None or not self.isVisible():
            return
        comparison = Comparison(self._box.currentData())
        filter_ = self._filter()
        news = (self._patience.changes, comparison, filter_.expression, self._plan)
        if news == self._seen:
            return
        self._seen = news
        groups = self._patience.groups(comparison, filter_)
        random = Random(1)  # the same sample each time, so that nothing flickers
        delays_s = expected_delays_s(self._plan, SAMPLED, random)
        words = self._plan.words
        self._text.setText(
            "\n".join(
                cut(visible(line), 200)
                for line in patience_text(groups, delays_s, words).split("\n")
            )
        )
        self._draw([(name, survival_curve(waits)) for name, waits in groups])

    def showEvent(self, event: QShowEvent | None) -> None:
        """Start estimating, which costs time only while it is seen."""
        super().showEvent(event)
        self._timer.start()
        self._seen = ()
        self.refresh()

    def hideEvent(self, event: QHideEvent | None) -> None:
        """Stop estimating what nobody sees."""
        super().hideEvent(event)
        self._timer.stop()

    def _draw(self, curves: list[tuple[str, SurvivalCurve]]) -> None:
        has_bands = len(curves) <= 2  # more of them would hide one another
        lines = [
            _steps(name, curve, colour, has_bands)
            for (name, curve), colour in zip(curves, _COLOURS, strict=False)
            if curve.events
        ]
        typical_s = self._plan.typical_s
        end_s = max([min(typical_s * 1.1, 3_600.0), *(line.edges[-1] for line in lines)])
        self._chart.set_lines(lines, (0.0, end_s or 1.0))
        self._chart.set_marker(typical_s, "delay")


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


def _steps(name: str, curve: SurvivalCurve, colour: LineColour, has_band: bool) -> Steps:
    """Return a curve from 0 to the longest wait, in per cent, with at most `DRAWN` falls."""
    falls = len(curve.times_s)
    drawn = min(falls, DRAWN)
    places = [falls * (step + 1) // drawn - 1 for step in range(drawn)]
    edges = [0.0, *(curve.times_s[place] for place in places), curve.longest_s]
    share, low, high = (
        [100.0, *(100 * values[place] for place in places)]
        for values in (curve.share, curve.low, curve.high)
    )
    return Steps(name, edges, share, colour, (low, high) if has_band else None)
