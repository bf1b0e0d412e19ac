"""What the cells of all tables have in common: their margins, and how values are written."""

from __future__ import annotations

import time
from typing import Final

from PyQt5.QtCore import Qt
from PyQt5.QtGui import QColor, QFontMetrics, QPalette

from monitorapp.core.record.interruption import Interruption
from monitorapp.core.text.format import grouped, local_date, local_time, seconds

MARGIN_PX: Final = 8
"""Space at either side of a cell's text."""

UNKNOWN: Final = "\N{EN DASH}"
"""The text of a cell where nothing is known."""


def seconds_text(duration_s: float | None) -> str:
    """Return a duration with milliseconds; `UNKNOWN` for None."""
    return UNKNOWN if duration_s is None else seconds(duration_s)


def time_text(time_s: float) -> str:
    """Return a time of today with milliseconds, one of another day with month and day.

    Args:
        time_s: Seconds since the epoch. Of a time that no calendar has, `UNKNOWN` is returned.
    """
    try:
        moment = time.localtime(time_s)
        if moment[:3] != time.localtime()[:3]:
            return local_date(time_s, year=False)
        return local_time(time_s)
    except (ValueError, OverflowError, OSError):
        return UNKNOWN


def reason_text(interruption: Interruption) -> str:
    """Return why a response was interrupted and, from the second on, which try this was."""
    reason, tries = interruption.reason.value, interruption.tries
    return str(reason) if tries < 2 else f"{reason} \N{MIDDLE DOT} try {grouped(tries)}"


def elided(metrics: QFontMetrics, text: str, width_px: int) -> str:
    """Return what fits of `text`, with an ellipsis if that is not all of it."""
    # Measuring a thousand characters to show thirty is slow. A letter is seldom narrower
    # than two pixels; where many are, some that would fit are not shown.
    longest = max(0, width_px) // 2 + 8
    if len(text) > longest:
        text = f"{text[:longest]}…"
    return str(metrics.elidedText(text, Qt.TextElideMode.ElideRight, width_px))


def bar_colour(palette: QPalette, group: QPalette.ColorGroup) -> QColor:
    """Return the colour of a bar behind a text."""
    colour = QColor(palette.color(group, QPalette.ColorRole.Highlight))
    colour.setAlphaF(0.22)
    return colour
