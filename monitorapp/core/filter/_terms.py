"""The terms of an expression of the filter language, as one expression of Python."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from lark import Token, Transformer, Tree, v_args
from lark.exceptions import VisitError

from monitorapp.core.filter._regex import MAX_SIZE, Regex, RegexError, characters_read, literal_of
from monitorapp.core.filter._values import (
    client_equal,
    client_like,
    count,
    duration_s,
    is_network,
    text_of,
    time_s,
    wrong,
)
from monitorapp.core.filter.error import FilterError
from monitorapp.core.filter.names import COMPARED, EQUATED, FIELDS, NeededOutcome
from monitorapp.core.record.outcome import Outcome
from monitorapp.core.record.reason import Reason

_TEXTS: Final = {
    "path": "one.uri",
    "client": "one.client",
    "method": "one.method",
    "reason": "one.reason.value",
    "outcome": "outcome_of(one)",
    "type": "one.failure_type",
    "agent": "one.header('User-Agent')",
    "render": "one.began_in",
}
"""The text that each field stands for, in Python."""

_STARRED: Final = "(one in stars)"

_REASONS: Final = tuple(reason.value.lower() for reason in Reason)
_OUTCOMES: Final = tuple(outcome.value.lower() for outcome in Outcome)

_LONGEST_OUTCOME: Final = max(map(len, _OUTCOMES))

_EXAMPLE: Final = "1s"
_EXAMPLES: Final = {"time": "10:30", "tries": "2", "delay": "5s"}

_AS_SHOWN_S: Final = 0.0005
"""Durations that are closer than this are shown with the same milliseconds."""


@dataclass(frozen=True, slots=True)
class Term:
    """A part of an expression.

    Attributes:
        code: The same in Python, of `one`, `text`, `stars` and `outcome_of`. What the user wrote
            stands in it by name only, never as code.
        words: If it is only words: all of them.
        needed: What every text that matches contains.
        needed_outcomes: See `monitorapp.core.filter.language.Filter`.
        depth: How deeply it is nested.
        inner: The term that it negates, if it does.
    """

    code: str
    words: tuple[str, ...] | None = None
    needed: tuple[str, ...] = ()
    needed_outcomes: tuple[NeededOutcome, ...] = ()
    depth: int = 1
    inner: Term | None = None

    @property
    def uses_stars(self) -> bool:
        """Whether it needs the stars."""
        return _STARRED in self.code

    @property
    def uses_outcomes(self) -> bool:
        """Whether it needs the outcomes."""
        return _TEXTS["outcome"] in self.code


@v_args(inline=True)
class Terms(Transformer[Token, Term]):
    """Makes a term from the tree of an expression; it is used once.

    Args:
        today: The day that a time without one belongs to.

    Attributes:
        values: What the names in the term's code stand for.
        most_characters: How much of a text is searched for regular expressions; None if there
            are none.
    """

    def __init__(self, today: datetime.date) -> None:
        super().__init__(visit_tokens=False)
        self._today = today
        self._regexes: list[tuple[str, Regex, Token, Token]] = []
        self.values: dict[str, object] = {}
        self.most_characters: int | None = None

    def term_of(self, tree: Tree[Token]) -> Term:
        """Return the term of what `parse` returned.

        Raises:
            FilterError: A value is wrong.
            RecursionError: It is nested too deeply.
        """
        try:
            term = self.transform(tree)
        except VisitError as error:
            if isinstance(error.orig_exc, (FilterError, RecursionError)):
                raise error.orig_exc from None
            raise
        if self._regexes:
            self._share_out()
        return term

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
        outcomes = tuple(one for term in terms for one in term.needed_outcomes)
        depth = 1 + max(term.depth for term in terms)
        return Term(f"({code})", words, needed, outcomes, depth)

    def negated(self, term: Term) -> Term:
        if term.inner is not None:
            return term.inner
        return Term(f"(not {term.code})", depth=1 + term.depth, inner=term)

    def word(self, token: Token) -> Term:
        return self._contained(token.lower())

    def phrase(self, token: Token) -> Term:
        return self._contained(text_of(token).lower())

    def regex(self, token: Token) -> Term:
        return self._searched(token, token, "text")

    def unknown(self, name: Token, sign_or_value: Token, value: Token | None = None) -> Term:
        wrong(
            f'There is no field "{name}". Fields are {", ".join(FIELDS)} with : or =, and'
            f" {', '.join(COMPARED)} with < or >. Quote it to look for the text.",
            name,
            value or sign_or_value,
        )

    def field(self, token: Token, value: Token) -> Term:
        name, wanted = token.lower(), text_of(value).lower()
        if value.type == "NOTHING" or not wanted:
            wrong(f"`{name}:` needs a value.", token, value)
        if name == "is":
            return _starred(token, value)
        if value.type == "VALUE_REGEX" and name == "outcome":
            regex = self._regex_of(token, value)
            return self._with_outcome(regex.searcher(_LONGEST_OUTCOME))
        if value.type == "VALUE_REGEX":
            return self._searched(token, value, _TEXTS[name])
        if name == "client":
            code = f"{self._named(client_like(token, value))}(one.client)"
            return Term(code, needed=() if is_network(value) else (wanted.strip("[]"),))
        if name == "outcome":
            return self._with_outcome(lambda outcome: wanted in outcome)
        return self._within(_TEXTS[name], wanted)

    def exact(self, token: Token, sign: Token, value: Token | None = None) -> Term:
        name = token.lower()
        if sign[0] in "<>":
            shown = value or "x"
            wrong(f"Write {name}:{shown} or {name}={shown}.", token, value or sign)
        if value is None:
            wrong(f"`{name}{sign}` needs a value.", token, sign)
        term = _starred(token, value) if name == "is" else self._equal(name, token, value)
        return self.negated(term) if sign == "!=" else term

    def comparison(self, token: Token, sign: Token, value: Token | None = None) -> Term:
        name = token.lower()
        if sign[0] == ":" or (sign[0] in "=!" and name not in EQUATED):
            one = _EXAMPLES.get(name, _EXAMPLE)
            equated = f"{name}={one}, " if name in EQUATED else ""
            wrong(f"Write {equated}{name}>{one} or {name}<{one}.", token, value or sign)
        limit = self._limit(name, token, value or sign)
        code = "one.tries" if name == "tries" else f"one.{name}_s"
        if sign[0] not in "=!":
            return Term(f"({code} is not None and {code} {sign} {self._named(limit)})")
        if name == "tries":
            equal = Term(f"({code} == {self._named(limit)})")
        else:
            near = f"abs({code} - {self._named(limit)}) < {_AS_SHOWN_S}"
            equal = Term(f"({code} is not None and {near})")
        return self.negated(equal) if sign == "!=" else equal

    def _equal(self, name: str, token: Token, value: Token) -> Term:
        wanted = text_of(value)
        lower = wanted.lower()
        needed = (lower,) if lower else ()
        code = f"{_TEXTS[name]}.lower() == {self._named(lower)}"
        if name == "outcome":
            if lower and lower not in _OUTCOMES:
                wrong(f"Outcomes are {', '.join(_OUTCOMES)}.", token, value)
            return self._with_outcome(lambda outcome: outcome == lower, unknown_too=not lower)
        if name == "path":
            code = f"one.uri == {self._named(wanted)}"
            if "?" not in wanted:
                code += f" or one.uri.startswith({self._named(wanted + '?')})"
        elif name == "client":
            code = f"{self._named(client_equal(token, value))}(one.client)"
            needed = ()
        elif name == "reason" and lower not in _REASONS:
            wrong(f"Reasons are {', '.join(_REASONS)}.", token, value)
        elif name == "type" and wanted:
            code += f" or {_TEXTS[name]}.lower().endswith({self._named('.' + lower)})"
        return Term(f"({code})", needed=needed)

    def _limit(self, name: str, token: Token, value: Token) -> float:
        if name == "tries":
            return count(token, value)
        return time_s(token, value, self._today) if name == "time" else duration_s(token, value)

    def _searched(self, first: Token, token: Token, text: str) -> Term:
        literal = literal_of(token[1:-1])
        if literal is not None:
            return self._contained(literal) if text == "text" else self._within(text, literal)
        regex = self._regex_of(first, token)
        name = self._named(None)
        self._regexes.append((name, regex, first, token))
        needed = regex.needed
        lower = text if text == "text" else f"{text}.lower()"
        tests = [f"{self._named(one)} in {lower}" for one in needed]
        code = " and ".join((*tests, f"{name}({text})"))
        if text == "text" and (outcomes := _outcomes(regex.searcher(_LONGEST_OUTCOME))):
            code = f"({code}) or {_TEXTS['outcome']} in {self._named(_values(outcomes))}"
            word = max(needed, key=len, default="")
            return Term(f"({code})", needed_outcomes=((word, outcomes),) if word else ())
        return Term(f"({code})", needed=needed)

    def _regex_of(self, first: Token, token: Token) -> Regex:
        try:
            return Regex(token[1:-1])
        except RegexError as error:
            wrong(str(error), first, token)

    def _with_outcome(self, fits: Callable[[str], object], unknown_too: bool = False) -> Term:
        outcomes = _outcomes(fits)
        values = _values(outcomes) | ({""} if unknown_too else set())
        code = f"({_TEXTS['outcome']} in {self._named(values)})"
        return Term(code, needed_outcomes=() if unknown_too else (("", outcomes),))

    def _share_out(self) -> None:
        """Let the regular expressions read so much of a text that the time is bounded."""
        size = sum(regex.size for _, regex, _, _ in self._regexes)
        if size > MAX_SIZE:
            _, _, first, token = self._regexes[-1]
            wrong("The regular expressions of this filter are too large.", first, token)
        self.most_characters = characters_read(size)
        for name, regex, _, _ in self._regexes:
            self.values[name] = regex.searcher(self.most_characters)

    def _contained(self, word: str) -> Term:
        words = (word,) if word else ()
        code = f"{self._named(word)} in text"
        if words and (outcomes := _outcomes(lambda outcome: word in outcome)):
            code += f" or {_TEXTS['outcome']} in {self._named(_values(outcomes))}"
            return Term(f"({code})", words, (), ((word, outcomes),))
        return Term(f"({code})", words, words)

    def _within(self, text: str, wanted: str) -> Term:
        return Term(f"({self._named(wanted)} in {text}.lower())", needed=(wanted,))

    def _named(self, value: object) -> str:
        name = f"value_{len(self.values)}"
        self.values[name] = value
        return name


def _outcomes(fits: Callable[[str], object]) -> frozenset[Outcome]:
    """Return the outcomes whose value, in lower case, fits."""
    return frozenset(outcome for outcome in Outcome if fits(outcome.value.lower()))


def _values(outcomes: frozenset[Outcome]) -> frozenset[str]:
    return frozenset(outcome.value for outcome in outcomes)


def _starred(first: Token, value: Token) -> Term:
    if text_of(value).lower() != "starred":
        wrong("The only value of `is:` is starred.", first, value)
    return Term(_STARRED)
