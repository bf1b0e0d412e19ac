"""How durations are distributed: of delays, and of the patience of clients."""

from __future__ import annotations

import math
from abc import abstractmethod
from dataclasses import dataclass
from random import Random
from statistics import NormalDist
from typing import Final

from monitorapp.core.chance.parametric import Parametric, parameter
from monitorapp.core.text.format import short_seconds

LONGEST_S: Final = 3600.0
"""The longest duration, in seconds; one that is drawn longer becomes this one."""

MIN_SCALE_S: Final = 0.001
"""Shortest mean or median, in seconds."""

MAX_SPREAD: Final = 100.0

_NORMAL: Final = NormalDist()


class Distribution(Parametric):
    """Random durations, each independent of the others.

    One random number is drawn for each and put through the quantile function (inverse transform
    sampling), so each kind that is random uses up a seeded sequence equally fast.
    """

    @property
    def typical_s(self) -> float:
        """The median, in seconds."""
        return min(self.quantile_s(0.5), LONGEST_S)

    @abstractmethod
    def quantile_s(self, share: float) -> float:
        """Return the duration in seconds below which this share of all lies; 0 <= share < 1.

        It may lie above `LONGEST_S`.
        """

    @abstractmethod
    def density(self, duration_s: float) -> float:
        """Return the probability density at a duration, per second; it may be infinite."""

    def sample_s(self, random: Random) -> float:
        """Return a random duration, in seconds.

        One longer than `LONGEST_S`, which a long tail may give, becomes `LONGEST_S`: it is not
        drawn again, so that all shorter ones keep their shares.
        """
        return min(self.quantile_s(random.random()), LONGEST_S)


@dataclass(frozen=True)
class Fixed(Distribution):
    """Always the same duration.

    Attributes:
        duration_s: The duration in seconds.
    """

    KIND = "fixed"
    TITLE = "Fixed"
    EXPLANATION = "Always the same."

    duration_s: float = parameter("Duration", "The same for all", 5.0, least=0.0, most=LONGEST_S)

    @property
    def words(self) -> str:
        """The distribution in words."""
        return f"fixed, {short_seconds(self.duration_s)}"

    def quantile_s(self, share: float) -> float:
        """Return the duration, in seconds."""
        return self.duration_s

    def density(self, duration_s: float) -> float:
        """Return the probability density at a duration, per second."""
        return math.inf if duration_s == self.duration_s else 0.0

    def sample_s(self, random: Random) -> float:
        """Return the duration in seconds; no random number is used up."""
        return self.duration_s


@dataclass(frozen=True)
class Uniform(Distribution):
    """Each duration between two is equally likely.

    Attributes:
        low_s: The shortest, in seconds.
        high_s: The longest, in seconds.

    Raises:
        ValueError: One of them is impossible, or the shortest is longer than the longest.
    """

    KIND = "uniform"
    TITLE = "Uniform"
    EXPLANATION = "Each duration between the two is equally likely."

    low_s: float = parameter("Shortest", "None is shorter", 1.0, least=0.0, most=LONGEST_S)
    high_s: float = parameter("Longest", "None is longer", 5.0, least=0.0, most=LONGEST_S)

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.low_s > self.high_s:
            raise ValueError(
                f"The shortest, {short_seconds(self.low_s)}, is longer than the longest,"
                f" {short_seconds(self.high_s)}."
            )

    @property
    def words(self) -> str:
        """The distribution in words."""
        return f"uniform, {self.low_s:g} to {short_seconds(self.high_s)}"

    def quantile_s(self, share: float) -> float:
        """Return the duration in seconds below which this share of all lies."""
        return min(self.low_s + share * (self.high_s - self.low_s), self.high_s)

    def density(self, duration_s: float) -> float:
        """Return the probability density at a duration, per second."""
        if not self.low_s <= duration_s <= self.high_s:
            return 0.0
        width_s = self.high_s - self.low_s
        return 1 / width_s if width_s > 0 else math.inf


@dataclass(frozen=True)
class Exponential(Distribution):
    """As long as a wait for an event that is as likely in each moment.

    Attributes:
        mean_s: The mean in seconds, were there no longest duration; the median is ln 2 of it.
    """

    KIND = "exponential"
    TITLE = "Exponential"
    EXPLANATION = "Mostly short, sometimes long: as long as a wait for a random event."

    mean_s: float = parameter(
        "Mean", "The mean; the median is 0.69 of it", 2.0, least=MIN_SCALE_S, most=LONGEST_S
    )

    @property
    def words(self) -> str:
        """The distribution in words."""
        return f"exponential, mean {short_seconds(self.mean_s)}"

    def quantile_s(self, share: float) -> float:
        """Return the duration in seconds below which this share of all lies."""
        return -self.mean_s * math.log1p(-share)

    def density(self, duration_s: float) -> float:
        """Return the probability density at a duration, per second."""
        return math.exp(-duration_s / self.mean_s) / self.mean_s if duration_s >= 0 else 0.0


@dataclass(frozen=True)
class LogNormal(Distribution):
    """The logarithm has a normal distribution; real response times often look so.

    The parameters are those of E. Limpert, W. A. Stahel, M. Abbt, "Log-normal Distributions across
    the Sciences: Keys and Clues", BioScience 51 (2001), 341-352: the median, exp(mu), and the
    multiplicative standard deviation, exp(sigma). Some 68 % lie between the median divided by it
    and the median times it.

    Attributes:
        median_s: The median in seconds.
        spread: The multiplicative standard deviation, from 1 (no spread at all) to `MAX_SPREAD`.
    """

    KIND = "log-normal"
    TITLE = "Log-normal"
    EXPLANATION = (
        "Real response times often look so. Some 68 % lie between the median divided by the spread"
        " and the median times it."
    )

    median_s: float = parameter(
        "Median", "Half of all are shorter", 2.0, least=MIN_SCALE_S, most=LONGEST_S
    )
    spread: float = parameter(
        "Spread",
        "The geometric standard deviation, exp(sigma): two thirds lie between the median divided by"
        " it and the median times it; 1 makes all alike",
        2.0,
        least=1.0,
        most=MAX_SPREAD,
        unit="",
    )

    @property
    def words(self) -> str:
        """The distribution in words."""
        return f"log-normal, median {short_seconds(self.median_s)}, spread {self.spread:g}"

    def quantile_s(self, share: float) -> float:
        """Return the duration in seconds below which this share of all lies."""
        if share <= 0:
            return 0.0
        # Not of the logarithm's own normal distribution: the median stays exact.
        return self.median_s * math.exp(math.log(self.spread) * _NORMAL.inv_cdf(share))

    def density(self, duration_s: float) -> float:
        """Return the probability density at a duration, per second."""
        if duration_s <= 0:
            return 0.0
        sigma = math.log(self.spread)
        if sigma == 0:
            return math.inf if duration_s == self.median_s else 0.0
        logarithm = NormalDist(math.log(self.median_s), sigma)
        return logarithm.pdf(math.log(duration_s)) / duration_s


DISTRIBUTIONS: Final[tuple[type[Distribution], ...]] = (Fixed, Uniform, Exponential, LogNormal)
"""All kinds; each can be made without parameters, for a start."""
