from __future__ import annotations

from typing import Any

import pytest

from monitorapp.core.campaign.summary import CampaignCounts, CampaignSummary, ServerCounts


def summary(recorded: int | None, server_answered: int = 20, **counts: Any) -> CampaignSummary:
    usual = {"planned": 50, "asked": 50, "answered": 20, "interrupted": 30}
    return CampaignSummary(
        counts=CampaignCounts(**{**usual, **counts}),
        server=None
        if recorded is None
        else ServerCounts(recorded=recorded, answered=server_answered),
        agent="monitorapp-client/1",
        seed=7,
    )


def test_agreement_is_said() -> None:
    agreed = summary(30)
    assert agreed.agrees
    assert agreed.lines() == [
        "Asked 50: 20 answered, 30 interrupted.",
        "The server recorded 30 interrupted responses: it agrees.",
        "Seed 7.",
    ]


def test_what_the_server_ended_itself_is_recorded_too() -> None:
    agreed = summary(30, interrupted=28, dropped=2)
    assert agreed.agrees
    assert "2 ended by the server without an answer." in agreed.lines()


def test_failures_and_what_was_not_sent_are_told() -> None:
    lines = summary(
        1, asked=1, answered=0, interrupted=1, failed=9, problem="Connection refused."
    ).lines()
    assert lines[1] == "The server recorded 1 interrupted response: it agrees."
    assert lines[2] == "9 failed to connect: Connection refused."
    assert lines[3] == "40 not sent any more."


@pytest.mark.parametrize(
    ("recorded", "server_answered", "said", "unsaid"),
    [
        (28, 20, "2 fewer than that: it does not agree. A request that is reset", "Meanwhile"),
        (28, 21, "Meanwhile it answered 21, 1 of them perhaps", "it agrees"),
        (28, 99, "Meanwhile it answered 99, 2 of them perhaps", "it agrees"),
        (31, 20, "31 interrupted responses, 1 more than that: it does not agree.", "no trace"),
    ],
)
def test_disagreement_is_said_with_what_may_explain_it(
    recorded: int, server_answered: int, said: str, unsaid: str
) -> None:
    disagreed = summary(recorded, server_answered)
    assert not disagreed.agrees
    text = "\n".join(disagreed.lines())
    assert said in text
    assert unsaid not in text


def test_answers_that_crossed_with_a_leaving_client_are_no_disagreement() -> None:
    crossed = summary(28, 22)
    assert crossed.agrees
    assert crossed.lines()[1] == (
        "The server recorded 28 interrupted responses and answered 22, 2 of them while the client"
        " was leaving: it agrees."
    )


def test_of_another_host_nothing_is_compared() -> None:
    other = summary(None)
    assert not other.agrees
    assert "Another host: nothing is recorded here." in other.lines()


def test_what_stands_open_is_waiting() -> None:
    counts = CampaignCounts(planned=9, asked=6, answered=1, interrupted=2, dropped=1, failed=2)
    assert (counts.waiting, counts.ended) == (2, 6)
