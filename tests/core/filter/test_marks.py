from __future__ import annotations

import datetime

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from monitorapp.core.filter.language import parse_filter, quote
from monitorapp.core.filter.marks import marks_of
from monitorapp.core.record.interruption import Interruption
from monitorapp.core.record.outcome import Outcome
from monitorapp.core.record.reason import Reason
from monitorapp.core.record.searched_text import searched_text
from tests.factory import record

CELLS = ("method", "path", "client", "reason")


def cells_of(one: Interruption) -> dict[str, str]:
    return {"method": one.method, "path": one.uri, "client": one.client, "reason": one.reason.value}


def marked(expression: str, one: Interruption | None = None, **facts: object) -> dict[str, str]:
    """Return the cells that are marked, what is marked between brackets."""
    one = record(**facts) if one is None else one
    marks = marks_of(parse_filter(expression, datetime.date(2026, 11, 24)))
    shown = {}
    for key, spans in ({} if marks is None else marks.of(one)).items():
        text, place, parts = cells_of(one)[key], 0, []
        for start, end in spans:
            parts += [text[place:start], "[", text[start:end], "]"]
            place = end
        shown[key] = "".join((*parts, text[place:]))
    return shown


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("slow", {"path": "/[slow]?x=1"}),
        ("SLOW", {"path": "/[slow]?x=1"}),
        ("1", {"path": "/slow?x=[1]", "client": "[1]27.0.0.[1]:50000"}),
        ("the", {"reason": "closed by [the] client"}),
        ("get slow", {"method": "[GET]", "path": "/[slow]?x=1"}),
        ("get or x=1", {"method": "[GET]", "path": "/slow?[x=1]"}),
        ('"get /sl"', {"method": "[GET]", "path": "[/sl]ow?x=1"}),
        ('"1 http"', {"path": "/slow?x=[1]"}),
        ("curl", {}),
        ("connectiondone", {}),
        ("-slow", {}),
        ("not (slow or get)", {}),
        ("not not slow", {"path": "/[slow]?x=1"}),
        ("-(-(slow))", {"path": "/[slow]?x=1"}),
        ("-method:post slow", {"path": "/[slow]?x=1"}),
        ("path:slow", {"path": "/[slow]?x=1"}),
        ("path:get", {}),
        ("path:1", {"path": "/slow?x=[1]"}),
        ('path:"w?x"', {"path": "/slo[w?x]=1"}),
        ("path:/s.*w/", {"path": "/[slow]?x=1"}),
        ("path:/1$/", {"path": "/slow?x=[1]"}),
        ("path:/slow/", {"path": "/[slow]?x=1"}),
        ("path:/.*/", {"path": "[/slow?x=1]"}),
        ("path:/z*/", {}),
        ("path=/slow", {"path": "[/slow]?x=1"}),
        ("path=/slow?x=1", {"path": "[/slow?x=1]"}),
        ("path!=/slow", {}),
        ("path!=/other", {}),
        ("-path!=/slow", {"path": "[/slow]?x=1"}),
        ("method:e", {"method": "G[E]T"}),
        ("method=get", {"method": "[GET]"}),
        ("method=post or get", {"method": "[GET]"}),
        ("reason:client", {"reason": "closed by the [client]"}),
        ('reason="closed by the client"', {"reason": "[closed by the client]"}),
        ("client:127.", {"client": "[127.]0.0.1:50000"}),
        ("client:127.0.0.1", {"client": "[127.0.0.1]:50000"}),
        ("client:127.0.0.0/8", {"client": "[127.0.0.1]:50000"}),
        ("client=127.0.0.1", {"client": "[127.0.0.1]:50000"}),
        ("client=127.0.0.1:50000", {"client": "[127.0.0.1:50000]"}),
        ('client:"127.0.0.1"', {"client": "[127.0.0.1]:50000"}),
        ("client:/0\\.0/", {"client": "127.[0.0].1:50000"}),
        ("client:10.0.0.0/8 or slow", {"path": "/[slow]?x=1"}),
        ("client=10.0.0.1 or client:10. or slow", {"path": "/[slow]?x=1"}),
        ("/sl[ao]w|by/", {"path": "/[slow]?x=1", "reason": "closed [by] the client"}),
        ("/^get/", {"method": "[GET]"}),
        ("/^.slow/", {}),
        ("/x=1$/", {}),
        ("/t .s/", {"method": "GE[T]", "path": "[/s]low?x=1"}),
        ("/(?s)closed.*done/", {"reason": "[closed by the client]"}),
        ("agent:curl", {}),
        ("type:ConnectionDone", {}),
        ("is:starred", {}),
        ("waited>0.5s delay=5s tries=1 time>10:30", {}),
        ("waited>0.5s slow", {"path": "/[slow]?x=1"}),
    ],
)
def test_what_is_marked(expression: str, expected: dict[str, str]) -> None:
    assert marked(expression) == expected


