"""Regular expressions whose time is bounded, whatever they and the texts are.

They are those of RE2, which reads a text once: https://github.com/google/re2/wiki/Syntax. Python's
own go back in the text, and can take longer than anybody waits.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from itertools import islice
from typing import Any, Final

import re2  # no other file knows it: it has no types

MAX_SIZE: Final = 2_000
"""How large the regular expressions of one filter can be together, see `Regex.size`."""

_BUDGET: Final = 2_000_000
"""What may be read of one text, in characters times size: some 35 ms at 17 ns each, at worst."""

SHOWN_SHARE: Final = 35
"""Where matches are to be shown, one of so many characters of that is read: some 1 ms at worst."""

_MOST_SPANS: Final = 200

_OVERHEAD: Final = 35
"""What a character costs beside the instructions, in instructions."""

_MAX_MEMORY_BYTES: Final = 4 << 20
_MOST_NEEDED: Final = 4

_MISSING: Final = (
    (r"\(\?<?[=!]", "Looking ahead or behind, as by (?= or (?<!, is not possible here."),
    (r"\\[1-9]|\(\?P=", r"References to a group, such as \1, are not possible here."),
    (
        r"\(\?>|[*+?}]\+",
        "Possessive or atomic parts, as a++ or (?>a), are not possible here.",
    ),
    (r"\\Z", r"Write \z, not \Z, for the end of the text."),
    (r"\(\?\(", "Conditions, such as (?(1)a|b), are not possible here."),
    (r"\(\?#", "Comments are not possible here."),
    (r"\(\?[a-zA-Z]*[auxLR]", "Of the flags, only i, m, s and U are possible here."),
    (r"\\[uU]", r"Write \x{20ac} for a character by its number."),
    (r"\\N", "Characters cannot be named here: write the character itself."),
)
"""What Python's regular expressions have and these do not, and what is said then."""

_PIECE: Final = re.compile(
    r"""(?P<class>\[\^?\]?(?:\\.|\[:\^?\w+:\]|[^\]\\])*\])
    |(?P<group>[()])
    |(?P<repeat>[*?]|\{[0-9]*,?[0-9]*\})
    |(?P<plain>\\[.*+?()\[\]{}|^$/"-]|[ a-jl-rt-z0-9/:_=&%<>~"',;@-])
    |(?P<other>\\[dDwWsSbBAz]|[^\\])
    |(?P<unknown>.?)""",
    re.VERBOSE | re.IGNORECASE | re.DOTALL | re.ASCII,
)


_LITERAL: Final = re.compile(
    r"""(?:[a-z0-9/:_=&%<>~"',;@ -]|\\[.*+?()\[\]{}|^$/"-])+""", re.IGNORECASE | re.ASCII
)

_UNSURE: Final = re.compile(r"""\||\(\?|\\[^dDwWsSbBAz.*+?()\[\]{}|^$/"-]""")
"""What can change the meaning of other parts of a pattern."""


class RegexError(ValueError):
    """A regular expression is wrong; the message says why, in one sentence."""


class Regex:
    """A regular expression that is searched for anywhere in a text; case does not matter.

    Args:
        pattern: What the user wrote.

    Attributes:
        size: What a character of a text costs at worst, in instructions.
        needed: What every text that matches contains once it is in lower case.

    Raises:
        RegexError: It is none.
    """

    def __init__(self, pattern: str) -> None:
        options = re2.Options()
        options.case_sensitive = False
        options.never_capture = True
        options.log_errors = False
        options.max_mem = _MAX_MEMORY_BYTES
        if re.search(r"(?<!\\)\{,[0-9]", pattern):  # RE2 takes it for these very characters
            raise RegexError("Write {0,3}, not {,3}.")
        try:
            self._pattern: Any = re2.compile(pattern, options)
            size: int = self._pattern.programsize
            # A set looks only whether there is a match, and not where, in a third of the time.
            self._set: Any = re2.Set.SearchSet(options)
            self._set.Add(pattern)
            self._set.Compile()
        except (re2.error, UnicodeEncodeError) as error:
            raise RegexError(_explained(pattern, error)) from None
        self.size = size + _OVERHEAD
        if self.size > MAX_SIZE:
            raise RegexError("This regular expression is too large.")
        self.needed = _needed(pattern)

    def searcher(self, characters: int) -> Callable[[str], bool]:
        """Return what tells whether it matches in the first `characters` of a text."""
        match = self._set.Match

        def is_in(text: str) -> bool:
            text = text[:characters]
            try:
                return match(text) is not None
            except UnicodeEncodeError:  # half a character, from a file
                return match(text.encode("utf-8", "replace")) is not None

        return is_in

    def spans(self, text: str) -> Iterator[tuple[int, int]]:
        """Return where it matches in a text: the places of the first character and behind the last.

        That takes several times as long as to know whether it does; see `SHOWN_SHARE`.
        """
        if not text.isascii():  # there may be half a character, from a file
            text = text.encode("utf-8", "replace").decode("utf-8")
        found = self._pattern.finditer(text)
        return (match.span() for match in islice(found, _MOST_SPANS))


def literal_of(pattern: str) -> str | None:
    """Return the text, in lower case, that a pattern stands for; None if it stands for more.

    Many are such, and looking for a text takes a fifth of the time.
    """
    return pattern.replace("\\", "").lower() if _LITERAL.fullmatch(pattern) else None


def characters_read(size: int) -> int:
    """Return how much of a text expressions read that have this size together."""
    return _BUDGET // size


def _explained(pattern: str, error: Exception) -> str:
    for missing, problem in _MISSING:
        if re.search(missing, pattern):
            return problem
    (reason,) = error.args[:1] or ("",)
    if isinstance(error, UnicodeEncodeError):
        reason = "half a character"
    elif isinstance(reason, bytes):
        reason = reason.decode("utf-8", "replace")
    if "too large" in reason or "repetition size" in reason:
        return "This regular expression is too large: nothing is repeated more than 1,000 times."
    return f"This is not a regular expression: {reason}."


def _needed(pattern: str) -> tuple[str, ...]:
    r"""Return texts that every match contains in lower case: the longest few.

    It only skips what it does not know for sure, and gives up at what could change the meaning of
    what follows. Letters that another one can stand for in lower case (k and s) are left out.
    """
    if _UNSURE.search(pattern):
        return ()
    found: list[str] = []
    run = ""
    depth = 0
    for piece in _PIECE.finditer(pattern):
        kind, text = piece.lastgroup, piece[0]
        if kind == "unknown":
            if text:
                return ()
        elif kind == "group":
            depth += 1 if text == "(" else -1
            if depth < 0:
                return ()
        if depth == 0 and kind == "plain":
            run += text[-1].lower()
            continue
        if kind == "repeat":
            run = run[:-1]
        found.append(run)
        run = ""
    longest = sorted({one for one in (*found, run) if one}, key=len, reverse=True)
    return tuple(longest[:_MOST_NEEDED])
