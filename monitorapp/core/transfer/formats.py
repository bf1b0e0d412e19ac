"""Records as text for other programs: JSON Lines, CSV and a page that can be mailed."""

from __future__ import annotations

import csv
import html
import io
import json
from collections.abc import Callable, Iterable, Iterator
from enum import Enum
from pathlib import Path
from typing import Any, Final

from monitorapp.core.record.codec import NAMES, as_fields
from monitorapp.core.record.interruption import Interruption
from monitorapp.core.record.story import LineKind, story
from monitorapp.core.text.format import local_time, seconds

MARKER: Final = "monitorapp"
"""The key that says of a JSON object that it is a record of this app; its value is a version."""

MARKER_VERSION: Final = 1

_RISKY: Final = ("=", "+", "-", "@", "\t", "\r", "\n")
"""What a spreadsheet may take for the beginning of a formula, see
https://owasp.org/www-community/attacks/CSV_Injection."""

_HEAD: Final = """<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>Interrupted responses</title>
<style>
:root {{ color-scheme: light dark; }}
body {{ font: 14px/1.4 system-ui, sans-serif; margin: 2em; }}
p {{ color: color-mix(in srgb, currentColor 70%, transparent); }}
.row {{ display: grid; grid-template-columns: 13em 5em 3fr 2fr 6em 6em 2fr; gap: 0 1em; }}
.row > * {{ overflow-wrap: anywhere; }}
.head {{ font-weight: 600; padding: 0 0 .3em 1.2em; border-bottom: 1px solid; }}
details {{ border-bottom: 1px solid color-mix(in srgb, currentColor 15%, transparent); }}
summary {{ padding: .25em 0; cursor: pointer; list-style-position: outside; margin-left: 1.2em; }}
.seconds {{ text-align: right; font-variant-numeric: tabular-nums; }}
dl {{ display: grid; grid-template-columns: max-content 1fr; gap: 0 1em; margin: .5em 2.4em; }}
dt {{ font-weight: 600; }} dd {{ margin: 0; overflow-wrap: anywhere; }}
pre {{ margin: .5em 2.4em; white-space: pre-wrap; overflow-wrap: anywhere; }}
</style>
</head>
<body>
<h1>Interrupted responses</h1>
<p>{about}</p>
<div class="row head"><span>Time</span><span>Method</span><span>Path</span><span>Client</span>
<span class="seconds">Waited</span><span class="seconds">Of delay</span><span>Reason</span></div>
"""
_TAIL: Final = "</body>\n</html>\n"


class ExportFormat(Enum):
    """A kind of file; its value is what the name of such a file ends in."""

    JSONL = ".jsonl"
    CSV = ".csv"
    HTML = ".html"

    @property
    def encoding(self) -> str:
        """How the text is written; CSV with a mark without which Excel takes it for ANSI."""
        return "utf-8-sig" if self is ExportFormat.CSV else "utf-8"

    def texts(self, interruptions: Iterable[Interruption], about: str) -> Iterator[str]:
        """Yield a head, a text for each record, and a tail; any of them may be empty.

        Args:
            interruptions: The records.
            about: What they are, in a sentence, where the format has a place for it.
        """
        head, one, tail = _WRITERS[self]
        yield head(about)
        for interruption in interruptions:
            yield one(interruption)
        yield tail


def format_of(path: Path) -> ExportFormat:
    """Return the format that a file's name asks for.

    Raises:
        ValueError: It is none that can be written; the message says which are.
    """
    try:
        return ExportFormat(path.suffix.lower())
    except ValueError:
        known = ", ".join(kind.value for kind in ExportFormat)
        raise ValueError(
            f"The name of an export ends in one of {known}, which says its format."
        ) from None


def _jsonl(interruption: Interruption) -> str:
    # Escaped to ASCII, as an unpaired surrogate has no UTF-8.
    return json.dumps({MARKER: MARKER_VERSION, **as_fields(interruption)}) + "\n"


def _csv_line(cells: Iterable[object]) -> str:
    line = io.StringIO()
    csv.writer(line).writerow(list(cells))  # RFC 4180
    return line.getvalue()


def _csv(interruption: Interruption) -> str:
    fields = as_fields(interruption)
    fields["reason"] = interruption.reason.value
    fields["headers"] = json.dumps(fields["headers"])
    return _csv_line(_csv_cell(fields[name]) for name in NAMES)


def _csv_cell(value: Any) -> object:
    if isinstance(value, str):
        text = value.encode("utf-8", "backslashreplace").decode()
        return f"'{text}" if text.startswith(_RISKY) else text
    return "" if value is None else value


def _html(interruption: Interruption) -> str:
    cells = [
        f"<span>{_escaped(text)}</span>"
        for text in (
            _time(interruption.time_s),
            interruption.method,
            interruption.uri,
            interruption.client,
        )
    ]
    cells += [
        f'<span class="seconds">{_seconds(seconds)}</span>'
        for seconds in (interruption.waited_s, interruption.delay_s)
    ]
    cells.append(f"<span>{_escaped(interruption.reason.value)}</span>")
    try:
        lines = story(interruption, whole=True)
    except (ValueError, OverflowError, OSError):  # a time that no calendar has
        lines = []
    facts = "".join(
        f"<dt>{_escaped(line.label)}</dt><dd>{_escaped(line.text)}</dd>"
        for line in lines
        if line.kind is LineKind.FACT
    )
    told = "".join(f"<p>{_escaped(line.text)}</p>" for line in lines[:1])
    return (
        f'<details><summary><div class="row">{"".join(cells)}</div></summary>\n'
        f"<dl><dt></dt><dd>{told}</dd>{facts}</dl>\n"
        f"<pre>{_escaped(interruption.traceback)}</pre></details>\n"
    )


def _escaped(text: str) -> str:
    return html.escape(text.encode("utf-8", "backslashreplace").decode())


def _seconds(duration_s: float | None) -> str:
    return "" if duration_s is None else seconds(duration_s)


def _time(time_s: float) -> str:
    try:
        return local_time(time_s, date=True)
    except (ValueError, OverflowError, OSError):  # a time that no calendar has
        return ""


_Writer = tuple[Callable[[str], str], Callable[[Interruption], str], str]
_WRITERS: Final[dict[ExportFormat, _Writer]] = {
    ExportFormat.JSONL: (lambda _: "", _jsonl, ""),
    ExportFormat.CSV: (lambda _: _csv_line(NAMES), _csv, ""),
    ExportFormat.HTML: (lambda about: _HEAD.format(about=_escaped(about)), _html, _TAIL),
}
