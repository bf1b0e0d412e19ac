from __future__ import annotations

import json
import os
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import TextIO

import pytest
from hypothesis import given
from hypothesis import strategies as st
from twisted.internet.error import ConnectionDone, ConnectionLost
from twisted.logger import Logger, LogPublisher, jsonFileLogObserver
from twisted.python.failure import Failure
from twisted.python.log import LogPublisher as LegacyPublisher

from monitorapp.core.history.schema import APPLICATION_ID
from monitorapp.core.history.writer import HistoryWriter
from monitorapp.core.record.interruption import (
    INTERRUPTED_MESSAGE,
    KEPT_CHARACTERS,
    Interruption,
)
from monitorapp.core.record.reason import Reason
from monitorapp.core.transfer import reading
from monitorapp.core.transfer.export import export_steps
from monitorapp.core.transfer.reading import Imported, ImportFileError, import_steps
from monitorapp.core.transfer.twisted_log import Skipped
from monitorapp.core.transfer.wording import remarks
from tests.factory import record, records


def read(path: Path) -> Imported:
    imported = Imported()
    shares = list(import_steps(path, imported))
    assert all(0 <= share <= 1 for share in shares)
    assert shares == sorted(shares)
    return imported


def written(tmp_path: Path, *lines: str | bytes) -> Path:
    path = tmp_path / "in.jsonl"
    path.write_bytes(
        b"".join((line.encode() if isinstance(line, str) else line) + b"\n" for line in lines)
    )
    return path


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


def failed(error: Exception, *, with_frames: bool) -> Failure:
    if not with_frames:
        return Failure(error)
    try:
        raise error
    except Exception:
        return Failure()


def log_of(path: Path, say: Callable[[LogPublisher], None]) -> Path:
    with path.open("w") as stream:
        say(LogPublisher(jsonFileLogObserver(stream)))
    return path


@pytest.mark.parametrize("with_frames", [True, False])
def test_what_logger_failure_wrote(tmp_path: Path, with_frames: bool) -> None:
    failure = failed(ConnectionLost("x"), with_frames=with_frames)

    def say(publisher: LogPublisher) -> None:
        log = Logger(observer=publisher)
        log.info("Something else")
        log.failure("Something else", failure=failed(ValueError("x"), with_frames=with_frames))
        log.failure(INTERRUPTED_MESSAGE, failure=failure)

    imported = read(log_of(tmp_path / "log.json", say))
    (one,) = imported.interruptions
    assert imported.skipped == {Skipped.NO_FAILURE: 1, Skipped.OTHER_FAILURE: 1}
    assert one.reason is Reason.RESET
    assert one.failure_type == "twisted.internet.error.ConnectionLost"
    assert one.has_frames is with_frames
    assert (Path(__file__).name in one.traceback) is with_frames
    assert (imported.lines, imported.broken) == (3, 0)


def test_what_log_err_wrote(tmp_path: Path) -> None:
    def say(publisher: LogPublisher) -> None:
        legacy = LegacyPublisher(publishPublisher=publisher)
        legacy.msg("Something else")
        legacy.msg(
            failure=failed(ConnectionDone("bye"), with_frames=True),
            why=INTERRUPTED_MESSAGE,
            isError=1,
        )

    (one,) = read(log_of(tmp_path / "log.json", say)).interruptions
    assert one.reason is Reason.CLOSED
    assert one.message == "Connection was closed cleanly: bye."
    assert one.traceback.startswith("Traceback (most recent call last):\n  File")
    assert one.has_frames


class AnotherRequest:
    def __repr__(self) -> str:
        return "<Request at 0x7f method=GET uri=/a?b clientproto=HTTP/1.1>"


def test_a_log_of_another_server_gives_all_that_its_events_have(tmp_path: Path) -> None:
    def say(publisher: LogPublisher) -> None:
        log = Logger(observer=publisher, namespace="shop.web")
        for error in (ConnectionDone(), ConnectionLost("x"), ConnectionResetError(104, "reset")):
            log.failure(
                "The customer of {request!r} left, {lines}",
                failure=failed(error, with_frames=True),
                request=AnotherRequest(),
                lines="one\ntwo",
                client="192.0.2.7:50000",
                waited_s=2.5,
                delay_s="soon",  # it means something else by that
                customer=7,
                log_system="HTTPChannel,3,198.51.100.1",
            )

    imported = read(log_of(tmp_path / "log.json", say))
    assert [one.reason for one in imported.interruptions] == [
        Reason.CLOSED,
        Reason.RESET,
        Reason.RESET,
    ]
    for one in imported.interruptions:
        assert (one.method, one.uri, one.version) == ("GET", "/a?b", "HTTP/1.1")
        assert (one.client, one.waited_s, one.delay_s) == ("192.0.2.7:50000", 2.5, None)
        text, *others, start, _, _ = one.traceback.split("\n")
        assert text == (
            "[shop.web#critical] The customer of <Request at 0x7f method=GET uri=/a?b"
            " clientproto=HTTP/1.1> left, one\\ntwo"
        )
        assert others == ["lines: one\\ntwo", "delay_s: soon", "customer: 7"]
        assert start == "Traceback (most recent call last):"
    assert not imported.skipped


def test_the_client_is_read_off_the_system_of_a_connection(tmp_path: Path) -> None:
    def say(publisher: LogPublisher) -> None:
        legacy = LegacyPublisher(publishPublisher=publisher)
        legacy.msg(
            failure=Failure(ConnectionDone()),
            why="A client left",
            isError=1,
            system="HTTPChannel,3,2001:db8::1",
        )

    (one,) = read(log_of(tmp_path / "log.json", say)).interruptions
    assert one.client == "2001:db8::1"


@pytest.mark.parametrize("format_", ["{a", "{a}" * 100_000, "{a!r:>{b}}", 7, "{}"])
def test_any_format_is_survived(tmp_path: Path, format_: object) -> None:
    event = {
        "log_time": 1.0,
        "log_format": format_,
        "log_flattened": {"a!:": "x" * 10_000},
        "log_failure": {"type": {"__module__": "builtins", "__name__": "ConnectionResetError"}},
    }
    (one,) = read(written(tmp_path, json.dumps(event))).interruptions
    assert one.reason is Reason.RESET


def test_a_log_without_separators_is_read(tmp_path: Path) -> None:
    def say(stream: TextIO) -> None:
        log = Logger(observer=jsonFileLogObserver(stream, recordSeparator=""))
        log.failure(INTERRUPTED_MESSAGE, failure=Failure(ConnectionDone()))

    path = tmp_path / "log.json"
    with path.open("w") as stream:
        say(stream)
    assert len(read(path).interruptions) == 1


@given(
    st.recursive(
        st.none() | st.booleans() | st.floats() | st.text() | st.integers(),
        lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
        max_leaves=8,
    )
)
def test_any_failure_is_survived(tmp_path: Path, failure: object) -> None:
    event = {"log_time": 1.0, "why": INTERRUPTED_MESSAGE, "log_failure": failure}
    shaped = {**event, "log_failure": {"type": failure, "frames": failure, "parents": failure}}
    imported = read(written(tmp_path, json.dumps(event), json.dumps(shaped)))
    assert imported.broken + len(imported.interruptions) <= 2


# Files


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
