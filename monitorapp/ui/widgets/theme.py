"""The colours of the whole app: the desktop's own, or light or dark whatever it has."""

from __future__ import annotations

from enum import Enum

from PyQt5.QtGui import QColor, QPalette
from PyQt5.QtWidgets import QApplication, QStyleFactory


class Colours(Enum):
    """Which colours the app has. The value is what is saved in the settings."""

    SYSTEM = "system"
    LIGHT = "light"
    DARK = "dark"


class ColourScheme:
    """Gives the app its colours, and can give it back those of the desktop.

    Args:
        application: The app, still with the desktop's colours.
    """

    def __init__(self, application: QApplication) -> None:
        self._application = application
        self._system_palette = QPalette(application.palette())
        style = application.style()
        self._system_style = style.objectName() if style is not None else "Fusion"

    def apply(self, colours: Colours) -> None:
        """Give all windows these colours."""
        if colours is Colours.SYSTEM:
            self._application.setStyle(self._system_style)
            self._application.setPalette(self._system_palette)
            return
        # Fusion is the one style that takes every colour from the palette.
        self._application.setStyle(QStyleFactory.create("Fusion"))
        self._application.setPalette(dark_palette() if colours is Colours.DARK else light_palette())


def light_palette() -> QPalette:
    """Return the Fusion style's own light palette, with selected text easier to read."""
    style = QStyleFactory.create("Fusion")
    palette = style.standardPalette() if style is not None else QPalette()
    palette.setColor(QPalette.ColorRole.Highlight, QColor(38, 110, 180))
    palette.setColor(QPalette.ColorRole.HighlightedText, QColor(255, 255, 255))
    return palette


def dark_palette() -> QPalette:
    """Return a dark palette for the Fusion style."""
    window, base, text = QColor(45, 47, 51), QColor(30, 32, 35), QColor(225, 226, 228)
    palette = QPalette(QColor(58, 61, 66), window)
    colours = {
        QPalette.ColorRole.Window: window,
        QPalette.ColorRole.WindowText: text,
        QPalette.ColorRole.Base: base,
        QPalette.ColorRole.AlternateBase: QColor(37, 39, 43),
        QPalette.ColorRole.Text: text,
        QPalette.ColorRole.PlaceholderText: QColor(150, 153, 158),
        QPalette.ColorRole.Button: QColor(58, 61, 66),
        QPalette.ColorRole.ButtonText: text,
        QPalette.ColorRole.BrightText: QColor(255, 255, 255),
        QPalette.ColorRole.ToolTipBase: QColor(64, 67, 72),
        QPalette.ColorRole.ToolTipText: text,
        QPalette.ColorRole.Highlight: QColor(52, 101, 164),
        QPalette.ColorRole.HighlightedText: QColor(255, 255, 255),
        QPalette.ColorRole.Link: QColor(122, 173, 238),
        QPalette.ColorRole.LinkVisited: QColor(178, 152, 220),
    }
    for role, colour in colours.items():
        palette.setColor(role, colour)
    for role in (
        QPalette.ColorRole.WindowText,
        QPalette.ColorRole.Text,
        QPalette.ColorRole.ButtonText,
    ):
        palette.setColor(QPalette.ColorGroup.Disabled, role, QColor(125, 128, 133))
    palette.setColor(QPalette.ColorGroup.Disabled, QPalette.ColorRole.Highlight, QColor(75, 78, 83))
    return palette
