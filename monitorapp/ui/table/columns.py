"""The columns of the table of interrupted responses."""

from __future__ import annotations

import time
from enum import IntEnum
from typing import Final

from PyQt5.QtCore import Qt

from monitorapp.core.record.interruption import Interruption
from monitorapp.core.text.format import grouped, local_date, local_time, seconds
from monitorapp.core.text.visible import cut

UNKNOWN: Final = "\N{EN DASH}"
"""What a cell says where nothing is known."""


class Column(IntEnum):
    """A column; its lower-case name is its key in saved settings."""

    TIME = 0
    METHOD = 1
    PATH = 2
    CLIENT = 3
    WAITED = 4
    DELAY = 5
    REASON = 6
    OUTCOME = 7

    @property
    def key(self) -> str:
        """Name of the column in saved settings."""
        return self.name.lower()


COLUMNS: Final = tuple(Column)

LEFT: Final = int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
RIGHT: Final = int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
RIGHT_ALIGNED: Final = frozenset({Column.WAITED, Column.DELAY})

TITLES: Final = {
    Column.TIME: "Time",
    Column.METHOD: "Method",
    Column.PATH: "Path",
    Column.CLIENT: "Client",
    Column.WAITED: "Waited",
    Column.DELAY: "Of delay",
    Column.REASON: "Reason",
    Column.OUTCOME: "Outcome",
}

EXPLANATIONS: Final = {
    Column.TIME: (
        "When the interruption was logged: local time, with milliseconds;\n"
        "the month and the day, if it was not today."
    ),
    Column.METHOD: "HTTP method of the request",
    Column.PATH: "What was requested: the path with its query",
    Column.CLIENT: "Address and port that the request came from",
    Column.WAITED: (
        "How long the client had waited when the connection ended.\n"
        "The bar behind it is the share of the delay."
    ),
    Column.DELAY: "The delay that this response was given when its request came",
    Column.REASON: (
        "Why the response was interrupted; and which try of the client this was,\n"
        "if it asked for the same path again within 30 s of giving up"
    ),
    Column.OUTCOME: (
        "What became of the work after the client had left: cancelled cleanly, gone on with\n"
        "for so long, or crashed because the response was finished all the same"
    ),
}

WIDEST: Final = {
    Column.TIME: "00-00 00:00:00",
    Column.METHOD: "OPTIONS",
    Column.PATH: "/a/path/of/usual/length?with=a&query=0",
    Column.CLIENT: "192.168.100.10:65535",
    Column.WAITED: "100.000 s",
    Column.DELAY: "100.000 s",
    Column.REASON: "closed by the client · try 3",
    Column.OUTCOME: "cancelled cleanly",
}
"""A text that just fits the default width of each column."""


def cell_text(interruption: Interruption, column: int) -> str:
    """Return what the cell says; the empty string for no such column. Never raises."""
    if column == Column.TIME:
        return _time(interruption.time_s)
    if column == Column.METHOD:
        return cut(interruption.method) or UNKNOWN
    if column == Column.PATH:
        return cut(interruption.uri) or UNKNOWN
    if column == Column.CLIENT:
        return cut(interruption.client) or UNKNOWN
    if column == Column.WAITED:
        return _seconds(interruption.waited_s)
    if column == Column.DELAY:
        return _seconds(interruption.delay_s)
    if column == Column.REASON:
        reason = interruption.reason.value
        tries = interruption.tries
        return reason if tries < 2 else f"{reason} \N{MIDDLE DOT} try {grouped(tries)}"
    if column == Column.OUTCOME:
        return UNKNOWN  # the record is as old as the interruption; see InterruptionsModel.text
    return ""


def waited_share(interruption: Interruption) -> float:
    """Return how much of its delay the client had waited, from 0 to 1; 0 if not known."""
    waited_s, delay_s = interruption.waited_s, interruption.delay_s
    if waited_s is None or delay_s is None or not (delay_s > 0 and waited_s > 0):
        return 0.0
    share = waited_s / delay_s
    return min(share, 1.0) if share == share else 0.0  # infinite of infinite is NaN


def _seconds(duration_s: float | None) -> str:
    return UNKNOWN if duration_s is None else seconds(duration_s)


def _time(time_s: float) -> str:
    try:
        is_today = time.localtime(time_s)[:3] == time.localtime()[:3]
        # Of an earlier day the milliseconds matter less.
        return local_time(time_s) if is_today else local_date(time_s, year=False)
    except (ValueError, OverflowError, OSError):  # a time that no calendar has
        return UNKNOWN
