from __future__ import annotations

import time
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitorapp.core.filter.language import parse_filter
from monitorapp.core.filter.time_terms import time_terms, without_time_terms
from monitorapp.core.record.searched_text import searched_text
from tests.factory import record

MOMENTS_S = st.integers(86_400 * 365, 4_000_000_000)


@pytest.fixture
def berlin(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    with monkeypatch.context() as changed:
        changed.setenv("TZ", "Europe/Berlin")
        time.tzset()
        yield
    time.tzset()


def matches(expression: str, time_s: float) -> bool:
    one = record(time_s=time_s)
    return parse_filter(expression).matches(one, searched_text(one))


@given(MOMENTS_S)
def test_just_one_second_matches(start_s: int) -> None:
    terms = time_terms(start_s, start_s + 1)
    assert [matches(terms, start_s + at) for at in (-0.001, 0, 0.999, 1)] == [
        False,
        True,
        True,
        False,
    ]


@pytest.mark.usefixtures("berlin")
@pytest.mark.parametrize("hour", [-1, 0, 1, 2])
def test_an_hour_that_the_clock_shows_twice_is_distinguished(hour: int) -> None:
    start_s = 1_792_890_000 + hour * 3600  # 2026-10-25, 02:00 to 03:00 comes twice
    terms = time_terms(start_s, start_s + 1)
    assert [matches(terms, start_s + at) for at in (-3600, 0, 3600)] == [False, True, False]
    assert without_time_terms(f"a {terms}") == "a"


@given(MOMENTS_S, st.sampled_from(["", "slow", "(a or b) -path:/x", 'time>10:30 "a  b"']))
def test_terms_can_be_taken_away_again(start_s: int, others: str) -> None:
    assert without_time_terms(f"{others} {time_terms(start_s, start_s + 1)}") == others
