from __future__ import annotations

import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import beta

from monitorapp.core.filter.columns import ColumnFilter
from monitorapp.core.filter.language import parse_filter
from monitorapp.core.statistics.shares import exact_interval
from monitorapp.core.statistics.survival import AtRisk, Waits
from monitorapp.core.statistics.wording import counted_text, heeded_text, patience_text

NOW_S = datetime.datetime(2026, 11, 24, 15, 0).timestamp()


def waits(left: list[float], stayed: list[float]) -> Waits:
    found = Waits()
    for waited_s in left:
        found.add(waited_s, left=True)
    for waited_s in stayed:
        found.add(waited_s, left=False)
    return found


def said(left: list[float], stayed: list[float], delay_s: float = 3.0) -> str:
    return patience_text([("all", waits(left, stayed))], [delay_s], "fixed")


def test_few_that_left_are_a_share_and_not_an_estimate() -> None:
    text = said([2.0], [5.0] * 249)
    assert text == (
        "1 left, 249 were answered or ended otherwise: that is 0.4 %"
        " (0.01\N{EN DASH}2.2 %, exact interval of 95 %). Too few have left to say more."
    )
    assert "will leave" not in said([2.0] * 4, [5.0] * 9)
    assert "will leave" in said([2.0] * 5, [5.0] * 9)


def test_a_delay_at_which_nobody_has_left_yet_has_an_interval() -> None:
    text = said([4.0] * 50, [5.0] * 50, delay_s=1.0)
    assert "about 0 % will leave (0\N{EN DASH}4 %)" in text
    assert "about 0 % will leave (0\N{EN DASH}<1 %)" in said([4.0] * 50, [5.0] * 5000, delay_s=1.0)


def test_one_that_was_answered_is_one() -> None:
    assert said([1.0] * 3, [5.0]).startswith(
        "3 left, 1 was answered or ended otherwise: that is 75 %"
    )


@pytest.mark.parametrize(
    ("left", "stayed", "share"),
    [
        (1, 99_999, "that is <0.01 % (<0.01\N{EN DASH}<0.01 %"),
        (4, 0, "that is 100 % (40\N{EN DASH}100 %"),
        (3, 1, "that is 75 % (19\N{EN DASH}99 %"),
    ],
)
def test_shares_near_the_ends_are_not_rounded_to_them(left: int, stayed: int, share: str) -> None:
    assert share in said([1.0] * left, [5.0] * stayed)


@given(st.integers(0, 40), st.integers(0, 400))
def test_the_interval_of_a_share_is_that_of_clopper_and_pearson(events: int, others: int) -> None:
    of = events + others
    low, high = exact_interval(events, of)
    assert low == pytest.approx(beta.ppf(0.025, events, others + 1) if events else 0, abs=1e-9)
    assert high == pytest.approx(beta.ppf(0.975, events + 1, others) if others else 1, abs=1e-9)


@given(st.lists(st.tuples(st.integers(0, 50), st.booleans()), min_size=1), st.integers(0, 60))
def test_at_risk_are_those_that_waited_so_long(pairs: list[tuple[int, bool]], at: int) -> None:
    found = Waits()
    for ticks, left in pairs:
        found.add(ticks / 1000, left=left)
    at_risk = AtRisk(found)
    assert at_risk(at / 1000) == sum(ticks >= at for ticks, _ in pairs)
    assert at_risk(at / 1000 + 0.0005) == sum(ticks > at for ticks, _ in pairs)


@pytest.mark.parametrize(
    ("then", "words"),
    [
        (datetime.datetime(2026, 11, 24, 9, 5), "since 09:05."),
        (datetime.datetime(2026, 11, 3, 9, 5), "since 3 Nov."),
        (datetime.datetime(2025, 12, 31, 9, 5), "since 31 Dec 2025."),
    ],
)
def test_it_says_since_when_it_counts(then: datetime.datetime, words: str) -> None:
    assert counted_text(1_234, then.timestamp(), NOW_S) == f"1,234 requests {words}"


def test_it_says_what_is_left_out() -> None:
    assert counted_text(1, NOW_S, NOW_S, 2_000).endswith(" 2,000 older ones are left out.")
    assert counted_text(1, NOW_S, NOW_S, 1).startswith("1 request since 15:00. 1 older one is")
    assert counted_text(0, None, NOW_S) == ""
    assert "an unknown day" in counted_text(1, 1e300, NOW_S)


def test_it_names_what_is_not_heeded() -> None:
    def heeded(expression: str, had_queries: bool = False) -> str:
        return heeded_text(ColumnFilter(parse_filter(expression)), had_queries)

    assert heeded("method:get waited>1s") == ""
    assert heeded("path:a type:lost or -is:starred") == (
        "Not heeded, as it cannot be known of answered requests: type:lost, is:starred."
    )
    assert heeded("slow").startswith("Words are looked for in method, path, client,")
    assert heeded("path:a", had_queries=True) == "Paths are known without their queries."
    assert heeded("path=/a", had_queries=True) == ""
