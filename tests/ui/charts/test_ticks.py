from __future__ import annotations

import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitorapp.ui.charts._ticks import (
    number_label,
    round_number,
    round_time_s,
    tick_step,
    time_label,
)


@given(st.floats(1e-6, 1e12))
def test_round_numbers_are_large_enough_and_not_much_larger(least: float) -> None:
    assert least * (1 - 1e-6) <= round_number(least) <= 2.5 * least * (1 + 1e-6)


@pytest.mark.parametrize(
    ("least", "step"), [(1.7, 2), (0.17, 0.2), (1, 1), (150, 200), (0.009, 0.01), (50.1, 100)]
)
def test_numbers_are_round(least: float, step: float) -> None:
    assert round_number(least) == pytest.approx(step)


@pytest.mark.parametrize(
    ("least_s", "step_s"), [(0.1, 1), (11, 15), (61, 120), (3_601, 7_200), (86_400, 86_400)]
)
def test_times_are_those_of_a_clock(least_s: float, step_s: float) -> None:
    assert round_time_s(least_s) == step_s


@given(st.floats(1e-3, 1e6), st.floats(1, 3_000), st.integers(1, 12), st.floats(1, 100))
def test_labels_have_room(span: float, length_px: float, most: int, label_px: float) -> None:
    step = tick_step(span, length_px, most, round_number, lambda _: label_px)
    assert step >= span / most * (1 - 1e-6)
    assert step * length_px / span >= label_px or step >= span * (1 - 1e-9)


def test_labels_may_need_more_room_at_a_finer_step() -> None:
    def label_px(step: float) -> float:
        return 10.0 * len(number_label(10, step))

    assert tick_step(10, 1_000, 20, round_number, label_px) == 1
    assert tick_step(10, 200, 20, round_number, label_px) == 2


def test_labels() -> None:
    assert number_label(0.2, 0.2) == "0.2"
    assert number_label(20_000, 10_000) == "20,000"
    assert number_label(0.05, 0.05) == "0.05"
    noon = datetime.datetime(2026, 11, 24, 12, 0, 7)
    assert time_label(noon.timestamp()) == "12:00:07"
