from __future__ import annotations

from typing import Any, NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitorapp.core.campaign import agents
from monitorapp.core.record.interruption import Interruption
from monitorapp.core.record.reason import Reason
from monitorapp.core.records.tries import AGAIN_WITHIN_S, Tries
from monitorapp.core.request.ended import LEFT, RequestEnd
from tests.factory import record


class Headers:
    def __init__(self, agent: str) -> None:
        self._agent = agent.encode()

    def getRawHeaders(self, name: bytes) -> list[bytes] | None:
        return [self._agent] if name == b"User-Agent" and self._agent else None


def ask(tries: Tries, began_s: float, waited_s: float = 1.0, **facts: Any) -> int:
    """Return which try a request was that was given up."""
    facts.setdefault("time_s", began_s + waited_s)
    return tries.count(record(began_s=began_s, waited_s=waited_s, **facts)).tries


def answer(
    tries: Tries, began_s: float, waited_s: float = 1.0, agent: str = "curl/8.0", **facts: Any
) -> None:
    end = RequestEnd(
        origin="a-process",
        number=1,
        method=b"GET",
        uri=b"/slow?x=1",
        version=b"HTTP/1.1",
        host="127.0.0.1",
        port=1,
        headers=Headers(agent),
        began_s=began_s,
        waited_s=waited_s,
        delay_s=None,
        bytes_written=0,
        headers_sent=True,
    )
    tries.note_end(end._replace(**facts))


def test_tries_in_a_row_are_counted() -> None:
    tries = Tries()
    assert [ask(tries, second) for second in (0, 2, 30, 61)] == [1, 2, 3, 4]
    assert ask(tries, 62 + AGAIN_WITHIN_S + 0.1) == 1


def test_other_clients_and_paths_do_not_count() -> None:
    tries = Tries()
    ask(tries, 0)
    assert ask(tries, 2, client="10.0.0.9:1") == 1
    assert ask(tries, 2, uri="/other") == 1
    assert ask(tries, 2, headers=(("User-Agent", "another"),)) == 1
    assert ask(tries, 2, client="127.0.0.1:9", uri="/slow?another=query") == 2


@pytest.mark.parametrize(
    ("spans", "counted"),
    [
        ([(0, 5), (1, 5), (2, 5)], [1, 1, 1]),
        ([(2, 1), (4, 1), (0, 10)], [1, 2, 1]),  # it ended last and began first
        ([(2, 1), (0, 10), (11, 1), (13, 1)], [1, 1, 1, 1]),  # several, from then on
        ([(4, 1), (2, 1), (6, 1)], [1, 1, 2]),  # the record of the second was late
    ],
)
def test_requests_that_overlap_are_no_tries(
    spans: list[tuple[float, float]], counted: list[int]
) -> None:
    tries = Tries()
    assert [ask(tries, began_s, waited_s) for began_s, waited_s in spans] == counted


def test_where_two_overlapped_all_others_may_be_of_several_clients() -> None:
    tries = Tries()
    assert [ask(tries, 0, 5), ask(tries, 2, 5)] == [1, 1]
    assert [ask(tries, second) for second in (10, 12, 14, 3600)] == [1, 1, 1, 1]
    assert [ask(tries, second, uri="/other") for second in (10, 12)] == [1, 2]


@pytest.mark.parametrize(
    ("others", "counted"), [(False, [1, 2, 3]), (True, [1, 1, 1]), (None, [1, 1, 1])]
)
def test_a_request_that_still_waits_overlaps(others: bool | None, counted: list[int]) -> None:
    asked = []

    def overlaps(one: Interruption, host: str, agent: str, before_s: float) -> bool | None:
        asked.append((host, agent, one.path))
        assert before_s < one.time_s
        return others

    tries = Tries(overlaps=overlaps)
    assert [ask(tries, second) for second in (0, 2, 4)] == counted
    assert set(asked) == {("127.0.0.1", "curl/8.0", "/slow")}


def test_an_answer_in_between_ends_the_row() -> None:
    tries = Tries()
    ask(tries, 0)
    answer(tries, 2)
    assert [ask(tries, 4), ask(tries, 6)] == [1, 2]
    answer(tries, 8, agent="another")
    answer(tries, 8, host="10.0.0.9")
    answer(tries, 8, uri=b"/other")
    assert ask(tries, 10) == 3


@pytest.mark.parametrize(("began_s", "waited_s"), [(0.5, 2.0), (-1.0, 10.0)])
def test_a_request_that_was_answered_meanwhile_is_of_another_client(
    began_s: float, waited_s: float
) -> None:
    tries = Tries()
    ask(tries, 0)
    answer(tries, began_s, waited_s)
    assert [ask(tries, 20), ask(tries, 22)] == [1, 1]


