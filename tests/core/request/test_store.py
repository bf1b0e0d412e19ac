from __future__ import annotations

from monitorapp.core.request.columns import MOST_ROWS, EndColumns
from monitorapp.core.request.store import GATHERED, EndStore, merged
from tests.core.request.ends import end


def numbers(blocks: list[EndColumns]) -> list[int]:
    return [number for block in blocks for number in block.bytes_written]


def add(store: EndStore, first: int, end_: int) -> None:
    for number in range(first, end_):
        store.add(end(bytes_written=number))


def test_what_ends_is_kept_and_reported_in_batches() -> None:
    store = EndStore()
    reported: list[EndColumns] = []
    store.gathered.connect(reported.append)
    add(store, 0, GATHERED + 5)
    assert [len(rows) for rows in reported] == [GATHERED]
    assert len(store) == store.changes == GATHERED + 5
    assert numbers(store.blocks()) == [*range(GATHERED + 5)]
    assert [len(rows) for rows in reported] == [GATHERED, 5]
    store.gather()
    assert len(reported) == 2
    assert numbers(reported) == [*range(GATHERED + 5)]


def test_the_newest_are_kept() -> None:
    store = EndStore(keep=2 * MOST_ROWS)
    add(store, 0, 5 * MOST_ROWS)
    kept = numbers(store.blocks())
    assert 2 * MOST_ROWS <= len(kept) <= 3 * MOST_ROWS
    assert kept == [*range(5 * MOST_ROWS - len(kept), 5 * MOST_ROWS)]
    assert len(store) + store.left_out == 5 * MOST_ROWS


def test_what_was_returned_does_not_change() -> None:
    store = EndStore()
    add(store, 0, 10)
    before = store.blocks()
    add(store, 10, 20)
    store.gather()
    assert numbers(before) == [*range(10)]


def test_earlier_ones_come_first() -> None:
    earlier, store = EndStore(), EndStore()
    add(earlier, 0, 10)
    add(store, 10, 20)
    changes = store.changes
    store.add_earlier(earlier.blocks(), 7)
    assert numbers(store.blocks()) == [*range(20)]
    assert (len(store), store.left_out) == (20, 7)
    assert store.changes > changes


def test_small_blocks_become_few() -> None:
    blocks = []
    for number in range(500):
        store = EndStore()
        add(store, number * 50, (number + 1) * 50)
        blocks += store.blocks()
    found = merged(blocks)
    assert numbers(found) == [*range(25_000)]
    assert len(found) == 2
