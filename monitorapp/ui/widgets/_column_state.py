"""How the columns of a table are saved from one run to the next."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Final

from monitorapp.ui.widgets.columns import Sorting

WIDTHS_PX: Final = range(24, 10_001)
"""Widths that a column can have."""

_VERSION: Final = 1


@dataclass(frozen=True, slots=True)
class ColumnState:
    """Order, widths and visibility of columns, and by what rows are sorted.

    Columns are named by their keys, so that it still holds when others are added or removed.

    Attributes:
        columns: Key, width in pixels and whether it is hidden, of each from left to right.
        fits: Whether the column that fills still takes the width that the others leave.
        sorting: The order of the rows; None for that of their arrival.
    """

    columns: tuple[tuple[str, int, bool], ...]
    fits: bool
    sorting: Sorting | None

    def to_bytes(self) -> bytes:
        """Return what `from_bytes` reads."""
        sorting = self.sorting
        state = {
            "version": _VERSION,
            "fits": self.fits,
            "columns": self.columns,
            "sort": None if sorting is None else [sorting.key, sorting.descending],
        }
        return json.dumps(state).encode("ascii")

    @classmethod
    def from_bytes(cls, state: bytes) -> ColumnState | None:
        """Return what was saved; None if it is broken."""
        try:
            loaded = json.loads(state)
            if loaded["version"] != _VERSION:
                return None
            columns = tuple(
                (str(key), int(width_px), bool(hidden))
                for key, width_px, hidden in loaded["columns"]
            )
            fits = bool(loaded["fits"])
            sort = loaded.get("sort")  # an older state has none
            sorting = Sorting(str(sort[0]), bool(sort[1])) if sort else None
        except (ValueError, LookupError, TypeError, AttributeError, OverflowError, RecursionError):
            return None
        if len({key for key, _, _ in columns}) < len(columns):
            return None
        if not all(width_px in WIDTHS_PX for _, width_px, _ in columns):
            return None
        return cls(columns, fits, sorting)
