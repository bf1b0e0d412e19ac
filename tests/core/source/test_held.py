from __future__ import annotations

from pathlib import Path

import pytest

from monitorapp.core.filter.language import parse_filter
from monitorapp.core.records.store import InterruptionStore
from monitorapp.core.source.file import FileSource
from monitorapp.core.source.held import HeldSource
from monitorapp.core.source.live import LiveSource
from monitorapp.core.source.source import Progress, Source
from monitorapp.core.transfer.reading import Imported, ImportFileError
from tests.core.source.histories import write_file
from tests.factory import record


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
