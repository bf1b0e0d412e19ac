from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitorapp.core.record.identity import RequestId
from monitorapp.core.record.interruption import Interruption
from monitorapp.core.record.outcome import Outcome, RequestOutcome, explain_outcome
from monitorapp.core.records.outcomes import Outcomes
from tests.factory import record

requests = st.builds(RequestId, st.sampled_from(["a", "b"]), st.integers(1, 5))
outcomes = st.builds(RequestOutcome, st.sampled_from(Outcome), st.sampled_from([0.0, 1.5]))


def record_of(request: RequestId) -> Interruption:
    return record(origin=request.origin, request_number=request.number)


def request(number: int) -> RequestId:
    return RequestId("a-process", number)


@given(st.lists(st.tuples(requests, outcomes), max_size=30), st.integers(1, 10))
def test_the_newest_outcomes_are_kept_and_all_are_counted(
    notes: list[tuple[RequestId, RequestOutcome]], keep: int
) -> None:
    known = Outcomes(keep)
    kept: dict[RequestId, RequestOutcome] = {}
    counts = dict.fromkeys(Outcome, 0)
    changed: list[RequestId] = []
    known.changed.connect(changed.append)
    changes = []
    for of, outcome in notes:
        if of in kept:
            counts[kept[of].outcome] -= 1
            changes.append(of)
        elif len(kept) == keep:
            del kept[next(iter(kept))]
        kept[of] = outcome
        counts[outcome.outcome] += 1
        known.note(of, outcome)
    everybody = [RequestId(origin, number) for origin in "ab" for number in range(1, 6)]
    assert [known.of(record_of(one)) for one in everybody] == [kept.get(one) for one in everybody]
    assert len(known) == len(kept)
    assert {outcome: known.count(outcome) for outcome in Outcome} == counts
    assert changed == changes


def test_a_change_is_reported_after_it() -> None:
    outcomes, seen = Outcomes(), []
    outcomes.changed.connect(
        lambda changed: seen.append((changed, outcomes.of(record_of(changed))))
    )
    outcomes.note(request(7), RequestOutcome(Outcome.WENT_ON))
    outcomes.note(request(7), RequestOutcome(Outcome.WENT_ON, 2.0))
    assert seen == [(request(7), RequestOutcome(Outcome.WENT_ON, 2.0))]


def test_a_request_of_another_process_or_of_none_has_no_outcome() -> None:
    outcomes = Outcomes()
    outcomes.note(request(1), RequestOutcome(Outcome.CANCELLED))
    assert outcomes.of(record_of(RequestId("another-process", 1))) is None
    assert outcomes.of(record_of(RequestId("", 1))) is None


def test_keeping_none_is_refused() -> None:
    with pytest.raises(ValueError, match="At least 1 outcome"):
        Outcomes(keep=0)


@pytest.mark.parametrize(
    ("known", "text", "explained"),
    [
        (RequestOutcome(Outcome.CANCELLED), "cancelled cleanly", "was cancelled"),
        (RequestOutcome(Outcome.RUNNING), "still running", "still running for nobody"),
        (
            RequestOutcome(Outcome.RUNNING).as_written,
            "still running when last seen",
            "was still running for nobody when it was last seen",
        ),
        (RequestOutcome(Outcome.WENT_ON), "kept running, 0.000 s", "kept running for nobody"),
        (
            RequestOutcome(Outcome.WENT_ON, 2.0),
            "kept running, 2.000 s",
            "kept running for nobody, for 2.000",
        ),
        (
            RequestOutcome(Outcome.CRASHED, 2.0),
            "finished after disconnect, 2.000 s",
            "request 12 was finished 2.000",
        ),
        (RequestOutcome(Outcome.UNKNOWN), "unknown", "nothing has been seen"),
        (None, "", "not recorded"),
    ],
)
def test_outcomes_are_explained(known: RequestOutcome | None, text: str, explained: str) -> None:
    assert (known.text if known else "") == text
    assert explained in explain_outcome(known, 12)


def test_a_record_has_its_own_outcome_until_more_is_known() -> None:
    outcomes = Outcomes()
    read = record(outcome=Outcome.LAST_SEEN_RUNNING)
    assert outcomes.of(read) == RequestOutcome(Outcome.LAST_SEEN_RUNNING)
    assert outcomes.words_of(read) == "still running when last seen"
    assert outcomes.applied(read) is read
    assert outcomes.words_of(record()) == ""
    outcomes.note(read.identity, RequestOutcome(Outcome.RUNNING))
    assert outcomes.of(read) == RequestOutcome(Outcome.RUNNING)
    assert outcomes.applied(record()) == record(outcome=Outcome.RUNNING)
    assert outcomes.written(record()) == read
    outcomes.note(read.identity, RequestOutcome(Outcome.WENT_ON, 3.0))
    assert outcomes.written(read) == record(outcome=Outcome.WENT_ON, wasted_s=3.0)
