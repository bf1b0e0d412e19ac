"""A campaign: many requests whose clients lose their patience, as a person plans it."""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import Enum
from random import Random
from typing import Final

from monitorapp.core.text.format import grouped

MAX_REQUESTS: Final = 1_000_000
MAX_AT_ONCE: Final = 20_000
MAX_PATIENCE_S: Final = 3600.0
"""The longest patience, in seconds; a random one that comes out longer is this one."""
MAX_SPREAD: Final = 100.0


class Leaving(Enum):
    """What a client does once its patience is over. The value is what a person reads."""

    CLOSE = "close (FIN)"
    RESET = "reset (RST)"
    HALF_CLOSE = "half-close"
    SLOW_READ = "read slowly"
    WAIT = "wait politely"


@dataclass(frozen=True, slots=True)
class FixedPatience:
    """The same patience for all.

    Attributes:
        patience_s: How long a client waits, in seconds.

    Raises:
        ValueError: It is not possible; the message says why.
    """

    patience_s: float

    def __post_init__(self) -> None:
        _check_s("A patience", self.patience_s)

    def draw_s(self, random: Random) -> float:
        """Return the patience of one client, in seconds."""
        return self.patience_s


@dataclass(frozen=True, slots=True)
class UniformPatience:
    """Any patience between two is as likely as any other.

    Attributes:
        least_s: The shortest, in seconds.
        most_s: The longest, in seconds.

    Raises:
        ValueError: They are not possible; the message says why.
    """

    least_s: float
    most_s: float

    def __post_init__(self) -> None:
        _check_s("The shortest patience", self.least_s)
        _check_s("The longest patience", self.most_s)
        if self.least_s > self.most_s:
            raise ValueError(
                f"The shortest patience, {self.least_s:g} s, is longer than the longest,"
                f" {self.most_s:g} s. Exchange the two."
            )

    def draw_s(self, random: Random) -> float:
        """Return the patience of one client, in seconds."""
        return random.uniform(self.least_s, self.most_s)


@dataclass(frozen=True, slots=True)
class ExponentialPatience:
    """A client that has waited for long is as likely to leave as one that has just come.

    Attributes:
        mean_s: The mean, in seconds; the median is ln 2 (0.69) of it.

    Raises:
        ValueError: It is not possible; the message says why.
    """

    mean_s: float

    def __post_init__(self) -> None:
        _check_s("A mean patience", self.mean_s, is_zero_possible=False)

    def draw_s(self, random: Random) -> float:
        """Return the patience of one client, in seconds."""
        return min(random.expovariate(1 / self.mean_s), MAX_PATIENCE_S)


@dataclass(frozen=True, slots=True)
class LogNormalPatience:
    """The logarithm of the patience is normally distributed.

    Attributes:
        median_s: Half of the clients leave before this, in seconds.
        spread: The geometric standard deviation, exp(sigma): two thirds (68 %) of the clients
            leave between median / spread and median x spread. 1 makes all alike.

    Raises:
        ValueError: They are not possible; the message says why.
    """

    median_s: float
    spread: float

    def __post_init__(self) -> None:
        _check_s("A median patience", self.median_s, is_zero_possible=False)
        if not 1 <= self.spread <= MAX_SPREAD:
            raise ValueError(
                f"A spread is a factor between 1 and {MAX_SPREAD:g}, not {self.spread:g}:"
                " 1 makes all alike."
            )

    def draw_s(self, random: Random) -> float:
        """Return the patience of one client, in seconds."""
        drawn_s = random.lognormvariate(math.log(self.median_s), math.log(self.spread))
        return min(drawn_s, MAX_PATIENCE_S)


Patience = FixedPatience | UniformPatience | ExponentialPatience | LogNormalPatience
"""How long clients wait before they give up."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CampaignPlan:
    """What a campaign shall do.

    Attributes:
        target: The URL of a server, as typed; empty for this app's own.
        path: What is asked for, path and query.
        count: How many requests are sent.
        at_once: How many of them are open at a time, at most.
        leaving: What a client does once its patience is over.
        patience: How long clients wait; the pauses of clients that read slowly.
        seed: Makes the random patience the same each time; None to have another each time.

    Raises:
        ValueError: A number is not possible; the message says why.
    """

    target: str = ""
    path: str = "/"
    count: int
    at_once: int
    leaving: Leaving
    patience: Patience
    seed: int | None = None

    def __post_init__(self) -> None:
        if not 1 <= self.count <= MAX_REQUESTS:
            raise ValueError(
                f"From 1 to {grouped(MAX_REQUESTS)} requests can be sent,"
                f" not {grouped(self.count)}."
            )
        if not 1 <= self.at_once <= MAX_AT_ONCE:
            raise ValueError(
                f"From 1 to {grouped(MAX_AT_ONCE)} requests can be open at a time,"
                f" not {grouped(self.at_once)}."
            )


def _check_s(name: str, seconds: float, *, is_zero_possible: bool = True) -> None:
    if not (0 < seconds <= MAX_PATIENCE_S or (seconds == 0 and is_zero_possible)):
        least = "between 0" if is_zero_possible else "above 0"
        conjunction = "and" if is_zero_possible else "and at most"
        raise ValueError(
            f"{name} lies {least} {conjunction} {MAX_PATIENCE_S:g} seconds, not {seconds:g}."
        )
