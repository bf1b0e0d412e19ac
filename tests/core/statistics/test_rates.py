from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from twisted.internet.task import Clock

from monitorapp.core.statistics.rates import WINDOW_S, Rates


def begun(at_s: float = 1000.0) -> tuple[Clock, Rates]:
    clock = Clock()
    clock.advance(at_s)
    return clock, Rates(clock.seconds, clock.seconds)


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


class Machine:
    """The clocks of a machine whose date can be set."""

    def __init__(self) -> None:
        self.wall_s = 10_000.0
        self.monotonic_s = 77.25
        self.rates = Rates(lambda: self.wall_s, lambda: self.monotonic_s)
        self.answered = 0

    def work(self, seconds: int) -> None:
        """Answer a request in each of so many seconds."""
        for _ in range(seconds):
            self.answered += 1
            self.rates.record(self.answered, 0, 0.0)
            self.wall_s += 1
            self.monotonic_s += 1


def test_a_date_set_back_a_little_loses_nothing() -> None:
    machine = Machine()
    machine.rates.record(1, 0, 0.0)
    machine.wall_s -= 1.5
    machine.rates.record(3, 0, 0.0)
    history = machine.rates.history()
    assert (history.time_s, history.answered) == ([10_000], [3])


@pytest.mark.parametrize("back_s", [4, 60, WINDOW_S, WINDOW_S + 7, 3_600])
def test_the_seconds_go_on_when_the_date_is_set_back(back_s: int) -> None:
    machine = Machine()
    machine.work(5)
    machine.wall_s -= back_s
    machine.work(3)
    history = machine.rates.history()
    assert history.answered == [1] * 8 + [0]
    began_s = 10_000 - back_s
    assert history.time_s == list(range(began_s, began_s + 9))
    assert history.dated_s == [
        *range(10_000, 10_005),
        *range(10_005 - back_s, 10_009 - back_s),
    ]


def test_a_date_that_is_put_right_again_leaves_no_gap() -> None:
    machine = Machine()
    machine.work(2)
    machine.wall_s -= 3_600
    machine.work(2)
    machine.wall_s += 3_600
    machine.work(2)
    history = machine.rates.history()
    assert history.answered == [1] * 6 + [0]
    assert history.time_s == list(range(10_000, 10_007))
    assert history.dated_s == [10_000, 10_001, 6_402, 6_403, 10_004, 10_005, 10_006]


def test_a_machine_that_slept_has_a_gap() -> None:
    machine = Machine()
    machine.work(2)
    machine.wall_s += 60
    machine.work(1)
    history = machine.rates.history()
    assert history.answered == [1, 1, *[0] * 60, 1, 0]
    assert history.time_s == history.dated_s == list(range(10_000, 10_064))
