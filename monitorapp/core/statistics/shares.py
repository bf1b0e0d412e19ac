"""How sure a share is that was counted."""

from __future__ import annotations

from math import exp, fsum, lgamma, log
from typing import Final

from monitorapp.core.statistics.survival import CONFIDENCE

_STEPS: Final = 60  # each halves the error


def exact_interval(events: int, of: int) -> tuple[float, float]:
    """Return the ends of the 95 % interval of the share of `events` among so many.

    It holds the true share at least so often, however few there are (C. J. Clopper,
    E. S. Pearson: The use of confidence or fiducial limits illustrated in the case of the
    binomial, Biometrika 26, 1934). The time it takes grows with `events`.

    Args:
        events: How often it happened, at most `of`.
        of: How often it could have happened; 0 if nothing is known.
    """
    tail = (1 - CONFIDENCE) / 2
    low = _share_where(events - 1, of, 1 - tail) if events else 0.0
    high = _share_where(events, of, tail) if events < of else 1.0
    return low, high


def _share_where(events: int, of: int, chance: float) -> float:
    """Return the share at which no more than `events` happen with this chance."""
    low, high = 0.0, 1.0
    for _ in range(_STEPS):
        middle = (low + high) / 2
        if _at_most(events, of, middle) > chance:
            low = middle
        else:
            high = middle
    return low


def _at_most(events: int, of: int, share: float) -> float:
    """Return how likely no more than `events` of so many happen (binomial distribution)."""
    return fsum(
        exp(
            lgamma(of + 1)
            - lgamma(count + 1)
            - lgamma(of - count + 1)
            + count * log(share)
            + (of - count) * log(1 - share)
        )
        for count in range(events + 1)
    )
