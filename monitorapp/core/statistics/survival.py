"""How long clients wait, estimated from those that left and those that were answered before.

A client that left is an event at the time it had waited. One that was answered, or whose wait
this server ended, is censored there: it only shows that it would have waited at least so long.

NumPy is imported by the functions that use it: only a shown chart asks for an estimate, and the
start of the app does not wait for it.
"""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import NormalDist
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

RESOLUTION_S: Final = 0.001
"""The resolution of waits, in seconds: about what a busy reactor can measure."""

CONFIDENCE: Final = 0.95


class Waits:
    """Counts of waits by how long they were; adding one costs the same however many there are.

    Args:
        resolution_s: The resolution, in seconds. Memory grows with the number
            of different waits, not with that of the clients.
    """

    def __init__(self, resolution_s: float = RESOLUTION_S) -> None:
        self.resolution_s = resolution_s
        self._left: dict[int, int] = {}
        self._stayed: dict[int, int] = {}
        self.events = 0
        self.censored = 0

    def __len__(self) -> int:
        return self.events + self.censored

    def add(self, waited_s: float, *, left: bool, count: int = 1) -> None:
        """Count a wait of so many seconds, or several; whether the client then left."""
        tick = round(waited_s / self.resolution_s)
        counts = self._left if left else self._stayed
        counts[tick] = counts.get(tick, 0) + count
        if left:
            self.events += count
        else:
            self.censored += count

    def update(self, other: Waits) -> None:
        """Count all waits of another, which has the same resolution."""
        for counts, theirs in ((self._left, other._left), (self._stayed, other._stayed)):
            for tick, count in theirs.items():
                counts[tick] = counts.get(tick, 0) + count
        self.events += other.events
        self.censored += other.censored

    def ticks(self) -> NDArray[np.int64]:
        """Return all different waits in ascending order, in units of the resolution."""
        import numpy as np

        return np.unique(np.array([*self._left, *self._stayed], np.int64))

    def counts_at(self, ticks: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Return how many clients left after each wait, and how many waits were censored there.

        Args:
            ticks: Ascending, in units of the resolution; among them all of `ticks()`.
        """
        import numpy as np

        found = []
        for counts in (self._left, self._stayed):
            at = np.zeros(len(ticks), np.int64)
            at[np.searchsorted(ticks, np.array([*counts], np.int64))] = [*counts.values()]
            found.append(at)
        return found[0], found[1]


@dataclass(frozen=True, slots=True)
class SurvivalCurve:
    """Which share of clients is still waiting after a time.

    It falls at each of `times_s` to the value that belongs to it, and holds that until the
    next one; before the first it is 1.

    Attributes:
        times_s: When clients left, in seconds, ascending.
        share: Share that is still waiting then, the Kaplan-Meier estimate.
        low: Lower edge of its 95 % confidence band.
        high: Upper edge.
        longest_s: The longest wait of all, in seconds, left or not; 0 if there is none.
        events: How many clients left.
        censored: How many waits ended otherwise.
    """

    times_s: Sequence[float]
    share: Sequence[float]
    low: Sequence[float]
    high: Sequence[float]
    longest_s: float
    events: int
    censored: int

    def at(self, time_s: float) -> tuple[float, float, float]:
        """Return the share that is still waiting after a time, and the edges of its band."""
        place = bisect_right(self.times_s, time_s) - 1
        if place < 0:
            return 1.0, 1.0, 1.0
        return self.share[place], self.low[place], self.high[place]

    def leaving_by(self, delays_s: Iterable[float]) -> tuple[float, float, float]:
        """Return the share that will leave at these delays, taken as equally likely.

        The interval is the mean of those of the single delays, and so rather too wide.

        Raises:
            ValueError: There is no delay.
        """
        found = [self.at(delay_s) for delay_s in delays_s]
        if not found:
            raise ValueError("A share that leaves needs a delay.")
        share, low, high = (math.fsum(values) / len(found) for values in zip(*found, strict=True))
        return 1 - share, 1 - high, 1 - low

    def quantile_s(self, left: float) -> tuple[float | None, float | None, float | None]:
        """Return after how long a share of clients has left, and the 95 % interval of that.

        It is the first time at which no more than the others wait. The interval ends where the
        edges of the band reach the same (R. Brookmeyer, J. Crowley: A confidence interval for
        the median survival time, Biometrics 38, 1982). None stands for a time that is not
        reached.

        Args:
            left: The share, such as 0.5 for the median.
        """
        return (
            self._first_at_most(self.share, 1 - left),
            self._first_at_most(self.low, 1 - left),
            self._first_at_most(self.high, 1 - left),
        )

    def _first_at_most(self, values: Sequence[float], limit: float) -> float | None:
        # The edges of a band need not fall everywhere, so there is no bisection.
        return next(
            (
                time_s
                for time_s, value in zip(self.times_s, values, strict=True)
                if value <= limit + 1e-12
            ),
            None,
        )


def survival_curve(waits: Waits) -> SurvivalCurve:
    """Return the Kaplan-Meier estimate of waits, with its 95 % band.

    At the same time, events come before what is censored. The variance is Greenwood's, and the
    band is that of log(-log S), which stays between 0 and 1 (J. D. Kalbfleisch, R. L. Prentice:
    The Statistical Analysis of Failure Time Data, 2nd edition, section 1.4). Where nobody is
    left the band reaches from 0 to its last upper edge.
    """
    import numpy as np

    ticks = waits.ticks()
    left, stayed = waits.counts_at(ticks)
    falls = left > 0
    at_risk, left = _at_risk(left + stayed)[falls], left[falls]
    share = np.cumprod(1 - left / at_risk)
    z = NormalDist().inv_cdf((1 + CONFIDENCE) / 2)
    with np.errstate(divide="ignore", invalid="ignore"):  # at the last fall, set right below
        variance = np.cumsum(left / (at_risk * (at_risk - left)))
        middle, width = np.log(-np.log(share)), z * np.sqrt(variance) / np.log(share)
        low, high = (np.exp(-np.exp(edge)) for edge in (middle - width, middle + width))
    if len(share) and left[-1] == at_risk[-1]:
        low[-1], high[-1] = 0.0, high[-2] if len(share) > 1 else 1.0
    return SurvivalCurve(
        (ticks[falls] * waits.resolution_s).tolist(),
        share.tolist(),
        low.tolist(),
        high.tolist(),
        float(ticks[-1]) * waits.resolution_s if len(ticks) else 0.0,
        waits.events,
        waits.censored,
    )


class AtRisk:
    """Says how many clients were still waiting after a time, and had not been answered."""

    def __init__(self, waits: Waits) -> None:
        self._resolution_s = waits.resolution_s
        self._ticks = waits.ticks()
        left, stayed = waits.counts_at(self._ticks)
        self._counts = _at_risk(left + stayed)

    def __call__(self, time_s: float) -> int:
        """Return how many waited at least so many seconds."""
        tick = math.ceil(time_s / self._resolution_s - 1e-6)
        place = int(self._ticks.searchsorted(tick))
        return int(self._counts[place]) if place < len(self._counts) else 0


def log_rank_p(groups: Sequence[Waits]) -> float | None:
    """Return how likely groups would differ so much if all clients were equally patient.

    It is the p-value of the log-rank test of two or more groups (N. Mantel: Evaluation of
    survival data, Cancer Chemotherapy Reports 50, 1966; for more than two, D. Collett: Modelling
    Survival Data in Medical Research, section 2.6).

    Returns:
        A number from 0 to 1; None if it is undefined: there are fewer than two groups with
        anybody in them, or no client has left while more than one group was waiting.
    """
    import numpy as np

    groups = [group for group in groups if len(group)]
    if len(groups) < 2:
        return None
    ticks = np.unique(np.concatenate([group.ticks() for group in groups]))
    counts = [group.counts_at(ticks) for group in groups]
    each_left = np.array([left for left, _ in counts])
    each_at_risk = np.array([_at_risk(left + stayed) for left, stayed in counts])
    left, at_risk = each_left.sum(0), each_at_risk.sum(0)
    part = each_at_risk / at_risk
    spread = left * (at_risk - left) / np.maximum(at_risk - 1, 1)
    difference = (each_left - left * part).sum(1)
    variance = np.diag((spread * part).sum(1)) - (spread * part) @ part.T
    # The last group follows from the others.
    difference, variance = difference[:-1], variance[:-1, :-1]
    scale = np.abs(variance).max()
    if not scale or np.linalg.matrix_rank(variance, tol=1e-12 * scale) < len(variance):
        return None
    statistic = float(difference @ np.linalg.solve(variance, difference))
    return chi_square_tail(max(0.0, statistic), len(difference))


def chi_square_tail(statistic: float, degrees: int) -> float:
    """Return how likely a chi-square variable is larger than `statistic`.

    The closed forms for whole degrees of freedom: M. Abramowitz, I. A. Stegun: Handbook of
    Mathematical Functions, 26.4.4 and 26.4.5.
    """
    half = statistic / 2
    if degrees % 2:
        term = math.sqrt(half) * math.exp(-half) / math.gamma(1.5)
        tail, place = math.erfc(math.sqrt(half)), 1.5
    else:
        term = math.exp(-half)
        tail, place = 0.0, 1.0
    for _ in range(degrees // 2):
        tail += term
        term *= half / place
        place += 1
    return min(1.0, tail)


def _at_risk(ended: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return how many were still waiting at each tick, of how many waits ended there."""
    return ended[::-1].cumsum()[::-1]
