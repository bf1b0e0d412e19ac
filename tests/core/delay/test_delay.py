from __future__ import annotations

import math
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from twisted.internet.task import Clock

from monitorapp.core.chance.distribution import Exponential, Fixed, LogNormal
from monitorapp.core.delay.delay import (
    MAX_DELAY_S,
    PRESETS_S,
    Delay,
    DelayPlan,
    check_delay,
    expected_delays_s,
    parse_delay,
)
from monitorapp.core.delay.sweep import SweepDelay
from tests.core.delay.strategies import PLANS


@given(st.floats())
def test_a_delay_is_a_number_between_the_limits(delay_s: float) -> None:
    if 0 <= delay_s <= MAX_DELAY_S:
        assert check_delay(delay_s) == delay_s
        assert math.copysign(1, check_delay(delay_s)) == 1
    else:
        with pytest.raises(ValueError, match="between 0 and 3600 seconds"):
            check_delay(delay_s)


@pytest.mark.parametrize("text", ["", "five", "1,5", "1.5s", "0x10", "--1"])
def test_no_number_is_refused_with_what_was_written(text: str) -> None:
    with pytest.raises(ValueError, match="number of seconds") as caught:
        parse_delay(text)
    assert repr(text) in str(caught.value)


def test_a_decimal_comma_gets_its_own_hint() -> None:
    with pytest.raises(ValueError, match="after a point"):
        parse_delay("1,5")


@pytest.mark.parametrize("text", ["nan", "inf", "-inf", "-1", "3600.001", "1e400"])
def test_impossible_numbers_are_refused(text: str) -> None:
    with pytest.raises(ValueError, match="between"):
        parse_delay(text)


@given(st.floats(0, MAX_DELAY_S))
def test_every_possible_delay_can_be_written(delay_s: float) -> None:
    assert parse_delay(repr(delay_s)) == delay_s


def test_the_delay_changes_and_keeps_the_last_good_one() -> None:
    delay = Delay(1.0)
    delay.delay_s = 2.5
    with pytest.raises(ValueError, match="between"):
        delay.delay_s = -1
    assert delay.delay_s == 2.5


def test_the_presets_are_possible() -> None:
    assert [check_delay(preset) for preset in PRESETS_S] == list(PRESETS_S)


def test_setting_a_delay_gives_it_to_each_request() -> None:
    delay = Delay(LogNormal())
    delay.delay_s = 3
    assert delay.plan == Fixed(3)
    assert (delay.next_s(), delay.delay_s, delay.progress) == (3, 3, 1)


def test_delays_by_chance_follow_the_seed_whatever_was_in_force_before() -> None:
    random = Random(7)
    delay = Delay(3, random=random)
    assert [delay.next_s() for _ in range(3)] == [3, 3, 3]
    delay.plan = LogNormal(60, 1.5)
    assert [delay.next_s() for _ in range(2)] == [49.85126619911789, 39.471580413766]


@given(PLANS, st.integers())
def test_every_delay_is_possible(plan: DelayPlan, seed: int) -> None:
    delay = Delay(plan, seconds=Clock().seconds, random=Random(seed))
    assert all(0 <= delay.next_s() <= MAX_DELAY_S for _ in range(20))
    assert 0 <= plan.typical_s <= MAX_DELAY_S


def test_the_delays_to_expect_are_as_many_as_there_can_be_different_ones() -> None:
    assert expected_delays_s(Fixed(3), 4, Random(1)) == [3]
    assert expected_delays_s(SweepDelay(0, 8, 60), 4, Random(1)) == [0, 2, 4, 6]
    random = Random(1)
    expected = [Exponential(2).sample_s(random) for _ in range(4)]
    assert expected_delays_s(Exponential(2), 4, Random(1)) == expected
