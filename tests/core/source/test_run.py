from __future__ import annotations

import sys
from collections.abc import Generator
from pathlib import Path
from types import TracebackType
from typing import Any

import pytest

from monitorapp.core.filter.language import parse_filter
from monitorapp.core.history.reader import Part
from monitorapp.core.record.interruption import Interruption
from monitorapp.core.records.stars import Stars
from monitorapp.core.source import run
from monitorapp.core.source.run import Found, RunSource, search_steps
from monitorapp.core.source.source import Progress, Source
from tests.core.source.histories import take_small_steps, write_run
from tests.core.source.threads import Threads
from tests.factory import record


class Watched:
    """A source of a history, whose signals are kept."""

    def __init__(self, path: Path, number: int | None = None, most: int = 100) -> None:
        self.threads = Threads()
        self.source: Source = RunSource(path, number, "Run", self.threads, Stars(), most)
        self.shown: list[list[int]] = []
        self.shares: list[float] = []
        self.problems: list[str] = []
        self.source.changed.connect(lambda: self.shown.append(self.numbers()))
        self.source.progressed.connect(lambda: self.shares.append(self.source.progress.share))
        self.source.failed.connect(self.problems.append)

    def filter(self, expression: str) -> None:
        self.source.set_filter(parse_filter(expression))

    def numbers(self) -> list[int]:
        return [one.number for one in self.source.records]


@pytest.fixture
def path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A history of two runs, that is read three records at a time."""
    take_small_steps(monkeypatch)
    path = tmp_path / "history.sqlite"
    write_run(path, (record(number=number, uri="/first") for number in range(3)))
    uris = ("/even", "/odd")
    write_run(path, (record(number=number, uri=uris[number % 2]) for number in range(12)))
    return path


def test_nothing_is_read_before_there_is_a_filter(path: Path) -> None:
    watched = Watched(path)
    assert watched.threads.searches == []
    assert watched.numbers() == []
    assert watched.source.progress.share == 0


def test_what_is_found_is_shown_as_it_is_found_the_newest_first(path: Path) -> None:
    watched = Watched(path, 2)
    watched.filter("")
    watched.threads.run()
    assert watched.shown == [[9, 10, 11], [*range(6, 12)], [*range(12)]]
    assert watched.shares == [0.25, 0.5, 0.75, 1.0]
    assert watched.source.progress == Progress(1.0)


def test_all_runs_are_searched_together(path: Path) -> None:
    watched = Watched(path)
    watched.filter("first or even")
    watched.threads.run()
    assert watched.numbers() == [0, 1, 2, 0, 2, 4, 6, 8, 10]


def test_each_filter_begins_one_search_and_ends_the_one_before(path: Path) -> None:
    watched = Watched(path, 2)
    watched.filter("even")
    first = watched.threads.searches[0]
    assert first.work()
    watched.filter("odd")
    assert len(watched.threads.searches) == 2
    first.run()
    assert first.taken == 1  # it was not read any further
    assert watched.shown == []
    watched.threads.run()
    assert watched.numbers() == [1, 3, 5, 7, 9, 11]


def test_what_was_found_stays_until_the_next_search_reports(path: Path) -> None:
    watched = Watched(path, 2)
    watched.filter("even")
    watched.threads.run()
    before = watched.source.records
    watched.filter("nowhere")
    assert watched.source.records is before
    watched.threads.searches[1].work()
    watched.threads.searches[1].report()
    assert watched.numbers() == []
    watched.threads.run()


def test_after_it_was_closed_nothing_is_shown_any_more(path: Path) -> None:
    watched = Watched(path, 2)
    watched.filter("")
    search = watched.threads.searches[0]
    search.work()
    watched.source.close()
    search.run()
    assert search.taken == 1
    assert watched.shown == []
    assert watched.problems == []


def test_the_newest_are_shown_if_more_match_than_can_be_shown(path: Path) -> None:
    watched = Watched(path, 2, most=6)
    watched.filter("")
    watched.threads.run()
    assert watched.numbers() == [6, 7, 8, 9, 10, 11]
    assert watched.source.progress == Progress(1.0, is_cut=True)
    watched.filter("odd")  # just as many
    watched.threads.run()
    assert watched.numbers() == [1, 3, 5, 7, 9, 11]
    assert watched.source.progress == Progress(1.0)


def test_values_are_those_of_the_widest_search(path: Path) -> None:
    watched = Watched(path)
    watched.filter("")
    watched.threads.run()
    watched.filter("first")
    watched.threads.run()
    assert watched.source.seen_values("path") == ["/odd", "/even", "/first"]


# Failures


@pytest.mark.parametrize("damage", [Path.unlink, lambda path: path.write_bytes(b"\0" * 5_000)])
def test_a_file_that_cannot_be_read_says_so_and_shows_nothing(path: Path, damage: Any) -> None:
    watched = Watched(path, 2)
    watched.filter("")
    watched.threads.run()
    assert len(watched.numbers()) == 12
    damage(path)
    for name in ("-wal", "-shm"):
        path.with_name(path.name + name).unlink(missing_ok=True)
    watched.filter("odd")
    watched.threads.run()
    (problem,) = watched.problems
    assert problem.startswith(f"The history file {path} ")
    assert watched.source.progress == Progress(1.0, problem=problem)
    assert watched.numbers() == []


def failing(*parts: Part) -> Generator[Part, None, None]:
    yield from parts
    raise OverflowError("it is odd")


def test_what_was_found_before_a_failure_stays(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    raised: list[BaseException] = []

    def note(kind: type[BaseException], error: BaseException, at: TracebackType | None) -> None:
        raised.append(error)

    monkeypatch.setattr(sys, "excepthook", note)
    monkeypatch.setattr(run, "search", lambda *_: failing(Part(0.5, [record(number=5)])))
    watched = Watched(path)
    watched.filter("")
    watched.threads.run()
    assert watched.problems == ["Run could not be read: it is odd."]
    assert watched.numbers() == [5]
    assert [str(error) for error in raised] == ["it is odd"]  # for the log


def test_a_search_that_was_overtaken_fails_silently(path: Path) -> None:
    watched = Watched(path, 2)
    watched.filter("odd")
    path.rename(path.with_name("elsewhere"))
    watched.threads.searches[0].work()
    path.with_name("elsewhere").rename(path)
    watched.filter("even")
    watched.threads.run()
    assert watched.problems == []
    assert watched.numbers() == [0, 2, 4, 6, 8, 10]


# How often it is reported


def parts(*sizes: int) -> Generator[Part, None, None]:
    for number, size in enumerate(sizes, 1):
        yield Part(number / len(sizes), [record(number=number)] * size)


def test_reports_have_an_interval_and_carry_what_has_doubled() -> None:
    times_s = iter([0.0, 0.0, 0.1, 0.3, 0.4, 0.6, 0.7])
    found = list(
        search_steps(parts(2, 1, 1, 1, 1, 1), 100, lambda: False, clock=lambda: next(times_s))
    )
    assert [(round(one.share, 2), one.records and len(one.records)) for one in found] == [
        (0.17, 2),
        (0.5, 4),
        (0.83, None),
        (1.0, 7),
    ]


def test_a_search_of_nothing_ends() -> None:
    none: list[Interruption] = []
    assert list(search_steps(parts(), 100, lambda: False)) == [Found(1.0, none)]
