"""How many requests are waiting, were answered and were interrupted, and the reactor's lag."""

from __future__ import annotations

import re
from typing import Final

from PyQt5.QtCore import QEvent, Qt
from PyQt5.QtWidgets import QHBoxLayout, QLabel, QWidget

from monitorapp.core.text.format import grouped, milliseconds, plural

_DIGIT: Final = re.compile("[0-9]")
_INTERRUPTED: Final = (
    "Requests whose client left before the answer; their share of all that were answered"
    " or interrupted"
)


def interrupted_text(answered: int, interrupted: int) -> str:
    """Return such as `Interrupted 57 (14 %)`: the share of all that came to an end.

    There is no share while there are none; `<1 %` and `>99 %` where it rounds to none or all
    but is not.
    """
    ended = answered + interrupted
    text = f"Interrupted {grouped(interrupted)}"
    if not ended:
        return text
    percent = (200 * interrupted + ended) // (2 * ended)
    if interrupted and not percent:
        return f"{text} (<1 %)"
    if answered and percent == 100:
        return f"{text} (>99 %)"
    return f"{text} ({percent} %)"


class Counters(QWidget):
    """A line of counts."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("counters")
        self.setAccessibleName("Counts of requests")
        self._waiting = self._label("counter_waiting", "Requests that wait for their answer now")
        self._answered = self._label("counter_answered", "Requests that got their whole answer")
        self._interrupted = self._label("counter_interrupted", _INTERRUPTED)
        self._lag = self._label(
            "counter_lag",
            "How late the server's event loop runs: now, and at its worst in the last 5 s. Clients"
            " that leave are noticed that much later",
        )
        self._outcomes = self._label(
            "counter_outcomes",
            "Interrupted requests whose work kept running, and those whose response was finished"
            " after the disconnect, which is an error",
        )
        self._outcomes.hide()
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(18)
        for label in self._labels():
            row.addWidget(label)
        row.addStretch(1)
        self.set_counts(0, 0, 0)
        self.set_lag(0.0, 0.0)

    def set_counts(self, waiting: int, answered: int, interrupted: int) -> None:
        """Show these counts; a label whose text stays the same is not touched."""
        _show(self._waiting, f"Waiting {grouped(waiting)}")
        _show(self._answered, f"Answered {grouped(answered)}")
        _show(self._interrupted, interrupted_text(answered, interrupted))

    def set_outcomes(self, went_on: int, crashed: int, unlogged: int) -> None:
        """Show how many interrupted requests kept running, finished late, and were not logged."""
        counts = (("Kept running", went_on), ("Finished late", crashed))
        text = ", ".join(f"{name} {grouped(count)}" for name, count in counts if count)
        if text:
            _show(self._outcomes, text)
        self._outcomes.setVisible(bool(text))
        tooltip = _INTERRUPTED
        if unlogged:
            of_them = plural(unlogged, "of them was", "of them were")
            tooltip += f". {of_them} not logged, and so without a row"
        if tooltip != self._interrupted.toolTip():
            self._interrupted.setToolTip(tooltip)
            self._interrupted.setAccessibleDescription(tooltip)

    def set_lag(self, now_s: float, worst_s: float) -> None:
        """Show how late the event loop runs, in seconds: now, and at its worst lately."""
        _show(self._lag, f"Reactor lag {milliseconds(now_s)} (worst {milliseconds(worst_s)})")

    def changeEvent(self, event: QEvent | None) -> None:
        """Measure the texts again when the font changes."""
        super().changeEvent(event)
        if event is not None and event.type() == QEvent.Type.FontChange:
            for label in self._labels():
                label.setMinimumWidth(_width_px(label, label.text()))

    def _labels(self) -> tuple[QLabel, ...]:
        return self._waiting, self._answered, self._interrupted, self._outcomes, self._lag

    def _label(self, name: str, tooltip: str) -> QLabel:
        label = QLabel(self)
        label.setObjectName(name)
        label.setTextFormat(Qt.TextFormat.PlainText)
        label.setToolTip(tooltip)
        label.setAccessibleDescription(tooltip)
        return label


def _show(label: QLabel, text: str) -> None:
    if label.text() == text:
        return
    # It only grows: what stands to the right stays where it is while digits change.
    label.setMinimumWidth(max(label.minimumWidth(), _width_px(label, text)))
    label.setText(text)
    label.setAccessibleName(text)


def _width_px(label: QLabel, text: str) -> int:
    metrics = label.fontMetrics()
    widest = max("0123456789", key=metrics.horizontalAdvance)
    return metrics.horizontalAdvance(_DIGIT.sub(widest, text)) + 2
