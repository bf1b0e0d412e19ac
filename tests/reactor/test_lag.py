"""LoopLag, without a loop and without real time."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitorapp.reactor.lag import WINDOW_S, LoopLag

GRANULARITY_S = 0.5


class Now:
    def __init__(self, now_s: float = 0.0) -> None:
        self.now_s = now_s

    def __call__(self) -> float:
        return self.now_s


def test_new_loop_has_no_lag() -> None:
    lag = LoopLag(Now(123.4))
    assert (lag.now_s, lag.worst_s) == (0.0, 0.0)


def test_now_is_the_last_turn_and_worst_the_worst() -> None:
    now = Now()
    lag = LoopLag(now)
    for late_s in (0.001, 0.3, 0.002):
        now.now_s += 0.01
        lag.record(late_s, now())
    assert (lag.now_s, lag.worst_s) == (0.002, 0.3)


def test_worst_is_forgotten_without_another_turn() -> None:
    now = Now()
    lag = LoopLag(now)
    lag.record(0.3, now())
    now.now_s = WINDOW_S
    assert lag.worst_s == 0.3
    now.now_s = WINDOW_S + GRANULARITY_S
    assert lag.worst_s == 0.0


TURNS = st.lists(
    st.tuples(
        st.one_of(st.floats(0, 0.7), st.floats(0, 20)),  # seconds since the turn before
        st.floats(0, 3),  # how late
    ),
    max_size=60,
)


@given(start_s=st.floats(0, 1e6), turns=TURNS, idle_s=st.floats(0, 7))
def test_worst_of_the_window(
    start_s: float, turns: list[tuple[float, float]], idle_s: float
) -> None:
    now = Now(start_s)
    lag = LoopLag(now)
    came: list[tuple[float, float]] = []
    for since_s, late_s in [*turns, (idle_s, 0.0)]:
        now.now_s += since_s
        lag.record(late_s, now())
        came.append((now(), late_s))
        sure = [late for at_s, late in came if now() - at_s <= WINDOW_S]
        at_most = [late for at_s, late in came if now() - at_s <= WINDOW_S + GRANULARITY_S + 1e-9]
        assert max(sure) <= lag.worst_s <= max(at_most)
        assert lag.now_s == late_s


@pytest.mark.parametrize("idle_s", [4.9, 5.6, 1e5])
def test_reading_changes_nothing(idle_s: float) -> None:
    now = Now()
    lag = LoopLag(now)
    lag.record(0.25, now())
    now.now_s += idle_s
    assert lag.worst_s == lag.worst_s == (0.25 if idle_s < WINDOW_S else 0.0)


def test_the_worst_is_taken_once() -> None:
    now = Now()
    lag = LoopLag(now)
    for late_s in (0.001, 0.3, 0.002):
        lag.record(late_s, now())
    assert lag.take_worst_s() == 0.3
    assert lag.take_worst_s() == 0.0
    lag.record(0.1, now())
    assert lag.take_worst_s() == 0.1
    assert lag.worst_s == 0.3
