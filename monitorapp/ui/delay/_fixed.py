"""Change a fixed delay: step, type or take a preset."""

from __future__ import annotations

from PyQt5.QtCore import QEvent, QSignalBlocker, pyqtSignal
from PyQt5.QtWidgets import QAction, QWidget

from monitorapp.core.delay.delay import MAX_DELAY_S, MIN_DELAY_S, PRESETS_S
from monitorapp.core.text.format import long_seconds
from monitorapp.ui.delay._controls import new_action, row, tool_button
from monitorapp.ui.delay.spin_box import DelaySpinBox
from monitorapp.ui.widgets.icons import icon


class FixedControls(QWidget):
    """A field with a minus and a plus beside it, and presets.

    Minus and plus go in steps of 0.5 s below 5 s, 1 s below 30 s and 5 s above (see
    `monitorapp.ui.delay.spin_box.stepped`). The preset that equals the delay is marked.

    Attributes:
        minus_action: One step down; Ctrl+-.
        plus_action: One step up; Ctrl++.
        preset_actions: One for each of `PRESETS_S`; Alt+1 and so on. They work while another kind
            of delay is in force, too.
        spin_box: The field.

    Signals:
        chosen(float): Emitted with the delay that the user wants, in seconds; it may be the present
            one.
        refused(str): Emitted when what the user typed is invalid, with the reason in one sentence.
    """

    chosen = pyqtSignal(float)
    refused = pyqtSignal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.spin_box = DelaySpinBox(self)
        self.spin_box.setButtonSymbols(
            DelaySpinBox.ButtonSymbols.NoButtons
        )  # minus and plus are beside it
        self.spin_box.valueChanged.connect(self.chosen)
        self.spin_box.refused.connect(self.refused)
        self.minus_action = new_action(
            self, "delay_minus", "Shorter delay", "Shorten the delay by a step", "Ctrl+-"
        )
        self.minus_action.triggered.connect(lambda: self.spin_box.stepBy(-1))
        self.plus_action = new_action(
            self, "delay_plus", "Longer delay", "Lengthen the delay by a step", "Ctrl++", "Ctrl+="
        )
        self.plus_action.triggered.connect(lambda: self.spin_box.stepBy(1))
        self.preset_actions = [
            self._preset(number, preset_s) for number, preset_s in enumerate(PRESETS_S, 1)
        ]
        layout = row(4)
        minus, plus = (
            tool_button(action, self, repeats=True)
            for action in (self.minus_action, self.plus_action)
        )
        layout.addLayout(row(2, minus, self.spin_box, plus))
        layout.addLayout(row(2, *(tool_button(action, self) for action in self.preset_actions)))
        self.setLayout(layout)
        self._set_icons()

    @property
    def delay_s(self) -> float:
        """The present or last fixed delay, in seconds."""
        return self.spin_box.value()

    def set_delay_s(self, delay_s: float) -> None:
        """Show another fixed delay; no signal is sent.

        Raises:
            ValueError: It is not a possible delay.
        """
        with QSignalBlocker(self.spin_box):
            self.spin_box.setValue(delay_s)

    def mark(self, *, is_in_force: bool) -> None:
        """Mark the preset that equals the delay, and enable the steps that are possible."""
        delay_s = self.delay_s
        self.minus_action.setEnabled(is_in_force and delay_s > MIN_DELAY_S)
        self.plus_action.setEnabled(is_in_force and delay_s < MAX_DELAY_S)
        for action, preset_s in zip(self.preset_actions, PRESETS_S, strict=True):
            action.setChecked(is_in_force and delay_s == preset_s)

    def changeEvent(self, event: QEvent | None) -> None:
        """Draw the icons again when the palette changes."""
        super().changeEvent(event)
        if event is not None and event.type() == QEvent.Type.PaletteChange:
            self._set_icons()

    def _preset(self, number: int, preset_s: float) -> QAction:
        delay = long_seconds(preset_s)
        name = f"delay_preset_{preset_s:g}".replace(".", "_")
        action = new_action(self, name, f"Delay {delay}", f"Answer after {delay}", f"Alt+{number}")
        action.triggered.connect(lambda: self.chosen.emit(preset_s))
        action.setIconText(f"{preset_s:g}")
        action.setCheckable(True)
        action.setAutoRepeat(False)
        return action

    def _set_icons(self) -> None:
        self.minus_action.setIcon(icon("minus", self.palette()))
        self.plus_action.setIcon(icon("plus", self.palette()))
