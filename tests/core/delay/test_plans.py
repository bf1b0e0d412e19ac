from __future__ import annotations

import json
import math
from random import Random
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from twisted.internet.task import Clock

from monitorapp.core.delay.delay import MAX_DELAY_S, Delay, DelayPlan, FixedDelay
from monitorapp.core.delay.plans import (
    MAX_SWEEP_S,
    PLAN_TYPES,
    Distribution,
    ExponentialDelay,
    LogNormalDelay,
    SweepDelay,
    UniformDelay,
    parameters,
    parse_plan,
    plan_from_json,
    plan_to_json,
)
from tests.core.delay.strategies import DISTRIBUTIONS, PLANS, SWEEPS, UNIFORM

SAMPLES = 20_000


def samples(plan: DelayPlan, seed: int = 1, count: int = SAMPLES) -> list[float]:
    delay = Delay(plan, seconds=Clock().seconds, random=Random(seed))
    return [delay.next_s() for _ in range(count)]


def share_below(delays_s: list[float], limit_s: float) -> float:
    return sum(delay_s < limit_s for delay_s in delays_s) / len(delays_s)


@given(PLANS, st.integers())
def test_every_delay_is_possible(plan: DelayPlan, seed: int) -> None:
    assert all(0 <= delay_s <= MAX_DELAY_S for delay_s in samples(plan, seed, 50))
    assert 0 <= plan.typical_s <= MAX_DELAY_S


@given(UNIFORM, st.integers())
def test_uniform_delays_lie_between_their_limits(plan: UniformDelay, seed: int) -> None:
    assert all(plan.low_s <= delay_s <= plan.high_s for delay_s in samples(plan, seed, 50))


@given(PLANS, st.integers())
def test_the_same_seed_gives_the_same_sequence(plan: DelayPlan, seed: int) -> None:
    assert samples(plan, seed, 20) == samples(plan, seed, 20)


def test_another_seed_gives_another_sequence() -> None:
    for plan in (UniformDelay(), ExponentialDelay(), LogNormalDelay()):
        assert samples(plan, 1, 5) != samples(plan, 2, 5)


# The standard error of a share of one half is 0.5 / sqrt(n); 4 of them are hardly ever exceeded.
@pytest.mark.parametrize("seed", [1, 2, 3])
@pytest.mark.parametrize(
    "plan", [UniformDelay(1, 5), ExponentialDelay(2), LogNormalDelay(2, 2), LogNormalDelay(30, 5)]
)
def test_half_of_the_delays_lie_below_the_median(plan: Distribution, seed: int) -> None:
    assert share_below(samples(plan, seed), plan.typical_s) == pytest.approx(
        0.5, abs=4 * 0.5 / math.sqrt(SAMPLES)
    )


# Their standard deviations: (high - low) / sqrt(12); the mean; and for the log-normal one
# mean * sqrt(exp(sigma ** 2) - 1), where mean = median * exp(sigma ** 2 / 2).
@pytest.mark.parametrize(
    ("plan", "mean_s", "deviation_s"),
    [
        (UniformDelay(1, 5), 3, 4 / math.sqrt(12)),
        (ExponentialDelay(2), 2, 2),
        (
            LogNormalDelay(2, 2),
            2 * math.exp(math.log(2) ** 2 / 2),
            2 * math.exp(math.log(2) ** 2 / 2) * math.sqrt(math.exp(math.log(2) ** 2) - 1),
        ),
    ],
)
def test_the_mean_is_right(plan: Distribution, mean_s: float, deviation_s: float) -> None:
    delays_s = samples(plan)
    assert sum(delays_s) / SAMPLES == pytest.approx(
        mean_s, abs=4 * deviation_s / math.sqrt(SAMPLES)
    )


def test_the_spread_is_the_multiplicative_standard_deviation() -> None:
    delays_s = samples(LogNormalDelay(2, 3))
    within = share_below(delays_s, 2 * 3) - share_below(delays_s, 2 / 3)
    assert within == pytest.approx(0.6827, abs=4 * math.sqrt(0.6827 * 0.3173 / SAMPLES))


