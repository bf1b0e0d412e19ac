from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitorapp.core.filter.error import FilterError
from monitorapp.core.filter.language import exactly, parse_filter
from monitorapp.core.filter.names import COMPARED, FIELDS
from monitorapp.core.record.interruption import Interruption
from monitorapp.core.record.reason import Reason
from monitorapp.core.record.searched_text import searched_text
from tests.factory import record, records

ROW: dict[str, Any] = {
    "uri": "/item/1?q=A",
    "client": "10.1.2.3:5000",
    "reason": Reason.RESET,
    "waited_s": 1.25,
    "delay_s": 5.0,
    "began_in": "DelayedResource.render_GET",
    "headers": (("User-Agent", "curl/8.0"),),
}


def matches(expression: str, interruption: Interruption) -> bool:
    found = parse_filter(expression)
    text = searched_text(interruption)
    selected = found.select([interruption], [text]) == [0]
    assert found.matches(interruption, text) == selected
    assert not selected or all(word in text for word in found.needed)
    return selected


@pytest.mark.parametrize(
    "expression",
    [
        "path=/item/1",
        'path="/item/1"',
        "path = /item/1",
        "path==/item/1",
        "path=/item/1?q=A",
        "path!=/item/11",
        "path!=/item",
        "-path=/item",
        "client=10.1.2.3",
        "client=10.1.2.3:5000",
        "client=10.0.0.0/8",
        "client!=10.1.2.30",
        "method=GET",
        "method=get",
        "method != POST",
        "reason=reset",
        'reason="Reset"',
        'reason!="stream reset"',
        "type=ConnectionDone",
        "type=twisted.internet.error.ConnectionDone",
        "type!=Connection",
        "agent=curl/8.0",
        "agent!=curl",
        "render:render_get",
        "render=DelayedResource.render_GET",
        "render!=render_GET",
        "is!=starred",
        "delay=5",
        "delay = 5000ms",
        "delay!=5.001",
        "tries=1",
        "tries != 2",
        "waited > 0.2s",
        "waited >= 1.25 delay <6",
        "waited> 1s",
        "not fast",
        "NOT fast",
        "not not item",
        "not (fast or quick)",
        "item and not fast",
        "fast or not quick",
        "!fast",
        "!path:/fast",
        "!(fast or quick)",
        "item !fast",
        '-"not"',
    ],
)
def test_the_row_matches(expression: str) -> None:
    assert matches(expression, record(**ROW))


@pytest.mark.parametrize(
    "expression",
    [
        "path=/item",
        "path=/Item/1",
        "path=/item/1?q=a",
        "path=/item/1?",
        "path!=/item/1",
        "client=10.1.2",
        "client=10.1.2.3:500",
        "client=10.2.0.0/16",
        "method=GE",
        'reason="stream reset"',
        "type=Done",
        "agent=curl",
        "render=render_GET",
        "is=starred",
        "delay=5.001",
        "delay!=5",
        "tries=2",
        "not item",
        "!item",
        "!!fast",
        "waited > 1.25s",
    ],
)
def test_the_row_does_not_match(expression: str) -> None:
    assert not matches(expression, record(**ROW))


def test_addresses_are_compared_as_such_and_names_as_they_are_written() -> None:
    assert matches("client=2001:DB8:0::1", record(client="[2001:db8::1]:443"))
    assert matches("client=[2001:db8::1]:443", record(client="[2001:db8::1]:443"))
    assert matches('client="unix socket"', record(client="unix socket"))
    assert not matches("client=unix", record(client="unix socket"))


def test_what_is_not_known_is_found_as_nothing() -> None:
    nothing = record(uri="", client="", began_in="", delay_s=None)
    for term in ('path=""', 'client=""', 'render=""'):
        assert matches(term, nothing)
        assert not matches(term, record(**ROW))
    assert not matches("delay=5", nothing)
    assert matches("delay!=5", nothing)


@pytest.mark.parametrize(
    ("expression", "problem", "wrong"),
    [
        ("a waited:1s", "waited>1s or waited<1s", "waited:1s"),
        ("waited:", "waited>1s or waited<1s", "waited:"),
        ("waited=1s", "waited>1s or waited<1s", "waited=1s"),
        ("remaining != 1s", "remaining>1s or remaining<1s", "remaining != 1s"),
        ("time:10:30", "time>10:30 or time<10:30", "time:10:30"),
        ("time=10:30", "time>10:30 or time<10:30", "time=10:30"),
        ("delay:5", "delay=5s, delay>5s or delay<5s", "delay:5"),
        ("tries:2", "tries=2, tries>2 or tries<2", "tries:2"),
        ("delay=soon", "A duration looks like", "delay=soon"),
        ("waited >", "A duration looks like", "waited >"),
        ("waited > soon", "A duration looks like", "waited > soon"),
        ("path>5", "path:5 or path=5", "path>5"),
        ("method < x", "method:x or method=x", "method < x"),
        ("path=", "`path=` needs a value", "path="),
        ("path !=", "`path!=` needs a value", "path !="),
        ("(path=)", "`path=` needs a value", "path="),
        ("is=here", "only value", "is=here"),
        ("reason=closed", "reset, timed out", "reason=closed"),
        ("client=10.0.0.0/99", "A network looks like", "client=10.0.0.0/99"),
        ("color:red", 'no field "color"', "color:red"),
        ("color > 5", 'no field "color"', "color > 5"),
        ("color>5", 'no field "color"', "color>5"),
        ("color != red", 'no field "color"', "color != red"),
        ("color = red", 'no field "color"', "color = red"),
        ("slow not", "missing at the end", "t"),
        ("slow !", "missing at the end", "!"),
        ('path="open', "quotation mark is not closed", '"open'),
    ],
)
def test_what_is_wrong_is_said_with_the_right_form(
    expression: str, problem: str, wrong: str
) -> None:
    with pytest.raises(FilterError) as caught:
        parse_filter(expression)
    assert problem in str(caught.value)
    assert expression[caught.value.start : caught.value.end] == wrong


def test_an_unknown_field_lists_all_fields() -> None:
    with pytest.raises(FilterError) as caught:
        parse_filter("color:red")
    assert all(name in str(caught.value) for name in (*FIELDS, *COMPARED))


def test_words_of_queries_and_addresses_are_still_words() -> None:
    for word in ("q=A", "x=/y/", "localhost:8080", "10:30", "http://x", "a->b", "notes", "a!=b"):
        expression = f'"{word}"' if word == "a!=b" else word
        assert parse_filter(expression).words == (word.lower(),), word


@given(records(), records())
def test_an_exact_term_matches_those_with_the_same_value_only(
    one: Interruption, other: Interruption
) -> None:
    term = exactly("path", one.path)
    assert matches(term, one)
    assert matches(term, other) == (one.path == other.path)
    assert matches(exactly("path", one.path, negated=True), other) != matches(term, other)


@given(records(), st.sampled_from(["path", "client", "render", "method", "agent"]))
def test_every_value_can_be_asked_for(one: Interruption, field: str) -> None:
    from monitorapp.core.record.client import host_of

    value = {
        "path": one.path,
        "client": host_of(one.client),
        "render": one.began_in,
        "method": one.method,
        "agent": one.header("User-Agent"),
    }[field]
    assert matches(exactly(field, value), one)
    assert not matches(exactly(field, value, negated=True), one)
