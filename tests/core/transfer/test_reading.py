from __future__ import annotations

import json
import os
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import given

from monitorapp.core.history.schema import APPLICATION_ID
from monitorapp.core.history.writer import HistoryWriter
from monitorapp.core.record.interruption import (
    KEPT_CHARACTERS,
    Interruption,
)
from monitorapp.core.transfer import reading
from monitorapp.core.transfer.export import export_steps
from monitorapp.core.transfer.reading import Imported, ImportFileError, import_steps
from monitorapp.core.transfer.twisted_log import Skipped
from monitorapp.core.transfer.wording import remarks
from tests.core.transfer.imported import read, written
from tests.factory import record, records


def test_an_export_is_read_again(tmp_path: Path) -> None:
    path = tmp_path / "x.jsonl"
    exported = [record(number=number, uri=f"/{number}") for number in range(250)]
    list(export_steps(path, exported, ""))
    imported = read(path)
    assert imported.interruptions == exported
    assert (imported.lines, imported.broken) == (250, 0)


@given(interruption=records())
def test_reading_what_was_read_changes_nothing(tmp_path: Path, interruption: Interruption) -> None:
    # The first time, characters that cannot be seen become escapes.
    path = tmp_path / "x.jsonl"
    list(export_steps(path, [interruption], ""))
    (once,) = read(path).interruptions
    list(export_steps(path, [once], ""))
    assert read(path).interruptions == [once]
    assert once.time_s == interruption.time_s


def test_a_history_is_read(tmp_path: Path) -> None:
    path = tmp_path / "h"
    kept = [record(number=number, time_s=1.79e9 + number) for number in range(1_200)]
    writer = HistoryWriter(path, lambda _: None)
    writer.start()
    for one in kept:
        writer.add(one)
    assert writer.close(20)
    assert read(path).interruptions == kept


def test_text_of_a_file_is_made_visible(tmp_path: Path) -> None:
    line = {
        "monitorapp": 1,
        "time_s": 1.0,
        "uri": "/\x1b[31m\u202e",
        "client": "a\nb",
        "traceback": "one\ntwo\x07",
        "headers": [["User-Agent", "\x00"]],
    }
    (one,) = read(written(tmp_path, json.dumps(line))).interruptions
    assert one.uri == r"/\x1b[31m\u202e"
    assert one.client == r"a\nb"
    assert one.traceback == "one\ntwo\\x07"
    assert one.headers == (("User-Agent", r"\x00"),)


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        ("{", "not JSON"),
        ("[" * 40_000, "not JSON"),
        ("[]", "neither a record nor an event"),
        ("7", "neither a record nor an event"),
        ("{}", "neither a record nor an event"),
        ('{"monitorapp": 1}', "needs the field time_s"),
        ('{"monitorapp": 1, "time_s": "soon"}', "field time_s"),
        ('{"monitorapp": 1, "time_s": NaN}', "field time_s"),
        ('{"monitorapp": 1, "time_s": 1e400}', "field time_s"),
        ('{"monitorapp": 1, "time_s": ' + "9" * 5_000 + "}", "not JSON"),
        ('{"monitorapp": 1, "time_s": 1, "headers": [["x"]]}', "field headers"),
        (b'{"monitorapp": 1, "time_s": \xff}', "not JSON"),
        (b"x" * 8_000_001, "too long"),
    ],
)
def test_broken_lines_are_counted_and_the_rest_is_read(
    tmp_path: Path, line: str | bytes, problem: str
) -> None:
    good = json.dumps({"monitorapp": 1, "time_s": 1.0})
    imported = read(written(tmp_path, good, line, "", good, line))
    assert len(imported.interruptions) == 2
    assert imported.lines == 5
    assert imported.broken == 2
    assert imported.first_problem.startswith("line 2: ")
    assert problem in imported.first_problem


def test_fields_of_other_versions_do_no_harm(tmp_path: Path) -> None:
    line = json.dumps({"monitorapp": 99, "time_s": 1.0, "colour": "blue"})
    imported = read(written(tmp_path, line))
    assert len(imported.interruptions) == 1
    assert imported.broken == 0


# Logs of Twisted


def test_a_file_that_cannot_be_read_is_reported(tmp_path: Path) -> None:
    with pytest.raises(ImportFileError, match=r"could not be read: No such file or directory\."):
        read(tmp_path / "none")
    with pytest.raises(ImportFileError, match="could not be read: Is a directory"):
        read(tmp_path)


