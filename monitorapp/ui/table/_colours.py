"""The colours of the rows of the live table."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from PyQt5.QtGui import QColor, QPalette
from PyQt5.QtWidgets import QStyle, QStyleOptionViewItem

from monitorapp.ui.widgets.cells import bar_colour

_SELECTED: Final = QStyle.StateFlag.State_Selected
_ENABLED: Final = QStyle.StateFlag.State_Enabled
_ACTIVE: Final = QStyle.StateFlag.State_Active
_DARK_GOLD: Final = QColor("#b67c00")  # on a light ground
_LIGHT_GOLD: Final = QColor("#f2c14e")
_MARK_BELOW_DARK: Final = QColor("#ffdc6b")
_MARK_BELOW_LIGHT: Final = QColor("#6b4f00")


@dataclass(frozen=True)
class RowColours:
    """Colours of a row, all of them mixed from one group of the palette."""

    text: QColor
    dim: QColor
    story: QColor
    rule: QColor
    bar: QColor
    focus: QColor
    star: QColor
    mark: QColor


class Colours:
    """Mixes the colours of rows, once for each palette and state."""

    def __init__(self) -> None:
        self._mixed: dict[tuple[int, int, bool], RowColours] = {}

    def of(self, option: QStyleOptionViewItem) -> RowColours:
        """Return the colours of a row that is painted so."""
        group = QPalette.ColorGroup.Active
        if not option.state & _ENABLED:
            group = QPalette.ColorGroup.Disabled
        elif not option.state & _ACTIVE:
            group = QPalette.ColorGroup.Inactive
        selected = bool(option.state & _SELECTED)
        key = (option.palette.cacheKey(), int(group), selected)
        colours = self._mixed.get(key)
        if colours is None:
            if len(self._mixed) > 32:  # palettes that are no longer used
                self._mixed.clear()
            colours = self._mixed[key] = _mix(option.palette, group, selected)
        return colours


def _mix(palette: QPalette, group: QPalette.ColorGroup, selected: bool) -> RowColours:
    base = palette.color(group, QPalette.ColorRole.Base)
    highlight = palette.color(group, QPalette.ColorRole.Highlight)
    if selected:
        text = palette.color(group, QPalette.ColorRole.HighlightedText)
        bar = QColor(text)
        bar.setAlphaF(0.25)
        dim = between(text, highlight, 0.2)
        focus = between(highlight, text, 0.6)
        return RowColours(text, dim, highlight, dim, bar, focus, text, _mark_below(text))
    text = palette.color(group, QPalette.ColorRole.Text)
    return RowColours(
        text=text,
        dim=between(text, base, 0.35),
        story=between(base, text, 0.045),
        rule=between(base, text, 0.25),
        bar=bar_colour(palette, group),
        focus=between(base, highlight, 0.8),
        star=_DARK_GOLD if base.lightnessF() > 0.5 else _LIGHT_GOLD,
        mark=_mark_below(text),
    )


def _mark_below(text: QColor) -> QColor:
    """Return the colour of a mark on which a text of this colour is read well.

    The contrast is 5.5 and more to white and black, see https://www.w3.org/TR/WCAG21.
    """
    return _MARK_BELOW_LIGHT if text.lightnessF() > 0.5 else _MARK_BELOW_DARK


def between(one: QColor, other: QColor, share: float) -> QColor:
    """Return the colour that lies between two, `share` of the way from one to the other."""
    red = one.red() + (other.red() - one.red()) * share
    green = one.green() + (other.green() - one.green()) * share
    blue = one.blue() + (other.blue() - one.blue()) * share
    return QColor(round(red), round(green), round(blue))
