from __future__ import annotations

from collections.abc import Generator

from hypothesis import given
from hypothesis import strategies as st

from monitorapp.core.filter.language import parse_filter
from monitorapp.core.record.identity import RequestId
from monitorapp.core.record.interruption import Interruption
from monitorapp.core.record.outcome import Outcome, RequestOutcome
from monitorapp.core.record.searched_text import searched_text
from monitorapp.core.records.matching import Interruptions, SearchIndex
from monitorapp.core.records.outcomes import Outcomes
from monitorapp.core.records.store import InterruptionStore
from tests.factory import record


@given(
    st.lists(st.sampled_from(["slow", "fast", "clear", "filter"]), max_size=40),
    st.integers(1, 6),
)
def test_what_matches_is_notified_of_whatever_comes_and_goes(steps: list[str], keep: int) -> None:
    store = InterruptionStore(keep)
    index = SearchIndex(store)
    reported: list[Interruption] = []

    def listen() -> None:
        matching = index.matching(parse_filter("/slow"))
        reported[:] = matching
        matching.added.connect(reported.append)
        matching.evicted.connect(lambda gone: reported.remove(gone))
        matching.cleared.connect(reported.clear)

    listen()
    for number, step in enumerate(steps):
        if step == "clear":
            store.clear()
        elif step == "filter":
            listen()
        else:
            store.add(record(number=number, uri=f"/{step}"))
        assert reported == [one for one in store if one.uri == "/slow"]


def test_without_a_filter_the_store_itself_is_shown() -> None:
    store = InterruptionStore(2)
    index = SearchIndex(store)
    before = index.matching(parse_filter("/slow"))
    assert index.matching(parse_filter(" ")) is store
    store.add(record(uri="/slow"))
    assert list(before) == []  # it is no longer kept up


@given(
    st.lists(
        st.sampled_from(["slow", "fast", "clear", "undo", "earlier", "star", "unstar"]), max_size=40
    ),
    st.integers(1, 6),
)
def test_what_matches_is_right_with_starred_rows_too(steps: list[str], keep: int) -> None:
    store = InterruptionStore(keep)
    index = SearchIndex(store)
    reported: list[Interruption] = []
    matching: Interruptions = store

    def listen() -> None:
        nonlocal matching
        matching = index.matching(parse_filter("/slow"))
        reported[:] = matching
        matching.added.connect(reported.append)
        matching.evicted.connect(lambda gone: reported.remove(gone))
        matching.cleared.connect(reported.clear)

    store.preceded.connect(listen)
    listen()
    for number, step in enumerate(steps):
        if step == "clear":
            store.clear()
        elif step == "undo":
            store.undo_clear()
        elif step == "earlier":
            store.add_earlier([record(number=number, uri=uri) for uri in ("/slow", "/fast")])
        elif step in ("slow", "fast"):
            store.add(record(number=number, uri=f"/{step}"))
        elif len(store):
            chosen = list(store)[number % len(store)]
            store.stars.set_starred(chosen, step == "star")
        assert reported == list(matching) == [one for one in store if one.uri == "/slow"]
        assert matching.earlier is store.earlier
    assert list(index.matching(parse_filter("is:starred"))) == [
        one for one in store if one in store.stars
    ]
    assert list(index.matching(parse_filter("-is:starred /fast"))) == [
        one for one in store if one not in store.stars and one.uri == "/fast"
    ]


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["add", "note", "note", "search"]),
            st.integers(0, 5),
            st.sampled_from(Outcome),
        ),
        max_size=40,
    ),
    st.integers(1, 6),
    st.sampled_from(["outcome:running", "-outcome:cancelled", "running", "slow"]),
)
def test_rows_come_and_go_as_their_outcomes_become_known(
    steps: list[tuple[str, int, Outcome]], keep: int, expression: str
) -> None:
    store = InterruptionStore(keep)
    store.outcomes = Outcomes()  # of more requests than there are records
    index = SearchIndex(store)
    reported: list[Interruption] = []
    wanted = parse_filter(expression)
    searches: list[Generator[float, None, None]] = []

    def listen() -> None:
        matching = index.current
        reported[:] = matching
        matching.added.connect(reported.append)
        matching.evicted.connect(lambda gone: reported.remove(gone))

    index.matching(wanted)
    listen()
    for number, (step, ago, outcome) in enumerate(steps):
        if step == "add":
            store.add(record(number=number, request_number=number, uri="/slow"))
        elif step == "note":
            store.outcomes.note(RequestId("a-process", number - ago), RequestOutcome(outcome))
        elif searches:
            list(searches.pop())
            listen()
        else:  # what changes until its end is heeded, too
            searches.append(index.search(wanted))
            if next(searches[0], None) is None:
                searches.clear()
                listen()
        matching = [
            one
            for one in store
            if wanted.matches(one, searched_text(one), (), store.outcomes.words_of)
        ]
        assert sorted(reported, key=list(store).index) == matching


def test_a_filter_that_needs_no_outcomes_does_not_look_at_them() -> None:
    store = InterruptionStore()
    index = SearchIndex(store)
    for number in range(3):
        store.add(record(number=number, request_number=number, uri="/slow"))
    for expression in ("", "slow", "path:/slow waited>0"):
        index.matching(parse_filter(expression))
        store.outcomes.note(RequestId("a-process", 1), RequestOutcome(Outcome.CANCELLED))
        assert index._of_requests is None


def test_an_outcome_that_changes_while_others_are_searched_is_heeded() -> None:
    store = InterruptionStore()
    index = SearchIndex(store)
    for number in (1, 2):
        store.add(record(number=number, request_number=number))
        store.outcomes.note(RequestId("a-process", number), RequestOutcome(Outcome.RUNNING))
    search = index.search(parse_filter("outcome:running"))
    next(search)
    store.outcomes.note(RequestId("a-process", 1), RequestOutcome(Outcome.CANCELLED))
    assert index.current is store
    list(search)
    assert [one.number for one in index.current] == [2]
