"""What a filter matches in the cells of a row, to be marked there."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Final

from monitorapp.core.filter._marked import Cells, Found, MarkedTerm, occurrences, places_of
from monitorapp.core.filter.language import Filter
from monitorapp.core.record.interruption import Interruption
from monitorapp.core.record.searched_text import searched_text

Spans = tuple[tuple[int, int], ...]
"""The places of the first character and behind the last of each part of a text, in order."""

_REMEMBERED: Final = 512
"""Rows and lines whose marks are remembered: more than a screen can show."""

_LINES: Final = (("client", 1), ("reason", 1))


class Marks:
    """What the terms of a filter have matched, where that is seen in a cell.

    Words, phrases and regular expressions without a field are looked for where the filter looks:
    a phrase can end one cell and begin another. Negated terms, comparisons and fields without a
    cell mark nothing. Of long texts regular expressions read less than the filter does.

    Args:
        terms: The terms that are not negated.
        characters: How much of a text their regular expressions read.
    """

    def __init__(self, terms: tuple[MarkedTerm, ...], characters: int) -> None:
        self._in_text = [term.in_text for term in terms if term.in_text is not None]
        self._in_cells = [term.in_cells for term in terms if term.in_cells is not None]
        self._words = [term.word for term in terms if term.word]
        self._has_regex = any(term.size for term in terms)
        self._characters = characters
        self._known: dict[int, tuple[Interruption, str, Mapping[str, Spans]]] = {}
        self.in_line = lru_cache(_REMEMBERED)(self._in_line)

    def of(self, interruption: Interruption, outcome: str = "") -> Mapping[str, Spans]:
        """Return what is to be marked, by the key of the column.

        The places are those in the whole text of the record's field.

        Args:
            interruption: The record.
            outcome: The value of the outcome of its request; empty if none is known.
        """
        known = self._known.get(id(interruption))
        if known is None or known[1] != outcome:
            if len(self._known) >= _REMEMBERED:
                del self._known[next(iter(self._known))]
            known = interruption, outcome, self._found_in(interruption, outcome)
            self._known[id(interruption)] = known
        return known[2]

    def _in_line(self, line: str) -> Spans:
        """Return what is to be marked in a line that is part of the searched text."""
        lower = line.lower()
        back = places_of(line, lower)
        found = (span for word in self._words for span in occurrences(word, lower))
        return _merged(back(start, end) for start, end in found)

    def _found_in(self, one: Interruption, outcome: str) -> Mapping[str, Spans]:
        cells = {
            "method": one.method,
            "path": one.uri,
            "client": one.client,
            "reason": one.reason.value,
            "outcome": outcome,
        }
        found: dict[str, list[tuple[int, int]]] = {}
        for term in self._in_cells:
            for key, start, end in term(cells, self._characters):
                found.setdefault(key, []).append((start, end))
        if self._in_text:
            for key, start, end in self._found_in_text(one, cells):
                found.setdefault(key, []).append((start, end))
        return {key: _merged(spans) for key, spans in found.items()}

    def _found_in_text(self, one: Interruption, cells: Cells) -> Found:
        # The beginning of `searched_text`, where the cells are.
        head = f"{one.method} {one.uri} {one.version}\n{one.client}\n{one.reason.value}\n"
        lower = text = head.lower()
        if self._has_regex:  # they may look at what follows
            text = searched_text(one)
        spans = [span for search in self._in_text for span in search(lower, text, self._characters)]
        outcome = cells["outcome"].lower()  # it can change, and is looked for by itself
        for search in self._in_text if outcome else ():
            for first, last in search(outcome, outcome, self._characters):
                yield "outcome", first, last
        if not spans:
            return
        start = 0
        for key, behind in (("method", 1), ("path", len(one.version.lower()) + 2), *_LINES):
            cell = cells[key]
            cell_lower = cell.lower()
            end, back = start + len(cell_lower), places_of(cell, cell_lower)
            for first, last in spans:
                if first < end and last > start:
                    yield key, *back(max(first, start) - start, min(last, end) - start)
            start = end + behind


def marks_of(filter_: Filter) -> Marks | None:
    """Return the marks of a filter; None if there is nothing to mark."""
    if filter_.is_empty:
        return None
    # As with filters, the parser is loaded only once there is something to parse.
    from monitorapp.core.filter._marked_terms import marked_terms
    from monitorapp.core.filter._regex import SHOWN_SHARE, characters_read

    terms = marked_terms(filter_.expression)
    size = sum(term.size for term in terms)
    return Marks(terms, characters_read(size) // SHOWN_SHARE if size else 0) if terms else None


def _merged(spans: Iterable[tuple[int, int]]) -> Spans:
    """Return the same parts in order, none of which touches another, nor is empty."""
    merged: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if merged and start <= merged[-1][1]:
            merged[-1] = merged[-1][0], max(end, merged[-1][1])
        elif start < end:
            merged.append((start, end))
    return tuple(merged)
