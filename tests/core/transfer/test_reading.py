from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import TextIO

import pytest
from hypothesis import given
from hypothesis import strategies as st
from twisted.internet.error import ConnectionDone, ConnectionLost
from twisted.logger import Logger, LogPublisher, jsonFileLogObserver
from twisted.python.failure import Failure
from twisted.python.log import LogPublisher as LegacyPublisher

from monitorapp.core.history.writer import HistoryWriter
from monitorapp.core.record.interruption import INTERRUPTED_MESSAGE, Interruption
from monitorapp.core.record.reason import Reason
from monitorapp.core.transfer.export import export_steps
from monitorapp.core.transfer.reading import Imported, ImportFileError, import_steps
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
        ("[" * 100_000, "not JSON"),
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
        log.failure("Something else", failure=failure)
        log.failure(INTERRUPTED_MESSAGE, failure=failure)

    imported = read(log_of(tmp_path / "log.json", say))
    (one,) = imported.interruptions
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


def test_a_database_of_another_program_is_reported(tmp_path: Path) -> None:
    path = tmp_path / "x"
    path.write_bytes(b"SQLite format 3\0" + b"\xa5" * 5_000)
    with pytest.raises(ImportFileError, match="is damaged"):
        read(path)


def test_an_empty_file_has_nothing(tmp_path: Path) -> None:
    assert read(written(tmp_path)) == Imported()
