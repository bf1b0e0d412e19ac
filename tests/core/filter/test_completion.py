from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from monitorapp.core.filter.completion import LIMIT, ROWS, completions, seen_values
from monitorapp.core.filter.language import parse_filter
from monitorapp.core.filter.names import FIELDS
from monitorapp.core.record.reason import Reason
from monitorapp.core.record.searched_text import searched_text
from tests.factory import record

VALUES = {
    "path": ["/slow", "/a b", "/x(1)", "/fast", "/re/"],
    "method": ["GET", "POST"],
    "client": ["10.0.0.7", "2001:db8::1"],
    "agent": ['say "hi"', "curl/8.0"],
    "is": ["starred"],
    "render": [],
}


def values(field: str) -> list[str]:
    return VALUES.get(field, [])


def completed(marked: str) -> list[str]:
    cursor = marked.index("|")
    expression = marked.replace("|", "", 1)
    start, end, texts, _ = completions(expression, cursor, values)
    return [expression[:start] + text + expression[end:] for text in texts]


@pytest.mark.parametrize(
    ("marked", "expected"),
    [
        ("pa|", ["path:"]),
        ("PA|", ["path:"]),
        ("m| slow", ["method: slow"]),
        ("slow -(re|", ["slow -(reason:", "slow -(render:", "slow -(remaining>"]),
        ("-wai|", ["-waited>"]),
        ("method:|", ["method:GET", "method:POST"]),
        ("method:po|", ["method:POST"]),
        ("method:po|st x", ["method:POST x"]),
        ("Method:g|", ["Method:GET"]),
        ("(path:/s| or x)", ["(path:/slow or x)"]),
        ("path:a|", ['path:"/a b"', "path:/fast"]),
        ('path:"/x|', ['path:"/x(1)"']),
        ('path:"/x|" y', ['path:"/x(1)" y']),
        ("path:/r|", ['path:"/re/"']),
        ("client:10|", ["client:10.0.0.7"]),
        ("client:2001:|", ["client:2001:db8::1"]),
        ("agent:say|", ['agent:"say \\"hi\\""']),
        ("is:|", ["is:starred"]),
        ("method=|", ["method=GET", "method=POST"]),
        ("!method!=po|", ["!method!=POST"]),
        ('path="/x|', ['path="/x(1)"']),
        ("!wai|", ["!waited>"]),
        ("|", []),
        ("slow |", []),
        ("path:/slow|", []),
        ("unheard:|", []),
        ('"path:|"', []),
    ],
)
def test_the_term_under_the_cursor_is_completed(marked: str, expected: list[str]) -> None:
    assert completed(marked) == expected


@pytest.mark.parametrize(
    ("expression", "is_field"),
    [("x pa", True), ("path:", True), ("path!=", True), ("path:/", False), ("pax", False)],
)
def test_it_is_known_whether_only_a_field_is_there(expression: str, is_field: bool) -> None:
    assert completions(expression, len(expression), values).is_field == is_field


def test_values_are_asked_for_only_when_their_field_is_written() -> None:
    def refuse(field: str) -> list[str]:
        raise AssertionError(field)

    completions("slow pat", 8, refuse)
    completions("path:/slow meth", 15, refuse)


def test_no_more_are_offered_than_can_be_looked_through() -> None:
    many = [f"/{number}" for number in range(1000)]
    assert completions("path:", 5, lambda _: many).texts == [f"path:/{n}" for n in range(LIMIT)]


@given(st.text(alphabet='pathis:"\\/()- or>x', max_size=20), st.integers(0, 20))
def test_whatever_is_written_a_part_of_it_is_completed(expression: str, cursor: int) -> None:
    cursor = min(cursor, len(expression))
    start, end, _, _ = completions(expression, cursor, values)
    assert 0 <= start <= cursor <= end <= len(expression)


@example("path", "=0", "=")
@given(
    st.sampled_from(["path", "agent", "method"]),
    st.text(min_size=1, max_size=20),
    st.sampled_from([":", "="]),
)
def test_a_completed_value_finds_the_row_it_was_taken_from(
    field: str, value: str, sign: str
) -> None:
    facts = {"path": {"uri": value}, "method": {"method": value}}.get(
        field, {"headers": (("User-Agent", value),)}
    )
    row = record(**facts)
    offered = completions(
        f"{field}{sign}", len(field) + 1, lambda _: seen_values(field, [row])
    ).texts
    for text in offered:
        assert parse_filter(text).matches(row, searched_text(row)), text


def test_values_are_those_of_the_newest_rows_the_most_frequent_first() -> None:
    rows = [record(uri="/a?x"), record(uri="/b"), record(uri="/b?y"), record(uri="")]
    assert seen_values("path", rows) == ["/b", "/a"]
    assert seen_values("client", [record(client="[::1]:80"), record(client="unix:1")]) == ["::1"]
    assert seen_values("reason", rows) == [Reason.CLOSED.value]
    assert seen_values("waited", rows) == []
    many = (record(uri="/new" if number < ROWS else "/old") for number in range(ROWS + 5))
    assert seen_values("path", many) == ["/new"]


@pytest.mark.parametrize("field", FIELDS)
def test_each_field_has_values(field: str) -> None:
    assert seen_values(field, [record(began_in="Resource.render_GET")])
