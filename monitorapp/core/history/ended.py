"""Reads the ended requests that a history keeps."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Final, NamedTuple

from monitorapp.core.history._ended_block import MOST_BYTES, BlockError, unpacked
from monitorapp.core.history.file import explained, open_to_read
from monitorapp.core.request.columns import MOST_ROWS, EndColumns
from monitorapp.core.request.store import merged

_IS_THERE: Final = (
    "SELECT count(*) FROM sqlite_master WHERE name = 'ended' AND type = 'table'"
    " AND sql LIKE 'CREATE TABLE %' AND rootpage > 0"
)
_BLOCKS: Final = (
    "SELECT ended.id, ifnull(origin, ''),"
    f" CASE WHEN length(block) <= {MOST_BYTES} THEN block END"
    " FROM ended LEFT JOIN runs ON runs.id = run WHERE origin IS NOT ? ORDER BY ended.id DESC"
)
_OLDER: Final = (
    f"SELECT total(max(0, min(count, {MOST_ROWS}))) FROM ended LEFT JOIN runs ON runs.id = run"
    " WHERE origin IS NOT ? AND ended.id < ?"
)


class EarlierEnds(NamedTuple):
    """Ended requests of earlier runs.

    Attributes:
        blocks: They, the oldest first.
        left_out: How many older ones there are.
        damaged: How many blocks could not be read.
    """

    blocks: list[EndColumns]
    left_out: int
    damaged: int


def read_ended(
    path: Path, most: int, origin: str, is_cancelled: Callable[[], bool] | None = None
) -> EarlierEnds:
    """Return the newest ended requests that a history keeps.

    Args:
        path: The history file.
        most: How many there are at most, about.
        origin: Names the process whose requests are left out.
        is_cancelled: Asked all the time; once it returns true, what was read until then is
            returned.

    Raises:
        HistoryError: The file cannot be read.
    """
    blocks: list[EndColumns] = []
    count = left_out = damaged = 0
    with closing(open_to_read(path, is_cancelled)) as connection:
        try:
            if not connection.execute(_IS_THERE).fetchone()[0]:
                return EarlierEnds([], 0, 0)
            last = 2**62
            for number, of_run, block in connection.execute(_BLOCKS, (origin,)):
                if count >= most or (is_cancelled is not None and is_cancelled()):
                    break
                last = number
                try:
                    if not isinstance(block, bytes) or not isinstance(of_run, str):
                        raise BlockError("It is no block.")
                    rows = unpacked(block, of_run)
                except BlockError:
                    damaged += 1
                    continue
                blocks.append(rows)
                count += len(rows)
            else:
                last = 0
            if last:
                left_out = int(connection.execute(_OLDER, (origin, last)).fetchone()[0])
        except sqlite3.Error as error:
            if is_cancelled is None or not is_cancelled():
                raise explained(error, path) from error
    blocks.sort(key=lambda rows: rows.ended_s[0])
    return EarlierEnds(merged(blocks), left_out, damaged)
