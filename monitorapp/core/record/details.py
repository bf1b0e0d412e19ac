"""The details of one record as plain text, by what the user looks for."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Final
from urllib.parse import parse_qsl

from monitorapp.core.record.codec import as_fields
from monitorapp.core.record.interruption import Interruption
from monitorapp.core.record.story import NO_FRAMES, SHOWN_CHARACTERS, LineKind, story
from monitorapp.core.text.visible import cut, visible, visible_lines

IMPOSSIBLE_TIME: Final = (
    "The story cannot be shown: the record has a time outside the calendar."
    " The other tabs show all that is known."
)

_NOT_ALL: Final = "Not all is shown; Copy all has the whole text."
_WIDEST_NAME: Final = 24


def story_details(interruption: Interruption) -> str:
    """Return what happened and the facts, uncut; a sentence if a time is impossible."""
    try:
        lines = story(replace(interruption, traceback=""), whole=True)  # it can be very long
    except (ValueError, OverflowError, OSError):
        return IMPOSSIBLE_TIME
    summaries = [line.text for line in lines if line.kind is LineKind.SUMMARY]
    facts = [f"{line.label}: {line.text}" for line in lines if line.kind is LineKind.FACT]
    return "\n".join([*summaries, "", *facts])


def request_details(interruption: Interruption) -> str:
    """Return the request line, the query parameters and the headers, in two columns, uncut."""
    if not interruption.method:
        return "The request is not known: it was logged outside the handling of any request."
    sections = [
        [
            ("Method", interruption.method),
            ("URI", interruption.uri),
            ("Version", interruption.version),
            ("Client", interruption.client),
        ]
    ]
    query = interruption.uri.partition("?")[2]
    parameters = parse_qsl(query, keep_blank_values=True, errors="backslashreplace")
    titles = ["Request", "Query parameters", "Recorded headers"]
    sections.append([(visible(name), visible(value)) for name, value in parameters])
    sections.append(list(interruption.headers))
    texts = []
    for title, pairs in zip(titles, sections, strict=True):
        lines = [f"  {line}" for line in _columns(pairs)] or ["  none"]
        texts.append("\n".join([title, *lines]))
    return "\n\n".join(texts)


def traceback_details(interruption: Interruption) -> str:
    """Return the traceback, uncut, and a sentence if no code was running."""
    if interruption.has_frames:
        return interruption.traceback
    return f"{interruption.traceback}\n\n{NO_FRAMES}"


def record_details(interruption: Interruption) -> str:
    """Return all fields as lines `name = value`, the values as JSON, uncut."""
    return "\n".join(
        f"{name} = {json.dumps(value, ensure_ascii=False)}"
        for name, value in as_fields(interruption).items()
    )


def shown(text: str) -> str:
    """Return as much of `text` as a widget shows without a pause, with a note if it is less."""
    kept = visible_lines(text[:SHOWN_CHARACTERS])
    lines = "\n".join(cut(line) for line in kept.split("\n"))
    is_whole = len(text) <= SHOWN_CHARACTERS and len(lines) <= SHOWN_CHARACTERS and lines == kept
    return lines if is_whole else f"{lines[:SHOWN_CHARACTERS]}\n\n{_NOT_ALL}"


def _columns(pairs: list[tuple[str, str]]) -> list[str]:
    """Return lines of names and values; values start below each other if names are short."""
    width = max((len(name) for name, _ in pairs if len(name) <= _WIDEST_NAME), default=0)
    return [f"{name.ljust(width)}  {value}".rstrip() for name, value in pairs]
