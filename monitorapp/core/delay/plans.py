"""Delays that differ from request to request: by chance, or as time goes by."""

from __future__ import annotations

import json
import math
from abc import abstractmethod
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from random import Random
from statistics import NormalDist
from typing import Final

from monitorapp.core.delay.delay import (
    MAX_DELAY_S,
    DelayPlan,
    FixedDelay,
    check_delay,
    parameter,
)
from monitorapp.core.text.visible import cut, visible

MIN_SCALE_S: Final = 0.001
"""Shortest mean or median of a distribution, in seconds."""

MAX_SPREAD: Final = 100.0
MAX_SWEEP_S: Final = 86_400.0

_NORMAL: Final = NormalDist()


class Distribution(DelayPlan):
    """Delays by chance, each independent of the others.

    One random number is drawn for each delay and put through the quantile function (inverse
    transform sampling), so each kind of distribution uses up a seeded sequence equally fast.
    """

    @property
    def typical_s(self) -> float:
        """The median of the delays, in seconds."""
        return min(self.quantile_s(0.5), MAX_DELAY_S)

    @abstractmethod
    def quantile_s(self, share: float) -> float:
        """Return the delay in seconds below which this share of all lies; 0 <= share < 1."""

    @abstractmethod
    def density(self, delay_s: float) -> float:
        """Return the probability density at a delay, per second; it may be infinite."""

    def delay_s_at(self, elapsed_s: float, random: Random) -> float:
        """Return a delay by chance, in seconds."""
        return self.quantile_s(random.random())


@dataclass(frozen=True)
class UniformDelay(Distribution):
    """Each delay between two is equally likely.

    Attributes:
        low_s: The shortest delay in seconds.
        high_s: The longest delay in seconds.

    Raises:
        ValueError: One of them is not a possible delay, or the shortest is above the longest.
    """

    KIND = "uniform"
    TITLE = "Uniform"

    low_s: float = parameter("Shortest delay", "s", 1.0)
    high_s: float = parameter("Longest delay", "s", 5.0)

    def __post_init__(self) -> None:
        object.__setattr__(self, "low_s", check_delay(self.low_s))
        object.__setattr__(self, "high_s", check_delay(self.high_s))
        if self.low_s > self.high_s:
            raise ValueError(
                f"The shortest delay, {self.low_s:g} s, is above the longest, {self.high_s:g} s."
            )

    @property
    def words(self) -> str:
        """The plan in words."""
        return f"uniform, {self.low_s:g} to {self.high_s:g} s"

    def quantile_s(self, share: float) -> float:
        """Return the delay in seconds below which this share of all lies."""
        return min(self.low_s + share * (self.high_s - self.low_s), self.high_s)

    def density(self, delay_s: float) -> float:
        """Return the probability density at a delay, per second."""
        if not self.low_s <= delay_s <= self.high_s:
            return 0.0
        width_s = self.high_s - self.low_s
        return 1 / width_s if width_s > 0 else math.inf


@dataclass(frozen=True)
class ExponentialDelay(Distribution):
    """As long as a wait for an event that is as likely in each moment.

    Attributes:
        mean_s: The mean delay in seconds, were there no longest one.

    Raises:
        ValueError: It lies not between `MIN_SCALE_S` and `MAX_DELAY_S`.
    """

    KIND = "exponential"
    TITLE = "Exponential"

    mean_s: float = parameter("Mean", "s", 2.0)

    def __post_init__(self) -> None:
        _check_scale("mean", self.mean_s)

    @property
    def words(self) -> str:
        """The plan in words."""
        return f"exponential, mean {self.mean_s:g} s"

    def quantile_s(self, share: float) -> float:
        """Return the delay in seconds below which this share of all lies."""
        return -self.mean_s * math.log1p(-share)

    def density(self, delay_s: float) -> float:
        """Return the probability density at a delay, per second."""
        return math.exp(-delay_s / self.mean_s) / self.mean_s if delay_s >= 0 else 0.0


@dataclass(frozen=True)
class LogNormalDelay(Distribution):
    """The logarithm of the delay has a normal distribution; real response times often look so.

    The parameters are those of E. Limpert, W. A. Stahel, M. Abbt, "Log-normal Distributions across
    the Sciences: Keys and Clues", BioScience 51 (2001), 341-352: the median, exp(mu), and the
    multiplicative standard deviation, exp(sigma). Some 68 % of the delays lie between the median
    divided by it and the median times it.

    Attributes:
        median_s: The median delay in seconds.
        spread: The multiplicative standard deviation, from 1 (no spread at all) to `MAX_SPREAD`.

    Raises:
        ValueError: The median lies not between `MIN_SCALE_S` and `MAX_DELAY_S`, or the spread not
            between 1 and `MAX_SPREAD`.
    """

    KIND = "log-normal"
    TITLE = "Log-normal"

    median_s: float = parameter("Median", "s", 2.0)
    spread: float = parameter("Spread", "", 2.0)

    def __post_init__(self) -> None:
        _check_scale("median", self.median_s)
        if not 1 <= self.spread <= MAX_SPREAD:  # NaN neither
            raise ValueError(
                f"The spread is a factor between 1 and {MAX_SPREAD:g}, not {self.spread:g}."
            )

    @property
    def words(self) -> str:
        """The plan in words."""
        return f"log-normal, median {self.median_s:g} s, spread {self.spread:g}"

    def quantile_s(self, share: float) -> float:
        """Return the delay in seconds below which this share of all lies."""
        if share <= 0:
            return 0.0
        return self.median_s * math.exp(math.log(self.spread) * _NORMAL.inv_cdf(share))

    def density(self, delay_s: float) -> float:
        """Return the probability density at a delay, per second."""
        if delay_s <= 0:
            return 0.0
        sigma = math.log(self.spread)
        if sigma == 0:
            return math.inf if delay_s == self.median_s else 0.0
        logarithm = math.log(delay_s)  # of ever so short a delay, too; no quotient underflows
        deviation = (logarithm - math.log(self.median_s)) / sigma
        return math.exp(-deviation * deviation / 2 - logarithm) / (sigma * math.sqrt(2 * math.pi))


