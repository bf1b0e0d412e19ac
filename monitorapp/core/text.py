"""Make text that came over the network safe to look at.

Whatever a client sends is data. Characters that are not seen, that reorder their
neighbours or that break an encoding are shown as escapes, so that what is on the
screen is what was sent and no line can pretend to be another one.
"""

from __future__ import annotations

import re
from typing import Final

CELL_CHARACTERS: Final = 1_000
"""Longest text of one table cell, story line or tooltip: longer ones make Qt slow."""

_UNSAFE_SOURCE: Final = (
    "\\x00-\\x1f\\x7f-\\x9f"  # C0, DEL, C1
    "\\xad\\u034f\\u061c\\u115f\\u1160\\u17b4\\u17b5\\u180b-\\u180f"  # not seen
    "\\u200b-\\u200f\\u2028-\\u202f\\u205f-\\u206f\\u3164\\ufe00-\\ufe0f\\ufeff\\uffa0"
    "\\ufff0-\\uffff\\ud800-\\udfff"  # specials, lone surrogates
    "\\U0001bca0-\\U0001bca3\\U0001d173-\\U0001d17a\\U000e0000-\\U000e0fff"
)
_UNSAFE: Final = re.compile(f"[{_UNSAFE_SOURCE}]")
_UNSAFE_BUT_LINES: Final = re.compile(f"(?![\\n\\t])[{_UNSAFE_SOURCE}]")


def _escape(match: re.Match[str]) -> str:
    return match.group().encode("unicode_escape", "surrogatepass").decode("ascii")


def visible(text: str | bytes) -> str:
    r"""Return one line of `text` in which every character can be seen.

    Control, bidirectional, zero-width and unpaired surrogate characters become
    Python escapes (`\x1b`, `\u202e`, `\n`). Bytes are read as UTF-8; a byte that
    is not UTF-8 becomes `\xff`.
    """
    if isinstance(text, bytes):
        text = text.decode("utf-8", "backslashreplace")
    if text.isascii() and text.isprintable():  # nearly always
        return text
    return _UNSAFE.sub(_escape, text)


def visible_lines(text: str) -> str:
    """Return `text` like `visible`, but keep its line feeds and tabs."""
    return _UNSAFE_BUT_LINES.sub(_escape, text)


def cut(text: str, limit: int = CELL_CHARACTERS) -> str:
    """Return `text`, or its first `limit` characters and how many more there are."""
    if len(text) <= limit:
        return text
    return f"{text[:limit]}… ({len(text) - limit:,} more characters)"
