"""Change the delay of the requests to come: a fixed one, or another kind."""

from __future__ import annotations

from PyQt5.QtCore import Qt, pyqtSignal
from PyQt5.QtWidgets import QCheckBox, QLabel, QWidget

from monitorapp.core.chance.distribution import Fixed
from monitorapp.core.delay.delay import DelayPlan
from monitorapp.core.delay.sweep import SweepDelay
from monitorapp.ui.delay._controls import row
from monitorapp.ui.delay._fixed import FixedControls
from monitorapp.ui.delay._varied import VariedControls
from monitorapp.ui.delay.dialog import DelayDialog
from monitorapp.ui.delay.kind_button import DelayKindButton


class DelayBar(QWidget):
    """The kind of the delay, with a minus, a plus and presets for a fixed one.

    Another kind shows its words in their place; its parameters are asked for in a dialog. A preset
    makes the delay a fixed one again. The actions can be put into a menu as well.

    Signals:
        plan_changed(object): Emitted with the `DelayPlan` by which delays are found from now on;
            the same one again when a sweep begins again.
        reschedule_requested(): Emitted after each `plan_changed` while "Also for waiting requests"
            is checked: the requests that wait get new delays as well.
        refused(str): Emitted when what the user typed is invalid, with the reason in one sentence.

    Attributes:
        minus_action: See `FixedControls`.
        plus_action: See `FixedControls`.
        preset_actions: See `FixedControls`.
        kind_button: Shows the present plan and has the actions of the kinds.
    """

    plan_changed = pyqtSignal(object)
    reschedule_requested = pyqtSignal()
    refused = pyqtSignal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("delay_bar")
        self.setAccessibleName("Delay")

        self._fixed = FixedControls(self)
        self._fixed.chosen.connect(self._choose_fixed)
        self._fixed.refused.connect(self.refused)
        self.minus_action = self._fixed.minus_action
        self.plus_action = self._fixed.plus_action
        self.preset_actions = self._fixed.preset_actions

        self._plan: DelayPlan = Fixed(self._fixed.delay_s)
        self._progress = 0.0
        self._plans: dict[type[DelayPlan], DelayPlan] = {}  # the last of each kind

        self._label = QLabel("&Delay", self)
        self._label.setTextFormat(Qt.TextFormat.PlainText)
        self._label.setObjectName("delay_label")
        self.kind_button = DelayKindButton(self._plan, self)
        self.kind_button.kind_chosen.connect(self._choose_kind)
        self.kind_button.parameters_requested.connect(self._ask_parameters)
        self.kind_button.restart_requested.connect(lambda: self._take(self._plan))
        self._varied = VariedControls(
            self.kind_button.parameters_action, self.kind_button.restart_action, self
        )
        self._also_waiting = QCheckBox("Also for waiting requests", self)
        self._also_waiting.setObjectName("also_waiting_check")
        self._also_waiting.setAccessibleName("Also for waiting requests")
        self._also_waiting.setToolTip(
            "Apply a change of the delay to the requests that already wait, too"
        )
        self.setLayout(
            row(4, self._label, self.kind_button, self._fixed, self._varied, self._also_waiting)
        )
        # The shortcuts must work while the buttons are hidden, too.
        self.addActions(
            [
                *self.preset_actions,
                self.kind_button.parameters_action,
                self.kind_button.restart_action,
            ]
        )
        self._show()

    @property
    def plan(self) -> DelayPlan:
        """The plan shown."""
        return self._plan

    @property
    def fixed_s(self) -> float:
        """The present or last fixed delay, in seconds."""
        return self._fixed.delay_s

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
            self._fixed.set_delay_s(plan.duration_s)
        self._show()

    def set_progress(self, progress: float) -> None:
        """Show how much of a sweep is over, from 0 to 1."""
        if isinstance(self._plan, SweepDelay) and progress != self._progress:
            self._progress = progress
            self._show_progress()

    def _choose_fixed(self, delay_s: float) -> None:
        if self._plan != Fixed(delay_s):
            self._take(Fixed(delay_s))
        self._mark()  # pressing the marked preset changes nothing, but unchecks it

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

    def _take(self, plan: DelayPlan) -> None:
        self.set_plan(plan)
        self.plan_changed.emit(plan)
        if self._also_waiting.isChecked():
            self.reschedule_requested.emit()

    def _show(self) -> None:
        is_fixed = isinstance(self._plan, Fixed)
        self._fixed.setVisible(is_fixed)
        self._varied.setVisible(not is_fixed)
        self._label.setBuddy(self._fixed.spin_box if is_fixed else self._varied.words)
        self._show_progress()
        self._mark()

    def _show_progress(self) -> None:
        self.kind_button.set_plan(self._plan, self._progress)
        self._varied.show_plan(self._plan, self._progress)

    def _mark(self) -> None:
        self._fixed.mark(is_in_force=isinstance(self._plan, Fixed))
