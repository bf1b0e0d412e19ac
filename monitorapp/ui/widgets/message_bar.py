"""A bar that shows what went wrong, or is worth knowing, and offers what to do."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Final

from PyQt5.QtCore import QEvent, QRectF, QSize, Qt
from PyQt5.QtGui import QColor, QKeySequence, QPainter, QPaintEvent, QPalette
from PyQt5.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QSizePolicy,
    QToolButton,
    QWidget,
)

from monitorapp.core.text.visible import cut, visible_lines
from monitorapp.ui.widgets.icons import drawing, icon

Action = tuple[str, str, Callable[[], object]]
"""The text of a button, its object name, and what it does."""

_MAX_LINES: Final = 6
_ICON_PX: Final = 18
_MAX_CHARACTERS: Final = 600
_LONG_WORD: Final = re.compile(r"\S{60,}")
_PIECE: Final = re.compile(r"\S{12}(?=\S)")


class Severity(Enum):
    """The severity of a message: its spoken name, its icon, its colour on light and on dark."""

    INFO = ("Information", "info", "#1f6fb5", "#7cc0f5")
    WARNING = ("Warning", "warning", "#8a5a00", "#f2c14e")
    ERROR = ("Error", "error", "#b3261e", "#ff8f86")

    @property
    def title(self) -> str:
        """The word for it, for a screen reader."""
        return self.value[0]

    @property
    def icon_name(self) -> str:
        """The name of its line drawing."""
        return self.value[1]

    def accent(self, palette: QPalette) -> QColor:
        """Return its colour, legible on the window colour of `palette`."""
        return QColor(self.value[3] if _is_dark(palette) else self.value[2])

    def tint(self, palette: QPalette) -> QColor:
        """Return a quiet, translucent fill, on which the text of `palette` stays legible."""
        fill = QColor(self.value[3])
        fill.setAlphaF(0.14 if _is_dark(palette) else 0.3)
        return fill


@dataclass(frozen=True, slots=True)
class _Message:
    text: str
    severity: Severity
    actions: tuple[Action, ...]


class MessageBar(QFrame):
    """Shows the newest of the messages that stand, as plain text.

    Each source has one message at most, which stands until the user closes it or its source
    clears or replaces it; the messages of other sources are not touched. What stood before is
    shown again then. Hidden while no message stands. It takes no focus of itself.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("message_bar")
        self._severity = Severity.INFO
        self._messages: dict[str, _Message] = {}  # by their sources, the newest last
        self._buttons: list[QPushButton] = []

        self._icon = QLabel(self)
        self._icon.setObjectName("message_icon")
        self._label = QLabel(self)
        self._label.setObjectName("message_text")
        self._label.setTextFormat(Qt.TextFormat.PlainText)
        self._label.setWordWrap(True)
        self._label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._label.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self._label.setAccessibleName("Message")
        self._label.setToolTip("What happened; it can be selected and copied")

        close_shortcut = QKeySequence("Ctrl+Shift+X")
        self._close = QToolButton(self)
        self._close.setObjectName("message_close")
        self._close.setAutoRaise(True)
        self._close.setShortcut(close_shortcut)
        self._close.setAccessibleName("Close the message")
        self._close.setToolTip(
            f"Close the message ({close_shortcut.toString(QKeySequence.SequenceFormat.NativeText)})"
        )
        self._close.clicked.connect(self._close_shown)

        row = QHBoxLayout(self)
        row.setContentsMargins(9, 6, 6, 6)
        row.setSpacing(6)
        row.addWidget(self._icon)
        row.addWidget(self._label, 1)
        row.addWidget(self._close)
        self._set_icons()
        self.hide()

    def text(self) -> str:
        """Return the message as it is shown, or an empty text."""
        return self._label.text()

    @property
    def severity(self) -> Severity:
        """The severity of the present, or else the last, message."""
        return self._severity

    def show_message(
        self,
        text: str,
        severity: Severity = Severity.INFO,
        actions: Sequence[Action] = (),
        *,
        source: str,
    ) -> None:
        """Show `text` in place of any older message of the same source.

        Args:
            text: One or more sentences. Shown as plain text; what cannot be seen becomes
                escapes, and a very long one is cut with a mark.
            severity: Decides the icon and the tint.
            actions: A button each: its text (`&` marks the letter that Alt presses), its
                object name, and the callable it calls. The message stays until cleared.
            source: Whose message it is, such as `history`; the user does not see it.
        """
        self._messages.pop(source, None)
        self._messages[source] = _Message(_shown(text), severity, tuple(actions))
        self._show_newest()

    def clear_message(self, source: str) -> None:
        """Take the message of a source away, if there is one."""
        if source in self._messages:
            is_shown = source == next(reversed(self._messages))
            del self._messages[source]
            if is_shown:
                self._show_newest()

    def _close_shown(self) -> None:
        if self._messages:
            self.clear_message(next(reversed(self._messages)))

    def _show_newest(self) -> None:
        """Show the newest message and its buttons, or hide the bar."""
        self._remove_buttons()
        if not self._messages:
            self.hide()
            self._label.clear()
            self.setAccessibleName("")
            self.setAccessibleDescription("")
            return
        message = self._messages[next(reversed(self._messages))]
        self._severity = message.severity
        self._label.setText(message.text)
        for label, object_name, callback in message.actions:
            self._add_button(label, object_name, callback)
        self._set_icons()
        # A change of these two notifies assistive technology.
        self.setAccessibleName(message.severity.title)
        self.setAccessibleDescription(message.text)
        self.show()
        self.updateGeometry()

    def _add_button(self, label: str, object_name: str, callback: Callable[[], object]) -> None:
        name = label.replace("&", "")
        button = QPushButton(label, self)
        button.setObjectName(object_name)
        button.setAutoDefault(False)
        button.setAccessibleName(name)
        button.setToolTip(name)

        def call() -> None:
            callback()

        button.clicked.connect(call)
        layout = self.layout()
        assert isinstance(layout, QHBoxLayout)
        layout.insertWidget(layout.count() - 1, button)
        self._buttons.append(button)

    def _remove_buttons(self) -> None:
        for button in self._buttons:
            button.hide()
            button.setObjectName("")  # it lives until the event loop runs; its name is free now
            button.deleteLater()
        self._buttons.clear()

    def _set_icons(self) -> None:
        palette = self.palette()
        ratio = self.devicePixelRatioF()
        pixmap = drawing(
            self._severity.icon_name, self._severity.accent(palette), round(_ICON_PX * ratio)
        )
        pixmap.setDevicePixelRatio(ratio)
        self._icon.setPixmap(pixmap)
        self._close.setIcon(icon("close", palette))
        self._close.setIconSize(QSize(16, 16))
        self.update()

    def changeEvent(self, event: QEvent | None) -> None:
        """Draw the icons again when the palette changes."""
        super().changeEvent(event)
        if event is not None and event.type() == QEvent.Type.PaletteChange:
            self._set_icons()

    def paintEvent(self, event: QPaintEvent | None) -> None:
        """Paint a quiet tint with a thin edge, which depends on severity and palette."""
        edge = self._severity.accent(self.palette())
        edge.setAlphaF(0.5)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setBrush(self._severity.tint(self.palette()))
        painter.setPen(edge)
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 4, 4)
        painter.end()


def _is_dark(palette: QPalette) -> bool:
    return palette.color(QPalette.ColorRole.Window).lightness() < 128


def _shown(text: str) -> str:
    lines = cut(visible_lines(text.strip()), _MAX_CHARACTERS).splitlines()
    if len(lines) > _MAX_LINES:
        hidden = len(lines) - _MAX_LINES
        lines = [*lines[:_MAX_LINES], f"… ({hidden} more lines)"]
    # QLabel breaks between words only; a long one must not make the window wide.
    return _LONG_WORD.sub(lambda word: _PIECE.sub("\\g<0>\u200b", word.group()), "\n".join(lines))
