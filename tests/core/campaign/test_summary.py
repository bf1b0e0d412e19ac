from __future__ import annotations

import re
from collections import Counter
from enum import Enum
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitorapp.core.campaign.summary import CampaignCounts, CampaignSummary, ServerCounts


def summary(
    server: tuple[int, int, int, int] | None = (50, 20, 30, 30), **counts: Any
) -> CampaignSummary:
    """Return a summary; the server's counts are reached, answered, interrupted, recorded."""
    usual = {"planned": 50, "asked": 50, "answered": 20, "interrupted": 30}
    names = ("reached", "answered", "interrupted", "recorded")
    return CampaignSummary(
        counts=CampaignCounts(**{**usual, **counts}),
        server=None if server is None else ServerCounts(**dict(zip(names, server, strict=True))),
        agent="monitorapp-client/1",
        seed=7,
    )


def test_agreement_is_said() -> None:
    agreed = summary()
    assert agreed.agrees
    assert agreed.is_settled
    assert agreed.lines() == [
        "Asked 50: 20 answered, 30 interrupted.",
        "The server recorded 30 interrupted responses: it agrees.",
        "Seed 7.",
    ]


def test_what_the_server_ended_itself_is_recorded_too() -> None:
    agreed = summary(interrupted=28, dropped=2)
    assert agreed.agrees
    assert "2 ended by the server without an answer." in agreed.lines()


def test_failures_and_what_was_not_sent_are_said() -> None:
    lines = summary(
        (1, 0, 1, 1),
        asked=1,
        answered=0,
        interrupted=1,
        failed=9,
        problem="Connection refused.",
    ).lines()
    assert lines[1] == "The server recorded 1 interrupted response: it agrees."
    assert lines[2] == "9 failed to connect: Connection refused."
    assert lines[3] == "40 not sent any more."


def test_answers_that_crossed_with_a_leaving_client_are_no_disagreement() -> None:
    crossed = summary((50, 22, 28, 28))
    assert crossed.agrees
    assert crossed.lines()[1] == (
        "The server recorded 28 interrupted responses and answered 22, 2 of them while the client"
        " was leaving: it agrees."
    )


def test_what_was_never_read_is_distinguished() -> None:
    early = summary((230, 0, 230, 230), planned=252, asked=252, answered=0, interrupted=252)
    assert early.agrees
    assert not early.is_settled
    assert early.lines()[:3] == [
        "Asked 252: 0 answered, 252 interrupted.",
        "230 reached the server, 22 left before their request was read.",
        "The server recorded 230 interrupted responses: it agrees.",
    ]


def test_of_unread_requests_it_is_not_said_who_ended_them_unless_that_is_known() -> None:
    dropped = summary((40, 20, 20, 20), interrupted=20, dropped=10)
    assert dropped.agrees
    assert "40 reached the server, 10 ended before their request was read." in dropped.lines()


@pytest.mark.parametrize(
    ("server", "differences"),
    [
        ((50, 20, 30, 28), "2 interrupted ones have no record: the resource logs no interruption."),
        ((50, 20, 29, 29), "1 request still waits there."),
        ((50, 19, 31, 31), "It answered only 19."),
        ((51, 20, 31, 31), "1 request more than that reached it."),
        ((50, 20, 30, 31), "1 record is of requests that were not interrupted."),
        (
            (50, 20, 28, 27),
            "2 requests still wait there. 1 interrupted one has no record: the resource logs no"
            " interruption.",
        ),
    ],
)
def test_disagreement_is_said_with_what_makes_it(
    server: tuple[int, int, int, int], differences: str
) -> None:
    disagreed = summary(server)
    assert not disagreed.agrees
    assert not disagreed.is_settled
    assert disagreed.lines()[1].endswith(f": it does not agree. {differences}")


def test_of_another_host_nothing_is_compared() -> None:
    other = summary(None)
    assert not other.agrees
    assert other.is_settled
    assert "Another host: nothing is recorded here." in other.lines()


def test_what_stands_open_is_waiting() -> None:
    counts = CampaignCounts(planned=9, asked=6, answered=1, interrupted=2, dropped=1, failed=2)
    assert (counts.waiting, counts.ended) == (2, 6)


