"""The terms of an expression of the filter language, as one expression of Python."""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, NoReturn

from lark import Token, Transformer, Tree, v_args
from lark.exceptions import VisitError

from monitorapp.core.filter.error import FilterError
from monitorapp.core.filter.names import FIELDS
from monitorapp.core.record.client import host_of, is_ip_address, within

_UNITS_S: Final = {"": 1.0, "ms": 0.001, "s": 1.0, "m": 60.0, "min": 60.0, "h": 3600.0}
_DURATION: Final = re.compile(r"(-?[0-9]{1,9}(?:\.[0-9]{1,9})?)(ms|s|min|m|h|)", re.IGNORECASE)

_TEXTS: Final = {
    "path": "one.uri",
    "client": "one.client",
    "method": "one.method",
    "reason": "one.reason.value",
    "type": "one.failure_type",
    "agent": "one.header('User-Agent')",
}
"""The text that each field stands for, in Python."""

_STARRED: Final = "(one in stars)"


@dataclass(frozen=True, slots=True)
class Term:
    """A part of an expression.

    Attributes:
        code: The same in Python, of `one`, `text` and `stars`. What the user wrote stands in it by
            name only, never as code.
        words: If it is only words: all of them.
        needed: What every text that matches contains.
        depth: How deeply it is nested.
        inner: The term that it negates, if it does.
    """

    code: str
    words: tuple[str, ...] | None = None
    needed: tuple[str, ...] = ()
    depth: int = 1
    inner: Term | None = None

    @property
    def uses_stars(self) -> bool:
        """Whether it needs the stars."""
        return _STARRED in self.code


def term_of(tree: Tree[Token], today: datetime.date) -> tuple[Term, dict[str, object]]:
    """Return the term of a tree, and what the names in its code stand for.

    Args:
        tree: What `parse` returned.
        today: The day that a time without one belongs to.

    Raises:
        FilterError: A value is wrong.
        RecursionError: It is nested too deeply.
    """
    terms = _Terms(today)
    try:
        return terms.transform(tree), terms.values
    except VisitError as error:
        if isinstance(error.orig_exc, (FilterError, RecursionError)):
            raise error.orig_exc from None
        raise


