"""How long the clients of requests waited, by groups that are compared."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from enum import Enum
from typing import TYPE_CHECKING, Final, NamedTuple

from monitorapp.core.filter.columns import ColumnFilter
from monitorapp.core.request.columns import EndColumns
from monitorapp.core.request.ended import LEFT
from monitorapp.core.statistics.survival import Waits

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

COMPARED: Final = 4
"""Groups that are compared at most: those with the most requests."""

OF_FILTER: Final = "of the filter"
NOT_OF_FILTER: Final = "all others"

_LEFT: Final = frozenset(reason.value for reason in LEFT)


class Comparison(Enum):
    """Whose patience is shown. The value is what the user reads."""

    ALL = "all requests"
    FILTER = "those of the filter and all others"
    PATH = "by path"
    CLIENT = "by client"


_COLUMNS: Final = {Comparison.PATH: "path", Comparison.CLIENT: "host"}


class Compared(NamedTuple):
    """Waits of requests by groups.

    Attributes:
        groups: Names and waits, the largest first.
        requests: How many in all.
        since_s: When the first of them ended, in seconds since the epoch; None if there is none.
        had_queries: Whether any of them was for a path with a query.
    """

    groups: list[tuple[str, Waits]]
    requests: int = 0
    since_s: float | None = None
    had_queries: bool = False


def compare(
    blocks: Sequence[EndColumns],
    comparison: Comparison,
    filter_: ColumnFilter,
    is_cancelled: Callable[[], bool] = lambda: False,
) -> Compared | None:
    """Return how long the clients of requests waited. It can take half a second, in any thread.

    Args:
        blocks: The requests; they do not change meanwhile.
        comparison: Which groups.
        filter_: Selects, for `Comparison.FILTER`, whose waits are one group; the waits of all
            others are the other.
        is_cancelled: Asked all the time; once it returns true, None is returned.
    """
    if not blocks:
        return Compared([])  # and NumPy is not loaded for it
    import numpy as np

    since_s, had_queries = [], False
    found: dict[str, list[NDArray[np.int64]]] = {}
    names = _most_frequent(blocks, _COLUMNS[comparison]) if comparison in _COLUMNS else []
    for block in blocks:
        if is_cancelled():
            return None
        since_s.append(float(np.frombuffer(block.ended_s).min()))
        had_queries = had_queries or 1 in block.had_query
        waits = _signed_ticks(block)
        if comparison is Comparison.ALL:
            found.setdefault("all requests", []).append(waits)
        elif comparison is Comparison.FILTER:
            mask = filter_.mask(block)
            found.setdefault(OF_FILTER, []).append(waits[mask])
            found.setdefault(NOT_OF_FILTER, []).append(waits[~mask])
        else:
            column = _COLUMNS[comparison]
            texts, codes = block.texts[column], np.frombuffer(block.codes[column], np.uint16)
            for name in names:
                if name in texts:
                    found.setdefault(name, []).append(waits[codes == texts.index(name)])
    groups = [(name, _waits(parts)) for name, parts in found.items()]
    if comparison is not Comparison.FILTER:  # whose groups keep their places, and so their colours
        groups = sorted((one for one in groups if len(one[1])), key=lambda pair: -len(pair[1]))
    count = sum(map(len, blocks))
    return Compared(groups, count, min(since_s, default=None), had_queries)


def _most_frequent(blocks: Sequence[EndColumns], column: str) -> list[str]:
    import numpy as np

    counts: Counter[str] = Counter()
    for block in blocks:
        codes = np.frombuffer(block.codes[column], np.uint16)
        of_texts = np.bincount(codes, minlength=len(block.texts[column])).tolist()
        for text, count in zip(block.texts[column], of_texts, strict=False):
            counts[text] += count
    return [name for name, _ in counts.most_common(COMPARED)]


def _signed_ticks(block: EndColumns) -> NDArray[np.int64]:
    """Return twice how long each waited, in the resolution of `Waits`; one more if it left."""
    import numpy as np

    ticks = np.rint(np.frombuffer(block.waited_s) * 1_000).astype(np.int64)
    has_left = np.array([reason in _LEFT for reason in block.texts["reason"]], bool)
    left: NDArray[np.bool_] = has_left[np.frombuffer(block.codes["reason"], np.uint16)]
    return 2 * np.maximum(ticks, 0) + left


def _waits(parts: Sequence[NDArray[np.int64]]) -> Waits:
    import numpy as np

    waits = Waits()
    different, counts = np.unique(np.concatenate(parts), return_counts=True)
    for signed, count in zip(different.tolist(), counts.tolist(), strict=True):
        waits.add(signed // 2 * waits.resolution_s, left=bool(signed % 2), count=count)
    return waits
