from __future__ import annotations

from collections.abc import Callable, Generator
from itertools import count
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitorapp.core.filter.language import parse_filter
from monitorapp.core.records.store import InterruptionStore
from monitorapp.core.source.file import FileSource
from monitorapp.core.source.held import HeldSource
from monitorapp.core.source.live import LiveSource
from monitorapp.core.source.source import Progress, Source
from monitorapp.core.transfer.reading import Imported, ImportFileError
from tests.core.source.histories import write_file
from tests.factory import record

pytestmark = pytest.mark.slow


def test_a_filter_is_in_force_at_once() -> None:
    store = InterruptionStore(9)
    slow, fast = record(uri="/slow"), record(uri="/fast")
    store.add(slow)
    source: Source = LiveSource(store)
    changes: list[int] = []
    source.changed.connect(lambda: changes.append(len(source.records)))
    source.set_filter(parse_filter("slow"))
    assert changes == [1]
    store.add(fast)
    assert list(source.records) == [slow]
    assert source.progress == Progress(1.0)
    assert source.is_live


def test_a_source_that_was_closed_keeps_up_with_no_filter() -> None:
    store = InterruptionStore(9)
    source = HeldSource("Held", store)
    source.set_filter(parse_filter("slow"))
    matching = source.records
    source.close()
    store.add(record(uri="/slow"))
    assert list(matching) == []
    assert source.records is store
    source.set_filter(parse_filter("slow"))
    assert len(source.records) == 1


def test_stars_change_what_is_shown_only_if_the_filter_asks_for_them() -> None:
    store = InterruptionStore(9)
    store.add(record())
    source = HeldSource("Held", store)
    changes: list[int] = []
    source.changed.connect(lambda: changes.append(len(source.records)))
    (one,) = store
    source.set_filter(parse_filter("is:starred"))
    store.stars.set_starred(one, True)
    source.set_filter(parse_filter(""))
    store.stars.set_starred(one, False)
    source.close()
    store.stars.set_starred(one, True)
    assert changes == [0, 1, 1]


def test_values_are_those_of_all_records() -> None:
    store = InterruptionStore(9)
    for uri in ("/a", "/b", "/b"):
        store.add(record(uri=uri))
    source = HeldSource("Held", store)
    source.set_filter(parse_filter("path:/a"))
    assert source.seen_values("path") == ["/b", "/a"]


# Files


def read(source: FileSource, *paths: Path) -> list[float]:
    return list(source.read([(path, Imported()) for path in paths]))


def test_files_are_read_by_time(tmp_path: Path) -> None:
    paths = [tmp_path / "a.jsonl", tmp_path / "b.jsonl"]
    written = [record(number=number, time_s=1e9 + number % 7) for number in range(500)]
    write_file(paths[0], written[:250])
    write_file(paths[1], written[250:])
    source = FileSource("File: two")
    assert len(source) == 0
    shares = read(source, *paths)
    assert shares == sorted(shares)
    assert 0 <= shares[0] <= shares[-1] <= 1
    assert list(source.records) == sorted(written, key=lambda one: one.time_s)
    assert len(source) == 500
    assert not source.is_live


def test_a_file_that_is_gone_says_so(tmp_path: Path) -> None:
    with pytest.raises(ImportFileError, match="could not be read: No such file"):
        read(FileSource("File: none"), tmp_path / "none")


