"""A term of the filter language as what it marks, and where that is in a text."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from monitorapp.core.text.visible import CELL_CHARACTERS

_MOST: Final = CELL_CHARACTERS + 1
"""How often a word is looked for in a text: so many reach behind all that a cell shows."""

Cells = dict[str, str]
Found = Iterable[tuple[str, int, int]]
"""A cell, and where the part of it begins and ends."""

InText = Callable[[str, str, int], Iterable[tuple[int, int]]]
"""Looks in the head of the searched text and in all of it, so many characters of that."""

InCells = Callable[[Cells, int], Found]


@dataclass(frozen=True, slots=True, kw_only=True)
class MarkedTerm:
    """A part of an expression that is not negated.

    Attributes:
        in_text: Finds it in the searched text, if it is looked for there.
        in_cells: Finds it in the cells of its field, if it has one.
        word: What is looked for in the searched text, if it is a text.
        size: That of its regular expression, if it has one, see `Regex.size`.
    """

    in_text: InText | None = None
    in_cells: InCells | None = None
    word: str = ""
    size: int = 0


def occurrences(word: str, text: str) -> Iterator[tuple[int, int]]:
    """Return where a text contains a word, also where it overlaps with itself."""
    start = text.find(word)
    for _ in range(_MOST):
        if start < 0:
            return
        yield start, start + len(word)
        start = text.find(word, start + 1)


def places_of(text: str, lower: str) -> Callable[[int, int], tuple[int, int]]:
    """Return what tells where a part of a text is that is not empty, given where in lower case.

    A letter that becomes longer so is taken as a whole.
    """
    if len(lower) == len(text):
        return lambda start, end: (start, end)
    places = [place for place, letter in enumerate(text) for _ in letter.lower()]
    return lambda start, end: (places[start], places[end - 1] + 1)
