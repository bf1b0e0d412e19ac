r"""The language in which a user filters interruptions.

    slow                 the word is anywhere: request, headers, reason, outcome, traceback
    "not found"          a phrase; \" is a quotation mark in it
    /slow|late/          a regular expression of RE2, in the beginning of long texts
    path:/slow           the requested path, with its query, contains this
    path=/item/1         it is this path, whatever the query; with one, `?a=b`, that one too
    client:10.0.0.0/8    the client's address, the beginning of one, or a network
    method: reason: outcome: type: agent: render:
                         the method, the reason, what became of the work, the Failure's type, the
                         User-Agent, the render method; with = the same as a whole, with != all
                         others
    waited>1s            also delay and remaining; < <= > >=; ms, s, min, h
    delay=5s             to the millisecond; also !=
    tries>2              also = and !=; so many requests of the client in a row, each given up
    time>10:30           logged today after half past ten; 2026-11-24 or 2026-11-24T10:30
                         for another day
    is:starred           rows that the user has starred
    -term, !term, not term
                         not this
    a b, a and b         both
    a or b, ( )          either; `or` binds less than `and`

Case does not matter, but after path= and client=. The value of a field can be a phrase or a
regular expression too; a client in quotation marks is that very one. Times are local.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Container, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Final

from monitorapp.core.filter.error import FilterError
from monitorapp.core.filter.names import NeededOutcome
from monitorapp.core.record.interruption import Interruption
from monitorapp.core.text.format import grouped

MAX_CHARACTERS: Final = 2_000
MAX_DEPTH: Final = 50

OutcomeOf = Callable[[Interruption], str]
"""Returns the value of the outcome of a request; empty if none is known."""

Matches = Callable[..., bool]
Places = Callable[
    [Iterable[tuple[Interruption, str]], Container[Interruption], OutcomeOf], list[int]
]


def written_outcome(interruption: Interruption) -> str:
    """Return the value of the outcome that a record has itself; empty if it has none."""
    outcome = interruption.outcome
    return "" if outcome is None else outcome.value


@dataclass(frozen=True, slots=True)
class Filter:
    """What a user wants to see.

    Attributes:
        expression: What they wrote.
        matches: Returns whether an interruption is wanted, given its `searched_text`; a third
            argument is what is starred, by default nothing, and a fourth knows outcomes, by
            default `written_outcome`.
        places: Returns the places of those that are wanted, of pairs of the same, of what is
            starred, and of what knows outcomes.
        words: If the expression is only words: all of them, in lower case.
        needed: What the `searched_text` of all that are wanted contains.
        needed_outcomes: Pairs of a word and outcomes: all that are wanted have one of these
            outcomes, or the word in their `searched_text`, if it is not empty.
        uses_stars: Whether it needs the stars.
        uses_outcomes: Whether it needs the outcomes.
        most_characters: How many characters of `searched_text` may be looked through at once, as
            its regular expressions can be so slow; None if it has none.
    """

    expression: str
    matches: Matches = field(repr=False)
    places: Places = field(repr=False)
    words: tuple[str, ...] | None
    needed: tuple[str, ...] = ()
    needed_outcomes: tuple[NeededOutcome, ...] = ()
    uses_stars: bool = False
    uses_outcomes: bool = False
    most_characters: int | None = None

    @property
    def is_empty(self) -> bool:
        """Whether everything is wanted."""
        return self.words == ()

    def select(
        self,
        interruptions: Sequence[Interruption],
        texts: Sequence[str],
        stars: Container[Interruption] = (),
        outcome_of: OutcomeOf = written_outcome,
    ) -> list[int]:
        """Return the places of the interruptions that are wanted.

        Args:
            interruptions: What is searched; nothing is wanted of them if `words` are all there is.
            texts: The `searched_text` of each.
            stars: Which are starred.
            outcome_of: Knows their outcomes.
        """
        if self.words is None or self.uses_outcomes:
            return self.places(zip(interruptions, texts, strict=True), stars, outcome_of)
        if not self.words:
            return list(range(len(texts)))
        first, *others = self.words
        found = [place for place, text in enumerate(texts) if first in text]
        for word in others:
            found = [place for place in found if word in texts[place]]
        return found


EVERYTHING: Final = Filter(
    expression="",
    matches=lambda one, text, stars=(), outcome_of=written_outcome: True,
    places=lambda pairs, stars, outcome_of: [place for place, _ in enumerate(pairs)],
    words=(),
)
"""The filter that matches everything."""


def quote(value: str) -> str:
    """Return `value` as a phrase, which matches just this text."""
    return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'


def exactly(field: str, value: str, negated: bool = False) -> str:
    """Return the term that matches those whose field is just this value, or those whose is not."""
    return f"{field}{'!=' if negated else '='}{quote(value)}"


def parse_filter(expression: str, today: datetime.date | None = None) -> Filter:
    """Return the filter that a user wrote; `EVERYTHING` if it is blank.

    Args:
        expression: An expression as in the description of this module.
        today: The day that a time without one belongs to; by default the present one.

    Raises:
        FilterError: The expression is wrong.
    """
    if not expression.strip():
        return EVERYTHING
    if len(expression) > MAX_CHARACTERS:
        problem = f"A filter has at most {grouped(MAX_CHARACTERS)} characters."
        raise FilterError(problem, MAX_CHARACTERS, len(expression))
    # The parser is loaded only once there is something to parse, not when the app starts.
    from monitorapp.core.filter._grammar import parse
    from monitorapp.core.filter._terms import Terms

    try:
        terms = Terms(today or datetime.date.today())
        term = terms.term_of(parse(expression))
    except RecursionError:
        raise _too_deep(expression) from None
    if term.depth > MAX_DEPTH:
        raise _too_deep(expression)
    values = {**terms.values, "written_outcome": written_outcome}
    # One Python expression for all terms: a call for each would take several times as long.
    matches: Matches = eval(
        f"lambda one, text, stars=(), outcome_of=written_outcome: {term.code}", values
    )
    places: Places = eval(
        "lambda pairs, stars, outcome_of:"
        f" [place for place, (one, text) in enumerate(pairs) if {term.code}]",
        values,
    )
    return Filter(
        expression,
        matches,
        places,
        term.words,
        term.needed,
        term.needed_outcomes,
        term.uses_stars,
        term.uses_outcomes,
        terms.most_characters,
    )


def _too_deep(expression: str) -> FilterError:
    return FilterError(f"This is nested too deeply: at most {MAX_DEPTH} times.", 0, len(expression))
