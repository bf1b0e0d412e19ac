from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitorapp.core.record.interruption import Interruption
from monitorapp.core.records.store import InterruptionStore
from tests.factory import record

STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("add"), st.just(0)),
        st.tuples(st.just("clear"), st.just(0)),
        st.tuples(st.just("undo"), st.just(0)),
        st.tuples(st.just("earlier"), st.integers(0, 20)),
        st.tuples(st.just("star"), st.integers(0, 20)),
        st.tuples(st.just("unstar"), st.integers(0, 20)),
    ),
    max_size=60,
)


class Plain:
    """What a store keeps, the slow way."""

    def __init__(self, keep: int) -> None:
        self.keep = keep
        self.kept: list[int] = []
        self.newest: list[int] = []
        self.stars: set[int] = set()
        self.cleared: list[int] = []  # with what stayed of it
        self.has_cleared = False

    @property
    def undoable(self) -> list[int]:
        return [one for one in self.cleared if one not in self.kept]

    def add(self, number: int) -> None:
        self.newest = [*self.newest, number][-self.keep :]
        self.kept.append(number)
        self._drop()

    def add_earlier(self, numbers: list[int]) -> None:
        room = 0 if self.has_cleared else self.keep - len(self.newest)
        fitting = numbers[-room:] if room else []
        starred = [one for one in numbers if one in self.stars and one not in fitting]
        old = len(self.kept) - len(self.newest)
        self.kept[old:old] = fitting
        self.newest[:0] = fitting
        self.kept[:0] = starred

    def clear(self) -> None:
        self._drop()
        self.has_cleared = True
        if all(one in self.stars for one in self.kept):
            return
        self.cleared = self.kept
        self.kept = [one for one in self.kept if one in self.stars]
        self.newest = []
        self._drop()

    def undo(self) -> None:
        older = [one for one in self.kept if one not in self.newest and one not in self.cleared]
        if self.undoable:
            self.kept = older + self.cleared + self.newest
            self.newest = self.cleared + self.newest
        self.cleared = []
        self.has_cleared = False

    def _drop(self) -> None:
        stayed = [one for one in self.cleared if one in self.kept]
        self.kept = [one for one in self.kept if one in self.newest or one in self.stars]
        lost = [one for one in stayed if one not in self.kept]
        self.cleared = [one for one in self.cleared if one not in lost]
        room = self.keep - len(self.newest)
        self.cleared = self.cleared[-room:] if room else []


@given(st.integers(1, 5), STEPS)
def test_it_keeps_the_newest_and_the_starred_and_tells_each_change(
    keep: int, steps: list[tuple[str, int]]
) -> None:
    store = InterruptionStore(keep)
    reported: list[int] = []  # what a mere listener knows
    earlier: set[int] = set()

    def evict(evicted: Interruption) -> None:
        assert evicted.number not in [one.number for one in store]
        reported.remove(evicted.number)

    store.added.connect(lambda added: reported.append(added.number))
    store.evicted.connect(evict)
    store.cleared.connect(reported.clear)
    store.preceded.connect(lambda: reported.__setitem__(slice(None), [x.number for x in store]))
    plain = Plain(keep)
    for number, (step, argument) in enumerate(steps):
        records = list(store)
        if step == "add":
            store.add(record(number=number))
            plain.add(number)
        elif step == "clear":
            gone = [one for one in plain.kept if one not in plain.stars]
            plain.clear()
            assert store.clear() <= len(gone)
        elif step == "undo":
            undoable = len(plain.undoable)
            assert store.undo_clear() == undoable
            plain.undo()
        elif step == "earlier":
            some = [record(number=-10 * number - one) for one in range(1, argument % 4 + 1)]
            for one in some[::2]:
                store.stars.set_starred(one, True)
                plain.stars.add(one.number)
            earlier |= {one.number for one in some}
            store.add_earlier(some)
            plain.add_earlier([one.number for one in some])
        elif records:
            chosen = records[argument % len(records)]
            store.stars.set_starred(chosen, step == "star")
            (plain.stars.add if step == "star" else plain.stars.discard)(chosen.number)
        assert [kept.number for kept in store] == plain.kept
        assert [kept.number for kept in reversed(store)] == plain.kept[::-1]
        assert len(store) == len(plain.kept)
        assert reported == plain.kept
        assert store.undoable == len(plain.undoable)
        for one in store:
            assert (one in store.earlier) == (one.number in earlier)
        known = {one for one in (*plain.kept, *plain.undoable) if one in earlier}
        assert len(store.earlier) == len(known)


def test_without_stars_the_oldest_goes_first_and_clearing_is_reported_once() -> None:
    store = InterruptionStore(2)
    reported: list[str] = []
    store.added.connect(lambda added: reported.append(f"added {added.number}"))
    store.evicted.connect(lambda evicted: reported.append(f"evicted {evicted.number}"))
    store.cleared.connect(lambda: reported.append("cleared"))
    for number in (1, 2, 3):
        store.add(record(number=number))
    store.clear()
    assert reported == ["added 1", "added 2", "evicted 1", "added 3", "cleared"]


def test_a_star_can_be_taken_from_what_was_read_of_a_file() -> None:
    store = InterruptionStore(1)
    store.add(record(number=1))
    store.stars.set_starred(record(number=1), True)
    store.add(record(number=2))
    assert [one.number for one in store] == [1, 2]
    store.stars.set_starred(record(number=1), False)
    store.add(record(number=3))
    assert [one.number for one in store] == [3]


def test_a_star_is_that_of_one_record_and_is_reported_when_it_changes() -> None:
    store = InterruptionStore()
    one, other, again = record(), record(number=2), record()
    reported: list[tuple[Interruption, bool]] = []
    store.stars.changed.connect(lambda changed, starred: reported.append((changed, starred)))
    store.stars.set_starred(one, True)
    store.stars.set_starred(one, True)
    assert one in store.stars
    assert other not in store.stars
    assert again in store.stars  # it was read another time
    assert len(store.stars) == 1
    store.stars.set_starred(one, False)
    assert reported == [(one, True), (one, False)]


@pytest.mark.parametrize("keep", [0, -1])
def test_a_store_that_keeps_nothing_is_refused(keep: int) -> None:
    with pytest.raises(ValueError, match="At least 1"):
        InterruptionStore(keep)


def test_earlier_ones_come_before_all_others_as_far_as_there_is_room() -> None:
    store = InterruptionStore(4)
    told: list[int] = []
    store.preceded.connect(lambda: told.append(len(store)))
    store.add(record(number=8))
    store.add_earlier([])
    store.add_earlier([record(number=number) for number in (5, 6, 7)])
    assert [one.number for one in store] == [5, 6, 7, 8]
    store.add_earlier([record(number=4)])
    store.add(record(number=9))
    assert [one.number for one in store] == [6, 7, 8, 9]
    assert told == [4]
    store = InterruptionStore(2)
    store.add(record(number=3))
    store.add_earlier([record(number=1), record(number=2)])
    assert [one.number for one in store] == [2, 3]
