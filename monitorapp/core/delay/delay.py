"""The delay before a response is sent."""

from __future__ import annotations

import math
import time
from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random
from typing import Any, ClassVar, Final

MIN_DELAY_S: Final = 0.0
MAX_DELAY_S: Final = 3600.0
DEFAULT_DELAY_S: Final = 5.0
PRESETS_S: Final = (0.0, 0.5, 1.0, 5.0, 30.0)


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
    """Return the delay in seconds that a person wrote, such as `0.5`.

    Raises:
        ValueError: It is no number, or not a possible delay; the message says which.
    """
    try:
        delay_s = float(text)
    except ValueError:
        hint = " Write the decimals after a point." if "," in text else ""
        raise ValueError(
            f"A delay is a number of seconds, such as 0.5, not {text!r}.{hint}"
        ) from None
    return check_delay(delay_s)


def parameter(title: str, unit: str, default: float) -> Any:
    """Return a dataclass field for a parameter of a plan.

    Args:
        title: What it is, for a person; it begins a sentence.
        unit: `s`, or empty for a plain number.
        default: A value to begin with.
    """
    return field(default=default, metadata={"title": title, "unit": unit})


class DelayPlan(ABC):
    """How the delay of each request is found. Plans are frozen dataclasses of their parameters.

    Attributes:
        KIND: What it is called in files.
        TITLE: What it is called in the window.
    """

    KIND: ClassVar[str]
    TITLE: ClassVar[str]

    @property
    @abstractmethod
    def words(self) -> str:
        """The plan in words, such as `log-normal, median 2 s, spread 2`."""

    @property
    @abstractmethod
    def typical_s(self) -> float:
        """The median of the delays, in seconds."""

    @property
    def lasts_s(self) -> float:
        """After how many seconds the delay no longer changes with time; 0 if it never does."""
        return 0.0

    @abstractmethod
    def delay_s_at(self, elapsed_s: float, random: Random) -> float:
        """Return the delay of a request, in seconds; it may lie above `MAX_DELAY_S`.

        Args:
            elapsed_s: How long the plan has been in force.
            random: Where chance comes from.
        """


@dataclass(frozen=True)
class FixedDelay(DelayPlan):
    """The same delay for each request.

    Attributes:
        delay_s: The delay in seconds.

    Raises:
        ValueError: It is not a possible delay.
    """

    KIND = "fixed"
    TITLE = "Fixed"

    delay_s: float = parameter("Delay", "s", DEFAULT_DELAY_S)

    def __post_init__(self) -> None:
        object.__setattr__(self, "delay_s", check_delay(self.delay_s))

    @property
    def words(self) -> str:
        """The plan in words."""
        return f"fixed, {self.delay_s:g} s"

    @property
    def typical_s(self) -> float:
        """The delay, in seconds."""
        return self.delay_s

    def delay_s_at(self, elapsed_s: float, random: Random) -> float:
        """Return the delay, in seconds."""
        return self.delay_s


class Delay:
    """The delay that the next request will get; how it is found can change at any time.

    Args:
        plan: How each delay is found, or one delay in seconds for all.
        seconds: The clock, in seconds; by it a sweep goes on.
        random: Where chance comes from. A seeded one gives the same delays to the same sequence
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
        self._plan = plan if isinstance(plan, DelayPlan) else FixedDelay(plan)
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
        self.plan = FixedDelay(delay_s)

    @property
    def progress(self) -> float:
        """How much of the plan's change in time is over, from 0 to 1; 1 if there is none."""
        lasts_s = self._plan.lasts_s
        return min(1.0, self._elapsed_s / lasts_s) if lasts_s > 0 else 1.0

    def next_s(self) -> float:
        """Return the delay of the next request, in seconds.

        A longer delay than `MAX_DELAY_S`, which a distribution with a long tail may give, becomes
        `MAX_DELAY_S`: it is clamped, not drawn again, so that all shorter delays keep their shares.
        """
        delay_s = self._plan.delay_s_at(self._elapsed_s, self._random)
        return min(max(delay_s, MIN_DELAY_S), MAX_DELAY_S)

    @property
    def _elapsed_s(self) -> float:
        return max(0.0, self._seconds() - self._began_s)
