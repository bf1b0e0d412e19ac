"""Make text that came over the network safe to look at.

Whatever a client sends is data. Characters that are invisible, that reorder their
neighbours or that break an encoding are shown as escapes, so that what is on the
screen is what was sent and no line can pretend to be another one.
"""

from __future__ import annotations

from typing import Final

from monitorapp.core.text.format import plural

CELL_CHARACTERS: Final = 1_000
"""Longest text of one table cell, story line or tooltip: longer ones make Qt slow."""

# Printable for Python, and yet not seen: fillers, joiners and variation selectors.
_UNSEEN: Final = frozenset(
    map(
        chr,
        [
            0x034F,
            0x115F,
            0x1160,
            0x17B4,
            0x17B5,
            *range(0x180B, 0x1810),
            0x3164,
            *range(0xFE00, 0xFE10),
            0xFFA0,
            *range(0xE0100, 0xE01F0),
        ],
    )
)


def visible(text: str | bytes) -> str:
    r"""Return one line of `text` in which every character can be seen.

    Control, bidirectional, zero-width and unpaired surrogate characters become
    Python escapes (`\x1b`, `\u202e`, `\n`). Bytes are read as UTF-8; a byte that
    is not UTF-8 becomes `\xff`.
    """
    if isinstance(text, bytes):
        text = text.decode("utf-8", "backslashreplace")
    return _escaped(text, "")


def visible_lines(text: str) -> str:
    """Return `text` like `visible`, but keep its line feeds and tabs."""
    return _escaped(text, "\n\t")


def cut(text: str, limit: int = CELL_CHARACTERS) -> str:
    """Return `text`, or its first `limit` characters and how many more there are."""
    if len(text) <= limit:
        return text
    return f"{text[:limit]}… ({plural(len(text) - limit, 'more character')})"


def _escaped(text: str, kept: str) -> str:
    if text.isascii() and text.isprintable():  # nearly always
        return text
    return "".join(
        character
        if character in kept or (character.isprintable() and character not in _UNSEEN)
        else character.encode("unicode_escape", "surrogatepass").decode("ascii")
        for character in text
    )
