from __future__ import annotations

import math
from random import Random
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from monitorapp.core.chance.distribution import (
    DISTRIBUTIONS,
    LONGEST_S,
    Distribution,
    Exponential,
    Fixed,
    LogNormal,
    Uniform,
)
from tests.core.chance import strategies

SAMPLES = 20_000


def samples(distribution: Distribution, seed: int = 1, count: int = SAMPLES) -> list[float]:
    random = Random(seed)
    return [distribution.sample_s(random) for _ in range(count)]


def share_below(durations_s: list[float], limit_s: float) -> float:
    return sum(duration_s < limit_s for duration_s in durations_s) / len(durations_s)


@given(strategies.DISTRIBUTIONS, st.integers())
def test_every_sample_is_possible(distribution: Distribution, seed: int) -> None:
    assert all(0 <= duration_s <= LONGEST_S for duration_s in samples(distribution, seed, 50))
    assert 0 <= distribution.typical_s <= LONGEST_S


@given(strategies.UNIFORM, st.integers())
def test_uniform_samples_lie_between_their_limits(distribution: Uniform, seed: int) -> None:
    low_s, high_s = distribution.low_s, distribution.high_s
    assert all(low_s <= duration_s <= high_s for duration_s in samples(distribution, seed, 50))


@given(strategies.DISTRIBUTIONS, st.integers())
def test_the_same_seed_gives_the_same_sequence(distribution: Distribution, seed: int) -> None:
    assert samples(distribution, seed, 20) == samples(distribution, seed, 20)


def test_another_seed_gives_another_sequence() -> None:
    for distribution in (Uniform(), Exponential(), LogNormal()):
        assert samples(distribution, 1, 5) != samples(distribution, 2, 5)


# A seed that was noted down gives the same delays in every version.
@pytest.mark.parametrize(
    ("distribution", "durations_s"),
    [
        (Uniform(0.5, 8), [2.9287457362487177, 1.6313688044337644, 5.382008547798903]),
        (Exponential(2), [0.7826296884696085, 0.32703691401095625, 2.1049912361418537]),
        (Exponential(3600), [1408.7334392452951, 588.6664452197213, 3600.0]),
        (LogNormal(60, 1.5), [49.85126619911789, 39.471580413766, 70.21781165282599]),
        (LogNormal(30, 5), [14.377606684475458, 5.691494162113226, 56.00321781856178]),
    ],
)
def test_a_seed_is_good_for_ever(distribution: Distribution, durations_s: list[float]) -> None:
    assert samples(distribution, 7, 3) == durations_s


def test_a_fixed_duration_uses_up_no_chance() -> None:
    random = Random(7)
    assert {Fixed(3).sample_s(random) for _ in range(5)} == {3}
    assert random.random() == Random(7).random()


# The standard error of a share of one half is 0.5 / sqrt(n); 4 of them are hardly ever exceeded.
@pytest.mark.parametrize("seed", [1, 2, 3])
@pytest.mark.parametrize(
    "distribution", [Uniform(1, 5), Exponential(2), LogNormal(2, 2), LogNormal(30, 5)]
)
def test_half_of_all_lie_below_the_median(distribution: Distribution, seed: int) -> None:
    assert share_below(samples(distribution, seed), distribution.typical_s) == pytest.approx(
        0.5, abs=4 * 0.5 / math.sqrt(SAMPLES)
    )


# Their standard deviations: (high - low) / sqrt(12); the mean; and for the log-normal one
# mean * sqrt(exp(sigma ** 2) - 1), where mean = median * exp(sigma ** 2 / 2).
@pytest.mark.parametrize(
    ("distribution", "mean_s", "deviation_s"),
    [
        (Uniform(1, 5), 3, 4 / math.sqrt(12)),
        (Exponential(2), 2, 2),
        (
            LogNormal(2, 2),
            2 * math.exp(math.log(2) ** 2 / 2),
            2 * math.exp(math.log(2) ** 2 / 2) * math.sqrt(math.exp(math.log(2) ** 2) - 1),
        ),
    ],
)
def test_the_mean_is_right(distribution: Distribution, mean_s: float, deviation_s: float) -> None:
    assert sum(samples(distribution)) / SAMPLES == pytest.approx(
        mean_s, abs=4 * deviation_s / math.sqrt(SAMPLES)
    )