def test_nothing_is_marked_without_terms() -> None:
    assert marks_of(parse_filter(" ")) is None
    assert marks_of(parse_filter("-slow")) is None
    assert marks_of(parse_filter("waited>1s")) is None


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("cleanly", ((10, 17),)),
        ("outcome:cancel", ((0, 6),)),
        ("outcome:/c\\w+y/", ((10, 17),)),
        ('outcome="cancelled cleanly"', ((0, 17),)),
        ("/c.ean/", ((10, 15),)),
        ("path:cleanly", ()),
        ("outcome:running or cancelled", ((0, 9),)),
        ("-outcome:cancelled slow", ()),
    ],
)
def test_outcomes_are_marked_as_they_are_known(
    expression: str, expected: tuple[tuple[int, int], ...]
) -> None:
    one, marks = record(), marks_of(parse_filter(expression))
    assert marks is not None
    assert marks.of(one).get("outcome", ()) == ()
    assert marks.of(one, Outcome.CANCELLED.value).get("outcome", ()) == expected


def test_several_parts_are_in_order_and_do_not_touch() -> None:
    marks = marks_of(parse_filter("aa b"))
    assert marks is not None
    assert marks.of(record(uri="/aaa-ab"))["path"] == ((1, 4), (6, 7))


@pytest.mark.parametrize(
    ("uri", "expression", "expected"),
    [
        ("/İstanbul/İ", "i", "/[İ]stanbul/[İ]"),
        ("/İstanbul", "stan", "/İ[stan]bul"),
        ("/İ", '"\N{COMBINING DOT ABOVE}"', "/[İ]"),
        ("/ΣΑΣ", "ς", "/ΣΑ[Σ]"),
        ("/\N{MATHEMATICAL SCRIPT CAPITAL N}é/É", "é", "/\N{MATHEMATICAL SCRIPT CAPITAL N}[é]/[É]"),
        ("/é/slow", "/sl.w/", "/é/[slow]"),
        ("/\ud800slow", "path:/sl.w/", "/\ud800[slow]"),
        ("/İ/slow", "/sl.w/", "/İ/[slow]"),
    ],
)
def test_letters_may_change_their_length(uri: str, expression: str, expected: str) -> None:
    assert marked(expression, uri=uri)["path"] == expected


def test_the_address_of_ipv6_is_marked_without_its_brackets() -> None:
    client = "[2001:db8::7]:80"
    assert marked("client:2001:db8::7", client=client) == {"client": "[[2001:db8::7]]:80"}
    assert marked("client:2001:", client=client) == {"client": "[[2001:]db8::7]:80"}
    assert marked("client:[2001:", client=client) == {"client": "[[2001:]db8::7]:80"}
    assert marked(f"client={client}", client=client) == {"client": f"[{client}]"}
    assert marked("client=unix:/run/a", client="unix:/run/a") == {"client": "[unix:/run/a]"}


def test_of_a_long_text_an_expression_reads_the_beginning_and_takes_no_end_for_its_own() -> None:
    uri = "/" + "ab" * 8_000
    one = record(uri=uri)
    marks = marks_of(parse_filter("path:/b$|a.$|^./"))
    assert marks is not None
    assert marks.of(one)["path"] == ((0, 1),)
    words = marks_of(parse_filter("path:ab"))
    assert words is not None
    assert words.of(one)["path"][0][0] == 1
    assert words.of(one)["path"][-1][1] > 1_000


def test_lines_are_marked_by_words_alone() -> None:
    marks = marks_of(parse_filter('connection "was closed" -cleanly path:cleanly /c.o/'))
    assert marks is not None
    assert marks.in_line("Connection was closed cleanly.") == ((0, 10), (11, 21))


WORDS = st.text(st.sampled_from("gGeE/sS1:. iİς"), min_size=1, max_size=3)
URIS = st.text(st.sampled_from("gGeE/sS1:. iİς"), max_size=12)


def spans_of(word: str, text: str) -> set[int]:
    """Return the characters of a text that are in any occurrence of a word, the slow way."""
    lower = [one for place, letter in enumerate(text) for one in [place] * len(letter.lower())]
    joined = text.lower()
    return {
        lower[place + offset]
        for place in range(len(joined))
        if joined.startswith(word, place)
        for offset in range(len(word))
    }


@example("e i", "/İ", "is", False)
@given(WORDS, URIS, WORDS, st.booleans())
def test_words_are_marked_where_they_are_and_nowhere_else(
    word: str, uri: str, other: str, negated: bool
) -> None:
    one = record(uri=uri, reason=Reason.RESET)
    filter_ = parse_filter(f"{quote(word)} {'-' if negated else ''}{quote(other)}")
    marks = marks_of(filter_)
    assert marks is not None
    head = f"{one.method} {one.uri} {one.version}\n{one.client}\n{one.reason.value}\n"
    wanted = spans_of(word.lower(), head)
    if not negated:
        wanted |= spans_of(other.lower(), head)
    start = 0
    for key, text in cells_of(one).items():
        found = {place for span in marks.of(one).get(key, ()) for place in range(*span)}
        assert found == {place - start for place in wanted} & set(range(len(text)))
        start += len(text) + (len(one.version) + 2 if key == "path" else 1)


@given(
    st.sampled_from(["slow", "path:/s.*/", "/e.*l/", "client:127.", "reason:by", "method=get"]),
    URIS,
    st.sampled_from(["127.0.0.1:1", "10.0.0.1:1"]),
)
def test_a_term_marks_cells_only_of_rows_that_match(expression: str, uri: str, client: str) -> None:
    one = record(uri=uri, client=client)
    filter_ = parse_filter(expression)
    if marked(expression, one):
        assert filter_.matches(one, searched_text(one))