class Fate(Enum):
    """What became of one request, for its client and for the server."""

    ANSWERED = ("answered", "answered")
    CROSSED = ("interrupted", "answered")
    LOST_ON_ITS_WAY = ("dropped", "answered")
    GAVE_UP = ("interrupted", "recorded")
    DROPPED = ("dropped", "recorded")
    GAVE_UP_UNREAD = ("interrupted", "unread")
    DROPPED_UNREAD = ("dropped", "unread")
    UNRECORDED = ("interrupted", "unrecorded")
    UNNOTICED = ("interrupted", "waiting")


ODD = [Fate.UNRECORDED, Fate.UNNOTICED]
AGREEING = st.sampled_from([fate for fate in Fate if fate not in ODD])


def summary_of(fates: list[Fate]) -> CampaignSummary:
    clients = Counter(fate.value[0] for fate in fates)
    server = Counter(fate.value[1] for fate in fates)
    return CampaignSummary(
        counts=CampaignCounts(
            planned=len(fates),
            asked=len(fates),
            answered=clients["answered"],
            interrupted=clients["interrupted"],
            dropped=clients["dropped"],
        ),
        server=ServerCounts(
            reached=len(fates) - server["unread"],
            answered=server["answered"],
            interrupted=server["recorded"] + server["unrecorded"],
            recorded=server["recorded"],
        ),
        agent="monitorapp-client/1",
        seed=7,
    )


def numbers(line: str) -> list[int]:
    return [int(digits.replace(",", "")) for digits in re.findall(r"\d[\d,]*", line)]


@given(st.lists(AGREEING, max_size=30))
def test_what_both_sides_can_explain_agrees_and_adds_up(fates: list[Fate]) -> None:
    made = summary_of(fates)
    unread = sum(fate in (Fate.GAVE_UP_UNREAD, Fate.DROPPED_UNREAD) for fate in fates)
    assert made.agrees
    assert made.unread == unread
    assert made.is_settled == (unread == 0)
    asked, answered, interrupted = numbers(made.lines()[0])
    assert asked == answered + interrupted + made.counts.dropped
    assert asked == made.server.reached + unread if made.server else False
    reported = [line for line in made.lines() if "reached the server" in line]
    assert [numbers(line) for line in reported] == ([[asked - unread, unread]] if unread else [])
    verdict = next(line for line in made.lines() if "recorded" in line)
    recorded, *crossed = numbers(verdict)
    server_answered = crossed[0] if crossed else answered
    assert recorded + server_answered == asked - unread
    assert (crossed[1] if crossed else 0) == server_answered - answered


@given(
    st.lists(st.sampled_from(Fate), max_size=30),
    st.sampled_from(ODD),
)
def test_what_only_the_client_knows_of_is_a_disagreement_with_its_reason(
    fates: list[Fate], odd: Fate
) -> None:
    made = summary_of([*fates, odd])
    assert not made.agrees
    verdict = next(line for line in made.lines() if "recorded" in line)
    unrecorded, unnoticed = (
        [*fates, odd].count(each) for each in (Fate.UNRECORDED, Fate.UNNOTICED)
    )
    assert ("no record" in verdict) == bool(unrecorded)
    assert ("there." in verdict) == bool(unnoticed)
    assert numbers(verdict)[1:] == [count for count in (unnoticed, unrecorded) if count]


few = st.integers(0, 3)


@given(few, few, few, few, few, few, few)
def test_whatever_is_counted_is_said_and_each_disagreement_has_a_reason(
    answered: int,
    interrupted: int,
    dropped: int,
    server_answered: int,
    server_interrupted: int,
    recorded: int,
    waiting: int,
) -> None:
    asked = answered + interrupted + dropped
    made = summary(
        (
            server_answered + server_interrupted + waiting,
            server_answered,
            server_interrupted,
            recorded,
        ),
        planned=asked,
        asked=asked,
        answered=answered,
        interrupted=interrupted,
        dropped=dropped,
    )
    text = "\n".join(made.lines())
    assert ("it agrees." in text) == made.agrees
    assert bool(re.search(r"does not agree\. (\d|It)", text)) == (not made.agrees)
