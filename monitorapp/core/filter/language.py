r"""The language in which a person says which interruptions they want to see.

    slow                 the word stands anywhere: request, headers, reason, traceback
    "not found"          a phrase; \" is a quotation mark in it
    /slow|late/          a regular expression (Python's `re`)
    path:/slow           the requested path, with its query, contains this
    client:10.0.0.0/8    the client's address, the beginning of one, or a network
    method: reason: type: agent:
                         the method, the reason, the Failure's type, the User-Agent
    waited>1s            also delay and remaining; < <= > >=; ms, s, min, h
    tries>2              the client had asked so often in a row, and given up each time
    time>10:30           logged today after half past ten; 2026-11-24 or 2026-11-24T10:30
                         for another day
    is:starred           rows that the person has starred
    -term                not this
    a b, a and b         both
    a or b, ( )          either; `or` binds less than `and`

Case does not matter. The value of a field can be a phrase or a regular expression too; a
client in quotation marks is that very one. Times are local ones.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable, Container, Iterable, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Final, NoReturn

from lark import Lark, Token, Transformer, v_args
from lark.exceptions import UnexpectedCharacters, UnexpectedInput, VisitError

from monitorapp.core.record.client import host_of, is_ip_address, within
from monitorapp.core.record.interruption import Interruption

FIELDS: Final = ("path", "client", "method", "reason", "type", "agent", "is")
"""What can stand before a colon."""

COMPARED: Final = ("waited", "delay", "remaining", "time", "tries")
"""What can stand before a sign of comparison."""

MAX_CHARACTERS: Final = 2_000
MAX_DEPTH: Final = 50

_GRAMMAR: Final = r"""
    start: either?
    ?either: both (_OR both)*
    ?both: term (_AND? term)*
    ?term: "-" term -> negated
         | "(" either ")"
         | PHRASE -> phrase
         | REGEX -> regex
         | FIELD -> field
         | COMPARISON -> comparison
         | UNKNOWN -> unknown
         | WORD -> word

    _OR.5: /or(?=[\s()]|$)/i
    _AND.5: /and(?=[\s()]|$)/i
    PHRASE.4: /"(?:[^"\\]|\\.)*"/
    REGEX.4: /\/(?:[^\/\\]|\\.)+\/(?=[\s)]|$)/
    FIELD.4: /(?:FIELDS):(?:"(?:[^"\\]|\\.)*"|\/(?:[^\/\\]|\\.)+\/(?=[\s)]|$)|[^\s()"]*)/i
    COMPARISON.4: /(?:COMPARED)(?:[<>]=?)[^\s()"]*/i
    UNKNOWN.3: /[a-z]+:(?=[a-z"])[^\s()"]*/i
    WORD.1: /[^\s()"\-][^\s()"]*/
    %ignore /\s+/
"""
_COMPARISON: Final = re.compile(r"([a-z]+)([<>]=?)(.*)", re.IGNORECASE | re.DOTALL)
_UNITS_S: Final = {"": 1.0, "ms": 0.001, "s": 1.0, "m": 60.0, "min": 60.0, "h": 3600.0}
_DURATION: Final = re.compile(r"(-?[0-9]{1,9}(?:\.[0-9]{1,9})?)(ms|s|min|m|h|)", re.IGNORECASE)

Matches = Callable[..., bool]
Places = Callable[[Iterable[tuple[Interruption, str]], Container[Interruption]], list[int]]


class FilterError(ValueError):
    """An expression is wrong; the message says why, in one sentence.

    Attributes:
        start: Where what is wrong begins, in characters of the expression.
        end: One more than where it ends.
    """

    def __init__(self, problem: str, start: int, end: int) -> None:
        super().__init__(problem)
        self.start = start
        self.end = end


@dataclass(frozen=True, slots=True)
class Filter:
    """What a person wants to see.

    Attributes:
        expression: What they wrote.
        matches: Says of an interruption and its `searched_text` whether it is wanted; a third
            argument says which are starred, without it none is.
        places: Returns the places of those that are wanted, of pairs of the same, and of what
            is starred.
        words: If the expression is but words: all of them, in lower case.
        needed: What stands in the `searched_text` of all that are wanted.
        uses_stars: Whether it asks what is starred.
    """

    expression: str
    matches: Matches = field(repr=False)
    places: Places = field(repr=False)
    words: tuple[str, ...] | None
    needed: tuple[str, ...] = ()
    uses_stars: bool = False

    @property
    def is_empty(self) -> bool:
        """Whether everything is wanted."""
        return self.words == ()

    def select(
        self,
        interruptions: Sequence[Interruption],
        texts: Sequence[str],
        stars: Container[Interruption] = (),
    ) -> list[int]:
        """Return the places of the interruptions that are wanted.

        Args:
            interruptions: What is looked through.
            texts: The `searched_text` of each.
            stars: Which are starred.
        """
        if self.words is None:
            return self.places(zip(interruptions, texts, strict=True), stars)
        if not self.words:
            return list(range(len(texts)))
        first, *others = self.words
        found = [place for place, text in enumerate(texts) if first in text]
        for word in others:
            found = [place for place in found if word in texts[place]]
        return found


def searched_text(interruption: Interruption) -> str:
    """Return all that words are looked for in, in lower case."""
    parts = [
        f"{interruption.method} {interruption.uri} {interruption.version}",
        interruption.client,
        interruption.reason.value,
        *(f"{name}: {value}" for name, value in interruption.headers),
        f"{interruption.began_in} {interruption.began_at} {interruption.awaited}",
        interruption.failure_type,
        interruption.message,
        interruption.traceback,
    ]
    return "\n".join(parts).lower()


def quote(value: str) -> str:
    """Return `value` as a phrase, which matches just this text."""
    return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'


def parse_filter(expression: str, today: datetime.date | None = None) -> Filter:
    """Return the filter that a person wrote; one that matches everything if it is empty.

    Args:
        expression: An expression as in the description of this module.
        today: The day that a time without one belongs to; by default the present one.

    Raises:
        FilterError: The expression is wrong.
    """
    if len(expression) > MAX_CHARACTERS:
        problem = f"A filter has at most {MAX_CHARACTERS:,} characters."
        raise FilterError(problem, MAX_CHARACTERS, len(expression))
    try:
        tree = _parser().parse(expression)
        terms = _Terms(today or datetime.date.today())
        term: _Term = terms.transform(tree)
    except VisitError as error:
        if isinstance(error.orig_exc, FilterError):
            raise error.orig_exc from None
        if isinstance(error.orig_exc, RecursionError):
            raise _too_deep(expression) from None
        raise
    except RecursionError:
        raise _too_deep(expression) from None
    except UnexpectedInput as error:
        raise _explained(error, expression) from None
    if term.depth > MAX_DEPTH:
        raise _too_deep(expression)
    # One Python expression for all terms: a call for each would take several times as long.
    matches: Matches = eval(f"lambda one, text, stars=(): {term.code}", terms.values)
    places: Places = eval(
        f"lambda pairs, stars: [place for place, (one, text) in enumerate(pairs) if {term.code}]",
        terms.values,
    )
    uses_stars = "(one in stars)" in term.code
    return Filter(expression, matches, places, term.words, term.needed, uses_stars)


@cache
def _parser() -> Lark:
    grammar = _GRAMMAR.replace("FIELDS", "|".join(FIELDS), 2).replace(
        "(?:COMPARED)", f"(?:{'|'.join(COMPARED)})"
    )
    return Lark(grammar, parser="lalr", maybe_placeholders=False)


def _too_deep(expression: str) -> FilterError:
    return FilterError(f"This is nested too deeply: at most {MAX_DEPTH} times.", 0, len(expression))


def _explained(error: UnexpectedInput, expression: str) -> FilterError:
    end = len(expression)
    place = getattr(error, "pos_in_stream", None)
    token = getattr(error, "token", None)
    if isinstance(error, UnexpectedCharacters) and place is not None:
        if expression[place] == '"':
            return FilterError("The quotation mark is not closed.", place, end)
        return FilterError("This cannot be understood here.", place, place + 1)
    if token is None or token.type == "$END" or place is None:
        if expression.count("(") > expression.count(")"):
            return FilterError("The parenthesis is not closed.", expression.rfind("("), end)
        last = len(expression.rstrip()) - 1
        return FilterError("Something is missing at the end.", max(0, last), max(1, last + 1))
    problem = "This cannot be understood here."
    if token.type == "RPAR":
        problem = "There is nothing to close here: write ( before it, or quote it."
    return FilterError(problem, place, place + len(token))


@dataclass(frozen=True, slots=True)
class _Term:
    """A part of an expression.

    Attributes:
        code: The same in Python, of `one`, `text` and `stars`. What the person wrote stands in
            it by name only, never as code.
        words: If it is but words: all of them.
        needed: What stands in every text that matches.
        depth: How deeply it is nested.
        inner: The term that it negates, if it does.
    """

    code: str
    words: tuple[str, ...] | None = None
    needed: tuple[str, ...] = ()
    depth: int = 1
    inner: _Term | None = None


def _wrong(problem: str, token: Token) -> NoReturn:
    start = token.start_pos or 0
    raise FilterError(problem, start, start + len(token))


@v_args(inline=True)
class _Terms(Transformer[Token, _Term]):
    """Makes terms from the tree of an expression.

    Attributes:
        values: What the names in the terms' code stand for.
    """

    def __init__(self, today: datetime.date) -> None:
        super().__init__(visit_tokens=False)
        self._today = today
        self.values: dict[str, object] = {}

    def start(self, term: _Term | None = None) -> _Term:
        return term or _Term("True", ())

    def either(self, *terms: _Term) -> _Term:
        code = " or ".join(term.code for term in terms)
        return _Term(f"({code})", depth=1 + max(term.depth for term in terms))

    def both(self, *terms: _Term) -> _Term:
        words: tuple[str, ...] | None = ()
        for term in terms:
            words = None if words is None or term.words is None else words + term.words
        code = " and ".join(term.code for term in terms)
        needed = tuple(word for term in terms for word in term.needed)
        return _Term(f"({code})", words, needed, 1 + max(term.depth for term in terms))

    def negated(self, term: _Term) -> _Term:
        if term.inner is not None:
            return term.inner
        return _Term(f"(not {term.code})", depth=1 + term.depth, inner=term)

    def word(self, token: Token) -> _Term:
        return self._contained(token.lower())

    def phrase(self, token: Token) -> _Term:
        return self._contained(_unquoted(token).lower())

    def regex(self, token: Token) -> _Term:
        return _Term(f"({self._named(_compiled(token, token).search)}(text) is not None)")

    def unknown(self, token: Token) -> _Term:
        name = token.partition(":")[0]
        _wrong(
            f'There is no field "{name}". Fields are {", ".join(FIELDS)};'
            " quote it to look for the text.",
            token,
        )

    def field(self, token: Token) -> _Term:
        name, _, value = token.partition(":")
        name = name.lower()
        if not value or value == '""':
            _wrong(f"Write after {name}: what it shall be.", token)
        if name == "is":
            if _plain(value) != "starred":
                _wrong("Rows can be asked for with is:starred only.", token)
            return _Term("(one in stars)")
        if len(value) > 2 and value.startswith("/") and value.endswith("/"):
            search = self._named(_compiled(value, token).search)
            return _Term(f"({search}({_TEXTS[name]}) is not None)")
        if name == "client":
            code = f"{self._named(_client(value, token))}(one.client)"
            is_network = "/" in value and not value.startswith('"')
            return _Term(code, needed=() if is_network else (_plain(value).strip("[]"),))
        wanted = _plain(value)
        return _Term(f"({self._named(wanted)} in {_TEXTS[name]}.lower())", needed=(wanted,))

    def comparison(self, token: Token) -> _Term:
        parts = _COMPARISON.fullmatch(token)
        assert parts is not None
        name, sign, value = parts[1].lower(), parts[2], parts[3]
        if name == "tries":
            return _Term(f"(one.tries {sign} {self._named(_count(value, token))})")
        limit = self._time_s(value, token) if name == "time" else _duration_s(value, token)
        seconds = f"one.{name}_s"
        return _Term(f"({seconds} is not None and {seconds} {sign} {self._named(limit)})")

    def _contained(self, word: str) -> _Term:
        words = (word,) if word else ()
        return _Term(f"({self._named(word)} in text)", words, words)

    def _named(self, value: object) -> str:
        name = f"value_{len(self.values)}"
        self.values[name] = value
        return name

    def _time_s(self, value: str, token: Token) -> float:
        try:
            if "-" in value:
                moment = datetime.datetime.fromisoformat(value)
            else:
                hour = value if ":" in value else f"{value}:00"
                clock = datetime.time.fromisoformat(hour.zfill(len(hour) + (hour[1:2] == ":")))
                moment = datetime.datetime.combine(self._today, clock)
            return moment.timestamp()
        except (ValueError, OverflowError, OSError):
            _wrong("A time is such as 10:30, 10:30:15 or 2026-11-24T10:30.", token)


def _plain(value: str) -> str:
    return (_unquoted(value) if value.startswith('"') else value).lower()


def _unquoted(phrase: str) -> str:
    return re.sub(r'\\(["\\])', r"\1", phrase[1:-1])


def _compiled(value: str, token: Token) -> re.Pattern[str]:
    try:
        return re.compile(value[1:-1], re.IGNORECASE)
    except (re.error, OverflowError, RecursionError) as error:
        _wrong(f"This is no regular expression: {error}.", token)


def _duration_s(value: str, token: Token) -> float:
    parts = _DURATION.fullmatch(value)
    if parts is None:
        _wrong("A duration is such as 1.5s, 200ms, 2min or 1h.", token)
    return float(parts[1]) * _UNITS_S[parts[2].lower()]


def _count(value: str, token: Token) -> int:
    if not (value.isascii() and value.isdigit() and len(value) < 10):
        _wrong("A number of tries is such as 2.", token)
    return int(value)


def _client(value: str, token: Token) -> Callable[[str], bool]:
    if value.startswith('"'):
        exact = _unquoted(value).lower()
        return lambda client: exact in (client.lower(), host_of(client).lower())
    wanted = value.lower()
    if "/" in wanted:
        try:
            return within(wanted)
        except ValueError:
            _wrong("A network is such as 10.0.0.0/8 or 2001:db8::/32.", token)
    if is_ip_address(wanted):
        return lambda client: host_of(client).lower() == wanted
    beginning = wanted.lstrip("[")
    return lambda client: client.lower().lstrip("[").startswith(beginning)


_TEXTS: Final = {
    "path": "one.uri",
    "client": "one.client",
    "method": "one.method",
    "reason": "one.reason.value",
    "type": "one.failure_type",
    "agent": "one.header('User-Agent')",
}
