from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from twisted.internet.task import Clock

from monitorapp.core.statistics.rates import WINDOW_S, Rates


def begun(at_s: float = 1000.0) -> tuple[Clock, Rates]:
    clock = Clock()
    clock.advance(at_s)
    return clock, Rates(clock.seconds)


TICKS = st.lists(
    st.tuples(st.floats(0, 3), st.integers(0, 50), st.integers(0, 50), st.floats(0, 2)),
    max_size=60,
)


@given(TICKS)
def test_sums_are_the_totals(ticks: list[tuple[float, int, int, float]]) -> None:
    clock, rates = begun()
    answered = interrupted = 0
    for after_s, more_answered, more_interrupted, lag_s in ticks:
        clock.advance(after_s)
        answered += more_answered
        interrupted += more_interrupted
        rates.record(answered, interrupted, lag_s)
    history = rates.history()
    assert sum(history.answered) == answered
    assert sum(history.interrupted) == interrupted
    assert max(history.lag_s) == max([0.0, *(tick[3] for tick in ticks)])
    assert history.time_s == list(range(1000, int(clock.seconds()) + 1))


def test_what_came_on_top_belongs_to_the_second_in_which_it_is_seen() -> None:
    clock, rates = begun()
    rates.record(2, 1, 0.01)
    clock.advance(3.5)  # the reactor was blocked
    rates.record(9, 1, 3.4)
    history = rates.history()
    assert history.time_s == [1000, 1001, 1002, 1003]
    assert history.answered == [2, 0, 0, 7]
    assert history.interrupted == [1, 0, 0, 0]
    assert history.lag_s == [0.01, 0.0, 0.0, 3.4]


def test_lag_is_the_worst_of_its_second() -> None:
    clock, rates = begun()
    for lag_s in (0.1, 0.3, 0.2):
        rates.record(0, 0, lag_s)
        clock.advance(0.1)
    assert rates.history().lag_s == [0.3]


def test_only_ten_minutes_are_kept() -> None:
    clock, rates = begun()
    for total in range(1, WINDOW_S + 101):
        rates.record(total, 0, 0.0)
        clock.advance(1)
    history = rates.history()
    assert len(history.time_s) == WINDOW_S
    assert history.answered == [1] * (WINDOW_S - 1) + [0]  # the present second has just begun


@pytest.mark.parametrize("gap_s", [WINDOW_S, WINDOW_S + 1, 10 * WINDOW_S, 1e9])
def test_nothing_old_is_left_after_a_long_gap(gap_s: float) -> None:
    clock, rates = begun()
    rates.record(5, 5, 0.5)
    clock.advance(gap_s)
    rates.record(6, 5, 0.0)
    history = rates.history()
    assert sum(history.answered) == 1
    assert sum(history.interrupted) == 0
    assert max(history.lag_s) == 0.0
    assert history.time_s[-1] == int(1000 + gap_s)


def test_a_date_set_back_a_little_loses_nothing() -> None:
    clock, rates = begun()
    rates.record(1, 0, 0.0)
    clock.rightNow -= 1.5
    rates.record(3, 0, 0.0)
    history = rates.history()
    assert (history.time_s, history.answered) == ([1000], [3])


@pytest.mark.parametrize("back_s", [4, 60, WINDOW_S, WINDOW_S + 7, 900])
def test_a_date_set_back_far_begins_again(back_s: int) -> None:
    clock, rates = begun()
    for total in range(1, 30):
        rates.record(total, total, 0.1)
        clock.advance(1)
    clock.rightNow -= back_s
    now_s = int(clock.seconds())
    rates.record(31, 29, 0.0)
    history = rates.history()
    assert history.time_s == [now_s]
    assert (history.answered, history.interrupted, history.lag_s) == ([2], [0], [0.0])
    clock.advance(2)
    assert rates.history().answered == [2, 0, 0]
