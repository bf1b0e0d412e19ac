"""A button that shows how the delays are found, with a menu of other ways."""

from __future__ import annotations

from typing import Final

from PyQt5.QtCore import QRectF, QSize, Qt, pyqtSignal
from PyQt5.QtGui import QPainter, QPaintEvent
from PyQt5.QtWidgets import (
    QAction,
    QActionGroup,
    QMenu,
    QStyle,
    QStyleOptionToolButton,
    QStylePainter,
    QToolButton,
    QWidget,
)

from monitorapp.core.chance.distribution import Fixed
from monitorapp.core.delay.delay import DelayPlan
from monitorapp.core.delay.plans import PLAN_TYPES
from monitorapp.core.delay.sweep import SweepDelay
from monitorapp.ui.delay._controls import new_action
from monitorapp.ui.delay.curve import draw_delay_curve, in_words

_CURVE_PX: Final = QSize(90, 26)
_ARROW_PX: Final = 12
_MARGIN_PX: Final = 3


class DelayKindButton(QToolButton):
    """Draws the present plan; its menu offers the other kinds.

    Signals:
        kind_chosen(object): Emitted with the type of plan by which delays are to be found.
        parameters_requested(): Emitted when the user wants to change the parameters of the plan.
        restart_requested(): Emitted when the present sweep is to begin again.

    Attributes:
        kind_actions: One for each type of plan; that of the present plan is checked.
        parameters_action: Asks for the parameters; Ctrl+Alt+D.
        restart_action: Begins a sweep again; Ctrl+Alt+R.
    """

    kind_chosen = pyqtSignal(object)
    parameters_requested = pyqtSignal()
    restart_requested = pyqtSignal()

    def __init__(self, plan: DelayPlan, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("delay_kind_button")
        self.setAccessibleName("Kind of delay")
        self.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.setAutoRaise(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.kind_actions: dict[type[DelayPlan], QAction] = {}
        menu = QMenu(self)
        menu.setObjectName("delay_kind_menu")
        group = QActionGroup(self)
        for plan_type in PLAN_TYPES:
            self.kind_actions[plan_type] = self._kind_action(plan_type, group)
        menu.addActions(list(self.kind_actions.values()))
        menu.addSeparator()
        self.parameters_action = new_action(
            self,
            "delay_parameters",
            "&Parameters…",
            "Change the parameters of this delay",
            "Ctrl+Alt+D",
        )
        self.parameters_action.triggered.connect(lambda: self.parameters_requested.emit())
        self.restart_action = new_action(
            self, "delay_restart", "&Restart sweep", "Start the sweep again", "Ctrl+Alt+R"
        )
        self.restart_action.triggered.connect(lambda: self.restart_requested.emit())
        for action in (self.parameters_action, self.restart_action):
            action.setAutoRepeat(False)
            menu.addAction(action)
        self.setMenu(menu)
        self._plan, self._progress = plan, 0.0
        self.set_plan(plan, 0.0)

    def set_plan(self, plan: DelayPlan, progress: float) -> None:
        """Show a plan and how much of a sweep is over, from 0 to 1."""
        self._plan, self._progress = plan, progress
        self.kind_actions[type(plan)].setChecked(True)
        self.parameters_action.setEnabled(not isinstance(plan, Fixed))
        self.restart_action.setEnabled(isinstance(plan, SweepDelay))
        words = in_words(plan, progress)
        self.parameters_action.setIconText(plan.words)
        self.parameters_action.setToolTip(f"{plan.words}. Press to change parameters (Ctrl+Alt+D)")
        self.setToolTip(f"Delay: {words}. Press to choose another kind")
        self.setAccessibleDescription(words)
        self.update()

    def sizeHint(self) -> QSize:
        """Ask for the size of the curve and the menu's arrow; Qt would measure a text."""
        return _CURVE_PX + QSize(_ARROW_PX + 2 * _MARGIN_PX, 2)

    def minimumSizeHint(self) -> QSize:
        """Ask for no less than the whole size: the curve does not shrink."""
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent | None) -> None:
        """Draw the curve on the button, in place of a text or an icon."""
        frame = QStylePainter(self)
        option = QStyleOptionToolButton()
        self.initStyleOption(option)
        option.features = QStyleOptionToolButton.ToolButtonFeature(
            int(option.features) & ~int(QStyleOptionToolButton.ToolButtonFeature.HasMenu)
        )  # its arrow would lie on the curve
        frame.drawComplexControl(QStyle.ComplexControl.CC_ToolButton, option)
        arrow = QStyleOptionToolButton(option)
        arrow.rect = self.rect().adjusted(self.width() - _ARROW_PX - _MARGIN_PX, 9, -_MARGIN_PX, -9)
        frame.drawPrimitive(QStyle.PrimitiveElement.PE_IndicatorArrowDown, arrow)
        frame.end()
        painter = QPainter(self)
        area = QRectF(self.rect()).adjusted(_MARGIN_PX, 1, -_MARGIN_PX - _ARROW_PX - 1, -1)
        try:
            draw_delay_curve(painter, area, self._plan, self._progress, self.palette())
        finally:
            painter.end()

    def _kind_action(self, plan_type: type[DelayPlan], group: QActionGroup) -> QAction:
        more = "" if plan_type is Fixed else "…"
        action = QAction(f"{plan_type.TITLE}{more}", group)
        action.setObjectName(f"delay_kind_{plan_type.KIND.replace('-', '_')}_action")
        action.setToolTip(f"Change the delay to the kind {plan_type.TITLE.lower()}")
        action.setCheckable(True)
        action.triggered.connect(lambda: self._choose(plan_type))
        return action

    def _choose(self, plan_type: type[DelayPlan]) -> None:
        self.kind_actions[type(self._plan)].setChecked(True)  # until it is in force
        self.kind_chosen.emit(plan_type)
