from __future__ import annotations

import gc
import io
import threading
import traceback
import weakref
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, cast

from hypothesis import example, given
from hypothesis import strategies as st
from twisted.internet import error
from twisted.logger import ILogObserver, LogBeginner, Logger, LogPublisher
from twisted.python.failure import Failure
from twisted.python.log import LogPublisher as LegacyLogPublisher
from zope.interface.verify import verifyObject

from monitorapp.core.record.interruption import (
    INTERRUPTED_MESSAGE,
    KEPT_CHARACTERS,
    Interruption,
)
from monitorapp.core.record.reason import Reason
from monitorapp.core.request.current import current_request
from monitorapp.core.request.ended import RequestEnd
from monitorapp.web.request.observer import InterruptionObserver
from tests.core.request.ends import end


class Log:
    """A log of its own: new and legacy publishers with an observer attached."""

    def __init__(self) -> None:
        self.records: list[Interruption] = []
        self.events: list[dict[str, Any]] = []
        self.observer = InterruptionObserver(self.records.append, wall=lambda: 12.5)
        self.publisher = LogPublisher(self.observer, cast(ILogObserver, self.events.append))
        self.logger = Logger(observer=self.publisher)
        self.legacy = LegacyLogPublisher(self.publisher, self.publisher)

    def err(self, failure: Failure, why: str | None) -> None:
        self.legacy.msg(failure=failure, why=why, isError=1)


class OneRequest:
    """A current request as the observer sees it."""

    def __init__(self, end: RequestEnd) -> None:
        self._end: RequestEnd | None = end

    def claim_interruption(self) -> RequestEnd | None:
        end, self._end = self._end, None
        return end

    def is_cancelled(self) -> bool:
        return True


@contextmanager
def handling(request: OneRequest) -> Iterator[None]:
    token = current_request.set(request)
    try:
        yield
    finally:
        current_request.reset(token)


def done() -> Failure:
    return Failure(error.ConnectionDone())


END = end(reason=Reason.CLOSED)


def test_it_is_a_log_observer() -> None:
    verifyObject(ILogObserver, InterruptionObserver(lambda _: None))


def test_both_shapes_of_event_give_the_same_record() -> None:
    log = Log()
    failure = done()
    for write in (
        lambda: log.err(failure, INTERRUPTED_MESSAGE),
        lambda: log.logger.failure(INTERRUPTED_MESSAGE, failure=failure),
    ):
        with handling(OneRequest(END)):
            write()
    legacy, modern = log.records
    for record in (legacy, modern):
        assert (record.request_number, record.method, record.uri) == (7, "GET", "/a?b")
        assert (record.waited_s, record.delay_s, record.client) == (1.5, 5.0, "192.0.2.1:5")
        assert record.reason is Reason.CLOSED
        assert record.failure_type == "twisted.internet.error.ConnectionDone"
        assert record.message == "Connection was closed cleanly."
        assert "ConnectionDone" in record.traceback
        assert not record.has_frames
        assert record.cancelled
    assert (legacy.number, modern.number) == (1, 2)
    assert modern.time_s == log.events[-1]["log_time"]


def test_other_events_are_left_alone() -> None:
    log = Log()
    log.logger.failure("Something else", failure=done())
    log.err(done(), "Something else")
    log.err(done(), None)
    log.logger.info(INTERRUPTED_MESSAGE)
    log.legacy.msg(INTERRUPTED_MESSAGE)
    log.publisher({"failure": "no Failure", "why": INTERRUPTED_MESSAGE, "log_time": 1.0})
    assert log.records == []


def test_a_request_that_logs_twice_has_one_record() -> None:
    log = Log()
    with handling(OneRequest(END)):
        log.err(done(), INTERRUPTED_MESSAGE)
        log.logger.failure(INTERRUPTED_MESSAGE, failure=done())
    assert len(log.records) == 1


def test_outside_any_request_there_is_a_record_all_the_same() -> None:
    log = Log()
    log.err(done(), INTERRUPTED_MESSAGE)
    log.err(done(), INTERRUPTED_MESSAGE)
    assert [record.method for record in log.records] == ["", ""]


def test_a_stopping_server_is_the_reason() -> None:
    log = Log()
    with handling(OneRequest(end(reason=Reason.STOPPING))):
        log.err(Failure(error.ConnectionAborted()), INTERRUPTED_MESSAGE)
    assert log.records[0].reason is Reason.STOPPING


