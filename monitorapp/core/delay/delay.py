"""The delay before a response is sent."""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from random import Random
from typing import Final

from monitorapp.core.chance.distribution import LONGEST_S, Distribution, Fixed
from monitorapp.core.delay.sweep import SweepDelay

MIN_DELAY_S: Final = 0.0
MAX_DELAY_S: Final = LONGEST_S
DEFAULT_DELAY_S: Final = 5.0
PRESETS_S: Final = (0.0, 0.5, 1.0, 5.0, 30.0)

DelayPlan = Distribution | SweepDelay
"""How the delay of each request is found: random, or changing over time."""


def check_delay(delay_s: float) -> float:
    """Return `delay_s` if it is a possible delay.

    Raises:
        ValueError: It is not a number, or not between 0 and 3600 seconds.
    """
    if not math.isfinite(delay_s) or not MIN_DELAY_S <= delay_s <= MAX_DELAY_S:
        raise ValueError(
            f"A delay lies between {MIN_DELAY_S:g} and {MAX_DELAY_S:g} seconds, not {delay_s:g}."
        )
    return delay_s + 0.0  # -0.0 is shown with its sign


def parse_delay(text: str) -> float:
    """Return the delay in seconds that a user wrote, such as `0.5`.

    Raises:
        ValueError: It is not a number, or not a possible delay; the message says which.
    """
    try:
        delay_s = float(text)
    except ValueError:
        hint = " Write the decimals after a point." if "," in text else ""
        raise ValueError(
            f"A delay is a number of seconds, such as 0.5, not {text!r}.{hint}"
        ) from None
    return check_delay(delay_s)


def expected_delays_s(plan: DelayPlan, count: int, random: Random) -> list[float]:
    """Return delays, each as likely as the others, of requests that come evenly.

    Args:
        plan: How they are found.
        count: How many are wanted; of a fixed delay there is one.
        random: The random number generator.
    """
    if isinstance(plan, Fixed):
        return [plan.duration_s]
    if isinstance(plan, SweepDelay):
        return [plan.delay_s_after(part / count) for part in range(count)]
    return [plan.sample_s(random) for _ in range(count)]


class Delay:
    """The delay that the next request will get; how it is found can change at any time.

    Args:
        plan: How each delay is found, or one delay in seconds for all.
        seconds: The clock of a sweep, in seconds.
        random: The random number generator. A seeded one gives the same delays to the same sequence
            of requests.

    Raises:
        ValueError: It is not a possible delay.
    """

    def __init__(
        self,
        plan: DelayPlan | float = DEFAULT_DELAY_S,
        *,
        seconds: Callable[[], float] = time.monotonic,
        random: Random | None = None,
    ) -> None:
        self._seconds = seconds
        self._random = Random() if random is None else random
        self._plan = plan if isinstance(plan, DelayPlan) else Fixed(check_delay(plan))
        self._began_s = seconds()

    @property
    def plan(self) -> DelayPlan:
        """How each delay is found. Setting it begins a sweep from its start, even the same one."""
        return self._plan

    @plan.setter
    def plan(self, plan: DelayPlan) -> None:
        self._plan = plan
        self._began_s = self._seconds()

    @property
    def delay_s(self) -> float:
        """The typical delay in seconds.

        Setting it gives that delay to each request; an impossible one raises ValueError.
        """
        return self._plan.typical_s

    @delay_s.setter
    def delay_s(self, delay_s: float) -> None:
        self.plan = Fixed(check_delay(delay_s))

    @property
    def progress(self) -> float:
        """How much of a sweep is over, from 0 to 1; 1 if the plan does not change in time."""
        if not isinstance(self._plan, SweepDelay):
            return 1.0
        elapsed_s = max(0.0, self._seconds() - self._began_s)
        return min(1.0, elapsed_s / self._plan.over_s)

    def next_s(self) -> float:
        """Return the delay of the next request, in seconds."""
        if isinstance(self._plan, SweepDelay):
            return self._plan.delay_s_after(self.progress)
        return self._plan.sample_s(self._random)
