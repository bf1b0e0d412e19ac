from __future__ import annotations

import math
import statistics
from collections.abc import Callable
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitorapp.core.campaign.plan import (
    MAX_PATIENCE_S,
    CampaignPlan,
    ExponentialPatience,
    FixedPatience,
    Leaving,
    LogNormalPatience,
    Patience,
    UniformPatience,
)

seconds = st.floats(0.001, MAX_PATIENCE_S)
patiences: st.SearchStrategy[Patience] = st.one_of(
    st.builds(FixedPatience, seconds),
    st.tuples(seconds, seconds).map(lambda pair: UniformPatience(min(pair), max(pair))),
    st.builds(ExponentialPatience, seconds),
    st.builds(LogNormalPatience, seconds, st.floats(1, 100)),
)


@given(patiences, st.integers())
def test_a_drawn_patience_is_possible_and_the_seed_decides_it(
    patience: Patience, seed: int
) -> None:
    drawn_s = patience.draw_s(Random(seed))
    assert 0 <= drawn_s <= MAX_PATIENCE_S
    assert drawn_s == patience.draw_s(Random(seed))


def drawn(patience: Patience) -> list[float]:
    random = Random(1)
    return [patience.draw_s(random) for _ in range(20_000)]


def test_they_have_the_mean_and_the_median_they_are_named_by() -> None:
    assert set(drawn(FixedPatience(2))) == {2}
    assert statistics.mean(drawn(UniformPatience(1, 3))) == pytest.approx(2, rel=0.02)
    assert statistics.mean(drawn(ExponentialPatience(2))) == pytest.approx(2, rel=0.03)
    log_normal = drawn(LogNormalPatience(2, 3))
    assert statistics.median(log_normal) == pytest.approx(2, rel=0.05)
    within = sum(2 / 3 <= drawn_s <= 6 for drawn_s in log_normal) / len(log_normal)
    assert within == pytest.approx(0.683, abs=0.01)


@pytest.mark.parametrize(
    ("make", "problem"),
    [
        (lambda: FixedPatience(-1), "between 0 and 3600 seconds, not -1"),
        (lambda: FixedPatience(math.nan), "not nan"),
        (lambda: UniformPatience(3, 1), "3 s, is longer than the longest, 1 s"),
        (lambda: UniformPatience(0, math.inf), "longest patience lies between"),
        (lambda: ExponentialPatience(0), "above 0 and at most 3600 seconds, not 0"),
        (lambda: LogNormalPatience(0, 2), "median patience lies above 0"),
        (lambda: LogNormalPatience(1, 0.5), "spread is a factor between 1 and 100, not 0.5"),
        (lambda: plan(count=0), "From 1 to 1,000,000 requests can be sent, not 0"),
        (lambda: plan(at_once=100_000), "not 100,000"),
    ],
)
def test_what_is_impossible_is_said_in_a_sentence(make: Callable[[], object], problem: str) -> None:
    with pytest.raises(ValueError, match=problem):
        make()


def plan(count: int = 1, at_once: int = 1) -> CampaignPlan:
    return CampaignPlan(
        count=count, at_once=at_once, leaving=Leaving.CLOSE, patience=FixedPatience(1)
    )