def test_what_is_logged_before_the_end_has_the_reason_of_its_failure() -> None:
    log = Log()
    with handling(OneRequest(end())):
        log.err(Failure(error.ConnectionAborted()), INTERRUPTED_MESSAGE)
    assert log.records[0].reason is Reason.ABORTED


def test_frames_are_in_the_traceback() -> None:
    log = Log()
    try:
        raise ValueError("here")
    except ValueError:
        log.logger.failure(INTERRUPTED_MESSAGE)
    (record,) = log.records
    assert record.has_frames
    assert "test_frames_are_in_the_traceback" in record.traceback


def test_nothing_of_the_failure_is_kept_alive() -> None:
    class Payload(Exception):
        pass

    log = Log()
    exception = Payload("x")
    dead = weakref.ref(exception)
    log.logger.failure(INTERRUPTED_MESSAGE, failure=Failure(exception))
    del exception
    log.events.clear()
    gc.collect()
    assert dead() is None
    assert log.records[0].message == "x"


def test_a_publish_that_raises_is_reported_and_not_recorded_again() -> None:
    events: list[dict[str, Any]] = []

    def publish(_: Interruption) -> None:
        raise RuntimeError("full")

    observer = InterruptionObserver(publish)
    publisher = LogPublisher(cast(ILogObserver, events.append), observer)
    observer._log.observer = publisher
    Logger(observer=publisher).failure(INTERRUPTED_MESSAGE, failure=done())
    assert [event["log_failure"].getErrorMessage() for event in events] == [
        "Connection was closed cleanly.",
        "full",
    ]


class StrangeText(str):
    __slots__ = ()


class StrangeError(Exception):
    def __str__(self) -> str:
        return StrangeText("strange")


class RaisingError(Exception):
    def __str__(self) -> str:
        raise RuntimeError("no text")


def test_strange_exceptions_have_records_too() -> None:
    log = Log()
    for exception in (StrangeError(), RaisingError()):
        log.err(Failure(exception), INTERRUPTED_MESSAGE)
    assert log.records[0].message == "strange"
    assert "RaisingError" in log.records[1].failure_type
    assert len(log.records) == 2


@given(st.text(st.characters(categories=None), max_size=200))
@example('gone\n  File "forged.py", line 1, in nothing')
def test_a_message_cannot_forge_lines(message: str) -> None:
    log = Log()
    log.err(Failure(ValueError(message)), INTERRUPTED_MESSAGE)
    (record,) = log.records
    assert len(record.traceback.split("\n")) == 2
    assert "\n" not in record.message
    record.traceback.encode("utf-8")


def test_a_huge_message_is_cut_with_a_mark() -> None:
    log = Log()
    log.err(Failure(ValueError("x" * (KEPT_CHARACTERS + 1000))), INTERRUPTED_MESSAGE)
    (record,) = log.records
    assert len(record.message) < KEPT_CHARACTERS + 100
    assert record.message.endswith("(1,000 more characters)")
    assert record.traceback.endswith("more characters)")


def test_threads_can_log_at_the_same_time() -> None:
    log = Log()
    start = threading.Barrier(8)

    def write() -> None:
        start.wait()
        for _ in range(200):
            log.logger.failure(INTERRUPTED_MESSAGE, failure=done())

    threads = [threading.Thread(target=write) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(record.number for record in log.records) == list(range(1, 1601))


def test_what_was_logged_before_the_beginning_comes_once() -> None:
    publisher = LogPublisher()
    beginner = LogBeginner(publisher, io.StringIO(), object(), _Warnings())
    logger = Logger(observer=publisher)
    logger.failure(INTERRUPTED_MESSAGE, failure=done())
    records: list[Interruption] = []
    observer = InterruptionObserver(records.append)
    beginner.beginLoggingTo([observer], redirectStandardIO=False)
    logger.failure(INTERRUPTED_MESSAGE, failure=done())
    assert [record.number for record in records] == [1, 2]
    publisher.removeObserver(observer)
    logger.failure(INTERRUPTED_MESSAGE, failure=done())
    assert len(records) == 2


class _Warnings:
    showwarning = staticmethod(traceback.print_exc)
