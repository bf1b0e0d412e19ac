"""All kinds of plans for delays, and how one is kept."""

from __future__ import annotations

from typing import Final

from monitorapp.core.chance.distribution import DISTRIBUTIONS
from monitorapp.core.chance.parametric import from_json, to_json
from monitorapp.core.delay.delay import DelayPlan
from monitorapp.core.delay.sweep import SweepDelay

PLAN_TYPES: Final[tuple[type[DelayPlan], ...]] = (*DISTRIBUTIONS, SweepDelay)
"""Each can be made without parameters, for a start."""

_FORMER_NAMES: Final = {"delay_s": "duration_s"}  # of a fixed delay


def plan_to_json(plan: DelayPlan) -> str:
    """Return a plan as text for `plan_from_json`."""
    return to_json(plan)


def plan_from_json(text: str) -> DelayPlan:
    """Return the plan that `plan_to_json` wrote.

    Raises:
        ValueError: It is damaged, or the plan is impossible.
    """
    return from_json(text, PLAN_TYPES, _FORMER_NAMES)