def test_the_spread_holds_two_thirds_of_a_log_normal_one() -> None:
    durations_s = samples(LogNormal(2, 3))
    within = share_below(durations_s, 6) - share_below(durations_s, 2 / 3)
    assert within == pytest.approx(0.6827, abs=4 * 0.5 / math.sqrt(SAMPLES))


def test_what_would_be_too_long_is_clamped() -> None:
    longest = samples(Exponential(LONGEST_S)).count(LONGEST_S) / SAMPLES
    assert longest == pytest.approx(math.exp(-1), abs=4 * 0.5 / math.sqrt(SAMPLES))


def test_no_spread_is_a_fixed_duration() -> None:
    assert set(samples(LogNormal(2, 1), count=100)) == {2}
    assert set(samples(Uniform(2, 2), count=100)) == {2}


@given(
    strategies.DISTRIBUTIONS,
    st.floats(0, 1, exclude_max=True),
    st.floats(0, 1, exclude_max=True),
)
def test_a_larger_share_has_a_longer_duration(
    distribution: Distribution, one: float, other: float
) -> None:
    low, high = sorted((one, other))
    assert distribution.quantile_s(low) <= distribution.quantile_s(high)


@pytest.mark.parametrize("distribution", [Uniform(1, 5), Exponential(2), LogNormal(2, 2)])
def test_the_density_is_the_slope_of_the_shares(distribution: Distribution) -> None:
    for share in (0.1, 0.3, 0.5, 0.7, 0.9):
        low_s, high_s = (distribution.quantile_s(share + step) for step in (-1e-5, 1e-5))
        slope = 2e-5 / (high_s - low_s)
        assert distribution.density((low_s + high_s) / 2) == pytest.approx(slope, 1e-3)


@given(strategies.DISTRIBUTIONS, st.floats(-10, LONGEST_S))
@example(LogNormal(2, 2), 5e-324)
@example(LogNormal(0.001, 100), 5e-324)
@example(LogNormal(2, math.nextafter(1, 2)), 2.0)
def test_a_density_is_never_negative(distribution: Distribution, duration_s: float) -> None:
    assert distribution.density(duration_s) >= 0


def test_without_any_spread_all_the_density_is_at_one_place() -> None:
    for distribution in (Fixed(2), Uniform(2, 2), LogNormal(2, 1)):
        assert distribution.density(2) == math.inf
        assert distribution.density(2.001) == 0


@pytest.mark.parametrize(
    ("kind", "values", "sentence"),
    [
        (Fixed, [-1], "The duration lies between 0 and 3600 seconds, not -1."),
        (Uniform, [5, 1], "The shortest, 5 s, is longer than the longest, 1 s."),
        (Uniform, [math.nan, 1], "The shortest lies between 0 and 3600 seconds, not nan."),
        (Uniform, [0, 4e9], "The longest lies between 0 and 3600 seconds, not 4e+09."),
        (Exponential, [0], "The mean lies between 0.001 and 3600 seconds, not 0."),
        (Exponential, [math.nan], "The mean lies between 0.001 and 3600 seconds, not nan."),
        (LogNormal, [0, 2], "The median lies between 0.001 and 3600 seconds, not 0."),
        (LogNormal, [2, 0.5], "The spread is a factor between 1 and 100, not 0.5."),
        (LogNormal, [2, math.nan], "The spread is a factor between 1 and 100, not nan."),
    ],
)
def test_impossible_parameters_have_one_sentence(
    kind: Any, values: list[float], sentence: str
) -> None:
    with pytest.raises(ValueError, match=r".") as caught:
        kind(*values)
    assert str(caught.value) == sentence


def test_each_kind_says_in_words_what_it_is() -> None:
    assert [kind().words for kind in DISTRIBUTIONS] == [
        "fixed, 5 s",
        "uniform, 1 to 5 s",
        "exponential, mean 2 s",
        "log-normal, median 2 s, spread 2",
    ]


def test_zero_has_no_sign() -> None:
    assert Uniform(-0.0, 1).words == "uniform, 0 to 1 s"
