"""The columns of the list of earlier runs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from monitorapp.core.history.reader import Run
from monitorapp.core.text.format import grouped, local_date
from monitorapp.ui.widgets.cells import UNKNOWN
from monitorapp.ui.widgets.columns import RIGHT, Column


@dataclass(frozen=True, slots=True)
class ListedRun:
    """A run in the list.

    Attributes:
        run: The run; None if all runs together are meant.
        count: Records of it in the history.
        is_present: Whether it is the one that runs now.
    """

    run: Run | None
    count: int
    is_present: bool = False


def moment_text(time_s: float) -> str:
    """Return a date and a time in seconds, in local time.

    Args:
        time_s: Seconds since the epoch. Of a time that no calendar has, `UNKNOWN` is returned.
    """
    try:
        return local_date(time_s)
    except (ValueError, OverflowError, OSError):
        return UNKNOWN


def _ended(row: ListedRun) -> str:
    if row.run is None:
        return ""
    if row.is_present:
        return "runs now"
    return UNKNOWN if row.run.ended_s is None else moment_text(row.run.ended_s)


COLUMNS: Final[tuple[Column[ListedRun], ...]] = (
    Column(
        key="began",
        title="Began",
        explanation="When the app was started",
        text=lambda row: "All runs" if row.run is None else moment_text(row.run.began_s),
    ),
    Column(
        key="ended",
        title="Ended",
        explanation="When the app was closed; not known if it was killed",
        text=_ended,
    ),
    Column(
        key="count",
        title="Interrupted",
        explanation="Records of interrupted responses that are kept of the run",
        alignment=RIGHT,
        text=lambda row: grouped(row.count),
    ),
)