def test_reading_can_be_cancelled_and_reports_now_and_then(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    write_file(path, [record(number=number) for number in range(1_000)])
    looks: list[int] = []

    def is_cancelled() -> bool:
        looks.append(1)
        return len(looks) > 3

    source = FileSource("File")
    assert len(list(source.read([(path, Imported())], is_cancelled, lambda: 1.0))) == 1
    assert len(looks) == 4
    assert len(source) == 0
    times = iter(range(1_000))
    source = FileSource("File")
    shares = list(source.read([(path, Imported())], clock=lambda: float(next(times))))
    assert len(shares) == 20
    assert len(source) == 1_000


# Searches that take long


class Slices:
    """Goes on with a search when a test says so."""

    def __init__(self) -> None:
        self.work: Generator[object, None, None] | None = None

    def __call__(self, work: Generator[object, None, None]) -> Callable[[], None]:
        self.work = work
        return self.cancel

    def cancel(self) -> None:
        self.work = None

    def go_on(self) -> None:
        """Do one slice."""
        if self.work is not None and next(self.work, None) is None:
            self.work = None

    def end(self) -> None:
        while self.work is not None:
            self.go_on()


class Long:
    """A source of many records, whose clock runs so fast that every search is done in slices."""

    def __init__(self, keep: int = 3_000) -> None:
        self.slices = Slices()
        self.store = InterruptionStore(keep)
        self.number = 0
        self.add(keep)
        self.source = HeldSource("Long", self.store, self.slices, count(step=1.0).__next__)

    def add(self, number: int) -> None:
        for _ in range(number):
            self.number += 1
            self.store.add(record(number=self.number, uri=f"/{self.number % 4}"))

    def numbers(self) -> list[int]:
        return [one.number for one in self.source.records]

    def expected(self, uri: str) -> list[int]:
        return [one.number for one in self.store if one.uri == uri]


def test_a_long_search_goes_on_in_slices_and_shows_what_was_there_until_then() -> None:
    long = Long()
    shares: list[float] = []
    changes: list[int] = []
    long.source.progressed.connect(lambda: shares.append(long.source.progress.share))
    long.source.changed.connect(lambda: changes.append(len(long.source.records)))
    long.source.set_filter(parse_filter("path:/1"))
    assert long.numbers() == list(range(1, 3_001))
    assert changes == []
    long.slices.end()
    assert long.numbers() == long.expected("/1")
    assert changes == [750]
    assert shares == sorted(shares)
    assert shares[0] < 1
    assert shares[-1] == 1


def test_a_search_that_was_begun_anew_or_left_is_at_its_end() -> None:
    long = Long()
    long.source.set_filter(parse_filter("path:/1"))
    long.slices.go_on()
    long.source.set_filter(parse_filter("path:/2"))
    long.add(4)
    long.slices.end()
    assert long.numbers() == long.expected("/2")
    long.source.set_filter(parse_filter("path:/3"))
    long.source.set_filter(parse_filter(""))
    assert long.slices.work is None
    assert long.source.progress == Progress()
    assert len(long.numbers()) == 3_000
    long.source.set_filter(parse_filter("path:/3"))
    long.source.close()
    assert long.slices.work is None
    assert long.source.progress == Progress()


@settings(deadline=None, max_examples=40)
@given(st.lists(st.sampled_from(["add", "star", "clear", "go on", "many"]), max_size=12))
def test_what_comes_and_goes_meanwhile_counts(happenings: list[str]) -> None:
    long = Long(keep=2_500)
    long.source.set_filter(parse_filter("path:/1"))
    for happening in happenings:
        if happening == "add":
            long.add(5)
        elif happening == "many":
            long.add(1_500)
        elif happening == "star":
            long.store.stars.set_starred(next(iter(long.store)), True)
        elif happening == "clear":
            long.store.clear()
            long.add(1)
        else:
            long.slices.go_on()
    long.slices.end()
    assert long.numbers() == long.expected("/1")
    long.add(8)
    assert long.numbers() == long.expected("/1")


def test_what_is_put_before_all_others_is_shown_if_it_matches() -> None:
    store = InterruptionStore(9)
    live = [record(number=3, uri="/slow"), record(number=4, uri="/fast")]
    for one in live:
        store.add(one)
    source = LiveSource(store)
    changes: list[list[int]] = []
    source.changed.connect(lambda: changes.append([one.number for one in source.records]))
    store.add_earlier([record(number=0)])  # nobody has a filter yet
    source.set_filter(parse_filter("slow"))
    store.add_earlier([record(number=1, uri="/slow"), record(number=2, uri="/fast")])
    assert changes == [[0, 3], [1, 0, 3]]
    store.add(record(number=5, uri="/slow"))
    assert [one.number for one in source.records] == [1, 0, 3, 5]