@dataclass(frozen=True)
class SweepDelay(DelayPlan):
    """The delay walks evenly from one to another, and stays there.

    Attributes:
        first_s: The delay at the beginning, in seconds.
        last_s: The delay at the end and from then on, in seconds.
        over_s: How many seconds it takes.

    Raises:
        ValueError: One of the delays is impossible, or the time is not above 0 and at most
            `MAX_SWEEP_S`.
    """

    KIND = "sweep"
    TITLE = "Sweep"

    first_s: float = parameter("First delay", "s", 0.5)
    last_s: float = parameter("Last delay", "s", 10.0)
    over_s: float = parameter("Over", "s", 60.0)

    def __post_init__(self) -> None:
        object.__setattr__(self, "first_s", check_delay(self.first_s))
        object.__setattr__(self, "last_s", check_delay(self.last_s))
        if not 0 < self.over_s <= MAX_SWEEP_S:  # NaN neither
            raise ValueError(
                f"A sweep takes more than 0 and at most {MAX_SWEEP_S:,.0f} seconds,"
                f" not {self.over_s:g}."
            )

    @property
    def words(self) -> str:
        """The plan in words."""
        return f"sweep, {self.first_s:g} to {self.last_s:g} s over {self.over_s:g} s"

    @property
    def typical_s(self) -> float:
        """The delay half way, in seconds."""
        return self.delay_s_after(0.5)

    @property
    def lasts_s(self) -> float:
        """How many seconds it takes."""
        return self.over_s

    def delay_s_after(self, progress: float) -> float:
        """Return the delay in seconds after a share of the way, from 0 to 1."""
        if progress >= 1:
            return self.last_s
        return self.first_s + max(0.0, progress) * (self.last_s - self.first_s)

    def delay_s_at(self, elapsed_s: float, random: Random) -> float:
        """Return the delay in seconds, so long after the beginning."""
        return self.delay_s_after(elapsed_s / self.over_s)


PLAN_TYPES: Final[tuple[type[DelayPlan], ...]] = (
    FixedDelay,
    UniformDelay,
    ExponentialDelay,
    LogNormalDelay,
    SweepDelay,
)
"""All kinds of plans; each can be made without parameters, for a start."""


@dataclass(frozen=True)
class Parameter:
    """What a person can set of a plan.

    Attributes:
        name: The name of the dataclass field.
        title: What it is, for a person.
        unit: `s`, or empty for a plain number.
    """

    name: str
    title: str
    unit: str


def parameters(plan_type: type[DelayPlan]) -> list[Parameter]:
    """Return what can be set of plans of a type."""
    return [
        Parameter(each.name, each.metadata["title"], each.metadata["unit"])
        for each in fields(plan_type)  # type: ignore[arg-type]  # all plans are dataclasses
    ]


def parse_plan(plan_type: type[DelayPlan], texts: Mapping[str, str]) -> DelayPlan:
    """Return the plan of which a person wrote the parameters.

    Args:
        plan_type: One of `PLAN_TYPES`.
        texts: What was written, by the parameters' names.

    Raises:
        ValueError: Something is no number, or the plan is impossible; the message says what.
    """
    return plan_type(
        **{each.name: _parse_number(each, texts[each.name]) for each in parameters(plan_type)}
    )


def plan_to_json(plan: DelayPlan) -> str:
    """Return a plan as text for `plan_from_json`."""
    return json.dumps({"kind": plan.KIND} | asdict(plan))  # type: ignore[call-overload]


def plan_from_json(text: str) -> DelayPlan:
    """Return the plan that `plan_to_json` wrote.

    Raises:
        ValueError: It is damaged, or the plan is impossible.
    """
    try:
        values = json.loads(text)
    except RecursionError:
        values = None
    if not isinstance(values, dict):
        raise ValueError("A plan of delays is a JSON object.")
    kind = values.pop("kind", None)
    for plan_type in PLAN_TYPES:
        if kind == plan_type.KIND:
            break
    else:
        raise ValueError("The kind of the delay is unknown.")
    names = {each.name for each in parameters(plan_type)}
    if set(values) != names or not all(type(value) in (int, float) for value in values.values()):
        raise ValueError(f"The parameters of a delay of the kind {kind} are numbers: {names}.")
    try:
        return plan_type(**{name: float(value) for name, value in values.items()})
    except OverflowError:
        raise ValueError("A parameter of the delay is too large.") from None


def _parse_number(parameter: Parameter, text: str) -> float:
    text = text.strip()
    if parameter.unit:
        text = text.removesuffix(parameter.unit).rstrip()
    try:
        return float(text)
    except ValueError:
        hint = " Write the decimals after a point." if "," in text else ""
        what = "a number of seconds" if parameter.unit else "a number"
        raise ValueError(
            f"{parameter.title} is {what}, such as 1.5, not '{cut(visible(text), 40)}'.{hint}"
        ) from None


def _check_scale(what: str, scale_s: float) -> None:
    if not MIN_SCALE_S <= scale_s <= MAX_DELAY_S:  # NaN neither
        raise ValueError(
            f"The {what} lies between {MIN_SCALE_S:g} and {MAX_DELAY_S:g} seconds, not {scale_s:g}."
        )
