"""How long clients wait, estimated from those that left and those that were answered before.

A client that left is an event at the time it had waited. One that was answered, or whose wait
this server ended, is censored there: all it says is that it would have waited at least so long.
"""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

RESOLUTION_S: Final = 0.001
"""How finely waits are told apart, in seconds: about what a busy reactor can measure."""

CONFIDENCE: Final = 0.95

_Z: Final = 1.959963984540054
"""The 97.5 % quantile of the normal distribution, so that 95 % lie within."""


class Waits:
    """Counts of waits by how long they were; adding one costs the same however many there are.

    Args:
        resolution_s: How finely they are told apart, in seconds. Memory grows with the number
            of different waits, not with that of the clients.
    """

    def __init__(self, resolution_s: float = RESOLUTION_S) -> None:
        self.resolution_s = resolution_s
        self._left: dict[int, int] = {}
        self._stayed: dict[int, int] = {}
        self._ticks: list[int] = []  # in order, of those at the time of the last `ticks`
        self._known = 0
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

    def ticks(self) -> list[int]:
        """Return all different waits in ascending order, in units of the resolution."""
        known = len(self._left) + len(self._stayed)
        if known != self._known:
            self._known = known
            self._ticks = sorted(self._left.keys() | self._stayed.keys())
        return self._ticks

    def at(self, tick: int) -> tuple[int, int]:
        """Return how many clients left after a wait, and how many waits were censored there."""
        return self._left.get(tick, 0), self._stayed.get(tick, 0)


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
    at_risk = len(waits)
    share, variance, last_high = 1.0, 0.0, 1.0
    times_s, shares, lows, highs = [], [], [], []
    ticks = waits.ticks()
    for tick in ticks:
        left, stayed = waits.at(tick)
        if left:
            share *= 1 - left / at_risk
            low, high = 0.0, last_high
            if at_risk > left:
                variance += left / (at_risk * (at_risk - left))
                width = _Z * math.sqrt(variance) / math.log(share)
                middle = math.log(-math.log(share))
                low, high = math.exp(-math.exp(middle - width)), math.exp(-math.exp(middle + width))
            else:
                share = 0.0
            last_high = high
            times_s.append(tick * waits.resolution_s)
            shares.append(share)
            lows.append(low)
            highs.append(high)
        at_risk -= left + stayed
    longest_s = ticks[-1] * waits.resolution_s if ticks else 0.0
    return SurvivalCurve(times_s, shares, lows, highs, longest_s, waits.events, waits.censored)


def log_rank_p(groups: Sequence[Waits]) -> float | None:
    """Return how likely groups would differ so much if all clients were equally patient.

    It is the p-value of the log-rank test of two or more groups (N. Mantel: Evaluation of
    survival data, Cancer Chemotherapy Reports 50, 1966; for more than two, D. Collett: Modelling
    Survival Data in Medical Research, section 2.6).

    Returns:
        A number from 0 to 1; None if nothing can be said: there are fewer than two groups with
        anybody in them, or no client has left while more than one group was waiting.
    """
    groups = [group for group in groups if len(group)]
    if len(groups) < 2:
        return None
    at_risk = [len(group) for group in groups]
    places = range(len(groups) - 1)  # the last one follows from the others
    difference = [0.0 for _ in places]
    variance = [[0.0 for _ in places] for _ in places]
    for tick in sorted(set().union(*(group.ticks() for group in groups))):
        counts = [group.at(tick) for group in groups]
        left, waiting = sum(gone for gone, _ in counts), sum(at_risk)
        if left:
            spread = left * (waiting - left) / (waiting - 1) if waiting > 1 else 0.0
            for one in places:
                part = at_risk[one] / waiting
                difference[one] += counts[one][0] - left * part
                for other in places:
                    others = at_risk[other] / waiting
                    variance[one][other] += spread * part * ((one == other) - others)
        for place, (gone, stayed) in enumerate(counts):
            at_risk[place] -= gone + stayed
    solved = _solved(variance, difference)
    if solved is None:
        return None
    statistic = math.fsum(a * b for a, b in zip(difference, solved, strict=True))
    return chi_square_tail(max(0.0, statistic), len(places))


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


def _solved(matrix: list[list[float]], right: list[float]) -> list[float] | None:
    """Return x of matrix x = right, by elimination with pivots; None if there is not one x."""
    size = len(right)
    rows = [[*row, value] for row, value in zip(matrix, right, strict=True)]
    scale = max((abs(value) for row in matrix for value in row), default=0.0)
    for column in range(size):
        pivot = max(range(column, size), key=lambda row: abs(rows[row][column]))
        if abs(rows[pivot][column]) <= 1e-12 * scale or not scale:
            return None
        rows[column], rows[pivot] = rows[pivot], rows[column]
        for row in range(column + 1, size):
            factor = rows[row][column] / rows[column][column]
            for place in range(column, size + 1):
                rows[row][place] -= factor * rows[column][place]
    found = [0.0] * size
    for row in reversed(range(size)):
        known = math.fsum(rows[row][place] * found[place] for place in range(row + 1, size))
        found[row] = (rows[row][size] - known) / rows[row][row]
    return found
