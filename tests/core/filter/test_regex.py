from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitorapp.core.filter._regex import Regex, RegexError, characters_read, literal_of
from monitorapp.core.filter.error import FilterError
from monitorapp.core.filter.language import parse_filter
from monitorapp.core.record.searched_text import searched_text
from tests.factory import record

PIECES = st.sampled_from(
    [
        *("a", "B", "s", "1", ".", "*", "+", "?", "{2}", "{0,1}", "(", ")", "(?:", "[", "]", "[^"),
        *("|", "\\", "\\.", "\\b", "\\d", "\\Q", "\\E", "^", "$", "\\x41", "[[:alpha:]]", "/", "-"),
    ]
)


@given(
    st.lists(PIECES, max_size=8).map("".join),
    st.text("aAbBsSkK1.-|[]() /\u017f\u212a", max_size=12),
)
def test_what_is_needed_stands_in_all_that_matches(pattern: str, text: str) -> None:
    try:
        regex = Regex(pattern)
    except RegexError:
        return
    if regex.searcher(100)(text):
        assert all(needed in text.lower() for needed in regex.needed), regex.needed


@pytest.mark.parametrize(
    ("pattern", "needed"),
    [
        ("9.*7", {"9", "7"}),
        ("/item/[0-9]+/left", {"/item/", "/left"}),
        (r"a\.b", {"a.b"}),
        ("abc?", {"ab"}),
        ("a(bc)*d", {"a", "d"}),
        ("a|b", set()),
        ("(?:a)b", set()),
    ],
)
def test_what_is_needed_is_found(pattern: str, needed: set[str]) -> None:
    assert set(Regex(pattern).needed) == needed


@given(st.lists(PIECES, max_size=8).map("".join), st.text("aAbBs1.*-|[]() /", max_size=12))
def test_a_pattern_that_is_a_text_is_found_where_that_is(pattern: str, text: str) -> None:
    literal = literal_of(pattern)
    if literal is not None:
        assert (literal in text.lower()) == Regex(pattern).searcher(100)(text)


@pytest.mark.parametrize(
    ("pattern", "literal"),
    [("/Reports/", "/reports/"), (r"a\.b\/c", "a.b/c"), ("a.b", None), (r"a\b", None), ("", None)],
)
def test_what_a_pattern_stands_for(pattern: str, literal: str | None) -> None:
    assert literal_of(pattern) == literal


@pytest.mark.parametrize(
    ("pattern", "problem"),
    [
        ("a(?=b)", "Looking ahead"),
        ("(?<!a)b", "Looking ahead or behind"),
        (r"(a)\1", "References"),
        ("(?P<n>a)(?P=n)", "References"),
        ("a++b", "Possessive"),
        ("(?>a)b", "atomic"),
        (r"a\Z", r"Write \z"),
        ("a(?#b)", "Comments"),
        ("(?x)a", "Of the flags"),
        ("(a)(?(1)b|c)", "Conditions"),
        (r"\u20ac", r"\x{20ac}"),
        (r"\N{DASH}", "cannot be named"),
        ("a{,3}", "{0,3}"),
        ("a{2000}", "1,000 times"),
        ("[^a]{900}", "too large"),
        ("(", "not a regular expression: missing )"),
        ("\udc80", "half a character"),
    ],
)
def test_what_is_not_possible_is_said(pattern: str, problem: str) -> None:
    with pytest.raises(RegexError) as caught:
        Regex(pattern)
    assert problem in str(caught.value)


def test_case_does_not_matter_and_any_text_can_be_searched() -> None:
    assert Regex("É.N").searcher(10)("aé\u20acn")
    assert Regex("b").searcher(10)("\ud800b")
    assert not Regex("b$").searcher(1)("ab")
    assert not Regex("a.b").searcher(10)("a\nb")


def test_all_of_a_filter_read_less_the_more_there_are() -> None:
    row = record(uri="/" + "x" * 20_000 + "end", headers=())
    text = searched_text(row)
    assert parse_filter("path:/xend/").matches(row, text)
    many = " ".join(["path:/x[^a]{9}/"] * 10)
    assert parse_filter(many).matches(row, text)
    assert parse_filter(f"{many} path:/xend/").matches(row, text)  # it is a plain text
    assert not parse_filter(f"{many} path:/xen[d]/").matches(row, text)
    with pytest.raises(FilterError, match="too large"):
        parse_filter(" ".join(["path:/x[^a]{9}/"] * 30))


@pytest.mark.parametrize(
    "pattern", ["(.*)(.*)b/", "(a+)+$", "(x+x+)+y", "[ab]*a[ab]{200}c", "[ab]*a[ab]{900}c"]
)
def test_the_time_of_a_search_is_bounded(pattern: str) -> None:
    text = ("ab" * 7 + "a") * 20_000
    search = Regex(pattern).searcher(characters_read(Regex(pattern).size))
    assert isinstance(search(text), bool)  # Python's own take minutes, or for ever
