"""Ask for the parameters of one kind of delay."""

from __future__ import annotations

from PyQt5.QtCore import QEvent, Qt, pyqtSignal
from PyQt5.QtGui import QPalette
from PyQt5.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from monitorapp.core.chance.parametric import parameters, parse
from monitorapp.core.delay.delay import DelayPlan
from monitorapp.core.text.visible import cut, visible
from monitorapp.ui.delay.curve import DelayCurve
from monitorapp.ui.widgets.message_bar import Severity


class DelayDialog(QDialog):
    """Has a field for each parameter, and shows the curve of what is entered.

    What is invalid is explained as it is typed; only a valid plan can be used.

    Args:
        plan: What to begin with; its type is the kind that is asked for.
        parent: The dialog is on top of its window.

    Signals:
        plan_chosen(object): Emitted with the `DelayPlan` that is to be in force.
    """

    plan_chosen = pyqtSignal(object)

    def __init__(self, plan: DelayPlan, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("delay_dialog")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(f"{plan.TITLE} delay")
        self._plan = plan
        self._fields: dict[str, QLineEdit] = {}

        form = QFormLayout()
        for each in parameters(type(plan)):
            field = QLineEdit(f"{getattr(plan, each.name):.12g}")
            field.setObjectName(f"delay_{each.name}")
            unit = " (s)" if each.unit == "s" else ""
            field.setAccessibleName(f"{each.title}{' in seconds' if unit else ''}")
            field.setToolTip(f"{each.meaning}{'; in seconds, such as 1.5' if unit else ''}")
            field.setMaxLength(40)
            field.textChanged.connect(self._take_text)
            self._fields[each.name] = field
            form.addRow(f"{each.title}{unit}", field)
        self._curve = DelayCurve(plan, self)
        explanation = self._label("delay_explanation", plan.EXPLANATION)
        self._problem = self._label("delay_problem", "")
        self._buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel)
        self._use = QPushButton("&Use")
        self._use.setObjectName("delay_use")
        self._use.setToolTip("Use this plan for the delays of new requests")
        self._buttons.addButton(self._use, QDialogButtonBox.ButtonRole.AcceptRole)
        self._use.setDefault(True)
        cancel = self._buttons.button(QDialogButtonBox.StandardButton.Cancel)
        if cancel is not None:
            cancel.setObjectName("delay_cancel")
            cancel.setAutoDefault(False)  # Enter in a field must never take it
            cancel.setToolTip("Keep the present delay (Esc)")
        self._buttons.accepted.connect(self._choose)
        self._buttons.rejected.connect(self.reject)

        column = QVBoxLayout(self)
        column.setSpacing(10)
        column.addWidget(explanation)
        column.addLayout(form)
        column.addWidget(self._curve, 1)
        column.addWidget(self._problem)
        column.addWidget(self._buttons)
        self._keep_room()
        self._take_palette()

    @property
    def plan(self) -> DelayPlan:
        """The last valid plan that was entered."""
        return self._plan

    def changeEvent(self, event: QEvent | None) -> None:
        """Show the problem in the colours of a new palette."""
        super().changeEvent(event)
        if event is not None and event.type() == QEvent.Type.PaletteChange:
            self._take_palette()

    def _label(self, name: str, text: str) -> QLabel:
        label = QLabel(text)
        label.setObjectName(name)
        label.setTextFormat(Qt.TextFormat.PlainText)
        label.setWordWrap(True)
        return label

    def _keep_room(self) -> None:
        """Have room for a sentence of two lines, so that nothing jumps when one appears."""
        self._problem.setMinimumHeight(2 * self.fontMetrics().lineSpacing())
        self._problem.setAlignment(Qt.AlignmentFlag.AlignTop)
        self.setMinimumWidth(380)

    def _take_text(self) -> None:
        try:
            plan = parse(
                type(self._plan), {name: field.text() for name, field in self._fields.items()}
            )
        except ValueError as problem:
            self._problem.setText(cut(visible(str(problem)), 200))
            self._use.setEnabled(False)
        else:
            self._plan = plan
            self._problem.clear()
            self._use.setEnabled(True)
            self._curve.set_plan(plan)

    def _choose(self) -> None:
        if self._use.isEnabled():
            self.plan_chosen.emit(self._plan)
            self.accept()

    def _take_palette(self) -> None:
        palette = QPalette(self.palette())
        palette.setColor(QPalette.ColorRole.WindowText, Severity.ERROR.accent(self.palette()))
        self._problem.setPalette(palette)
