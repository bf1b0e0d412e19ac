"""The terms of an expression of the filter language, as what they mark in the cells of a row."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import takewhile
from typing import Final

from lark import Token, Transformer, v_args

from monitorapp.core.filter._grammar import parse
from monitorapp.core.filter._marked import Cells, Found, MarkedTerm, occurrences, places_of
from monitorapp.core.filter._regex import Regex, literal_of
from monitorapp.core.filter._values import client_equal, client_like, is_network, text_of
from monitorapp.core.record.client import host_of, is_ip_address


@dataclass(frozen=True, slots=True)
class _Part:
    """A part of an expression: its terms, or what it negates."""

    terms: tuple[MarkedTerm, ...] = ()
    inner: _Part | None = None


_NOTHING: Final = _Part()


def marked_terms(expression: str) -> tuple[MarkedTerm, ...]:
    """Return the terms of an expression that can mark something."""
    part: _Part = _Parts().transform(parse(expression))
    return part.terms


@v_args(inline=True)
class _Parts(Transformer[Token, _Part]):
    """Makes the parts from the tree of an expression that is known to be right."""

    def __init__(self) -> None:
        super().__init__(visit_tokens=False)

    def start(self, part: _Part = _NOTHING) -> _Part:
        return part

    def either(self, *parts: _Part) -> _Part:
        return _Part(tuple(term for part in parts for term in part.terms))

    def both(self, *parts: _Part) -> _Part:
        return self.either(*parts)

    def negated(self, part: _Part) -> _Part:
        return _Part(inner=part) if part.inner is None else part.inner

    def word(self, token: Token) -> _Part:
        return _contained(token.lower())

    def phrase(self, token: Token) -> _Part:
        return _contained(text_of(token).lower())

    def regex(self, token: Token) -> _Part:
        literal = literal_of(token[1:-1])
        if literal is not None:
            return _contained(literal)
        regex = Regex(token[1:-1])

        def search(head: str, text: str, characters: int) -> Iterator[tuple[int, int]]:
            matches = _matches(regex, text, characters)
            return takewhile(lambda span: span[0] < len(head), matches)

        return _Part((MarkedTerm(in_text=search, size=regex.size),))

    def comparison(self, *_: Token) -> _Part:
        return _NOTHING

    def field(self, name: Token, value: Token) -> _Part:
        key, wanted = name.lower(), text_of(value).lower()
        if key not in _CELLS:
            return _NOTHING
        if value.type == "VALUE_REGEX":
            literal = literal_of(value[1:-1])
            if literal is None:
                return _searched(key, Regex(value[1:-1]))
            wanted = literal
        elif key == "client":
            fits = client_like(name, value)
            if value.type == "PHRASE" or is_network(value) or is_ip_address(wanted):
                return _client(fits, wanted)
            return _client(fits, wanted, only_beginning=True)

        def search(cells: Cells, _: int) -> Found:
            cell = cells[key]
            lower = cell.lower()
            back = places_of(cell, lower)
            return ((key, *back(start, end)) for start, end in occurrences(wanted, lower))

        return _Part((MarkedTerm(in_cells=search),))

    def exact(self, name: Token, sign: Token, value: Token) -> _Part:
        key, wanted = name.lower(), text_of(value)
        if key not in _CELLS:
            part = _NOTHING
        elif key == "client":
            part = _client(client_equal(name, value), wanted.lower())
        elif key == "path":
            part = _path(wanted)
        else:
            part = _whole(key, wanted.lower())
        return self.negated(part) if sign == "!=" else part


_CELLS: Final = ("method", "path", "client", "reason", "outcome")


def _contained(word: str) -> _Part:
    def search(head: str, text: str, characters: int) -> Iterator[tuple[int, int]]:
        return occurrences(word, head)

    return _Part((MarkedTerm(in_text=search, word=word),) if word else ())


def _searched(key: str, regex: Regex) -> _Part:
    def search(cells: Cells, characters: int) -> Found:
        return ((key, start, end) for start, end in _matches(regex, cells[key], characters))

    return _Part((MarkedTerm(in_cells=search, size=regex.size),))


def _client(fits: Callable[[str], bool], wanted: str, *, only_beginning: bool = False) -> _Part:
    def search(cells: Cells, _: int) -> Found:
        client = cells["client"]
        if not fits(client):
            return
        if client.lower() == wanted:
            yield "client", 0, len(client)
        elif only_beginning:
            start = len(client) - len(client.lstrip("["))
            yield "client", start, start + len(wanted.lstrip("["))
        else:
            host = host_of(client)
            start = client.index(host)
            yield "client", start, start + len(host)

    return _Part((MarkedTerm(in_cells=search),))


def _path(wanted: str) -> _Part:
    def search(cells: Cells, _: int) -> Found:
        uri = cells["path"]
        if uri == wanted or ("?" not in wanted and uri.startswith(wanted + "?")):
            yield "path", 0, len(wanted)

    return _Part((MarkedTerm(in_cells=search),))


def _whole(key: str, wanted: str) -> _Part:
    def search(cells: Cells, _: int) -> Found:
        if cells[key].lower() == wanted:
            yield key, 0, len(cells[key])

    return _Part((MarkedTerm(in_cells=search),))


def _matches(regex: Regex, text: str, characters: int) -> Iterator[tuple[int, int]]:
    """Return where it matches in the first `characters`; there they may seem to end."""
    is_whole = len(text) <= characters
    for start, end in regex.spans(text[:characters]):
        if start < end and (is_whole or end < characters):
            yield start, end
