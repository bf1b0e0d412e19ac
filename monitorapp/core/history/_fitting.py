"""Makes rows of the records of a batch, and repairs or drops what no file can keep."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from monitorapp.core.history._changes import Changes
from monitorapp.core.history.rows import Packing, Row, repaired
from monitorapp.core.record.interruption import Interruption


@dataclass(slots=True)
class Unfit:
    """How many records could not be kept as they are."""

    repaired: int = 0
    dropped: int = 0


def rows_of(
    batch: Iterable[Interruption], origin: str, changes: Changes, now_s: float, unfit: Unfit
) -> list[Row]:
    """Return the rows of records, with what has become known of them since they were made.

    Args:
        batch: The records.
        origin: That of their run.
        changes: Have the outcomes.
        now_s: What stands for a time that no file can keep, in seconds since the epoch.
        unfit: Counts those that are repaired or dropped for it.
    """
    row_of = Packing(origin).row_of
    rows = []
    for interruption in batch:
        known = changes.outcome_of(interruption)
        try:
            rows.append(row_of(interruption, known))
        except (ValueError, TypeError, RecursionError):
            whole = repaired(interruption, now_s)
            if whole is None:
                unfit.dropped += 1
                continue
            unfit.repaired += 1
            rows.append(row_of(whole, known))
    return rows
