"""The columns of the table of groups."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from monitorapp.core.record.interruption import Interruption
from monitorapp.core.records.groups import Group
from monitorapp.core.text.format import grouped
from monitorapp.core.text.visible import cut
from monitorapp.ui.groups._rows import GroupRow
from monitorapp.ui.widgets.cells import UNKNOWN, reason_text, seconds_text, time_text
from monitorapp.ui.widgets.columns import RIGHT, Column, Sorting

FIRST_SORTING: Final = Sorting("count", descending=True)
"""How groups are sorted until the user sorts them otherwise."""


@dataclass(frozen=True, kw_only=True, eq=False)
class GroupColumn(Column[GroupRow]):
    """A column of the table of groups.

    Attributes:
        sort_key: Returns what groups are sorted by, from the row of a group.
        has_triangle: Whether groups are opened in it, and their rows indented.
        bars: Returns the heights of bars that are painted for a group, given the time in seconds
            since the epoch; None for no bars.
    """

    sort_key: Callable[[GroupRow], Any]
    has_triangle: bool = False
    bars: Callable[[Group, float], Sequence[int]] | None = None


def _text(
    of_group: Callable[[Group], str],
    of_one: Callable[[Interruption], str] = lambda _: "",
    of_older: str = "",
) -> Callable[[GroupRow], str]:
    """Return the texts of a column's cells: of a group, one of its rows, and the older ones."""

    def text(row: GroupRow) -> str:
        if row.interruption is not None:
            return of_one(row.interruption)
        return of_older.format(grouped(row.older)) if row.older else of_group(row.group)

    return text


def _name(group: Group) -> str:
    return cut(" \N{MIDDLE DOT} ".join(part for part in group.key if part)) or UNKNOWN


def _request(one: Interruption) -> str:
    client, method, path = (cut(part) or UNKNOWN for part in (one.client, one.method, one.uri))
    return f"{client}  {method} {path}"


def _or_least(seconds: float | None) -> float:
    return -1.0 if seconds is None else seconds


COLUMNS: Final = (
    GroupColumn(
        key="group",
        title="Group",
        explanation="What the interrupted responses have in common",
        fills=True,
        has_triangle=True,
        text=_text(_name, _request, "and {} older"),
        sort_key=lambda row: row.group.key,
    ),
    GroupColumn(
        key="count",
        title="Count",
        explanation="How many there are",
        sample="1,000,000",
        alignment=RIGHT,
        text=_text(lambda group: grouped(len(group))),
        sort_key=lambda row: len(row.group),
    ),
    GroupColumn(
        key="first",
        title="First",
        explanation="When the first of them was logged",
        sample="00-00 00:00:00",
        text=_text(lambda group: time_text(group.first_s)),
        sort_key=lambda row: row.group.first_s,
    ),
    GroupColumn(
        key="last",
        title="Last",
        explanation="When the last of them was logged",
        sample="00-00 00:00:00",
        text=_text(lambda group: time_text(group.last_s), lambda one: time_text(one.time_s)),
        sort_key=lambda row: row.group.last_s,
    ),
    GroupColumn(
        key="median",
        title="Median",
        explanation="How long their clients had waited: half of them longer than this",
        sample="100.000 s",
        alignment=RIGHT,
        text=_text(
            lambda group: seconds_text(group.median_s), lambda one: seconds_text(one.waited_s)
        ),
        sort_key=lambda row: _or_least(row.group.median_s),
    ),
    GroupColumn(
        key="largest",
        title="Longest",
        explanation="How long the most patient client had waited",
        sample="100.000 s",
        alignment=RIGHT,
        text=_text(lambda group: seconds_text(group.largest_s)),
        sort_key=lambda row: _or_least(row.group.largest_s),
    ),
    GroupColumn(
        key="course",
        title="Last 10 minutes",
        explanation="How many there were in each 10 seconds of the last 10 minutes",
        sample="closed by the client or so",
        text=_text(lambda _: "", reason_text),
        sort_key=lambda row: row.group.last_s,
        bars=lambda group, now_s: group.course(now_s),
    ),
)
