from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from monitorapp.core.filter.language import parse_filter
from monitorapp.core.record.interruption import Interruption
from monitorapp.core.records.matching import Interruptions, SearchIndex
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