def test_what_would_be_too_long_is_clamped() -> None:
    delays_s = samples(ExponentialDelay(MAX_DELAY_S))
    longest = delays_s.count(MAX_DELAY_S) / SAMPLES
    assert longest == pytest.approx(math.exp(-1), abs=4 * 0.5 / math.sqrt(SAMPLES))


def test_no_spread_is_a_fixed_delay() -> None:
    assert set(samples(LogNormalDelay(2, 1), count=100)) == {2}
    assert set(samples(UniformDelay(2, 2), count=100)) == {2}


@given(DISTRIBUTIONS, st.floats(0, 1, exclude_max=True), st.floats(0, 1, exclude_max=True))
def test_a_larger_share_has_a_longer_delay(plan: Distribution, one: float, other: float) -> None:
    low, high = sorted((one, other))
    assert plan.quantile_s(low) <= plan.quantile_s(high)


@pytest.mark.parametrize("plan", [UniformDelay(1, 5), ExponentialDelay(2), LogNormalDelay(2, 2)])
def test_the_density_is_the_slope_of_the_shares(plan: Distribution) -> None:
    for share in (0.1, 0.3, 0.5, 0.7, 0.9):
        low_s, high_s = plan.quantile_s(share - 1e-5), plan.quantile_s(share + 1e-5)
        assert plan.density((low_s + high_s) / 2) == pytest.approx(2e-5 / (high_s - low_s), 1e-3)


@given(DISTRIBUTIONS, st.floats(-10, MAX_DELAY_S))
@example(LogNormalDelay(2, 2), 5e-324)
def test_a_density_is_never_negative(plan: Distribution, delay_s: float) -> None:
    assert plan.density(delay_s) >= 0


def test_a_sweep_walks_evenly_and_stays_at_its_end() -> None:
    clock = Clock()
    clock.advance(1_000)
    delay = Delay(SweepDelay(1, 9, 16), seconds=clock.seconds)
    seen = []
    for _ in range(6):
        seen.append((delay.progress, delay.next_s()))
        clock.advance(4)
    assert seen == [(0, 1), (0.25, 3), (0.5, 5), (0.75, 7), (1, 9), (1, 9)]


def test_a_sweep_can_go_down_and_begin_again() -> None:
    clock = Clock()
    delay = Delay(SweepDelay(8, 0, 8), seconds=clock.seconds)
    clock.advance(2)
    assert delay.next_s() == 6
    delay.plan = delay.plan
    assert (delay.next_s(), delay.progress) == (8, 0)
    clock.advance(8)
    assert (delay.next_s(), delay.progress) == (0, 1)


@given(SWEEPS, st.floats(-10, 2 * MAX_SWEEP_S))
def test_a_sweep_stays_between_its_ends(plan: SweepDelay, elapsed_s: float) -> None:
    low, high = sorted((plan.first_s, plan.last_s))
    delay_s = plan.delay_s_at(elapsed_s, Random(0))
    assert low <= delay_s <= high or delay_s == pytest.approx(low) or delay_s == pytest.approx(high)


@given(PLANS)
def test_a_plan_can_be_kept_as_json(plan: DelayPlan) -> None:
    assert plan_from_json(plan_to_json(plan)) == plan


@given(PLANS)
def test_a_plan_can_be_written_by_a_person(plan: DelayPlan) -> None:
    texts = {each.name: repr(getattr(plan, each.name)) for each in parameters(type(plan))}
    assert parse_plan(type(plan), texts) == plan
    texts = {each.name: f" {texts[each.name]} {each.unit}" for each in parameters(type(plan))}
    assert parse_plan(type(plan), texts) == plan


JSON = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=5,
)


@given(
    st.text(max_size=20)
    | JSON.map(json.dumps)
    | st.builds(
        lambda kind, values: json.dumps({"kind": kind} | values),
        st.sampled_from([plan_type.KIND for plan_type in PLAN_TYPES]) | JSON,
        st.dictionaries(
            st.sampled_from([each.name for kind in PLAN_TYPES for each in parameters(kind)]), JSON
        ),
    )
)
def test_damaged_json_is_an_error_of_values_only(text: str) -> None:
    try:
        plan = plan_from_json(text)
    except ValueError:
        return
    assert 0 <= plan.typical_s <= MAX_DELAY_S


