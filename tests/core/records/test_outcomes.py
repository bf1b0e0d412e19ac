from __future__ import annotations

import pytest

from monitorapp.core.record.interruption import RequestFacts
from monitorapp.core.record.outcome import Outcome, RequestOutcome, explain_outcome
from monitorapp.core.records.outcomes import Outcomes


def facts(number: int, began_s: float | None = 10.0) -> RequestFacts:
    return RequestFacts(request_number=number, began_s=began_s)


def test_the_newest_outcomes_are_kept_and_all_are_counted() -> None:
    outcomes = Outcomes(keep=2)
    for number in (1, 2, 3):
        outcomes.note(number, Outcome.CANCELLED, 0.0)
    assert len(outcomes) == 2
    assert outcomes.of(facts(1)) is None
    assert outcomes.of(facts(3)) == RequestOutcome(Outcome.CANCELLED)
    assert outcomes.count(Outcome.CANCELLED) == 3


def test_answered_requests_are_only_counted() -> None:
    outcomes = Outcomes()
    outcomes.note(1, Outcome.ANSWERED, 0.0)
    assert len(outcomes) == 0
    assert outcomes.count(Outcome.ANSWERED) == 1


def test_a_change_is_told_after_it() -> None:
    outcomes, seen = Outcomes(), []
    outcomes.changed.connect(lambda number: seen.append(outcomes.of(facts(number))))
    outcomes.note(7, Outcome.WENT_ON, 0.0)
    outcomes.note(7, Outcome.WENT_ON, 2.0)
    assert seen == [RequestOutcome(Outcome.WENT_ON, 2.0)]


@pytest.mark.parametrize("began_s", [None, 9.9])
def test_a_record_of_another_run_has_no_outcome(began_s: float | None) -> None:
    outcomes = Outcomes(since_s=10.0)
    outcomes.note(1, Outcome.CANCELLED, 0.0)
    assert outcomes.of(facts(1, began_s)) is None
    assert outcomes.of(facts(1)) is not None


def test_keeping_none_is_refused() -> None:
    with pytest.raises(ValueError, match="At least 1 outcome"):
        Outcomes(keep=0)


@pytest.mark.parametrize(
    ("known", "text", "explained"),
    [
        (RequestOutcome(Outcome.CANCELLED), "cancelled cleanly", "was cancelled"),
        (RequestOutcome(Outcome.WENT_ON), "goes on", "goes on for nobody"),
        (RequestOutcome(Outcome.WENT_ON, 2.0), "went on, 2.000 s", "went on for nobody, for 2.000"),
        (RequestOutcome(Outcome.CRASHED, 2.0), "crashed late, 2.000 s", "request 12 crashed 2.000"),
        (RequestOutcome(Outcome.UNKNOWN), "unknown", "nothing has been seen"),
        (RequestOutcome(Outcome.ANSWERED), "answered", "answered"),
        (None, "", "did not handle"),
    ],
)
def test_outcomes_are_told_in_words(
    known: RequestOutcome | None, text: str, explained: str
) -> None:
    assert (known.text if known else "") == text
    assert explained in explain_outcome(known, 12)
