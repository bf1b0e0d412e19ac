"""Actions, buttons and rows as the parts of the delay bar have them."""

from __future__ import annotations

from PyQt5.QtCore import QSize
from PyQt5.QtGui import QKeySequence
from PyQt5.QtWidgets import QAction, QHBoxLayout, QToolButton, QWidget


def new_action(parent: QWidget, name: str, text: str, tooltip: str, *shortcuts: str) -> QAction:
    """Return an action whose tooltip names its first shortcut."""
    action = QAction(text, parent)
    action.setObjectName(f"{name}_action")
    action.setShortcuts([QKeySequence(shortcut) for shortcut in shortcuts])
    shown = action.shortcut().toString(QKeySequence.SequenceFormat.NativeText)
    action.setToolTip(f"{tooltip} ({shown})")
    return action


def tool_button(action: QAction, parent: QWidget, *, repeats: bool = False) -> QToolButton:
    """Return a flat button for an action; one that repeats does so while it is held."""
    button = QToolButton(parent)
    button.setObjectName(action.objectName().removesuffix("_action"))
    button.setDefaultAction(action)
    button.setAccessibleName(action.text().replace("&", ""))
    button.setAutoRaise(True)
    button.setAutoRepeat(repeats)
    button.setIconSize(QSize(16, 16))
    return button


def row(spacing_px: int, *widgets: QWidget) -> QHBoxLayout:
    """Return a row of widgets without a margin."""
    made = QHBoxLayout()
    made.setContentsMargins(0, 0, 0, 0)
    made.setSpacing(spacing_px)
    for widget in widgets:
        made.addWidget(widget)
    return made
