"""What a chart draws: lines and bands."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Final

from PyQt5.QtCore import QPointF
from PyQt5.QtGui import QColor, QPalette

from monitorapp.core.text.visible import cut, visible

NAME_CHARACTERS: Final = 100
"""How much of a name is shown, in characters."""


class LineColour(Enum):
    """Colours that colour-blind people tell apart too: on light, and on dark.

    They are those of Okabe and Ito (Color Universal Design, 2008), lighter ones on dark.
    """

    BLUE = ("#0072b2", "#6cb8ea")
    ORANGE = ("#d55e00", "#ff9a57")
    GREEN = ("#00805f", "#35c99b")
    PURPLE = ("#b0568d", "#e6a3ca")
    YELLOW = ("#a97400", "#f0d65c")
    GREY = ("#5c5f66", "#b4b7bd")

    def on(self, palette: QPalette) -> QColor:
        """Return the one that stands out on the base colour of `palette`."""
        is_dark = palette.color(QPalette.ColorRole.Base).lightness() < 128
        return QColor(self.value[1 if is_dark else 0])


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a chart.

    Attributes:
        name: What it shows; any text.
        x: Where its points are, in ascending order; finite numbers.
        y: How high they are; as many.
        colour_role: Its colour.
        step: Whether each value holds until the next point.
    """

    name: str
    x: Sequence[float]
    y: Sequence[float]
    colour_role: LineColour = LineColour.BLUE
    step: bool = False

    def value_at(self, x: float) -> float | None:
        """Return the value that holds at `x`, or of the nearest point; None beside the line."""
        if not self.x or not self.x[0] <= x <= self.x[-1]:
            return None
        place = bisect_right(self.x, x) - 1
        if not self.step and place + 1 < len(self.x) and self.x[place + 1] - x < x - self.x[place]:
            place += 1
        return self.y[place]


@dataclass(frozen=True, slots=True)
class Band:
    """A filled band, such as what a value may be.

    Attributes:
        x: Where its points are, in ascending order; finite numbers.
        low: Its lower edge; as many.
        high: Its upper edge; as many.
        colour_role: Its colour, drawn translucent.
        step: Whether each edge holds until the next point.
    """

    x: Sequence[float]
    low: Sequence[float]
    high: Sequence[float]
    colour_role: LineColour = LineColour.BLUE
    step: bool = False


def corners(x: Sequence[float], y: Sequence[float], step: bool) -> list[QPointF]:
    """Return the points that a line goes through, with the corners of its steps."""
    if not step or not x:
        return [QPointF(at, value) for at, value in zip(x, y, strict=True)]
    before = y[0]
    found = [QPointF(x[0], before)]
    for at, value in zip(x, y, strict=True):
        if value != before:  # what is level needs no points
            found.append(QPointF(at, before))
            found.append(QPointF(at, value))
            before = value
    found.append(QPointF(x[-1], before))
    return found


def faded(palette: QPalette, share: float) -> QColor:
    """Return the colour of text mixed with that of its ground; 1 for pure text."""
    text, ground = palette.color(QPalette.ColorRole.Text), palette.color(QPalette.ColorRole.Base)
    mixed = (
        round(share * of_text + (1 - share) * of_ground)
        for of_text, of_ground in (
            (text.red(), ground.red()),
            (text.green(), ground.green()),
            (text.blue(), ground.blue()),
        )
    )
    return QColor(*mixed)


def plain(text: str) -> str:
    """Return a name as one short line in which every character can be seen."""
    return visible(cut(text, NAME_CHARACTERS))
