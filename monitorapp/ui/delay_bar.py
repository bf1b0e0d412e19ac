"""Change the delay of the requests to come: step, type, or take a preset."""

from __future__ import annotations

from collections.abc import Callable

from PyQt5.QtCore import QEvent, QSignalBlocker, QSize, Qt, pyqtSignal
from PyQt5.QtGui import QKeySequence
from PyQt5.QtWidgets import QAction, QHBoxLayout, QLabel, QToolButton, QWidget

from monitorapp.core.delay import MAX_DELAY_S, MIN_DELAY_S, PRESETS_S
from monitorapp.ui.delay_spin_box import DelaySpinBox
from monitorapp.ui.icons import icon


class DelayBar(QWidget):
    """The delay in seconds with a minus, a plus and presets.

    Minus and plus go in steps of 0.5 s below 5 s, 1 s below 30 s and 5 s above (see
    `delay_spin_box.stepped`). The preset that equals the delay is marked. The actions can be
    put into a menu as well.

    Signals:
        delay_changed(float): The person changed the delay to this many seconds.
        refused(str): Why what the person typed does not count, in one sentence.

    Attributes:
        minus_action: One step down; Ctrl+-.
        plus_action: One step up; Ctrl++.
        preset_actions: One for each of `PRESETS_S`; Alt+1 and so on.
    """

    delay_changed = pyqtSignal(float)
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

        label = QLabel("&Delay", self)
        label.setTextFormat(Qt.TextFormat.PlainText)
        label.setObjectName("delay_label")
        label.setBuddy(self._spin_box)

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

        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(6)
        row.addWidget(label)
        row.addLayout(
            _group(
                self._button(self.minus_action, repeats=True),
                self._spin_box,
                self._button(self.plus_action, repeats=True),
            )
        )
        row.addLayout(
            _group(*(self._button(action, repeats=False) for action in self.preset_actions))
        )
        self._set_icons()
        self._mark()

    @property
    def delay_s(self) -> float:
        """The delay shown, in seconds."""
        return self._spin_box.value()

    def set_delay_s(self, delay_s: float) -> None:
        """Show a delay that is already in force; no signal is sent.

        Raises:
            ValueError: It is not a possible delay.
        """
        with QSignalBlocker(self._spin_box):
            self._spin_box.setValue(delay_s)
        self._mark()

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
            self._spin_box.setValue(preset_s)
            self._mark()  # pressing the marked one changes nothing, but unchecks it

        unit = "second" if preset_s == 1 else "seconds"
        action = self._action(
            f"delay_preset_{preset_s:g}".replace(".", "_"),
            f"Delay {preset_s:g} {unit}",
            f"Answer after {preset_s:g} {unit}",
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
        button.setAccessibleName(action.text())
        button.setAutoRaise(True)
        button.setAutoRepeat(repeats)
        button.setIconSize(QSize(16, 16))
        return button

    def _minus(self) -> None:
        self._spin_box.stepBy(-1)

    def _plus(self) -> None:
        self._spin_box.stepBy(1)

    def _changed(self, delay_s: float) -> None:
        self._mark()
        self.delay_changed.emit(delay_s)

    def _mark(self) -> None:
        delay_s = self.delay_s
        self.minus_action.setEnabled(delay_s > MIN_DELAY_S)
        self.plus_action.setEnabled(delay_s < MAX_DELAY_S)
        for action, preset_s in zip(self.preset_actions, PRESETS_S, strict=True):
            action.setChecked(delay_s == preset_s)

    def _set_icons(self) -> None:
        palette = self.palette()
        self.minus_action.setIcon(icon("minus", palette))
        self.plus_action.setIcon(icon("plus", palette))

    def changeEvent(self, event: QEvent | None) -> None:
        """Draw the icons anew when the palette changes."""
        super().changeEvent(event)
        if event is not None and event.type() == QEvent.Type.PaletteChange:
            self._set_icons()


def _group(*widgets: QWidget) -> QHBoxLayout:
    row = QHBoxLayout()
    row.setSpacing(2)
    for widget in widgets:
        row.addWidget(widget)
    return row
