from __future__ import annotations

import csv
import io
import json
import time
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

from monitorapp.core.filter.language import EVERYTHING, parse_filter
from monitorapp.core.history.file import open_history
from monitorapp.core.history.limits import HistoryLimits
from monitorapp.core.history.reader import read_newest, read_runs, search
from monitorapp.core.history.writer import HistoryWriter
from monitorapp.core.record.interruption import Interruption
from monitorapp.core.transfer.export import export_steps
from monitorapp.core.transfer.reading import Imported, import_steps
from tests.factory import record

ALL = 10_000


def lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text("ascii").splitlines()]


def plain(interruption: Interruption, names: set[str]) -> dict[str, Any]:
    """Return the fields of these names as JSON has them, without the help of our own codec."""
    values = {name: getattr(interruption, name, None) for name in names}
    values["reason"] = interruption.reason.name
    values["headers"] = [list(pair) for pair in interruption.headers]
    return values


def expect(found: list[Interruption], written: list[dict[str, Any]]) -> None:
    assert len(found) == len(written)
    for interruption, fields in zip(found, written, strict=True):
        del fields["monitorapp"]
        assert plain(interruption, set(fields)) == fields


def imported(path: Path) -> list[Interruption]:
    read = Imported()
    for _ in import_steps(path, read):
        pass
    assert (read.broken, read.first_problem) == (0, "")
    return read.interruptions


def test_the_history_is_read(files: Path) -> None:
    expect(read_newest(files / "history.sqlite", ALL), lines(files / "records.jsonl"))


def test_the_history_is_read_once_it_was_written_by_the_present_version(files: Path) -> None:
    path = files / "history.sqlite"
    before = read_newest(path, ALL)
    runs = read_runs(path)
    open_history(path).close()
    assert read_newest(path, ALL) == before
    assert read_runs(path) == runs
    writer = HistoryWriter(path, lambda _: None, HistoryLimits(days=36_500))
    writer.start()
    writer.add(record(uri="/new"))
    assert writer.close(20)
    *earlier, newest = read_newest(path, ALL)
    assert newest == record(uri="/new")
    assert earlier == before
    expect(earlier, lines(files / "records.jsonl"))
    assert read_runs(path)[1:] == runs


def test_each_run_is_read(files: Path) -> None:
    path = files / "history.sqlite"
    runs = read_runs(path)
    assert {run.version for run in runs} == {files.name}
    assert sum(run.count for run in runs) == len(lines(files / "records.jsonl"))
    assert [run.ended_s for run in runs].count(None) == 1  # it was killed
    for run in runs:
        found = [one for _, part in search(path, EVERYTHING, run.number) for one in part]
        assert len(found) == run.count
        assert {one.origin for one in found} == {run.origin}
    assert len({run.origin for run in runs}) == len(runs)


def test_the_history_is_searched(files: Path) -> None:
    path = files / "history.sqlite"
    for expression in ("path:/slow", "reason:reset client:10.1", '"no such report"', "waited>1s"):
        wanted = parse_filter(expression)
        found = [one.number for _, part in search(path, wanted) for one in part]
        assert found, expression
        assert len(found) < len(read_newest(path, ALL)), expression


def test_exports_are_imported(files: Path) -> None:
    written = lines(files / "records.jsonl")
    for changed in lines(files / "imported.jsonl"):
        written[changed.pop("line") - 1] = changed
    expect(imported(files / "records.jsonl"), written)


def test_a_history_is_imported(files: Path) -> None:
    expect(imported(files / "history.sqlite"), lines(files / "records.jsonl"))


class Page(HTMLParser):
    """What a page says in the cells of its rows, and in its tracebacks."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self.texts: list[str] = []
        self.tags: set[str] = set()
        with path.open(encoding="utf-8", newline="") as stream:
            self.feed(stream.read())

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self._is_cell = tag in ("span", "pre")
        if self._is_cell:
            self.texts.append("")

    def handle_endtag(self, tag: str) -> None:
        self._is_cell = False

    def handle_data(self, data: str) -> None:
        if self.tags and self._is_cell:
            self.texts[-1] += data


@pytest.fixture
def utc(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("TZ", "UTC")
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


@pytest.mark.skipif(not hasattr(time, "tzset"), reason="the time zone cannot be chosen")
@pytest.mark.usefixtures("utc")
def test_a_page_says_the_same_of_each_record(files: Path) -> None:
    kept = read_newest(files / "history.sqlite", ALL)
    now = files / "now.html"
    for _ in export_steps(now, [*kept[:8], *kept[::6]], ""):
        pass
    then, page = Page(files / "records.html"), Page(now)
    assert len(then.texts) > 50 * 8
    # Since then there is a column more, of what that version did not record.
    assert page.texts.pop(7) == "Outcome"
    outcomes = page.texts[14::9]
    del page.texts[14::9]
    assert set(outcomes) == {""}
    assert page.texts == [text.replace("Of delay", "Delay") for text in then.texts]
    assert page.tags == then.tags


def test_a_table_has_the_same_cells(files: Path) -> None:
    kept = read_newest(files / "history.sqlite", ALL)
    now = files / "now.csv"
    for _ in export_steps(now, [*kept[:8], *kept[::6]], ""):
        pass
    rows = []
    for path in (files / "records.csv", now):
        with path.open(encoding="utf-8-sig", newline="") as stream:
            text = stream.read().replace("\0", "\\x00")  # as it is written now
        rows.append(list(csv.DictReader(io.StringIO(text, newline=""))))
    assert len(rows[0]) == len(rows[1]) > 50
    for then, one in zip(*rows, strict=True):
        assert {name: one[name] for name in then} == then
