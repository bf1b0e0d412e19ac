from __future__ import annotations

import datetime
import subprocess
import sys
import time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitorapp.core.filter.error import FilterError
from monitorapp.core.filter.language import EVERYTHING, parse_filter, quote, written_outcome
from monitorapp.core.record.interruption import Interruption
from monitorapp.core.record.reason import Reason
from monitorapp.core.record.searched_text import searched_text
from tests.factory import record, records

NOON_S = time.mktime((2026, 11, 24, 12, 0, 0, 0, 0, -1))
TODAY = datetime.date(2026, 11, 24)


def matches(expression: str, interruption: Interruption) -> bool:
    found = parse_filter(expression, TODAY)
    text = searched_text(interruption)
    selected = found.select([interruption], [text]) == [0]
    assert found.matches(interruption, text) == selected
    return selected


ROW: dict[str, Any] = {
    "uri": "/slow/list?q=A(b)",
    "client": "10.1.2.3:5000",
    "reason": Reason.RESET,
    "waited_s": 1.25,
    "delay_s": 5.0,
    "remaining_s": 3.75,
    "time_s": NOON_S,
    "headers": (("User-Agent", "curl/8.0"), ("Host", "example.org")),
    "traceback": "Traceback: Connection was lost",
}


@pytest.mark.parametrize(
    "expression",
    [
        "",
        "  ",
        "SLOW",
        "/slow",
        "/slow/list",
        "example.org lost",
        '"connection was"',
        "-fast",
        "--slow",
        "/sl.w/",
        "/l[io]st\\?q/ get",
        "path:/slow",
        "path:/LIST\\?/",
        'path:"A(b)"',
        "client:10.1.2.3",
        "client:10.1.",
        "client:10.0.0.0/8",
        "client:10.1.2.3:5000",
        'client:"10.1.2.3"',
        "method:get reason:reset type:ConnectionDone agent:curl",
        "waited>1s waited<1300ms waited>=1.25 waited<=1.25s",
        "remaining>0.05min delay>=5",
        "time>10:30 time<12:00:01 time>=12",
        "time>2026-11-23 time<2026-11-24T12:01",
        "fast or slow",
        "fast or (slow and -quick)",
        "http://x or slow",
        "orange or slow",
        '"or" or slow',
        "slow(list)",
    ],
)
def test_the_row_matches(expression: str) -> None:
    assert matches(expression, record(**ROW))


@pytest.mark.parametrize(
    "expression",
    [
        "fast",
        "-slow",
        "slow fast",
        "slow and fast or quick",
        "/^slow$/",
        "path:example",
        "client:10.1.2.30",
        "client:10.2.0.0/16",
        "client:2001:db8::/32",
        "client:1.2",
        'client:"10.1.2"',
        "method:post",
        "waited>1.25s",
        "waited<-1s",
        "time>12:00:01",
        "-(slow or fast)",
    ],
)
def test_the_row_does_not_match(expression: str) -> None:
    assert not matches(expression, record(**ROW))


def test_a_blank_filter_matches_everything_and_loads_no_parser() -> None:
    rows = [record(), record(uri="")]
    assert parse_filter("") is parse_filter(" \t") is EVERYTHING
    assert EVERYTHING.is_empty
    assert EVERYTHING.select(rows, ["", "x"]) == [0, 1]
    assert EVERYTHING.places(zip(rows, ["", "x"], strict=True), (), written_outcome) == [0, 1]
    assert EVERYTHING.matches(record(), "")
    script = (
        "import sys; from monitorapp.core.filter.language import parse_filter; parse_filter(' ');"
        "assert 'lark' not in sys.modules; parse_filter('x'); assert 'lark' in sys.modules"
    )
    subprocess.run([sys.executable, "-c", script], check=True, timeout=60)


def test_a_path_between_slashes_is_a_regular_expression() -> None:
    row = record(uri="/v2/items/7")
    assert matches("path:/v[0-9]/items/", row)
    assert matches(r"path:/v\d\/items/", row)
    assert matches("path:/V2 or x/ or path:/items", row)
    assert not matches('path:"/v[0-9]/items/"', row)


def test_ipv6_clients_are_found() -> None:
    row = record(client="[2001:db8::1]:443")
    for expression in ("client:2001:db8::1", "client:2001:db8::/32", "client:2001:"):
        assert matches(expression, row), expression
    assert not matches("client:10.0.0.0/8", row)


def test_what_is_not_known_is_neither_more_nor_less() -> None:
    row = record(waited_s=None)
    assert not matches("waited>0s", row)
    assert not matches("waited<=0s", row)


