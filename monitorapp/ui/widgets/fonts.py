"""Fonts that the platform is asked for."""

from __future__ import annotations

from PyQt5.QtGui import QFont, QFontDatabase, QFontInfo
from PyQt5.QtWidgets import QApplication


def fixed_font() -> QFont:
    """Return the system's fixed-pitch font, or what comes next to one."""
    font = QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont)
    if not QFontInfo(font).fixedPitch():  # the platform names none
        font.setFamily("monospace")
        font.setStyleHint(QFont.StyleHint.Monospace)
        font.setPointSizeF(QApplication.font().pointSizeF())
    return font
