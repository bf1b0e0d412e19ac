"""What a chart shows: lines of steps with bands around them, over two axes."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Final

from PyQt5.QtGui import QColor, QPalette

from monitorapp.core.text.visible import cut, visible

NAME_CHARACTERS: Final = 100
"""How much of a name is shown, in characters."""


class LineColour(Enum):
    """Colours that colour-blind users can distinguish: on light, and on dark.

    They are those of Okabe and Ito (Color Universal Design, 2008), lighter ones on dark.
    """

    BLUE = ("#0072b2", "#6cb8ea")
    ORANGE = ("#d55e00", "#ff9a57")
    GREEN = ("#00805f", "#35c99b")
    PURPLE = ("#b0568d", "#e6a3ca")

    def on(self, palette: QPalette) -> QColor:
        """Return the one that stands out on the base colour of `palette`."""
        is_dark = palette.color(QPalette.ColorRole.Base).lightness() < 128
        return QColor(self.value[1 if is_dark else 0])


@dataclass(frozen=True, slots=True)
class Axes:
    """What the axes of a chart mean.

    Attributes:
        title: Stands above the plot: what y is, and in which unit.
        x_unit: Stands after each number of the x axis; may be empty.
        y_unit: Stands after each value that is read; may be empty.
        x_is_time: Whether x are seconds since the epoch, shown as local times.
        y_is_whole: Whether y are counts, so that no tick has decimals.
        y_high: The upper end of the y axis; None to fit what is drawn.
        counts: What the numbers below the x axis are, see `Steps.count_at`.
    """

    title: str
    x_unit: str = ""
    y_unit: str = ""
    x_is_time: bool = False
    y_is_whole: bool = False
    y_high: float | None = None
    counts: str = ""


@dataclass(frozen=True, slots=True)
class Steps:
    """A line that holds each of its values from one edge to the next.

    Attributes:
        name: What it shows; any text.
        edges: Where its steps begin, and where the last one ends, in ascending order; finite.
        values: How high the steps are, one less than edges; none if there are no edges.
        colour: Its colour.
        band: Lower and upper edges of a band around it, as many as values; None for no band.
        count_at: Returns how many there were at any x; below the axis these numbers stand under
            its ticks. None for none.
    """

    name: str
    edges: Sequence[float]
    values: Sequence[float]
    colour: LineColour = LineColour.BLUE
    band: tuple[Sequence[float], Sequence[float]] | None = None
    count_at: Callable[[float], int] | None = None

    def value_at(self, x: float) -> float | None:
        """Return the value that holds at `x`; None beside the line."""
        if not self.values or not self.edges[0] <= x <= self.edges[-1]:
            return None
        return self.values[min(bisect_right(self.edges, x), len(self.values)) - 1]


def plain(text: str) -> str:
    """Return a name as one short line in which every character can be seen."""
    return visible(cut(text, NAME_CHARACTERS))
