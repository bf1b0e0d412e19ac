from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitorapp.core.delay.delay import MAX_DELAY_S, PRESETS_S, Delay, check_delay, parse_delay


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
