"""Records as an HTML page that can be read and mailed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cache
from typing import TYPE_CHECKING, Final

from monitorapp.core.record.interruption import Interruption
from monitorapp.core.record.story import facts, summary
from monitorapp.core.text.format import local_time, seconds

if TYPE_CHECKING:
    from jinja2 import Template

TEMPLATE: Final = "page.html"
"""The template, a file beside this one."""

_PIECES: Final = 500
"""Of so many pieces the template makes one text: those of some nine records."""

_Row = tuple[Interruption, str, str, list[tuple[str, str]]]
"""A record, its time, its summary, and the facts with their labels."""


def texts(interruptions: Iterable[Interruption], about: str) -> Iterator[str]:
    """Yield the page in pieces, so that it is never in memory as a whole."""
    stream = _template().stream(about=about, rows=map(_row, interruptions))
    stream.enable_buffering(_PIECES)
    yield from stream


@cache
def _template() -> Template:
    from jinja2 import Environment, PackageLoader, StrictUndefined  # only once a page is written

    environment = Environment(
        loader=PackageLoader("monitorapp.core.transfer", ""),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["seconds"] = _seconds
    return environment.get_template(TEMPLATE)


def _row(interruption: Interruption) -> _Row:
    time = ""
    try:
        time = local_time(interruption.time_s, date=True)
        return interruption, time, summary(interruption), facts(interruption)
    except (ValueError, OverflowError, OSError):  # a time that no calendar has
        return interruption, time, "", []


def _seconds(duration_s: float | None) -> str:
    return "" if duration_s is None else seconds(duration_s)
