"""Ended requests as columns: what is kept of each, in some forty bytes."""

from __future__ import annotations

import sys
from array import array
from collections.abc import Callable, Sequence
from functools import lru_cache
from math import nan
from operator import add
from typing import Any, Final

from monitorapp.core.record.reason import Reason
from monitorapp.core.request.ended import RequestEnd
from monitorapp.core.text.visible import visible

TEXTS: Final = ("method", "path", "host", "agent", "reason")
"""Columns of texts, each text kept once and named by a number in the rows."""

NUMBERS: Final = ("ended_s", "waited_s", "delay_s", "bytes_written", "flags")
"""Columns of numbers."""

MOST_ROWS: Final = 16_384
"""Rows of one object at most."""

MOST_CHARACTERS: Final = 1_000_000
"""Characters of the different texts of a column at most; what comes later is `OTHERS`."""

LONGEST_TEXT: Final = 400
"""Characters of a text that are kept; a longer one ends in `CUT`."""

CUT: Final = "…"

OTHERS: Final = "(others)"
"""Stands for texts that are not kept, as there were too many different ones."""

HAD_QUERY: Final = 1
HEADERS_SENT: Final = 2
"""Bits of the column `flags`."""

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
        flags: `HAD_QUERY`, `HEADERS_SENT`.
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
        self.flags: array[int] = array("B")
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
        for name, code_of in self._codes_of.items():
            texts, theirs = other.texts[name], other.codes[name]
            codes = {code: code_of[texts[code]] for code in frozenset(theirs)}
            self.codes[name].extend([codes[code] for code in theirs])
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
        self._code_of = {
            name: _Codes(text_of, texts[name]) for name, text_of in zip(TEXTS, kinds, strict=True)
        }

    def add(self, ends: Sequence[RequestEnd]) -> EndColumns:
        """Add requests, of which there are some; there must be room for them.

        Returns:
            Only these rows. They stay as they are, though their lists of texts grow.
        """
        _, _, methods, uris, _, hosts, _, headers, *others = zip(*ends)  # noqa: B905
        began, waited, delays, written, sent, reasons, *_ = others
        paths = [uri.partition(b"?")[0] for uri in uris]
        agents = [b", ".join(one.getRawHeaders(b"User-Agent") or ()) for one in headers]
        columns = self.columns
        start = len(columns)
        for name, keys in zip(TEXTS, (methods, paths, hosts, agents, reasons), strict=True):
            code_of = self._code_of[name]
            columns.codes[name].extend([code_of[key] for key in keys])
        columns.ended_s.extend(map(add, began, waited))
        columns.waited_s.extend(waited)
        columns.delay_s.extend([nan if delay is None else delay for delay in delays])
        columns.bytes_written.extend(written)
        columns.flags.extend(
            [
                (HAD_QUERY if len(path) < len(uri) else 0) | (HEADERS_SENT if is_sent else 0)
                for path, uri, is_sent in zip(paths, uris, sent, strict=True)
            ]
        )
        new = EndColumns(columns.origin)
        new.texts = columns.texts
        new.codes = {name: codes[start:] for name, codes in columns.codes.items()}
        for name in NUMBERS:
            setattr(new, name, getattr(columns, name)[start:])
        return new


class _Codes(dict[Any, int]):
    """The codes of keys. Their texts, which may be the same for several, go to a list."""

    def __init__(self, text_of: Callable[[Any], str], texts: list[str]) -> None:
        super().__init__()
        self._text_of = text_of
        self._texts = texts
        self._code_of = {text: code for code, text in enumerate(texts)}
        self._room = MOST_CHARACTERS - sum(map(len, texts))

    def __missing__(self, key: Any) -> int:
        text = sys.intern(self._text_of(key))
        size = max(len(text), len(key) if isinstance(key, bytes) else 0)
        if size <= self._room:
            self._room -= size
            self[key] = code = self._code(text)
            return code
        return self._code_of.get(text) or self._code(OTHERS)

    def _code(self, text: str) -> int:
        code = self._code_of.get(text)
        if code is None:
            code = self._code_of[text] = len(self._texts)
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
