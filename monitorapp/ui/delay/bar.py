"""Change the delay of the requests to come: step, type, take a preset, or another kind."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from PyQt5.QtCore import QEvent, QSignalBlocker, QSize, Qt, pyqtSignal
from PyQt5.QtGui import QKeySequence
from PyQt5.QtWidgets import (
    QAction,
    QCheckBox,
    QHBoxLayout,
    QLabel,
    QSizePolicy,
    QToolButton,
    QWidget,
)

from monitorapp.core.chance.distribution import Fixed
from monitorapp.core.delay.delay import MAX_DELAY_S, MIN_DELAY_S, PRESETS_S, DelayPlan
from monitorapp.core.delay.sweep import SweepDelay
from monitorapp.core.text.format import long_seconds, seconds
from monitorapp.ui.delay.dialog import DelayDialog
from monitorapp.ui.delay.kind_button import DelayKindButton
from monitorapp.ui.delay.spin_box import DelaySpinBox
from monitorapp.ui.widgets.icons import icon

_WIDEST_WORDS: Final = "log-normal, median 2.5 s, spread 2.5"  # longer ones are elided


class DelayBar(QWidget):
    """The kind of the delay, with a minus, a plus and presets for a fixed one.

    Another kind shows its words in their place; its parameters are asked for in a dialog. A preset
    makes the delay a fixed one again. Minus and plus go in steps of 0.5 s below 5 s, 1 s below 30 s
    and 5 s above (see `delay_spin_box.stepped`). The preset that equals the delay is marked. The
    actions can be put into a menu as well.

    Signals:
        plan_changed(object): Delays shall be found by this `DelayPlan` from now on; the same one
            again when a sweep shall begin again.
        reschedule_requested(): The requests that wait shall have new delays as well. Comes after
            each `plan_changed` while "Also for waiting requests" is checked.
        refused(str): Why what the person typed does not count, in one sentence.

    Attributes:
        minus_action: One step down; Ctrl+-.
        plus_action: One step up; Ctrl++.
        preset_actions: One for each of `PRESETS_S`; Alt+1 and so on.
        kind_button: Shows the present plan and has the actions of the kinds.
    """

    plan_changed = pyqtSignal(object)
    reschedule_requested = pyqtSignal()
    refused = pyqtSignal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("delay_bar")
        self.setAccessibleName("Delay")

        self._spin_box = DelaySpinBox(self)
        self._spin_box.setButtonSymbols(
            DelaySpinBox.ButtonSymbols.NoButtons
        )  # minus and plus are beside it
        self._spin_box.valueChanged.connect(self._changed)
        self._spin_box.refused.connect(self.refused)

        self._plan: DelayPlan = Fixed(self._spin_box.value())
        self._progress = 0.0
        self._plans: dict[type[DelayPlan], DelayPlan] = {}  # the last of each kind

        self._label = QLabel("&Delay", self)
        self._label.setTextFormat(Qt.TextFormat.PlainText)
        self._label.setObjectName("delay_label")
        self.kind_button = DelayKindButton(self._plan, self)
        self.kind_button.kind_chosen.connect(self._choose_kind)
        self.kind_button.parameters_requested.connect(self._ask_parameters)
        self.kind_button.restart_requested.connect(lambda: self._take(self._plan))
        self._also_waiting = QCheckBox("Also for waiting requests", self)
        self._also_waiting.setObjectName("also_waiting_check")
        self._also_waiting.setAccessibleName("Also for waiting requests")
        self._also_waiting.setToolTip(
            "Let a change of the delay count for the requests that wait already, too"
        )

        self.minus_action = self._action(
            "delay_minus", "Shorter Delay", "Shorten the delay by a step", ["Ctrl+-"], self._minus
        )
        self.plus_action = self._action(
            "delay_plus",
            "Longer Delay",
            "Lengthen the delay by a step",
            ["Ctrl++", "Ctrl+="],
            self._plus,
        )
        self.preset_actions = [
            self._preset(number, preset_s) for number, preset_s in enumerate(PRESETS_S, 1)
        ]

        self._lay_out()
        # Their buttons are hidden at times, the shortcuts work all the same.
        self.addActions(
            [
                *self.preset_actions,
                self.kind_button.parameters_action,
                self.kind_button.restart_action,
            ]
        )
        self._set_icons()
        self._show()

    @property
    def plan(self) -> DelayPlan:
        """The plan shown."""
        return self._plan

    @property
    def fixed_s(self) -> float:
        """The present or last fixed delay, in seconds."""
        return self._spin_box.value()

    @property
    def delay_s(self) -> float:
        """The delay to expect now, in seconds.

        It is the delay of a fixed plan, where a sweep is now, and the median of a distribution.
        """
        if isinstance(self._plan, SweepDelay):
            return self._plan.delay_s_after(self._progress)
        return self._plan.typical_s

    def set_delay_s(self, delay_s: float) -> None:
        """Show a fixed delay that is already in force; no signal is sent.

        Raises:
            ValueError: It is not a possible delay.
        """
        self.set_plan(Fixed(delay_s))

    def set_plan(self, plan: DelayPlan) -> None:
        """Show a plan that is already in force, at its beginning; no signal is sent."""
        self._plan = self._plans[type(plan)] = plan
        self._progress = 0.0
        if isinstance(plan, Fixed):
            with QSignalBlocker(self._spin_box):
                self._spin_box.setValue(plan.duration_s)
        self._show()

    def set_progress(self, progress: float) -> None:
        """Show how much of a sweep is over, from 0 to 1."""
        if isinstance(self._plan, SweepDelay) and progress != self._progress:
            self._progress = progress
            self._show_progress()

    def _lay_out(self) -> None:
        self._fixed = QWidget(self)
        steps = _row(
            2,
            self._button(self.minus_action, repeats=True),
            self._spin_box,
            self._button(self.plus_action, repeats=True),
        )
        presets = _row(2, *(self._button(action, repeats=False) for action in self.preset_actions))
        fixed = _row(4)
        fixed.addLayout(steps)
        fixed.addLayout(presets)
        self._fixed.setLayout(fixed)

        self._words = self._button(self.kind_button.parameters_action, repeats=False)
        self._words.setObjectName("delay_words")
        # It would keep the window wide, or hide "Interrupt one".
        self._words.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self._words.setMinimumWidth(self.fontMetrics().horizontalAdvance("log-normal, 2 s"))
        self._words.setMaximumWidth(self.fontMetrics().horizontalAdvance(_WIDEST_WORDS) + 12)
        self._now = QLabel(self)
        self._now.setTextFormat(Qt.TextFormat.PlainText)
        self._now.setObjectName("delay_now")
        self._now.setAccessibleName("Present delay of the sweep")
        self._restart = self._button(self.kind_button.restart_action, repeats=False)
        self._varied = QWidget(self)
        self._varied.setLayout(_row(6, self._words, self._now, self._restart))

        row = _row(4, self._label, self.kind_button, self._fixed, self._varied, self._also_waiting)
        self.setLayout(row)

    def _action(
        self, name: str, text: str, tooltip: str, shortcuts: list[str], slot: Callable[[], None]
    ) -> QAction:
        action = QAction(text, self)
        action.setObjectName(f"{name}_action")
        action.setShortcuts([QKeySequence(shortcut) for shortcut in shortcuts])
        shown = action.shortcut().toString(QKeySequence.SequenceFormat.NativeText)
        action.setToolTip(f"{tooltip} ({shown})")
        action.triggered.connect(lambda: slot())
        return action

    def _preset(self, number: int, preset_s: float) -> QAction:
        def take() -> None:
            if self._plan != Fixed(preset_s):
                self._take(Fixed(preset_s))
            self._mark()  # pressing the marked one changes nothing, but unchecks it

        delay = long_seconds(preset_s)
        action = self._action(
            f"delay_preset_{preset_s:g}".replace(".", "_"),
            f"Delay {delay}",
            f"Answer after {delay}",
            [f"Alt+{number}"],
            take,
        )
        action.setIconText(f"{preset_s:g}")
        action.setCheckable(True)
        action.setAutoRepeat(False)
        return action

    def _button(self, action: QAction, *, repeats: bool) -> QToolButton:
        button = QToolButton(self)
        button.setObjectName(action.objectName().removesuffix("_action"))
        button.setDefaultAction(action)
        button.setAccessibleName(action.text().replace("&", ""))
        button.setAutoRaise(True)
        button.setAutoRepeat(repeats)
        button.setIconSize(QSize(16, 16))
        return button

    def _minus(self) -> None:
        self._spin_box.stepBy(-1)

    def _plus(self) -> None:
        self._spin_box.stepBy(1)

    def _changed(self, delay_s: float) -> None:
        self._take(Fixed(delay_s))

    def _take(self, plan: DelayPlan) -> None:
        self.set_plan(plan)
        self.plan_changed.emit(plan)
        if self._also_waiting.isChecked():
            self.reschedule_requested.emit()

    def _choose_kind(self, plan_type: type[DelayPlan]) -> None:
        if plan_type is not Fixed:
            self._ask(self._plans.get(plan_type, plan_type()))
        elif not isinstance(self._plan, Fixed):
            self._take(Fixed(self.fixed_s))

    def _ask_parameters(self) -> None:
        if not isinstance(self._plan, Fixed):
            self._ask(self._plan)

    def _ask(self, plan: DelayPlan) -> None:
        dialog = DelayDialog(plan, self)
        dialog.plan_chosen.connect(self._take)
        dialog.open()

    def _show(self) -> None:
        is_fixed = isinstance(self._plan, Fixed)
        self._fixed.setVisible(is_fixed)
        self._varied.setVisible(not is_fixed)
        self._label.setBuddy(self._spin_box if is_fixed else self._words)
        self._words.setAccessibleDescription(self._plan.words)
        self._now.setVisible(isinstance(self._plan, SweepDelay))
        self._restart.setVisible(isinstance(self._plan, SweepDelay))
        self._show_progress()
        self._mark()

    def _show_progress(self) -> None:
        self.kind_button.set_plan(self._plan, self._progress)
        if isinstance(self._plan, SweepDelay):
            self._now.setText(f"now {seconds(self.delay_s, 1)}")
            self._now.setToolTip(f"{self._progress:.0%} of the sweep is over")

    def _mark(self) -> None:
        is_fixed, delay_s = isinstance(self._plan, Fixed), self.fixed_s
        self.minus_action.setEnabled(is_fixed and delay_s > MIN_DELAY_S)
        self.plus_action.setEnabled(is_fixed and delay_s < MAX_DELAY_S)
        for action, preset_s in zip(self.preset_actions, PRESETS_S, strict=True):
            action.setChecked(is_fixed and delay_s == preset_s)

    def _set_icons(self) -> None:
        palette = self.palette()
        self.kind_button.restart_action.setIcon(icon("restart", palette))
        self.minus_action.setIcon(icon("minus", palette))
        self.plus_action.setIcon(icon("plus", palette))

    def changeEvent(self, event: QEvent | None) -> None:
        """Draw the icons anew when the palette changes."""
        super().changeEvent(event)
        if event is not None and event.type() == QEvent.Type.PaletteChange:
            self._set_icons()


def _row(spacing_px: int, *widgets: QWidget) -> QHBoxLayout:
    row = QHBoxLayout()
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(spacing_px)
    for widget in widgets:
        row.addWidget(widget)
    return row
