"""Durations, times and counts as they are written everywhere in the app."""

from __future__ import annotations

import time


def seconds(duration_s: float, decimals: int = 3) -> str:
    """Return a duration with a fixed number of decimals, such as `1.004 s`."""
    return f"{duration_s:,.{decimals}f} s"


def short_seconds(duration_s: float, digits: int = 6) -> str:
    """Return a duration without needless zeros, such as `0.5 s`, of at most so many digits."""
    return f"{duration_s:.{digits}g} s"


def long_seconds(duration_s: float) -> str:
    """Return a duration with its unit written out, such as `0.5 seconds`."""
    return f"{duration_s:g} {'second' if duration_s == 1 else 'seconds'}"


def milliseconds(duration_s: float) -> str:
    """Return a duration, given in seconds, in whole milliseconds, such as `12 ms`."""
    return f"{duration_s * 1000:,.0f} ms"


def local_time(time_s: float, *, date: bool = False) -> str:
    """Return a time of the day, in local time with milliseconds, such as `22:13:20.250`.

    Args:
        time_s: Seconds since the epoch.
        date: Put the date before it.

    Raises:
        ValueError, OverflowError, OSError: No calendar has this time.
    """
    whole_s, thousandths = divmod(int(time_s * 1000), 1000)
    pattern = "%Y-%m-%d %H:%M:%S" if date else "%H:%M:%S"
    return f"{time.strftime(pattern, time.localtime(whole_s))}.{thousandths:03d}"


def local_date(time_s: float, *, year: bool = True) -> str:
    """Return a date and a time of the day to the second, such as `2023-11-14 22:13:20`.

    Args:
        time_s: Seconds since the epoch.
        year: Begin with the year.

    Raises:
        ValueError, OverflowError, OSError: No calendar has this time.
    """
    pattern = "%Y-%m-%d %H:%M:%S" if year else "%m-%d %H:%M:%S"
    return time.strftime(pattern, time.localtime(time_s))


def grouped(count: int) -> str:
    """Return a whole number with its digits in groups, such as `1,234`."""
    return f"{count:,}"


def plural(count: int, one: str, many: str = "") -> str:
    """Return a count with its noun, such as `1 row` or `1,234 rows`.

    Args:
        count: How many there are.
        one: What follows a count of one.
        many: What follows all others; empty for `one` with an s.
    """
    return f"{grouped(count)} {one if count == 1 else many or one + 's'}"
