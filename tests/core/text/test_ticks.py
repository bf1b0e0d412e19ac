from __future__ import annotations

import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from monitorapp.core.text.ticks import (
    local_midnight_s,
    multiples,
    number_label,
    round_step,
    round_time_step_s,
    time_label,
)


@given(st.floats(1e-6, 1e12), st.integers(1, 20))
def test_no_more_steps_than_wanted_and_not_many_less(span: float, most: int) -> None:
    step = round_step(span, most)
    assert span / step <= most * (1 + 1e-6)
    assert span / step >= most / 2.5 * (1 - 1e-6)


@pytest.mark.parametrize(
    ("span", "most", "step"), [(10, 5, 2), (1, 5, 0.2), (7, 7, 1), (600, 4, 200), (0.03, 3, 0.01)]
)
def test_steps_are_round(span: float, most: int, step: float) -> None:
    assert round_step(span, most) == pytest.approx(step)


@given(st.integers(1, 10_000_000), st.integers(1, 12))
def test_time_steps_are_enough(span_s: int, most: int) -> None:
    assert span_s / round_time_step_s(span_s, most) <= most


@pytest.mark.parametrize(("span_s", "step_s"), [(60, 15), (100, 30), (600, 300), (86_400, 21_600)])
def test_time_steps_are_those_of_a_clock(span_s: int, step_s: int) -> None:
    assert round_time_step_s(span_s, 4) in (step_s, step_s // 2)


def test_multiples_include_the_ends() -> None:
    assert multiples(0, 0.6, 0.2) == pytest.approx([0, 0.2, 0.4, 0.6])
    assert multiples(103, 111, 5, anchor=1) == [106, 111]


def test_labels() -> None:
    assert number_label(0.2, 0.2) == "0.2"
    assert number_label(20_000, 10_000) == "20,000"
    assert number_label(0.05, 0.05) == "0.05"
    noon = datetime.datetime(2026, 11, 24, 12, 0, 7)
    assert time_label(noon.timestamp()) == "12:00:07"
    midnight = datetime.datetime(2026, 11, 24).timestamp()
    assert local_midnight_s(noon.timestamp()) == midnight