def test_a_request_that_overlaps_with_an_answered_one_is_of_another_client() -> None:
    tries = Tries()
    ask(tries, 0)
    answer(tries, 2, 5)
    assert [ask(tries, 4, 10), ask(tries, 20), ask(tries, 22)] == [1, 1, 1]


def test_answers_to_unknown_clients_are_not_remembered() -> None:
    tries = Tries()
    answer(tries, 0)
    assert len(tries) == 0


@pytest.mark.parametrize("reason", [reason for reason in Reason if reason not in LEFT])
def test_what_is_not_the_clients_doing_is_no_try(reason: Reason) -> None:
    tries = Tries()
    ask(tries, 0)
    assert ask(tries, 2, reason=reason) == 1
    assert [ask(tries, 4), ask(tries, 6)] == [1, 2]


@pytest.mark.parametrize("agent", [agents.INTERRUPT_ONE, f"{agents.CAMPAIGN}/0a1b2c3d"])
def test_the_clients_of_this_app_ask_once_each(agent: str) -> None:
    tries = Tries()
    assert [ask(tries, second, headers=(("User-Agent", agent),)) for second in (0, 2)] == [1, 1]


@pytest.mark.parametrize("client", ["", "unix socket", "unix:/run/client"])
def test_where_nothing_tells_clients_apart_nothing_is_counted(client: str) -> None:
    tries = Tries()
    assert [ask(tries, second, client=client) for second in (0, 2)] == [1, 1]


def test_what_may_have_ended_before_is_neither_another_try_nor_another_client() -> None:
    tries = Tries()
    assert ask(tries, 0, 5, late_s=2.0) == 1
    assert ask(tries, 4, 2) == 1  # the first may have ended at 3
    assert ask(tries, 7) == 2
    adjusted = Tries()
    assert ask(adjusted, 0, 30) == 1
    assert ask(adjusted, 29.99, 10) == 1  # the time of day was set back by a little meanwhile
    assert ask(adjusted, 50) == 2


def test_without_a_beginning_the_time_of_the_record_counts() -> None:
    tries = Tries()
    for time_s, expected in ((1.0, 1), (3.0, 2), (3.0 + AGAIN_WITHIN_S + 0.1, 1)):
        one = record(began_s=None, waited_s=None, time_s=time_s)
        assert tries.count(one).tries == expected


def test_only_the_last_are_remembered() -> None:
    tries = Tries(3)
    for number in range(10):
        ask(tries, number, uri=f"/{number}", client=f"10.0.0.{number % 2}:1")
    assert len(tries) == 3
    asked = [ask(tries, 12, uri=uri, client=f"10.0.0.{uri[1:]}:1") for uri in ("/1", "/0")]
    assert asked == [1, 1]
    tries = Tries(3)
    for number in range(10):
        ask(tries, number, uri=f"/{number}")
    assert [ask(tries, 12, uri=uri) for uri in ("/9", "/6")] == [2, 1]


class Asked(NamedTuple):
    """A request, in whole seconds: the order in which such have ended is that of their ends."""

    ended_s: int
    began_s: int
    client: int
    is_answered: bool
    reason: str


def _requests() -> st.SearchStrategy[list[Asked]]:
    one = st.builds(
        lambda began_s, waited_s, client, is_answered, reason: Asked(
            began_s + waited_s, began_s, client, is_answered, reason
        ),
        st.integers(0, 200),
        st.integers(1, 6),
        st.integers(0, 1),
        st.sampled_from([False, False, False, True]),
        st.sampled_from([Reason.CLOSED.value, Reason.RESET.value, Reason.STOPPING.value]),
    )
    return st.lists(one, max_size=25).map(sorted)


def _expected(before: list[Asked], one: Asked) -> int:
    """Return which try a request is, given those of its client that are known, the slow way."""
    known = [*before, one]
    for place, first in enumerate(known):
        for second in known[place + 1 :]:
            if first.began_s < second.ended_s and second.began_s < first.ended_s:
                return 1
    tries = 0
    next_began_s = one.began_s
    for earlier in reversed(known):
        if earlier.is_answered or Reason(earlier.reason) not in LEFT:
            break
        if next_began_s - earlier.ended_s > AGAIN_WITHIN_S:
            break
        tries += 1
        next_began_s = earlier.began_s
    return max(1, tries)


@given(_requests())
def test_it_counts_as_one_would_by_hand(requests: list[Asked]) -> None:
    tries = Tries()
    known: dict[int, list[Asked]] = {}
    for one in requests:
        waited_s = one.ended_s - one.began_s
        before = known.setdefault(one.client, [])
        agent = f"client-{one.client}"
        if one.is_answered:
            answer(tries, one.began_s, waited_s, agent)
            if before:  # nothing else is known of whom nobody has interrupted
                before.append(one)
            continue
        counted = ask(
            tries,
            one.began_s,
            waited_s,
            headers=(("User-Agent", agent),),
            reason=Reason(one.reason),
        )
        assert counted == _expected(before, one)
        before.append(one)
