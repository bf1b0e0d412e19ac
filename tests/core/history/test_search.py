from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitorapp.core.filter.language import parse_filter
from monitorapp.core.history.reader import read_newest, search
from monitorapp.core.record.interruption import Interruption
from monitorapp.core.record.searched_text import searched_text
from tests.core.history.watched import write
from tests.factory import record, records

EXPRESSIONS = st.sampled_from(
    [
        "",
        "slow",
        "/7",
        "path:/1",
        "closed",
        "client:10.0",
        "-slow",
        "reason:reset or 1",
        'path:"/1" 50000',
        "connectiondone",
        "agent:curl",
        "waited>1s",
        '"get /"',
    ]
)

pytestmark = pytest.mark.slow


@settings(max_examples=30)
@given(EXPRESSIONS, st.lists(records(), max_size=5), st.integers(0, 60))
def test_a_search_finds_what_the_filter_matches(
    tmp_path_factory: pytest.TempPathFactory,
    expression: str,
    odd: list[Interruption],
    count: int,
) -> None:
    path = tmp_path_factory.mktemp("search") / "h"
    usual = [
        record(number=number, uri=f"/{number}", client=f"10.{number % 3}.0.1:50000")
        for number in range(count)
    ]
    write(path, *usual, *odd)
    filter_ = parse_filter(expression)
    everything = read_newest(path, 1_000)
    wanted = [one for one in everything if filter_.matches(one, searched_text(one))]
    parts = list(search(path, filter_))
    assert [one for _, part in parts for one in part] == wanted[::-1]
    assert not parts or parts[-1][0] == 1.0