@v_args(inline=True)
class _Terms(Transformer[Token, Term]):
    """Makes terms from the tree of an expression.

    Attributes:
        values: What the names in the terms' code stand for.
    """

    def __init__(self, today: datetime.date) -> None:
        super().__init__(visit_tokens=False)
        self._today = today
        self.values: dict[str, object] = {}

    def start(self, term: Term | None = None) -> Term:
        return term or Term("True", ())

    def either(self, *terms: Term) -> Term:
        code = " or ".join(term.code for term in terms)
        return Term(f"({code})", depth=1 + max(term.depth for term in terms))

    def both(self, *terms: Term) -> Term:
        words: tuple[str, ...] | None = ()
        for term in terms:
            words = None if words is None or term.words is None else words + term.words
        code = " and ".join(term.code for term in terms)
        needed = tuple(word for term in terms for word in term.needed)
        return Term(f"({code})", words, needed, 1 + max(term.depth for term in terms))

    def negated(self, term: Term) -> Term:
        if term.inner is not None:
            return term.inner
        return Term(f"(not {term.code})", depth=1 + term.depth, inner=term)

    def word(self, token: Token) -> Term:
        return self._contained(token.lower())

    def phrase(self, token: Token) -> Term:
        return self._contained(_text(token))

    def regex(self, token: Token) -> Term:
        return Term(f"({self._named(_regex(token).search)}(text) is not None)")

    def unknown(self, name: Token, value: Token) -> Term:
        _wrong(
            f'There is no field "{name}". Fields are {", ".join(FIELDS)};'
            " quote it to look for the text.",
            name,
            value,
        )

    def field(self, token: Token, value: Token) -> Term:
        name, wanted = token.lower(), _text(value)
        if value.type == "NOTHING" or not wanted:
            _wrong(f"`{name}:` needs a value.", token, value)
        if name == "is":
            if wanted != "starred":
                _wrong("The only value of `is:` is starred.", token, value)
            return Term(_STARRED)
        if value.type == "VALUE_REGEX":
            search = self._named(_regex(value, token).search)
            return Term(f"({search}({_TEXTS[name]}) is not None)")
        if name == "client":
            code = f"{self._named(_client(token, value))}(one.client)"
            is_network = "/" in value and value.type != "PHRASE"
            return Term(code, needed=() if is_network else (wanted.strip("[]"),))
        return Term(f"({self._named(wanted)} in {_TEXTS[name]}.lower())", needed=(wanted,))

    def comparison(self, token: Token, sign: Token, value: Token | None = None) -> Term:
        name = token.lower()
        limit: float
        if name == "tries":
            limit = _count(token, value or sign)
            return Term(f"(one.tries {sign} {self._named(limit)})")
        if name == "time":
            limit = self._time_s(token, value or sign)
        else:
            limit = _duration_s(token, value or sign)
        seconds = f"one.{name}_s"
        return Term(f"({seconds} is not None and {seconds} {sign} {self._named(limit)})")

    def _contained(self, word: str) -> Term:
        words = (word,) if word else ()
        return Term(f"({self._named(word)} in text)", words, words)

    def _named(self, value: object) -> str:
        name = f"value_{len(self.values)}"
        self.values[name] = value
        return name

    def _time_s(self, name: Token, value: Token) -> float:
        try:
            if "-" in value:
                moment = datetime.datetime.fromisoformat(value)
            else:
                hour = value if ":" in value else f"{value}:00"
                clock = datetime.time.fromisoformat(hour.zfill(len(hour) + (hour[1:2] == ":")))
                moment = datetime.datetime.combine(self._today, clock)
            return moment.timestamp()
        except (ValueError, OverflowError, OSError):
            _wrong("A time looks like 10:30, 10:30:15 or 2026-11-24T10:30.", name, value)


def _wrong(problem: str, first: Token, last: Token) -> NoReturn:
    start = first.start_pos or 0
    end = last.end_pos or start + len(first)
    raise FilterError(problem, start, end)


def _text(token: Token) -> str:
    """Return what a phrase or a word stands for, in lower case."""
    text = re.sub(r'\\(["\\])', r"\1", token[1:-1]) if token.type == "PHRASE" else str(token)
    return text.lower()


def _regex(token: Token, first: Token | None = None) -> re.Pattern[str]:
    try:
        return re.compile(token[1:-1], re.IGNORECASE)
    except (re.error, OverflowError, RecursionError) as error:
        _wrong(f"This is not a regular expression: {error}.", first or token, token)


def _duration_s(name: Token, value: Token) -> float:
    parts = _DURATION.fullmatch(value)
    if parts is None:
        _wrong("A duration looks like 1.5s, 200ms, 2min or 1h.", name, value)
    return float(parts[1]) * _UNITS_S[parts[2].lower()]


def _count(name: Token, value: Token) -> int:
    if not (value.isascii() and value.isdigit() and len(value) < 10):
        _wrong("A number of tries looks like 2.", name, value)
    return int(value)


def _client(name: Token, value: Token) -> Callable[[str], bool]:
    wanted = _text(value)
    if value.type == "PHRASE":
        return lambda client: wanted in (client.lower(), host_of(client).lower())
    if "/" in wanted:
        try:
            return within(wanted)
        except ValueError:
            _wrong("A network looks like 10.0.0.0/8 or 2001:db8::/32.", name, value)
    if is_ip_address(wanted):
        return lambda client: host_of(client).lower() == wanted
    beginning = wanted.lstrip("[")
    return lambda client: client.lower().lstrip("[").startswith(beginning)
