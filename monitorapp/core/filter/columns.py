"""A filter over columns: over requests of which less is known than of records."""

from __future__ import annotations

from array import array
from collections.abc import Callable, Mapping, Sequence
from functools import reduce
from typing import TYPE_CHECKING, Any, Final, Protocol
from weakref import WeakKeyDictionary

from monitorapp.core.filter.language import Filter
from monitorapp.core.record.client import ClientAddress, is_socket

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from monitorapp.core.filter._terms import Term

_COLUMNS: Final = {
    "path": "path",
    "path or query": "path",
    "client": "host",
    "method": "method",
    "reason": "reason",
    "agent": "agent",
}
"""The columns of texts that fields ask for."""

_COMPARED: Final = {"waited": "waited_s", "delay": "delay_s", "time": "ended_s"}
"""The columns of numbers that fields ask for. A record is of the time when its request ended."""

_TEXT: Final = ("words", "regex")
_LINES: Final = ("method", "path", "host", "reason", "agent")


class Columns(Protocol):
    """What is known of requests, a row each; see `monitorapp.core.request.columns.EndColumns`."""

    texts: dict[str, list[str]]
    codes: dict[str, array[int]]
    ended_s: array[float]
    waited_s: array[float]
    delay_s: array[float]

    def __len__(self) -> int: ...


class ColumnFilter:
    """Finds the rows that match a filter, as far as columns can answer it.

    A term that they cannot answer is left out, as if it had not been written. The terms are
    those of the filter itself: of texts once for each that is different, of numbers for all rows
    at once. Words are looked for in method and path, client, reason and User-Agent.

    Args:
        filter_: What is wanted.

    Attributes:
        expression: That of the filter.
        unheeded: The terms that are left out, as the user wrote them.
        has_words: Whether it looks for words in the text.
        asks_path: Whether it looks for a part of a path, which can be in a query.
    """

    def __init__(self, filter_: Filter) -> None:
        self.expression = filter_.expression
        self._values = filter_.values
        self._term = filter_.term
        self._found: WeakKeyDictionary[Columns, NDArray[np.bool_]] = WeakKeyDictionary()
        leaves = [] if filter_.term is None else [*_leaves(filter_.term)]
        self.unheeded = [
            filter_.expression[leaf.start : leaf.end] for leaf in leaves if not _is_known(leaf)
        ]
        self.has_words = any(leaf.asks in _TEXT for leaf in leaves)
        self.asks_path = any(leaf.asks == "path or query" for leaf in leaves)

    def mask(self, columns: Columns) -> NDArray[np.bool_]:
        """Return which rows match. It is remembered for columns that are asked for again."""
        import numpy as np

        found = self._found.get(columns)
        if found is None:
            part = None if self._term is None else self._mask(self._term, columns)
            found = np.ones(len(columns), bool) if part is None else part
            self._found[columns] = found
        return found

    def _mask(self, term: Term, columns: Columns) -> NDArray[np.bool_] | None:
        """Return which rows match a term; None if it is left out."""
        if term.inner is not None:
            inner = self._mask(term.inner, columns)
            return None if inner is None else ~inner
        if term.joint:
            import numpy as np

            parts = [self._mask(part, columns) for part in term.parts]
            known = [part for part in parts if part is not None]
            join = np.logical_or if term.joint == "or" else np.logical_and
            return reduce(join, known) if known else None
        if not _is_known(term):
            return None
        return self._answer(term, columns)

    def _answer(self, term: Term, columns: Columns) -> NDArray[np.bool_] | None:
        import numpy as np

        if term.asks in _COMPARED:
            compared: Callable[[_Numbers], NDArray[np.bool_]]
            compared = eval(f"lambda one: {term.code}", self._values)
            return compared(_Numbers(columns))
        # What became of the work is known of interrupted requests only.
        code = f"lambda one, text, outcome_of=lambda _: '': {term.code}"
        test: Callable[[Any, str], object] = eval(code, self._values)
        if term.asks in _COLUMNS:
            name = _COLUMNS[term.asks]
            texts = map(_client, columns.texts[name]) if name == "host" else columns.texts[name]
            return _spread(columns.codes[name], [bool(test(_Text(text), "")) for text in texts])
        if term.asks == "regex":
            return _answer_text(columns, _LINES, lambda text: bool(test(None, text)))
        if term.asks == "words":
            found = np.zeros(len(columns), bool)
            for names in (("method", "path"), ("host",), ("reason",), ("agent",)):
                found |= _answer_text(columns, names, lambda text: bool(test(None, text)))
            return found
        return None  # nothing was written