@pytest.mark.parametrize(
    ("expression", "problem", "wrong"),
    [
        ('slow "open', "quotation mark is not closed", '"open'),
        ("slow (fast", "parenthesis is not closed", "(fast"),
        ("slow)", "nothing to close", ")"),
        ("slow or", "missing at the end", "r"),
        ("slow -", "missing at the end", "-"),
        ("a color:red", 'no field "color"', "color:red"),
        ("a path:", "`path:` needs a value", "path:"),
        ("path: slow", "`path:` needs a value", "path:"),
        ('a path:""', "`path:` needs a value", 'path:""'),
        ("(path:)", "`path:` needs a value", "path:"),
        ("waited>", "A duration looks like", "waited>"),
        ("tries>=many", "A number of tries looks like", "tries>=many"),
        ("waited>soon", "A duration looks like", "waited>soon"),
        ("waited>1e5", "A duration looks like", "waited>1e5"),
        ("time>25:00", "A time looks like", "time>25:00"),
        ("time>", "A time looks like", "time>"),
        ("client:10.0.0.0/99", "A network looks like", "client:10.0.0.0/99"),
        ("a /[/ b", "not a regular expression", "/[/"),
        ("path:/(/", "not a regular expression", "path:/(/"),
    ],
)
def test_what_is_wrong_is_said_and_shown(expression: str, problem: str, wrong: str) -> None:
    with pytest.raises(FilterError, match=problem) as caught:
        parse_filter(expression)
    assert expression[caught.value.start : caught.value.end] == wrong


def test_too_much_is_refused() -> None:
    for expression in ("x" * 2001, "-(a " * 400 + ")" * 400, "-" * 1999 + "x"):
        with pytest.raises(FilterError):
            parse_filter(expression)
    assert parse_filter("-" * 20 + "x").words == ("x",)
    assert parse_filter("(" * 900 + "x" + ")" * 900).words == ("x",)


PIECES = ["(", ")", "-", '"', "/", "or", "and", " ", "a", "path:", "client:", "waited>", "1s", "\\"]


@given(st.lists(st.sampled_from(PIECES), max_size=30).map("".join) | st.text(max_size=60))
def test_whatever_is_written_is_a_filter_or_explained(expression: str) -> None:
    try:
        found = parse_filter(expression)
    except FilterError as error:
        problem = error
    else:
        found.select([record()], [searched_text(record())])
        return
    assert str(problem)
    assert 0 <= problem.start < problem.end
    assert problem.start <= len(expression)


WORDS = st.text("abc", min_size=1, max_size=2)
TREES = st.recursive(
    WORDS.map(lambda word: (word, lambda text, word=word: word in text)),
    lambda inner: st.one_of(
        inner.map(lambda one: (f"-({one[0]})", lambda text: not one[1](text))),
        st.tuples(inner, inner).map(
            lambda two: (
                f"({two[0][0]}) {two[1][0]}"
                if " or " not in two[1][0]
                else f"({two[0][0]}) ({two[1][0]})",
                lambda text: two[0][1](text) and two[1][1](text),
            )
        ),
        st.tuples(inner, inner).map(
            lambda two: (
                f"{two[0][0]} or {two[1][0]}",
                lambda text: two[0][1](text) or two[1][1](text),
            )
        ),
    ),
    max_leaves=8,
)


@given(TREES, st.text("abc", max_size=5))
def test_terms_are_joined_as_the_operators_say(tree: Any, text: str) -> None:
    expression, oracle = tree
    assert parse_filter(expression).matches(record(), text) == oracle(text)


@given(records(), st.text(max_size=20))
def test_a_quoted_path_matches_just_this_text(interruption: Interruption, text: str) -> None:
    if text:
        expected = text.lower() in interruption.uri.lower()
        assert matches(f"path:{quote(text)}", interruption) == expected


@given(records(), st.sampled_from(["a", "path:/", "waited>1", "reason:reset", '"x"', "/0/"]))
def test_a_row_matches_a_term_or_its_negation(interruption: Interruption, term: str) -> None:
    assert matches(term, interruption) != matches(f"-{term}", interruption)


@pytest.mark.parametrize("expression", ["nosuch:3", "status:404", "star:1"])
def test_an_unknown_field_with_a_number_is_an_error(expression: str) -> None:
    with pytest.raises(FilterError, match="There is no field"):
        parse_filter(expression)


@pytest.mark.parametrize("expression", ["localhost:8080", "127.0.0.1:50000", "12:30", "q=99"])
def test_what_looks_like_no_field_is_a_word(expression: str) -> None:
    assert parse_filter(expression).words == (expression,)
