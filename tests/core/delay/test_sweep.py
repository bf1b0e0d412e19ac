from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st
from twisted.internet.task import Clock

from monitorapp.core.delay.delay import Delay
from monitorapp.core.delay.sweep import SweepDelay
from tests.core.delay.strategies import SWEEPS


def test_a_sweep_changes_evenly_and_stays_at_its_end() -> None:
    clock = Clock()
    clock.advance(1_000)
    delay = Delay(SweepDelay(1, 9, 16), seconds=clock.seconds)
    seen = []
    for _ in range(6):
        seen.append((delay.progress, delay.next_s()))
        clock.advance(4)
    assert seen == [(0, 1), (0.25, 3), (0.5, 5), (0.75, 7), (1, 9), (1, 9)]


def test_a_sweep_can_go_down_and_begin_again() -> None:
    clock = Clock()
    delay = Delay(SweepDelay(8, 0, 8), seconds=clock.seconds)
    clock.advance(2)
    assert delay.next_s() == 6
    delay.plan = delay.plan
    assert (delay.next_s(), delay.progress) == (8, 0)
    clock.advance(8)
    assert (delay.next_s(), delay.progress) == (0, 1)


@given(SWEEPS, st.floats(-10, 10))
def test_a_sweep_stays_between_its_ends(plan: SweepDelay, progress: float) -> None:
    low, high = sorted((plan.first_s, plan.last_s))
    delay_s = plan.delay_s_after(progress)
    assert low <= delay_s <= high or delay_s == pytest.approx(low) or delay_s == pytest.approx(high)


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ((1, 2, 0), "The duration lies between 0.001 and 86400 seconds, not 0."),
        ((1, 2, math.inf), "The duration lies between 0.001 and 86400 seconds, not inf."),
        ((1, math.inf, 2), "The last delay lies between 0 and 3600 seconds, not inf."),
    ],
)
def test_impossible_parameters_have_one_sentence(
    values: tuple[float, float, float], sentence: str
) -> None:
    with pytest.raises(ValueError, match=r".") as caught:
        SweepDelay(*values)
    assert str(caught.value) == sentence


def test_zero_has_no_sign() -> None:
    assert SweepDelay(1, -0.0, 1).words == "sweep, 1 to 0 s over 1 s"
