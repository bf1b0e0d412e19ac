from __future__ import annotations

import statistics

from hypothesis import given
from hypothesis import strategies as st

from monitorapp.core.record.interruption import Interruption
from monitorapp.core.record.reason import Reason
from monitorapp.core.records.groups import BUCKET_S, BUCKETS, Grouping, Groups
from monitorapp.core.records.store import InterruptionStore
from tests.factory import record

some_records = st.builds(
    lambda uri, client, waited_s, reason, time_s: record(
        uri=uri, client=f"10.0.0.{client}:5", waited_s=waited_s, reason=reason, time_s=time_s
    ),
    st.sampled_from(["/a", "/a?x", "/b"]),
    st.integers(1, 3),
    st.none() | st.floats(0, 9),
    st.sampled_from([Reason.CLOSED, Reason.RESET]),
    st.floats(0, 100),
)


@given(
    st.lists(some_records, max_size=40),
    st.none() | st.integers(0, 40),
    st.lists(some_records, max_size=5),
    st.integers(1, 15),
    st.sampled_from(Grouping),
)
def test_groups_are_those_of_what_is_kept(
    added: list[Interruption],
    cleared_at: int | None,
    before: list[Interruption],
    keep: int,
    grouping: Grouping,
) -> None:
    store = InterruptionStore(keep)
    for one in before:
        store.add(one)
    groups = Groups(store, grouping)
    for place, one in enumerate(added):
        if place == cleared_at:
            store.clear()
        store.add(one)
    expected: dict[tuple[str, ...], list[Interruption]] = {}
    for one in store:
        expected.setdefault(grouping.key(one), []).append(one)
    assert {group.key: list(group.interruptions) for group in groups} == expected
    for group in groups:
        mine = expected[group.key]
        waited_s = [one.waited_s for one in mine if one.waited_s is not None]
        assert group.median_s == (statistics.median(waited_s) if waited_s else None)
        assert group.largest_s == max(waited_s, default=None)
        assert (group.first_s, group.last_s) == (mine[0].time_s, mine[-1].time_s)
        assert sum(group.course(100.0)) == len(mine)


def test_a_course_has_the_last_minutes() -> None:
    store = InterruptionStore()
    groups = Groups(store, Grouping.PATH)
    now_s = 100_000.0
    for ago_s in (BUCKET_S * BUCKETS + 1, 59 * BUCKET_S, 5, 4, 0):
        store.add(record(time_s=now_s - ago_s))
    (group,) = groups
    course = group.course(now_s)
    assert len(course) == BUCKETS
    assert (course[0], sum(course)) == (1, 4)
    assert course[-2:] == [2, 1]


def test_a_group_whose_last_one_goes_is_left_out_and_stays_as_it_was() -> None:
    store = InterruptionStore(2)
    groups = Groups(store, Grouping.PATH)
    store.add(record(uri="/gone", waited_s=3.0))
    (gone,) = groups
    for _ in range(2):
        store.add(record(uri="/new"))
    assert [group.key for group in groups] == [("/new",)]
    assert (len(gone), gone.newest.path, gone.median_s) == (1, "/gone", 3.0)
    store.clear()
    assert list(groups) == []
    store.add(record(uri="/gone"))
    assert list(groups) != [gone]


def test_after_detaching_nothing_is_heard() -> None:
    store = InterruptionStore()
    groups = Groups(store, Grouping.CLIENT)
    groups.detach()
    store.add(record())
    assert (len(groups), groups.changes) == (0, 0)
