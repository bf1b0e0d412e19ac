"""Ended requests as columns: what is kept of each, in some forty bytes."""

from __future__ import annotations

import sys
from array import array
from collections.abc import Callable, Sequence
from functools import lru_cache
from math import nan
from operator import add, is_not
from typing import Any, Final

from monitorapp.core.record.reason import Reason
from monitorapp.core.request.ended import RequestEnd
from monitorapp.core.text.visible import visible

TEXTS: Final = ("method", "path", "host", "agent", "reason")
"""Columns of texts, each text kept once and named by a number in the rows."""

NUMBERS: Final = ("ended_s", "waited_s", "delay_s", "bytes_written", "had_query")
"""Columns of numbers."""

MOST_ROWS: Final = 16_384
"""Rows of one object at most."""

MOST_CHARACTERS: Final = 250_000
"""Characters of the different texts of a column at most; what comes later is `OTHERS`."""

LONGEST_TEXT: Final = 400
"""Characters of a text that are kept; a longer one ends in `CUT`."""

CUT: Final = "…"

OTHERS: Final = "(others)"
"""Stands for texts that are not kept, as there were too many different ones."""

_RECENT: Final = 4_096


class EndColumns:
    """Some ended requests, a row each, in the order in which they ended.

    Of the requested path the query is not kept, nor is the port of the client. NumPy can use
    the columns as they are.

    Args:
        origin: Names the process that served them, see `RequestId`; empty if not known.

    Attributes:
        origin: The same.
        texts: The different texts of each of `TEXTS`. The agent is the User-Agent; the reason is
            empty for an answered request.
        codes: Which of these texts each row has.
        ended_s: When it ended, in seconds since the epoch.
        waited_s: How long the client waited, in seconds.
        delay_s: The delay of the response, in seconds; not a number if it had none.
        bytes_written: Bytes of the response's body that were written.
        had_query: Whether there was a query after the path, as 0 or 1.
    """

    __slots__ = ("__weakref__", "_codes_of", "codes", "origin", "texts", *NUMBERS)

    def __init__(self, origin: str = "") -> None:
        self.origin = origin
        self.texts: dict[str, list[str]] = {name: [] for name in TEXTS}
        self.codes: dict[str, array[int]] = {name: array("H") for name in TEXTS}
        self.ended_s: array[float] = array("d")
        self.waited_s: array[float] = array("d")
        self.delay_s: array[float] = array("d")
        self.bytes_written: array[int] = array("q")
        self.had_query: array[int] = array("B")
        self._codes_of: dict[str, _Codes] = {}

    def __len__(self) -> int:
        return len(self.ended_s)

    @property
    def room(self) -> int:
        """How many rows can be added."""
        return MOST_ROWS - len(self)

    def extend(self, other: EndColumns) -> None:
        """Add the rows of another; there must be room for them."""
        if not self._codes_of:
            self._codes_of = {name: _Codes(str, self.texts[name]) for name in TEXTS}
        for name, codes in self._codes_of.items():
            texts, theirs = other.texts[name], other.codes[name]
            used = [*frozenset(theirs)]
            mine = dict(zip(used, codes.of([texts[code] for code in used]), strict=True))
            self.codes[name].extend(array("H", map(mine.__getitem__, theirs)))
        for name in NUMBERS:
            getattr(self, name).extend(getattr(other, name))

    def copy(self) -> EndColumns:
        """Return the same rows; they stay as they are when others are added here."""
        copied = EndColumns(self.origin)
        copied.texts = {name: [*texts] for name, texts in self.texts.items()}
        copied.codes = {name: codes[:] for name, codes in self.codes.items()}
        for name in NUMBERS:
            setattr(copied, name, getattr(self, name)[:])
        return copied

    def seal(self) -> None:
        """Free what only `extend` needs."""
        self._codes_of = {}


class Gathering:
    """Makes columns of requests as they end.

    Every answered request passes here. So a text is decoded once, and a column is taken from many
    requests at once, which costs a fraction of what one by one does.

    Args:
        origin: See `EndColumns`.

    Attributes:
        columns: All rows that were added.
    """

    def __init__(self, origin: str = "") -> None:
        self.columns = EndColumns(origin)
        texts = self.columns.texts
        kinds: tuple[Callable[[Any], str], ...] = (_kept, _kept, str, _kept, _words)
        self._codes = {
            name: _Codes(text_of, texts[name]) for name, text_of in zip(TEXTS, kinds, strict=True)
        }

    def add(self, ends: Sequence[RequestEnd]) -> EndColumns:
        """Add requests, of which there are some; there must be room for them.

        Returns:
            Only these rows. They stay as they are, though their lists of texts grow.
        """
        _, _, methods, uris, _, hosts, _, headers, *others = zip(*ends)  # noqa: B905
        began, waited, delays, written, _, reasons, *_ = others
        paths = [uri.partition(b"?")[0] if b"?" in uri else uri for uri in uris]
        agents = [
            values[0] if values and len(values) == 1 else b", ".join(values or ())
            for values in [one.getRawHeaders(b"User-Agent") for one in headers]
        ]
        columns = self.columns
        start = len(columns)
        for name, keys in zip(TEXTS, (methods, paths, hosts, agents, reasons), strict=True):
            columns.codes[name].extend(array("H", self._codes[name].of(keys)))
        columns.ended_s.extend(map(add, began, waited))
        columns.waited_s.extend(waited)
        columns.delay_s.extend([nan if delay is None else delay for delay in delays])
        columns.bytes_written.extend(written)
        columns.had_query.extend(map(is_not, paths, uris))
        new = EndColumns(columns.origin)
        new.texts = columns.texts
        new.codes = {name: codes[start:] for name, codes in columns.codes.items()}
        for name in NUMBERS:
            setattr(new, name, getattr(columns, name)[start:])
        return new


class _Codes:
    """The codes of keys. Their texts, which may be the same for several, go to a list."""

    def __init__(self, text_of: Callable[[Any], str], texts: list[str]) -> None:
        self._text_of = text_of
        self._texts = texts
        self._of_text = {text: code for code, text in enumerate(texts)}
        self._of_key: dict[Any, int] = {}
        self._room = MOST_CHARACTERS - sum(map(len, texts))

    def of(self, keys: Sequence[Any]) -> list[int]:
        # A loop in C, and one in Python only where there is anything new.
        found = [*map(self._of_key.get, keys)]
        if None not in found:
            return found  # type: ignore[return-value]
        return [
            self._of(key) if code is None else code for key, code in zip(keys, found, strict=True)
        ]

    def _of(self, key: Any) -> int:
        code = self._of_key.get(key)
        if code is not None:
            return code
        text = sys.intern(self._text_of(key))
        size = max(len(text), len(key) if isinstance(key, bytes) else 0)
        if size <= self._room:
            self._room -= size
            self._of_key[key] = code = self._of_new(text)
            return code
        code = self._of_text.get(text)
        return self._of_new(OTHERS) if code is None else code

    def _of_new(self, text: str) -> int:
        code = self._of_text.get(text)
        if code is None:
            code = self._of_text[text] = len(self._texts)
            self._texts.append(text)
        return code


def _words(reason: Reason | None) -> str:
    return "" if reason is None else reason.value


def _kept(raw: bytes) -> str:
    """Return the text of what came over the network, which may be long."""
    return _visible(raw[: 4 * LONGEST_TEXT])  # no character has more bytes


@lru_cache(maxsize=_RECENT)
def _visible(raw: bytes) -> str:
    text = visible(raw)
    return text if len(text) <= LONGEST_TEXT else text[:LONGEST_TEXT] + CUT