def test_only_regular_files_are_read(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    for path in (pipe, Path("/dev/zero")):
        with pytest.raises(ImportFileError, match="could not be read: it is not a regular file"):
            read(path)
    with pytest.raises(ImportFileError, match="could not be read"):
        read(tmp_path / "a\0b")


def test_a_database_whose_tables_are_none_is_not_read(tmp_path: Path) -> None:
    path = tmp_path / "x.sqlite"
    with closing(sqlite3.connect(path)) as connection:
        connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        connection.execute("CREATE TABLE runs (id INTEGER PRIMARY KEY, began_s, origin)")
        connection.execute("CREATE TABLE shared (id INTEGER PRIMARY KEY, fields)")
        connection.execute(
            "CREATE VIEW records AS WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n)"
            " SELECT i AS id, 1 AS run, 1 AS time_s, 1 AS shared, '{}' AS fields FROM n"
        )
        connection.commit()
    with pytest.raises(ImportFileError):
        read(path)


def test_a_statement_of_a_database_that_takes_long_can_be_cancelled(tmp_path: Path) -> None:
    path = tmp_path / "h"
    writer = HistoryWriter(path, lambda _: None)
    writer.start()
    writer.add(record())
    assert writer.close(20)
    with closing(sqlite3.connect(path)) as connection:
        rows = [(number, "x") for number in range(20_000)]
        connection.executemany("INSERT INTO runs (began_s, version) VALUES (?, ?)", rows)
        connection.commit()
    imported = Imported()
    assert list(import_steps(path, imported, lambda: True)) == []
    assert imported.interruptions == []


def test_a_line_that_is_too_long_is_read_over_in_short_steps(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading, "MAX_LINE_BYTES", 1_000)
    monkeypatch.setattr(reading, "STEP_BYTES", 1_000)
    good = json.dumps({"monitorapp": 1, "time_s": 1.0})
    path = written(tmp_path, good, b"x" * 100_000, good)
    imported = Imported()
    assert len(list(import_steps(path, imported))) >= 100
    assert (len(imported.interruptions), imported.lines, imported.broken) == (2, 3, 1)


@pytest.mark.parametrize(
    "values",
    ["[" + "[]," * 200_000 + "0]", "{" + '"a":{},' * 200_000 + '"b":0}', '"' + '\\"' * 200_000],
)
def test_a_line_of_very_many_values_is_not_parsed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, values: str
) -> None:
    line = '{"monitorapp": 1, "time_s": 1, "x": [' + "0," * 100_000 + values + "]}"
    monkeypatch.setattr("json.loads", None)
    assert "too many values" in read(written(tmp_path, line)).first_problem


def test_a_line_of_very_many_escapes_is_not_parsed(tmp_path: Path) -> None:
    line = '{"monitorapp": 1, "time_s": 1, "message": "' + "\\n" * 1_200_000 + '"}'
    assert "too many values or escapes" in read(written(tmp_path, line)).first_problem


def test_the_longest_record_is_read_again(tmp_path: Path) -> None:
    long = "\N{SNAKE}" * KEPT_CHARACTERS
    path = tmp_path / "x.jsonl"
    list(export_steps(path, [record(message=long, traceback=long)], ""))
    (one,) = read(path).interruptions
    assert one.message == one.traceback == long


def test_what_stands_in_texts_are_no_values(tmp_path: Path) -> None:
    line = {"monitorapp": 1, "time_s": 1, "message": '\\"[{,' * 50_000}
    (one,) = read(written(tmp_path, json.dumps(line))).interruptions
    assert one.message.startswith('\\"[{,')


def test_no_more_is_read_than_can_be_shown(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lines = [
        json.dumps({"monitorapp": 1, "time_s": 1.0, "number": number, "message": "same" * 50})
        for number in range(9)
    ]
    path = written(tmp_path, *lines)
    with monkeypatch.context() as patch:
        patch.setattr(reading, "MAX_RECORDS", 3)
        imported = read(path)
    assert imported.is_cut
    assert [one.number for one in imported.interruptions] == [0, 1, 2]
    with monkeypatch.context() as patch:
        patch.setattr(reading, "MAX_CHARACTERS", 300)
        imported = read(path)
    assert not imported.is_cut  # what is the same is kept once
    other = [line.replace("same", f"{number:4}") for number, line in enumerate(lines)]
    with monkeypatch.context() as patch:
        patch.setattr(reading, "MAX_CHARACTERS", 300)
        imported = read(written(tmp_path, *other))
    assert imported.is_cut
    assert len(imported.interruptions) == 1


def test_what_was_not_read_is_said(tmp_path: Path) -> None:
    imported = Imported(lines=1_200, is_cut=True)
    imported.add_broken("it is not JSON")
    imported.skipped.update({Skipped.NO_FAILURE: 1, Skipped.OTHER_FAILURE: 1_002})
    assert remarks(imported, tmp_path / "a.log") == [
        "1 of 1,200 lines of a.log could not be read; the first: line 1,200: it is not JSON.",
        "1,003 of 1,200 lines of a.log were skipped: 1 event without a failure and 1,002 events"
        " whose failure is not of an interrupted response.",
        "Only 0 records of a.log were read: there are more than can be shown.",
    ]
    assert remarks(Imported(lines=1), tmp_path / "a.log") == []


def test_a_database_of_another_program_is_reported(tmp_path: Path) -> None:
    path = tmp_path / "x"
    path.write_bytes(b"SQLite format 3\0" + b"\xa5" * 5_000)
    with pytest.raises(ImportFileError, match="is not a history of this app"):
        read(path)


def test_an_empty_file_has_nothing(tmp_path: Path) -> None:
    assert read(written(tmp_path)) == Imported()
