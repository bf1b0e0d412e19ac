"""Reading a file, whatever is in it."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from monitorapp.core.filter.language import EVERYTHING, parse_filter
from monitorapp.core.history import reader
from monitorapp.core.history.file import HistoryError, open_history
from monitorapp.core.history.limits import HistoryLimits
from monitorapp.core.history.reader import read_newest, read_runs, search
from monitorapp.core.history.writer import HistoryWriter
from tests.factory import record
from tests.waits import WAIT_S


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "h"
    writer = HistoryWriter(path, lambda _: None, HistoryLimits(days=36_500))
    for number in range(1, 1_501):
        writer.add(record(number=number, uri=f"/{number}"))
    assert writer.close(WAIT_S)
    return path


def change(path: Path, *statements: str) -> None:
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        for statement in statements:
            connection.execute(statement)


@pytest.mark.parametrize("run", [None, 1])
@pytest.mark.parametrize("expression", ["", "uri:/15 or uri:/7", "slow"])
def test_gaps_between_the_numbers_are_skipped(path: Path, run: int | None, expression: str) -> None:
    filter_ = parse_filter(expression)
    found = [one.number for _, part in search(path, filter_, run) for one in part]
    change(path, "UPDATE records SET id = id * 1000000000000000 WHERE id > 700")
    parts = list(search(path, filter_, run))
    assert [one.number for _, part in parts for one in part] == found
    assert len(parts) < 1_000
    assert [share for share, _ in parts] == sorted(share for share, _ in parts)
    assert parts[-1].share == 1.0


def test_long_records_are_read_one_by_one(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reader, "_PART_CHARACTERS", 3)
    parts = [[one.number for one in part] for _, part in search(path, EVERYTHING)]
    assert parts == [[number] for number in range(1_500, 0, -1)]


def test_a_search_that_nobody_wants_any_more_ends(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = 0

    def is_cancelled() -> bool:
        nonlocal asked
        asked += 1
        return asked > 3

    monkeypatch.setattr(reader, "CHUNK", 10)
    assert len(list(search(path, EVERYTHING, is_cancelled=is_cancelled))) <= 3
    assert list(search(path, EVERYTHING, is_cancelled=lambda: True)) == []
    assert read_newest(path, 10, lambda: True) == []
    assert len(read_newest(path, 10, lambda: False)) == 10


ENDLESS = (
    "CREATE VIEW {} AS WITH RECURSIVE r(id) AS (SELECT 1 UNION ALL SELECT id + 1 FROM r)"
    " SELECT id, 1 AS run, 1 AS shared, 1.0 AS time_s, '' AS fields, 1.0 AS began_s,"
    " 1.0 AS ended_s, '' AS version, '' AS origin FROM r"
)


@pytest.mark.parametrize("name", ["records", "shared", "runs"])
def test_only_tables_are_read(path: Path, name: str) -> None:
    change(path, f"ALTER TABLE {name} RENAME TO other", ENDLESS.format(name))
    for read in (lambda: read_newest(path, 5), lambda: read_runs(path)):
        with pytest.raises(HistoryError, match="not a history of this app"):
            read()


@pytest.mark.skipif(not hasattr(sqlite3.Connection, "setlimit"), reason="since Python 3.11")
def test_a_text_of_any_length_is_not_read(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("monitorapp.core.history.file.MAX_VALUE_BYTES", 100_000)
    change(path, "UPDATE records SET fields = printf('%.*c', 200000, 'x') WHERE id = 700")
    with pytest.raises(HistoryError, match="too big"):
        read_newest(path, 5_000)
    assert len(read_newest(path, 500)) == 500


def test_a_record_is_not_taken_for_one_with_a_number_that_was_free_again(path: Path) -> None:
    parts = search(path, EVERYTHING)
    next(parts)
    change(path, "DELETE FROM records", "DELETE FROM shared")
    open_history(path).close()
    writer = HistoryWriter(path, lambda _: None, HistoryLimits(days=36_500))
    for number in range(9):
        writer.add(record(number=number, headers=(("User-Agent", "another"),)))
    assert writer.close(WAIT_S)
    rest = [one for _, part in parts for one in part]
    assert {one.header("User-Agent") for one in rest} == {"another"}
