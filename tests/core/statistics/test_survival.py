from __future__ import annotations

import math
import warnings
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitorapp.core.statistics.survival import (
    SurvivalCurve,
    Waits,
    chi_square_tail,
    log_rank_p,
    survival_curve,
)
from tests.core.statistics.peers import Sample, kaplan_meier, logrank, sample

pytestmark = pytest.mark.slow

waits_of = st.lists(st.tuples(st.integers(0, 20), st.booleans()), max_size=30)


def counted(pairs: Sample) -> Waits:
    waits = Waits()
    for waited_s, left in pairs:
        waits.add(waited_s, left=left)
    return waits


@pytest.mark.parametrize("seed", range(60))
def test_the_curve_is_that_of_lifelines(seed: int) -> None:
    pairs = sample(Random(seed))
    curve = survival_curve(counted(pairs))
    theirs = kaplan_meier(pairs)
    assert list(curve.times_s) == pytest.approx(theirs.times_s, abs=1e-12)
    assert list(curve.share) == pytest.approx(theirs.share, abs=1e-9)
    inner = [place for place, share in enumerate(curve.share) if 1e-12 < share < 1]
    for ours, other in ((curve.low, theirs.low), (curve.high, theirs.high)):
        assert [ours[place] for place in inner] == pytest.approx(
            [other[place] for place in inner], abs=1e-9
        )
    # Its own median is the time after a share of 0.5000000000000001, too.
    medians_s = (
        time_s
        for time_s, share in zip(theirs.times_s, theirs.share, strict=True)
        if share <= 0.5 + 1e-9
    )
    assert curve.quantile_s(0.5)[0] == pytest.approx(next(medians_s, None))


@pytest.mark.parametrize("seed", range(60))
@pytest.mark.parametrize("count", [2, 3, 5])
def test_the_test_is_that_of_lifelines(seed: int, count: int) -> None:
    random = Random(seed * 7 + count)
    groups = [sample(random) for _ in range(count)]
    ours = log_rank_p([counted(group) for group in groups])
    theirs = logrank(groups)
    assert ours is not None
    assert ours == pytest.approx(theirs, abs=1e-9)


@given(waits_of)
def test_a_band_holds_its_curve_and_both_fall(pairs: Sample) -> None:
    curve = survival_curve(counted(pairs))
    assert all(
        0 <= low <= share + 1e-12 and share <= high + 1e-12 <= 1 + 1e-9
        for low, share, high in zip(curve.low, curve.share, curve.high, strict=True)
    )
    assert list(curve.share) == sorted(curve.share, reverse=True)
    assert list(curve.times_s) == sorted(set(curve.times_s))
    assert curve.events == sum(left for _, left in pairs)
    assert curve.events + curve.censored == len(pairs)


@given(waits_of, waits_of)
def test_counting_in_parts_is_counting_all(one: Sample, other: Sample) -> None:
    parts = counted(one)
    survival_curve(parts)  # what was found must not be kept too long
    parts.update(counted(other))
    assert survival_curve(parts) == survival_curve(counted([*one, *other]))


@given(waits_of, waits_of)
def test_groups_can_be_in_any_order(one: Sample, other: Sample) -> None:
    ours, theirs = (
        log_rank_p([counted(one), counted(other)]),
        log_rank_p([counted(other), counted(one)]),
    )
    assert ours == (None if theirs is None else pytest.approx(theirs, abs=1e-9))
    assert ours is None or 0 <= ours <= 1


def test_without_anybody_nothing_is_said() -> None:
    curve = survival_curve(Waits())
    assert curve == SurvivalCurve([], [], [], [], 0.0, 0, 0)
    assert curve.at(5) == (1, 1, 1)
    assert curve.quantile_s(0.5) == (None, None, None)
    assert log_rank_p([]) is None
    assert log_rank_p([Waits(), counted([(1, True)])]) is None
    with pytest.raises(ValueError, match="needs a delay"):
        curve.leaving_by([])


def test_when_nobody_left_all_still_wait() -> None:
    waits = counted([(1, False), (2, False)])
    assert survival_curve(waits).at(9) == (1, 1, 1)
    assert survival_curve(waits).longest_s == 2
    assert log_rank_p([waits, waits]) is None


def test_when_all_left_at_once_nobody_waits() -> None:
    curve = survival_curve(counted([(0, True)] * 3))
    assert (curve.times_s, curve.share, curve.low, curve.high) == ([0], [0], [0], [1])
    assert curve.quantile_s(0.5) == (0, 0, None)


def test_who_is_answered_as_others_leave_was_still_waiting() -> None:
    assert survival_curve(counted([(1, True), (1, False)])).share == [0.5]


def test_a_share_leaves_by_a_delay() -> None:
    curve = survival_curve(counted([(second, True) for second in range(1, 101)]))
    share, low, high = curve.leaving_by([18.0])
    assert share == pytest.approx(0.18)
    assert 0.1 < low < 0.18 < high < 0.28
    assert curve.leaving_by([0.5, 100.0])[0] == pytest.approx(0.5)
    median_s, low_s, high_s = curve.quantile_s(0.5)
    assert median_s == 50
    assert low_s is not None
    assert high_s is not None
    assert 35 < low_s < 50 < high_s < 65


def test_groups_that_differ_are_distinguished() -> None:
    random = Random(1)
    patient = counted([(random.expovariate(0.2), True) for _ in range(200)])
    hasty = counted([(random.expovariate(0.5), True) for _ in range(200)])
    same = counted([(random.expovariate(0.5), True) for _ in range(200)])
    different_p, same_p = log_rank_p([patient, hasty]), log_rank_p([hasty, same])
    assert different_p is not None
    assert same_p is not None
    assert different_p < 1e-6
    assert same_p > 0.01


@pytest.mark.parametrize("degrees", range(1, 12))
@pytest.mark.parametrize("statistic", [0.0, 1e-9, 0.5, 3.84, 20.0, 700.0])
def test_the_tail_is_that_of_scipy(statistic: float, degrees: int) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from scipy.stats import chi2
    expected = float(chi2.sf(statistic, degrees))
    assert chi_square_tail(statistic, degrees) == pytest.approx(expected, rel=1e-9, abs=1e-300)


def test_the_interval_of_the_median_holds_the_true_one() -> None:
    """A fast form of the simulation in `tests/benchmarks/patience.py`."""
    random = Random(5)
    held = 0
    for _ in range(100):
        waits = Waits()
        for _ in range(300):
            patience_s, delay_s = random.lognormvariate(math.log(2), 0.6), random.expovariate(1 / 3)
            waits.add(min(patience_s, delay_s), left=patience_s < delay_s)
        _, low_s, high_s = survival_curve(waits).quantile_s(0.5)
        held += (low_s or 0) <= 2 <= (high_s or math.inf)
    assert 88 <= held <= 100
