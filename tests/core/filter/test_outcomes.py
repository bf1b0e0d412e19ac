"""Outcomes in the filter language."""

from __future__ import annotations

import pytest

from monitorapp.core.filter.completion import completions, seen_values
from monitorapp.core.filter.error import FilterError
from monitorapp.core.filter.language import exactly, parse_filter
from monitorapp.core.record.interruption import Interruption
from monitorapp.core.record.outcome import Outcome, RequestOutcome
from monitorapp.core.record.searched_text import searched_text
from monitorapp.core.records.outcomes import Outcomes
from tests.factory import record


def matches(expression: str, interruption: Interruption, outcomes: Outcomes | None = None) -> bool:
    found = parse_filter(expression)
    text = searched_text(interruption)
    known = Outcomes() if outcomes is None else outcomes
    selected = found.select([interruption], [text], (), known.words_of) == [0]
    assert found.matches(interruption, text, (), known.words_of) == selected
    assert not selected or all(word in text for word in found.needed)
    outcome = known.of(interruption)
    for word, needed in found.needed_outcomes if selected else ():
        assert (word and word in text) or (outcome is not None and outcome.outcome in needed)
    return selected


CANCELLED = record(outcome=Outcome.CANCELLED)
WENT_ON = record(outcome=Outcome.WENT_ON, wasted_s=3.0)
UNKNOWN = record(outcome=Outcome.UNKNOWN)
NONE = record()


@pytest.mark.parametrize(
    ("expression", "wanted"),
    [
        ("outcome:cancelled", [CANCELLED]),
        ("outcome:CANCELLED", [CANCELLED]),
        ('outcome:"kept running"', [WENT_ON]),
        ("outcome:/^(kept|cancelled)/", [CANCELLED, WENT_ON]),
        ('outcome="cancelled cleanly"', [CANCELLED]),
        ('outcome = "kept running"', [WENT_ON]),
        ('outcome!="kept running"', [CANCELLED, UNKNOWN, NONE]),
        ('outcome=""', [NONE]),
        ("outcome=unknown", [UNKNOWN]),
        ("-outcome:cancelled", [WENT_ON, UNKNOWN, NONE]),
        ("cleanly", [CANCELLED, WENT_ON, UNKNOWN, NONE]),  # it is in the message of all
        ("running", [WENT_ON]),
        ("kept running", [WENT_ON]),
        ('"cancelled cleanly"', [CANCELLED]),
        ("/kept|unknown/", [WENT_ON, UNKNOWN]),
        ("-running", [CANCELLED, UNKNOWN, NONE]),
        ("slow running", [WENT_ON]),
        ("running or cancelled", [CANCELLED, WENT_ON]),
        ("not (running or cancelled)", [UNKNOWN, NONE]),
    ],
)
def test_what_matches(expression: str, wanted: list[Interruption]) -> None:
    assert [
        one for one in (CANCELLED, WENT_ON, UNKNOWN, NONE) if matches(expression, one)
    ] == wanted


def test_what_is_known_by_now_counts() -> None:
    outcomes = Outcomes()
    assert not matches("running", NONE, outcomes)
    outcomes.note(NONE.identity, RequestOutcome(Outcome.RUNNING))
    assert matches("running", NONE, outcomes)
    assert matches('outcome="still running"', NONE, outcomes)
    outcomes.note(NONE.identity, RequestOutcome(Outcome.CANCELLED))
    assert not matches("running", NONE, outcomes)


@pytest.mark.parametrize("outcome", Outcome)
def test_the_term_of_a_menu_matches_just_this_one(outcome: Outcome) -> None:
    others = [one for one in Outcome if one is not outcome]
    term = exactly("outcome", outcome.value)
    assert matches(term, record(outcome=outcome))
    assert not any(matches(term, record(outcome=other)) for other in others)


def test_a_word_that_no_outcome_has_does_not_ask_for_outcomes() -> None:
    assert not parse_filter("slow").uses_outcomes
    assert parse_filter("slow").needed == ("slow",)
    assert parse_filter("running").uses_outcomes


@pytest.mark.parametrize(
    ("expression", "problem"),
    [
        ("outcome=running", "Outcomes are unknown, cancelled cleanly, still running"),
        ("outcome:", "`outcome:` needs a value"),
        ("outcome>5", "outcome:5 or outcome=5"),
        ("colour:red", "reason, outcome, type"),
        ("outcome:/[/", "not a regular expression"),
    ],
)
def test_what_is_wrong_is_said(expression: str, problem: str) -> None:
    with pytest.raises(FilterError, match=problem):
        parse_filter(expression)


def test_the_field_and_its_values_are_completed() -> None:
    assert completions("out", 3, lambda _: []).texts == ["outcome:"]
    values = seen_values("outcome", [])
    assert values == [outcome.value for outcome in Outcome]
    assert completions("outcome:can", 11, lambda _: values).texts == ['outcome:"cancelled cleanly"']
    assert completions("outcome=unk", 11, lambda _: values).texts == ["outcome=unknown"]
