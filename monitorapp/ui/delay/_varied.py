"""Show a delay that is not fixed, in words."""

from __future__ import annotations

from typing import Final

from PyQt5.QtCore import QEvent, Qt
from PyQt5.QtWidgets import QAction, QLabel, QSizePolicy, QToolButton, QWidget

from monitorapp.core.delay.delay import DelayPlan
from monitorapp.core.delay.sweep import SweepDelay
from monitorapp.core.text.format import seconds
from monitorapp.ui.delay._controls import row, tool_button
from monitorapp.ui.widgets.icons import icon

_WIDEST_WORDS: Final = "log-normal, median 2.5 s, spread 2.5"  # longer ones are elided


class VariedControls(QWidget):
    """The plan in words, as a button; for a sweep also its progress, and a restart.

    Args:
        parameters: Asks for the numbers of the plan; its text is the words.
        restart: Begins a sweep again.

    Attributes:
        words: The button with the words.
    """

    def __init__(
        self, parameters: QAction, restart: QAction, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.words: QToolButton = tool_button(parameters, self)
        self.words.setObjectName("delay_words")
        # It would keep the window wide, or hide "Interrupt one".
        self.words.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.words.setMinimumWidth(self.fontMetrics().horizontalAdvance("log-normal, 2 s"))
        self.words.setMaximumWidth(self.fontMetrics().horizontalAdvance(_WIDEST_WORDS) + 12)
        self._now = QLabel(self)
        self._now.setTextFormat(Qt.TextFormat.PlainText)
        self._now.setObjectName("delay_now")
        self._now.setAccessibleName("Present delay of the sweep")
        self._restart = restart
        self._restart_button = tool_button(restart, self)
        self.setLayout(row(6, self.words, self._now, self._restart_button))
        self._set_icon()

    def show_plan(self, plan: DelayPlan, progress: float) -> None:
        """Show a plan, and how much of it is over if it is a sweep, from 0 to 1."""
        self.words.setAccessibleDescription(plan.words)
        is_sweep = isinstance(plan, SweepDelay)
        self._now.setVisible(is_sweep)
        self._restart_button.setVisible(is_sweep)
        if isinstance(plan, SweepDelay):
            self._now.setText(f"now {seconds(plan.delay_s_after(progress), 1)}")
            self._now.setToolTip(f"{progress:.0%} of the sweep is over")

    def changeEvent(self, event: QEvent | None) -> None:
        """Draw the icon again when the palette changes."""
        super().changeEvent(event)
        if event is not None and event.type() == QEvent.Type.PaletteChange:
            self._set_icon()

    def _set_icon(self) -> None:
        self._restart.setIcon(icon("restart", self.palette()))
