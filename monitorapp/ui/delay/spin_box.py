"""A field for the delay in seconds that explains why it refuses what was typed."""

from __future__ import annotations

import math
from typing import Final

from PyQt5.QtCore import QLocale, Qt, pyqtSignal
from PyQt5.QtGui import QFocusEvent, QKeyEvent, QValidator, QWheelEvent
from PyQt5.QtWidgets import QDoubleSpinBox, QWidget

from monitorapp.core.delay.delay import MAX_DELAY_S, MIN_DELAY_S, check_delay, parse_delay
from monitorapp.core.text.visible import cut, visible

_LONGEST_INPUT: Final = 40
_DECIMALS: Final = 3
_SUFFIX: Final = " s"


def stepped(delay_s: float, steps: int) -> float:
    """Return the delay that many steps away, in seconds.

    A step goes to the next multiple of 0.5 s below 5 s, of 1 s below 30 s, and of 5 s above,
    and never beyond the limits of a delay.
    """
    for _ in range(abs(steps)):
        if steps > 0:
            step_s = 0.5 if delay_s < 5 else 1.0 if delay_s < 30 else 5.0
            delay_s = (math.floor(delay_s / step_s) + 1) * step_s
        else:
            step_s = 0.5 if delay_s <= 5 else 1.0 if delay_s <= 30 else 5.0
            delay_s = (math.ceil(delay_s / step_s) - 1) * step_s
        delay_s = min(max(delay_s, MIN_DELAY_S), MAX_DELAY_S)
    return delay_s


class DelaySpinBox(QDoubleSpinBox):
    """The delay in seconds, with milliseconds.

    Anything can be typed; it counts once Enter is pressed or the field is left. What is no
    delay is then taken back to the last good value, with the reason. The decimal point is a
    point whatever the system's locale. The wheel works only while the field has the focus.

    Signals:
        refused(str): Emitted when what was typed is invalid, with the reason in one sentence.
    """

    refused = pyqtSignal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("delay_spin_box")
        self.setAccessibleName("Delay in seconds")
        self.setToolTip("How long a request waits for its answer: 0 to 3600 seconds")
        locale = QLocale.c()
        locale.setNumberOptions(QLocale.OmitGroupSeparator)
        self.setLocale(locale)
        self.setDecimals(_DECIMALS)
        self.setRange(MIN_DELAY_S, MAX_DELAY_S)
        self.setSuffix(_SUFFIX)
        self.setKeyboardTracking(False)
        self.setAccelerated(True)
        self.setAlignment(Qt.AlignmentFlag.AlignRight)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def setValue(self, delay_s: float) -> None:
        """Show `delay_s`; an impossible one raises ValueError."""
        super().setValue(check_delay(delay_s))

    def textFromValue(self, delay_s: float) -> str:
        """Write three decimals after a point, whatever the system's locale."""
        return f"{delay_s:.{_DECIMALS}f}"

    def valueFromText(self, text: str | None) -> float:
        """Parse with a point in any locale; the present delay if `text` is none."""
        try:
            return _parse(text or "")
        except ValueError:
            return self.value()

    def validate(self, text: str | None, position: int) -> tuple[QValidator.State, str, int]:
        """Accept anything while it is typed: what is no delay is refused when the field is left."""
        text = text or ""
        try:
            _parse(text)
        except ValueError:
            return QValidator.State.Intermediate, text, position
        return QValidator.State.Acceptable, text, position

    def interpretText(self) -> None:
        """Take what was typed as the delay, or refuse it."""
        self._refuse_bad_text()
        super().interpretText()

    def stepBy(self, steps: int) -> None:
        """Take what was typed, then go `steps` steps up or down; see `stepped`."""
        self.interpretText()
        self.setValue(stepped(self.value(), steps))
        self.selectAll()

    def keyPressEvent(self, event: QKeyEvent | None) -> None:
        """Refuse bad text when Enter is pressed."""
        if event is not None and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._refuse_bad_text()
        super().keyPressEvent(event)

    def focusOutEvent(self, event: QFocusEvent | None) -> None:
        """Refuse bad text when the field is left."""
        self._refuse_bad_text()
        super().focusOutEvent(event)

    def wheelEvent(self, event: QWheelEvent | None) -> None:
        """Ignore the wheel without the focus, so that scrolling by never changes the delay."""
        if self.hasFocus():
            super().wheelEvent(event)
        elif event is not None:
            event.ignore()

    def _refuse_bad_text(self) -> None:
        line = self.lineEdit()
        if line is None:
            return
        try:
            _parse(line.text())
        except ValueError as reason:
            line.setText(self.textFromValue(self.value()) + _SUFFIX)
            super().interpretText()
            self.refused.emit(visible(str(reason)))


def _parse(text: str) -> float:
    # A pasted unit stands before the field's own suffix.
    text = text.removesuffix(_SUFFIX).strip().removesuffix(_SUFFIX.strip()).rstrip()
    return round(parse_delay(cut(text, _LONGEST_INPUT)), _DECIMALS)
