from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitorapp.core.text.format import (
    grouped,
    local_date,
    local_time,
    long_seconds,
    milliseconds,
    plural,
    seconds,
    short_seconds,
)


def test_durations_have_their_unit_and_grouped_digits() -> None:
    assert seconds(1.0044) == "1.004 s"
    assert seconds(12_345.678, 1) == "12,345.7 s"
    assert [short_seconds(each) for each in (0.5, 5.0, 3600.0)] == ["0.5 s", "5 s", "3600 s"]
    assert short_seconds(1.23456, 3) == "1.23 s"
    assert [long_seconds(each) for each in (0.5, 1.0)] == ["0.5 seconds", "1 second"]
    assert milliseconds(1.2345) == "1,234 ms"


def test_times_of_the_day_are_local_and_have_milliseconds() -> None:
    local = time.localtime(1_700_000_000)
    assert local_time(1_700_000_000.2567) == time.strftime("%H:%M:%S.256", local)
    assert local_time(1_700_000_000.0, date=True) == time.strftime("%Y-%m-%d %H:%M:%S.000", local)
    assert local_date(1_700_000_000.9) == time.strftime("%Y-%m-%d %H:%M:%S", local)
    assert local_date(1_700_000_000.9, year=False) == time.strftime("%m-%d %H:%M:%S", local)


@given(st.floats())
def test_a_time_is_written_or_no_calendar_has_it(time_s: float) -> None:
    for write in (local_time, local_date):
        try:
            text = write(time_s)
        except (ValueError, OverflowError, OSError):
            continue
        assert text.isascii()


@pytest.mark.parametrize(
    ("count", "text"),
    [(0, "0 rows have"), (1, "1 row has"), (2, "2 rows have"), (1_234, "1,234 rows have")],
)
def test_a_noun_agrees_with_its_count(count: int, text: str) -> None:
    assert plural(count, "row has", "rows have") == text
    assert plural(count, "row") == text.rpartition(" ")[0]
    assert grouped(count) == text.partition(" ")[0]