class _Text:
    """Stands for a record in a term that asks for one of its texts."""

    __slots__ = ("client", "method", "uri", "value")

    def __init__(self, text: str) -> None:
        self.client = self.method = self.uri = self.value = text

    @property
    def reason(self) -> _Text:
        return self

    def header(self, _: str) -> str:
        return self.value


class _Numbers:
    """Stands for all records at once in a term that compares one of their numbers."""

    def __init__(self, columns: Columns) -> None:
        self._columns = columns

    @property
    def waited_s(self) -> NDArray[np.float64]:
        return self._array("waited_s")

    @property
    def delay_s(self) -> NDArray[np.float64]:
        return self._array("delay_s")

    @property
    def time_s(self) -> NDArray[np.float64]:
        return self._array("ended_s")

    def _array(self, name: str) -> NDArray[np.float64]:
        import numpy as np

        return np.frombuffer(getattr(self._columns, name), np.float64)


def _leaves(term: Term) -> list[Term]:
    if term.inner is not None:
        return _leaves(term.inner)
    if term.joint:
        return [leaf for part in term.parts for leaf in _leaves(part)]
    return [term]


def _is_known(leaf: Term) -> bool:
    return not leaf.asks or leaf.asks in _COLUMNS or leaf.asks in _COMPARED or leaf.asks in _TEXT


def _client(host: str) -> str:
    """Return an address of a client with this host: its port is not known, and is not asked for."""
    return host if is_socket(host) or not host else str(ClientAddress(host, 0))


def _spread(codes: array[int], answers: Sequence[bool]) -> NDArray[np.bool_]:
    import numpy as np

    if not len(codes):
        return np.zeros(0, bool)
    found: NDArray[np.bool_] = np.array(answers, bool)[np.frombuffer(codes, np.uint16)]
    return found


def _answer_text(
    columns: Columns, names: Sequence[str], test: Callable[[str], bool]
) -> NDArray[np.bool_]:
    """Return which rows pass a test of what these columns make up of the text of a record.

    See `searched_text`. Each text that is different is tested once.
    """
    import numpy as np

    pieces = [[_PIECES[name](text).lower() for text in columns.texts[name]] for name in names]
    codes = [np.frombuffer(columns.codes[name], np.uint16) for name in names]
    if len(names) == 1:
        return _spread(columns.codes[names[0]], [test(piece) for piece in pieces[0]])
    together = np.zeros(len(columns), np.int64)
    for of_rows in codes:
        _, together = np.unique(together * 65_536 + of_rows, return_inverse=True)
    _, rows = np.unique(together, return_index=True)
    places = zip(*(of_rows[rows].tolist() for of_rows in codes), strict=True)
    answers = [
        test("".join([of[place] for of, place in zip(pieces, those, strict=True)]))
        for those in places
    ]
    found: NDArray[np.bool_] = np.array(answers, bool)[together]
    return found


_PIECES: Final[Mapping[str, Callable[[str], str]]] = {
    "method": lambda method: f"{method} ",
    "path": lambda path: path,
    "host": lambda host: f"\n{_client(host)}",
    "reason": lambda reason: f"\n{reason}",
    "agent": lambda agent: f"\nUser-Agent: {agent}" if agent else "",
}
"""What a column adds to the text of a record, in this order."""
