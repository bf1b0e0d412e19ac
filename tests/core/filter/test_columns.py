"""A filter over columns against the same filter over records."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitorapp.core.filter.columns import ColumnFilter
from monitorapp.core.filter.language import EVERYTHING, parse_filter
from monitorapp.core.record.searched_text import searched_text
from monitorapp.core.request.columns import EndColumns, Gathering
from monitorapp.core.request.ended import RequestEnd
from tests.core.request.ends import end
from tests.core.request.strategies import ends
from tests.factory import record

HEEDED = (
    "path:a",
    "path:/^.a/",
    "path=/a",
    "path!=/item/1",
    "client:10.0.0.1",
    "client:10.0.0.0/31",
    "client=10.0.0.2",
    'client!="unix socket"',
    "client:2001:db8::1",
    "client:unix",
    "method=get",
    "method:os",
    "reason:reset",
    "reason!=other",
    "agent:CURL",
    'agent=""',
    "agent:/httpx|curl/",
    "waited>1s",
    "waited<=5s",
    "delay=5s",
    "delay!=5s",
    "delay<1min",
    "time>2033-01-01",
    "time<2033-01-01T10:00",
    "get",
    "a",
    '"post /"',
    "user-agent",
    "closed",
    "/10.0.0.[12]/",
    "/(?m)^get .*$/",
)
UNHEEDED = (
    "type:lost",
    "outcome:cancelled",
    "is:starred",
    "remaining<0s",
    "tries>1",
    "render:get",
    "path=/a?b",
    "path:1?x",
    "client=10.0.0.1:5",
    "-type:lost",
)


def known(one: RequestEnd) -> Any:
    """Return a record that has only what is known of all ended requests."""
    agent = one.header("User-Agent")
    values: Any = record(
        method=one.method.decode(),
        uri=one.path,
        version="",
        client=one.client,
        waited_s=one.waited_s,
        delay_s=one.delay_s,
        time_s=one.began_s + one.waited_s,
        headers=(("User-Agent", agent),) if agent else (),
        failure_type="",
        message="",
        traceback="",
        # Of what was answered it is empty, which no record has.
        reason=SimpleNamespace(value="" if one.reason is None else one.reason.value),
    )
    return values


def gathered(found: list[RequestEnd]) -> EndColumns:
    gathering = Gathering()
    gathering.add(found)
    return gathering.columns


def expressions() -> st.SearchStrategy[str]:
    return st.recursive(
        st.sampled_from(HEEDED),
        lambda inner: st.one_of(
            inner.map(lambda one: f"-({one})"),
            st.lists(inner, min_size=2, max_size=3).map(lambda of: f"({' or '.join(of)})"),
            st.lists(inner, min_size=2, max_size=3).map(" ".join),
        ),
        max_leaves=6,
    )


@settings(max_examples=300)
@given(st.lists(ends(), min_size=1, max_size=12), expressions())
def test_rows_match_as_records_do(found: list[RequestEnd], expression: str) -> None:
    filter_ = parse_filter(expression)
    of_columns = ColumnFilter(filter_)
    records = [known(one) for one in found]
    wanted = [filter_.matches(one, searched_text(one)) for one in records]
    assert of_columns.mask(gathered(found)).tolist() == [bool(one) for one in wanted]
    assert of_columns.unheeded == []


@pytest.mark.parametrize("expression", HEEDED)
def test_each_term_tells_requests_apart(expression: str) -> None:
    found = [
        end(client, agent, method=method, uri=uri, waited_s=waited_s, **facts)
        for client in ("10.0.0.1:5", "10.0.0.2:5", "[2001:db8::1]:9", "unix socket", "unix:/a")
        for agent in (None, b"curl/8", b"httpx")
        for method in (b"GET", b"POST")
        for uri in (b"/", b"/a", b"/item/1")
        for waited_s, facts in (
            (0.5, {"delay_s": 5.0, "began_s": 0.0}),
            (9.0, {"delay_s": 90.0, "began_s": 3e9, "reason": reason_of("closed by the client")}),
            (9.0, {"delay_s": 90.0, "began_s": 3e9, "reason": reason_of("reset")}),
            (9.0, {"delay_s": 90.0, "began_s": 3e9, "reason": reason_of("other")}),
        )
    ]
    mask = ColumnFilter(parse_filter(expression)).mask(gathered(found))
    assert 0 < mask.sum() < len(found)


def reason_of(words: str) -> Any:
    from monitorapp.core.record.reason import Reason

    return Reason(words)


@given(st.lists(ends(), min_size=1, max_size=9), expressions(), st.sampled_from(UNHEEDED))
def test_a_term_that_cannot_be_known_is_named_and_left_out(
    found: list[RequestEnd], expression: str, term: str
) -> None:
    columns = gathered(found)
    without = ColumnFilter(parse_filter(expression)).mask(columns).tolist()
    for written in (f"({expression}) {term}", f"{term} or ({expression})"):
        filter_ = ColumnFilter(parse_filter(written))
        assert filter_.mask(columns).tolist() == without
        assert filter_.unheeded == [term.removeprefix("-")]
    alone = ColumnFilter(parse_filter(term))
    assert alone.mask(columns).all()


def test_nothing_written_matches_all() -> None:
    columns = gathered([end()])
    for filter_ in (EVERYTHING, parse_filter(" ")):
        assert ColumnFilter(filter_).mask(columns).all()


def test_it_says_where_it_looks() -> None:
    assert ColumnFilter(parse_filter("path:a")).asks_path
    assert not ColumnFilter(parse_filter("path=/a")).asks_path
    assert ColumnFilter(parse_filter("-slow")).has_words
    assert not ColumnFilter(parse_filter("agent:slow")).has_words
