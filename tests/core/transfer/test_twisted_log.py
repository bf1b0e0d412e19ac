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

from monitorapp.core.record.interruption import (
    INTERRUPTED_MESSAGE,
)
from monitorapp.core.record.reason import Reason
from monitorapp.core.transfer.twisted_log import Skipped
from tests.core.transfer.imported import read, written


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