@pytest.mark.parametrize(
    "text",
    [
        '{"kind": "uniform", "low_s": true, "high_s": 5}',
        '{"kind": "uniform", "low_s": 1}',
        '{"kind": "uniform", "low_s": 1, "high_s": 5, "more": 3}',
        '{"kind": "uniform", "low_s": 5, "high_s": 1}',
        '{"kind": "uniform", "low_s": NaN, "high_s": 1}',
        '{"kind": "exponential", "mean_s": 1' + "0" * 400 + "}",
        '{"kind": "exponential", "mean_s": "1"}',
        '{"kind": [], "mean_s": 1}',
        "[" * 100_000,
    ],
)
def test_json_of_no_plan_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        plan_from_json(text)


@pytest.mark.parametrize(
    ("plan_type", "values", "sentence"),
    [
        (FixedDelay, [-1], "A delay lies between 0 and 3600 seconds, not -1."),
        (UniformDelay, [5, 1], "The shortest delay, 5 s, is above the longest, 1 s."),
        (UniformDelay, [math.nan, 1], "A delay lies between 0 and 3600 seconds, not nan."),
        (UniformDelay, [0, 4e9], "A delay lies between 0 and 3600 seconds, not 4e+09."),
        (ExponentialDelay, [0], "The mean lies between 0.001 and 3600 seconds, not 0."),
        (ExponentialDelay, [math.nan], "The mean lies between 0.001 and 3600 seconds, not nan."),
        (LogNormalDelay, [0, 2], "The median lies between 0.001 and 3600 seconds, not 0."),
        (LogNormalDelay, [2, 0.5], "The spread is a factor between 1 and 100, not 0.5."),
        (LogNormalDelay, [2, math.nan], "The spread is a factor between 1 and 100, not nan."),
        (SweepDelay, [1, 2, 0], "A sweep takes more than 0 and at most 86,400 seconds, not 0."),
        (
            SweepDelay,
            [1, 2, math.inf],
            "A sweep takes more than 0 and at most 86,400 seconds, not inf.",
        ),
        (SweepDelay, [1, math.inf, 2], "A delay lies between 0 and 3600 seconds, not inf."),
    ],
)
def test_impossible_parameters_have_one_sentence(
    plan_type: Any, values: list[float], sentence: str
) -> None:
    with pytest.raises(ValueError, match=r".") as caught:
        plan_type(*values)
    assert str(caught.value) == sentence


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "Median is a number of seconds, such as 1.5, not ''."),
        (
            "1,5",
            "Median is a number of seconds, such as 1.5, not '1,5'."
            " Write the decimals after a point.",
        ),
        ("\x1b" * 50, None),
    ],
)
def test_what_is_no_number_is_told(text: str, sentence: str | None) -> None:
    with pytest.raises(ValueError, match="Median is a number") as caught:
        parse_plan(LogNormalDelay, {"median_s": text, "spread": "2"})
    assert str(caught.value).isprintable()
    assert sentence is None or str(caught.value) == sentence
    assert len(str(caught.value)) < 200


def test_a_plan_says_in_words_what_it_is() -> None:
    assert [plan_type().words for plan_type in PLAN_TYPES] == [
        "fixed, 5 s",
        "uniform, 1 to 5 s",
        "exponential, mean 2 s",
        "log-normal, median 2 s, spread 2",
        "sweep, 0.5 to 10 s over 60 s",
    ]


def test_zero_has_no_sign() -> None:
    assert UniformDelay(-0.0, 1).words == "uniform, 0 to 1 s"
    assert SweepDelay(1, -0.0, 1).words == "sweep, 1 to 0 s over 1 s"


def test_setting_a_delay_gives_it_to_each_request() -> None:
    delay = Delay(LogNormalDelay())
    delay.delay_s = 3
    assert delay.plan == FixedDelay(3)
    assert (delay.next_s(), delay.delay_s, delay.progress) == (3, 3, 1)
