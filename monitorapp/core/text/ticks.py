"""Round numbers for the axes of a chart."""

from __future__ import annotations

import datetime
import math
from typing import Final

_TIME_STEPS_S: Final = (1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 21600, 43200)
_DAY_S: Final = 86_400


def round_step(span: float, most: int) -> float:
    """Return the least of 1, 2, 5, 10 and so on, of any power of ten, that divides enough.

    Args:
        span: What is divided; above 0.
        most: How many steps may cover it at most; at least 1.
    """
    least = span / most
    power = 10.0 ** math.floor(math.log10(least))
    for factor in (1, 2, 5):
        if factor * power >= least * (1 - 1e-9):
            return factor * power
    return 10 * power


def round_time_step_s(span_s: float, most: int) -> int:
    """Return a step of a clock's face, in seconds, at most `most` of which fit `span_s`."""
    least = span_s / most
    for step_s in _TIME_STEPS_S:
        if step_s >= least:
            return step_s
    return _DAY_S * math.ceil(least / _DAY_S)


def multiples(low: float, high: float, step: float, anchor: float = 0.0) -> list[float]:
    """Return the values `anchor + n * step` from `low` to `high`, both included."""
    margin = 1e-9 * step
    first = math.ceil((low - anchor - margin) / step)
    last = math.floor((high - anchor + margin) / step)
    return [anchor + number * step for number in range(first, last + 1)]


def local_midnight_s(time_s: float) -> float:
    """Return when the local day of `time_s` began, both in seconds since the epoch."""
    day = datetime.datetime.fromtimestamp(time_s).date()
    return datetime.datetime.combine(day, datetime.time()).timestamp()


def number_label(value: float, step: float) -> str:
    """Return `value` with as many decimals as multiples of `step` need."""
    decimals = max(0, -math.floor(math.log10(step) + 1e-9))
    return f"{value:,.{decimals}f}"


def time_label(time_s: float) -> str:
    """Return seconds since the epoch as local HH:MM:SS."""
    return datetime.datetime.fromtimestamp(time_s).strftime("%H:%M:%S")
