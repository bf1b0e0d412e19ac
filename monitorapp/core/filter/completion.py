"""What the term at the cursor of a filter can be completed to."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import islice
from typing import Final, NamedTuple

from monitorapp.core.filter.language import quote
from monitorapp.core.filter.names import COMPARED, FIELDS
from monitorapp.core.record.client import host_of, is_socket
from monitorapp.core.record.interruption import Interruption
from monitorapp.core.record.outcome import Outcome

LIMIT: Final = 50
"""How many completions are offered at most."""

ROWS: Final = 10_000
"""How many of the newest rows values are taken from."""

MAX_CHARACTERS: Final = 200
"""Longer values are not offered: nobody chooses one, and a filter cannot be long."""

_TERM: Final = re.compile(
    r'[-!]?\(*[-!]?(?P<term>(?:[a-z]+(?::|!?=))?(?:"(?:[^"\\]|\\.)*"?|[^\s()"]*))', re.I
)
_VALUE: Final = re.compile(r"(?P<name>[a-z]+)(?P<sign>:|!?=)(?P<value>.*)", re.I | re.DOTALL)
_SPECIAL: Final = re.compile(r'[\s()"\\]')


class Completions(NamedTuple):
    """What can be put in the place of a part of an expression.

    Attributes:
        start: Where that part begins, in characters of the expression.
        end: One more than where it ends.
        texts: What can replace it; the best first.
        is_field: Whether only the name of a field is there, or the beginning of one.
    """

    start: int
    end: int
    texts: list[str]
    is_field: bool = False


def completions(
    expression: str, cursor: int, values: Callable[[str], Sequence[str]]
) -> Completions:
    """Return what the term at the cursor can be completed to: a field, or a value of one.

    Args:
        expression: A filter, as far as it is written.
        cursor: Where the cursor is, in characters of it.
        values: Returns the values of a field, the most likely first. It is called only if
            the term is of that field.
    """
    start, end = _term_at(expression, cursor)
    typed = expression[start:cursor]
    parts = _VALUE.fullmatch(typed)
    if parts is not None and (field := parts["name"].lower()) in FIELDS:
        begun = parts["name"] + parts["sign"]
        texts = _of_values(begun, field, parts["value"], values(field))
        return Completions(start, end, texts, is_field=not expression[start + len(begun) : end])
    names = [f"{name}:" for name in FIELDS] + [f"{name}>" for name in COMPARED]
    wanted = typed.lower()
    texts = [one for one in names if wanted and one.startswith(wanted) and one != wanted]
    return Completions(start, end, texts, is_field=bool(texts))


def seen_values(field: str, newest_first: Iterable[Interruption]) -> list[str]:
    """Return the values of a field, the most frequent first, of the newest `ROWS` rows."""
    if field == "is":
        return ["starred"]
    if field == "outcome":
        return [outcome.value for outcome in Outcome]
    text_of = _TEXTS.get(field)
    if text_of is None:
        return []
    counts = Counter(map(text_of, islice(newest_first, ROWS)))
    del counts[""]
    return [value for value, _ in counts.most_common()]


def _of_values(begun: str, field: str, value: str, seen: Iterable[str]) -> list[str]:
    wanted = value.removeprefix('"').replace('\\"', '"').replace("\\\\", "\\").lower()
    begin: list[str] = []
    contain: list[str] = []
    for one in seen:
        lower = one.lower()
        if len(one) > MAX_CHARACTERS or lower == wanted.removesuffix('"'):
            continue
        if lower.startswith(wanted):
            begin.append(one)
            if len(begin) == LIMIT:
                break
        elif wanted in lower and len(contain) < LIMIT:
            contain.append(one)
    return [begun + _written(field, one) for one in (begin + contain)[:LIMIT]]


def _written(field: str, value: str) -> str:
    """Return a value so that the filter language takes it for nothing else."""
    is_regex = len(value) > 2 and value.startswith("/") and value.endswith("/")
    is_network = field == "client" and "/" in value
    is_sign = value.startswith(("=", "!", "<", ">"))  # behind another one
    is_plain = not (is_regex or is_network or is_sign or _SPECIAL.search(value))
    return value if is_plain else quote(value)


def _term_at(expression: str, cursor: int) -> tuple[int, int]:
    """Return where the term begins and ends in which the cursor is, or right behind it."""
    place = 0
    while place < len(expression):
        found = _TERM.match(expression, place)
        if found is None or found.end() == place:
            place += 1
            continue
        start, end = found.span("term")
        if start <= cursor <= end and start < end:
            return start, end
        place = max(found.end(), place + 1)
    return cursor, cursor


def _host(one: Interruption) -> str:
    return "" if is_socket(one.client) else host_of(one.client)


_TEXTS: Final[Mapping[str, Callable[[Interruption], str]]] = {
    "path": lambda one: one.uri.partition("?")[0],
    "client": _host,
    "method": lambda one: one.method,
    "reason": lambda one: one.reason.value,
    "type": lambda one: one.failure_type,
    "agent": lambda one: one.header("User-Agent"),
    "render": lambda one: one.began_in,
}
