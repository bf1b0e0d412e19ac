"""Delays that change over time."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from monitorapp.core.chance.distribution import LONGEST_S, MIN_SCALE_S
from monitorapp.core.chance.parametric import Parametric, parameter
from monitorapp.core.text.format import short_seconds

MAX_SWEEP_S: Final = 86_400.0


@dataclass(frozen=True)
class SweepDelay(Parametric):
    """The delay changes evenly from one to another, and stays there.

    Attributes:
        first_s: The delay at the beginning, in seconds.
        last_s: The delay at the end and from then on, in seconds.
        over_s: How many seconds it takes.
    """

    KIND = "sweep"
    TITLE = "Sweep"
    EXPLANATION = "The delay changes evenly from the first to the last, and stays there."

    first_s: float = parameter(
        "First delay", "The delay at the beginning", 0.5, least=0.0, most=LONGEST_S
    )
    last_s: float = parameter(
        "Last delay", "The delay at the end and from then on", 10.0, least=0.0, most=LONGEST_S
    )
    over_s: float = parameter(
        "Duration", "How long it takes", 60.0, least=MIN_SCALE_S, most=MAX_SWEEP_S
    )

    @property
    def words(self) -> str:
        """The plan in words."""
        delays = f"{self.first_s:g} to {short_seconds(self.last_s)}"
        return f"sweep, {delays} over {short_seconds(self.over_s)}"

    @property
    def typical_s(self) -> float:
        """The delay half way, in seconds."""
        return self.delay_s_after(0.5)

    def delay_s_after(self, progress: float) -> float:
        """Return the delay in seconds after a share of the way, from 0 to 1."""
        if progress >= 1:
            return self.last_s
        return self.first_s + max(0.0, progress) * (self.last_s - self.first_s)
