"""By what the live table is sorted."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from monitorapp.core.record.client import ClientAddress
from monitorapp.core.records.sorting import SortKey
from monitorapp.ui.table.columns import Column, cell_text

_CLIENTS: Final = 16_384


@dataclass(frozen=True, slots=True)
class Sorting:
    """An order of the rows other than that of their arrival.

    Attributes:
        column: What they are sorted by.
        descending: Whether the greatest come first. What is not known is last in any case.
    """

    column: Column
    descending: bool = False


def sort_key(column: Column) -> SortKey:
    """Return what rows are sorted by: numbers as such, text without regard to case.

    Clients are sorted by their addresses as numbers.
    """
    return _KEYS.get(column) or (lambda one: cell_text(one, column).lower() or None)


@lru_cache(maxsize=_CLIENTS)
def _client(client: str) -> tuple[int, int, int, str] | None:
    return ClientAddress.parse(client).order if client else None


_KEYS: Final[Mapping[Column, SortKey]] = {
    Column.TIME: lambda one: one.time_s,
    Column.METHOD: lambda one: one.method.lower() or None,
    Column.PATH: lambda one: one.uri.lower() or None,
    Column.CLIENT: lambda one: _client(one.client),
    Column.WAITED: lambda one: one.waited_s,
    Column.DELAY: lambda one: one.delay_s,
    Column.REASON: lambda one: one.reason.value,
}
