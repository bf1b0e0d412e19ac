"""Round numbers and times for the axes of a chart."""

from __future__ import annotations

import datetime
import math
from collections.abc import Callable
from typing import Final

_CLOCK_S: Final = (1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 1800, 3600)
_APART: Final = 1.5
"""How far apart the middles of two labels are at least, in sizes of a label."""


def round_number(least: float) -> float:
    """Return the least of 1, 2, 5, 10 and so on, of any power of ten, that is at least `least`."""
    power = 10.0 ** math.floor(math.log10(least))
    for factor in (1, 2, 5):
        if factor * power >= least * (1 - 1e-9):
            return factor * power
    return 10 * power


def round_time_s(least_s: float) -> float:
    """Return the least step of a clock's face that is at least `least_s`, both in seconds."""
    for step_s in _CLOCK_S:
        if step_s >= least_s:
            return step_s
    return math.ceil(least_s / _CLOCK_S[-1]) * _CLOCK_S[-1]


def tick_step(
    span: float,
    length_px: float,
    most: int,
    round_up: Callable[[float], float],
    label_px: Callable[[float], float],
) -> float:
    """Return the distance of the ticks of an axis, so close that its labels just do not touch.

    Args:
        span: What the axis shows, from end to end; above 0.
        length_px: Its length in pixels.
        most: How many steps it may have at most; at least 1.
        round_up: Returns the next round step.
        label_px: Returns how long a label is along the axis at a step, in pixels.
    """
    for steps in range(most, 1, -1):
        step = round_up(span / steps)
        if step / span * length_px >= _APART * label_px(step):
            return step
    return round_up(span)


def number_label(value: float, step: float) -> str:
    """Return `value` with as many decimals as multiples of `step` need."""
    decimals = max(0, -math.floor(math.log10(step) + 1e-9))
    return f"{value:,.{decimals}f}"


def count_label(count: int) -> str:
    """Return a count as it stands below a tick: a large one in thousands or millions."""
    if count < 100_000:
        return f"{count:,}"
    if count < 999_500:
        return f"{count / 1_000:.0f} k"
    return f"{count / 1_000_000:.3g} M"


def time_label(time_s: float) -> str:
    """Return seconds since the epoch as local HH:MM:SS."""
    return datetime.datetime.fromtimestamp(time_s).strftime("%H:%M:%S")
