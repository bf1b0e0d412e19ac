from __future__ import annotations

import pytest
from hypothesis import given

from monitorapp.core.chance.distribution import Exponential, Fixed, LogNormal, Uniform
from monitorapp.core.delay.delay import DelayPlan
from monitorapp.core.delay.plans import PLAN_TYPES, plan_from_json, plan_to_json
from monitorapp.core.delay.sweep import SweepDelay
from tests.core.delay.strategies import PLANS


@given(PLANS)
def test_a_plan_can_be_kept_as_json(plan: DelayPlan) -> None:
    assert plan_from_json(plan_to_json(plan)) == plan


@pytest.mark.parametrize(
    ("text", "plan"),
    [
        ('{"kind": "fixed", "delay_s": 7.5}', Fixed(7.5)),
        ('{"kind": "uniform", "low_s": 1, "high_s": 5.0}', Uniform(1, 5)),
        ('{"kind": "exponential", "mean_s": 2.0}', Exponential(2)),
        ('{"kind": "log-normal", "median_s": 2.0, "spread": 3.0}', LogNormal(2, 3)),
        ('{"kind": "sweep", "first_s": 1.0, "last_s": 9.0, "over_s": 60}', SweepDelay(1, 9, 60)),
    ],
)
def test_what_earlier_versions_kept_is_read(text: str, plan: DelayPlan) -> None:
    assert plan_from_json(text) == plan


def test_a_plan_says_in_words_what_it_is() -> None:
    assert [plan_type().words for plan_type in PLAN_TYPES] == [
        "fixed, 5 s",
        "uniform, 1 to 5 s",
        "exponential, mean 2 s",
        "log-normal, median 2 s, spread 2",
        "sweep, 0.5 to 10 s over 60 s",
    ]
