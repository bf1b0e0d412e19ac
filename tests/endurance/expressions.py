"""Filter expressions of the grammar, mutated ones and arbitrary text, over odd records."""

from __future__ import annotations

from collections.abc import Sequence
from random import Random
from typing import Final

from monitorapp.core.filter.completion import completions, seen_values
from monitorapp.core.filter.error import FilterError
from monitorapp.core.filter.language import exactly, parse_filter, quote
from monitorapp.core.filter.names import COMPARED, FIELDS
from monitorapp.core.filter.time_terms import time_terms, without_time_terms
from monitorapp.core.record.interruption import Interruption
from monitorapp.core.record.searched_text import searched_text
from tests.endurance.worst import Worst

WORDS: Final = (
    "slow",
    "GET",
    "/a/b",
    "connection",
    "\u00e4",
    "\u202e",
    "1",
    "or",
    "and",
    "not",
    "is",
)
VALUES: Final = (
    "a",
    "/slow",
    "10.0.0.0/8",
    "::1",
    "[::1]",
    "1s",
    "0.5ms",
    "1e400h",
    "-1s",
    "nans",
    "5min",
    "99:99",
    "10:30",
    "2026-11-24",
    "2026-11-24T10:30",
    "0000-00-00",
    "9999-12-31T23:59:59",
    "starred",
    "reset",
    "/a(b|c)*/",
    "/(.*)(.*)(.*)b/",
    "/(a{1,1000}){1,1000}/",
    "/\\p{L}+$/",
    "/(?i)x/",
    "/[/",
    "/(?P<n>a)\\1/",
    "unix:/a",
    "1.2.3.4/33",
    "\u0661\u0662",
    "=",
    "!=",
    "1" * 400,
    "\x00",
    "/\x00/",
    "\ud800",
    "%s",
    "{0}",
)
SIGNS: Final = (":", "=", "!=", ">", "<", ">=", "<=", "==", " = ", " > ", ": ")
PIECES: Final = (
    *WORDS,
    *VALUES,
    *SIGNS,
    *FIELDS,
    *COMPARED,
    " ",
    "(",
    ")",
    '"',
    "-",
    "!",
    "\\",
    "/",
)


class Expressions:
    """Makes expressions."""

    def __init__(self, dice: Random) -> None:
        self._dice = dice

    def expression(self) -> str:
        dice, kind = self._dice, self._dice.random()
        if kind < 0.45:
            return self._either(dice.choice((1, 2, 4)))
        if kind < 0.75:
            return self._mutated(self._either(2))
        if kind < 0.9:
            return "".join(dice.choice(PIECES) for _ in range(dice.randint(1, 30)))
        if kind < 0.98:
            return "".join(chr(dice.randrange(0x110000)) for _ in range(dice.randint(1, 40)))
        return dice.choice(PIECES) * dice.choice((60, 500, 1_999))

    def _either(self, depth: int) -> str:
        return " or ".join(self._both(depth) for _ in range(self._dice.choice((1, 1, 2, 3))))

    def _both(self, depth: int) -> str:
        sign = self._dice.choice((" ", " and ", " AND "))
        return sign.join(self._term(depth) for _ in range(self._dice.choice((1, 1, 2, 3))))

    def _term(self, depth: int) -> str:
        dice, kind = self._dice, self._dice.randrange(9)
        if kind == 0:
            return dice.choice(("-", "!", "not ")) + self._term(depth)
        if kind == 1 and depth:
            return f"({self._either(depth - 1)})"
        if kind == 2:
            return quote(dice.choice(VALUES))
        if kind == 3:
            return dice.choice(WORDS)
        if kind == 4:
            return exactly(dice.choice(FIELDS), dice.choice(VALUES), dice.random() < 0.5)
        if kind < 7:
            return dice.choice(FIELDS) + dice.choice(SIGNS) + self._value()
        if kind == 7:
            return dice.choice(COMPARED) + dice.choice(SIGNS) + self._value()
        return time_terms(dice.randrange(2**31), dice.randrange(2**31))

    def _value(self) -> str:
        value = self._dice.choice(VALUES)
        return quote(value) if self._dice.random() < 0.2 else value

    def _mutated(self, expression: str) -> str:
        dice = self._dice
        for _ in range(dice.choice((1, 2, 5))):
            place = dice.randrange(len(expression) + 1)
            kind = dice.randrange(4)
            if kind == 0:
                expression = expression[:place] + expression[place + dice.randint(1, 5) :]
            elif kind == 1:
                expression = expression[:place] + dice.choice(PIECES) + expression[place:]
            elif kind == 2:
                expression = expression[:place]
            else:
                expression = expression[:place] + expression[place : place + 9] + expression[place:]
        return expression


def fuzz(count: int, dice: Random, rows: Sequence[Interruption], found: Worst) -> None:
    """Parse so many expressions, match them and complete them.

    Args:
        count: How many.
        dice: Makes them.
        rows: Odd records to be matched.
        found: Takes what was seen.
    """
    made = Expressions(dice)
    texts = [searched_text(one) for one in rows]
    seen = {field: seen_values(field, rows) for field in (*FIELDS, *COMPARED)}
    for _ in range(count):
        expression = made.expression()
        found.count("expressions")
        with found.time("parsing", expression, FilterError):
            parsed = parse_filter(expression)
            found.lap("parsing")
            places = parsed.select(rows, texts)
            found.lap(f"matching of {len(rows)} records")
            one_by_one = [
                place for place, one in enumerate(rows) if parsed.matches(one, texts[place])
            ]
            found.count("valid")
            if places != one_by_one:
                found.wrong(f"{expression!r} selects {places}, and matches {one_by_one}")
            if any(word not in texts[place] for place in places for word in parsed.needed):
                found.wrong(
                    f"{expression!r} needs {parsed.needed}, which is not in all of {places}"
                )
            without_time_terms(expression)
        cursor = dice.randint(0, len(expression))
        with found.time("completing", (expression, cursor)):
            offered = completions(expression, cursor, lambda field: seen[field])
            if not 0 <= offered.start <= offered.end <= len(expression):
                found.wrong(f"{expression!r} is completed from {offered.start} to {offered.end}")
        for text in offered.texts[:3]:
            completed = expression[: offered.start] + text + expression[offered.end :]
            with found.time("parsing of what was completed", completed, FilterError):
                parse_filter(completed)
