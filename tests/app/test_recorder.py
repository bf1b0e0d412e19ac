from __future__ import annotations

import sqlite3
import threading
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from twisted.logger import LogLevel, capturedLogs

from monitorapp.app.recorder import LOADING_AFTER_S, Recorder
from monitorapp.core.history.limits import HistoryLimits
from monitorapp.core.history.reader import read_newest
from monitorapp.core.history.schema import APPLICATION_ID
from monitorapp.core.history.writer import HistoryState, HistoryWriter
from monitorapp.core.record.interruption import Interruption
from monitorapp.core.record.outcome import Outcome, RequestOutcome
from monitorapp.core.records.store import InterruptionStore
from tests.app.memory import AppReactor
from tests.factory import numbered, record
from tests.waits import wait_until

CLOSE_S = 30.0
ENDLESS = HistoryLimits(days=36_500)


class Recording:
    def __init__(self, path: Path | None, keep: int = 100) -> None:
        self.reactor = AppReactor()
        self.store = InterruptionStore(keep)
        self.recorder = Recorder(self.reactor, self.store, path, ENDLESS)
        self.states: list[HistoryState] = []
        self.unread: list[str] = []
        self.recorder.state_changed.connect(self.states.append)
        self.recorder.unread.connect(self.unread.append)

    @property
    def numbers(self) -> list[int]:
        return [one.number for one in self.store]


def fill(path: Path, *interruptions: Interruption) -> None:
    writer = HistoryWriter(path, lambda _: None, ENDLESS)
    for one in interruptions:
        writer.add(one)
    assert writer.close(CLOSE_S)


def test_without_a_history_records_are_kept_all_the_same() -> None:
    recording = Recording(None)
    assert recording.recorder.state == HistoryState(False, "It was started with --history none.")
    recording.recorder.start()
    recording.recorder.add(record(number=1))
    assert recording.numbers == [1]
    recording.recorder.set_limits(ENDLESS)
    recording.recorder.close(CLOSE_S)
    assert not recording.reactor.getDelayedCalls()


def test_a_record_of_another_thread_is_taken_in_that_of_the_reactor() -> None:
    recording = Recording(None)
    thread = threading.Thread(target=recording.recorder.add, args=(record(number=1),))
    thread.start()
    thread.join()
    assert recording.numbers == []
    recording.reactor.advance(0)
    assert recording.numbers == [1]


def test_live_records_do_not_wait_for_earlier_ones_which_come_before_them(tmp_path: Path) -> None:
    path = tmp_path / "h.sqlite"
    fill(path, record(number=1), record(number=2))
    recording = Recording(path)
    assert recording.recorder.state.is_on
    recording.recorder.start()
    recording.recorder.add(record(number=3))
    assert recording.numbers == [3]
    recording.reactor.advance(LOADING_AFTER_S)
    recording.recorder.add(record(number=4))
    recording.reactor.advance(0)
    assert recording.numbers == [1, 2, 3, 4]
    recording.recorder.close(CLOSE_S)
    recording.reactor.advance(0)
    assert [one.number for one in read_newest(path, 9)] == [1, 2, 3, 4]
    assert recording.recorder.state.run == 2
    assert recording.recorder.state is recording.states[-1]


def test_a_record_that_was_written_before_the_history_was_read_is_there_once(
    tmp_path: Path,
) -> None:
    path = tmp_path / "h.sqlite"
    fill(path, record(number=1), record(number=2))
    recording = Recording(path)
    recording.recorder.start()
    recording.recorder.add(record(number=2))
    recording.reactor.advance(LOADING_AFTER_S)
    recording.reactor.advance(0)
    assert recording.numbers == [1, 2]
    recording.recorder.close(CLOSE_S)


def test_what_was_cleared_does_not_come_back_when_the_history_is_read(tmp_path: Path) -> None:
    path = tmp_path / "h.sqlite"
    fill(path, record(number=1), record(number=2))  # as if 2 were written by this run
    recording = Recording(path)
    recording.recorder.start()
    recording.recorder.add(record(number=2))
    recording.store.clear()
    recording.recorder.add(record(number=3))
    recording.reactor.advance(LOADING_AFTER_S)
    recording.reactor.advance(0)
    assert recording.numbers == [3]
    recording.store.undo_clear()
    assert recording.numbers == [2, 3]
    recording.recorder.close(CLOSE_S)


def test_reading_earlier_records_is_cancelled_when_it_ends(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "h.sqlite"
    fill(path, record(number=1))
    recording = Recording(path)
    asked: list[bool] = []

    def read(
        path: Path, count: int, is_cancelled: Callable[[], bool], starred: list[Interruption]
    ) -> list[Interruption]:
        asked.append(is_cancelled())
        recording.recorder.close(CLOSE_S)
        asked.append(is_cancelled())
        return [record(number=1)]

    monkeypatch.setattr("monitorapp.app.recorder.read_newest", read)
    recording.recorder.start()
    recording.reactor.advance(LOADING_AFTER_S)
    recording.reactor.advance(0)
    assert asked == [False, True]
    assert recording.numbers == []


def test_reading_earlier_records_takes_no_longer_than_its_limit(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("monitorapp.app.recorder.READ_LIMIT_S", 0.0)
    path = tmp_path / "h.sqlite"
    fill(path, *(record(number=number) for number in range(2_000)))
    recording = Recording(path)
    recording.recorder.start()
    recording.reactor.advance(LOADING_AFTER_S)
    recording.reactor.advance(0)
    assert recording.numbers == []
    assert recording.unread == ["Not all earlier records are shown: reading took over 0 seconds."]
    recording.recorder.close(CLOSE_S)


def test_what_cannot_be_written_in_the_end_is_logged(tmp_path: Path) -> None:
    path = tmp_path / "h.sqlite"
    fill(path)
    with closing(sqlite3.connect(path, isolation_level=None)) as other, capturedLogs() as logged:
        recording = Recording(path)
        other.execute("BEGIN EXCLUSIVE")
        recording.recorder.start()
        recording.recorder.add(record(number=1))
        recording.recorder.close(CLOSE_S)
    (warning,) = [event for event in logged if "unsaved" in event]
    assert warning["log_level"] is LogLevel.warn
    assert "1 record could not be written to the history" in warning["unsaved"]
    fill(path)
    assert [one.number for one in read_newest(path, 9)] == [1]


def test_what_is_recorded_when_it_ends_soon_is_kept(tmp_path: Path) -> None:
    path = tmp_path / "h.sqlite"
    recording = Recording(path)
    recording.recorder.start()
    recording.recorder.add(record(number=1))
    recording.recorder.close(CLOSE_S)
    assert recording.numbers == [1]
    assert [one.number for one in read_newest(path, 9)] == [1]


def test_a_history_that_cannot_be_read_is_reported_and_the_rest_goes_on(tmp_path: Path) -> None:
    path = tmp_path / "h.sqlite"
    header = bytearray(b"SQLite format 3\0".ljust(100, b"\xff"))
    header[68:72] = APPLICATION_ID.to_bytes(4, "big")
    path.write_bytes(bytes(header) + b"garbage" * 1_000)
    recording = Recording(path)
    recording.recorder.start()
    recording.recorder.add(record(number=1))
    recording.reactor.advance(LOADING_AFTER_S)
    recording.reactor.advance(0)
    assert recording.numbers == [1]
    assert len(recording.unread) == 1
    assert recording.unread[0].startswith("Earlier records are not shown: ")
    recording.recorder.close(CLOSE_S)
    recording.reactor.advance(0)
    assert "set aside" in recording.states[-1].problem
    assert recording.recorder.state.is_on


def test_outcomes_and_stars_are_there_again(tmp_path: Path) -> None:
    path = tmp_path / "h.sqlite"
    first = Recording(path)
    rows = [numbered(number, request_number=number) for number in range(1, 4)]
    first.recorder.start()
    first.reactor.advance(LOADING_AFTER_S)
    for one in rows:
        first.recorder.add(one)
        first.recorder.note(one.identity, RequestOutcome(Outcome.RUNNING))
    first.recorder.note(rows[0].identity, RequestOutcome(Outcome.WENT_ON, 2.0))
    first.store.stars.set_starred(rows[1], True)
    first.recorder.close(CLOSE_S)
    second = Recording(path)
    second.recorder.start()
    second.reactor.advance(LOADING_AFTER_S)
    second.reactor.advance(0)
    of = second.store.outcomes.of
    assert [of(one) for one in second.store] == [
        RequestOutcome(Outcome.WENT_ON, 2.0),
        *[RequestOutcome(Outcome.LAST_SEEN_RUNNING)] * 2,
    ]
    assert [one in second.store.stars for one in second.store] == [False, True, False]
    second.store.stars.set_starred(rows[1], False)
    second.store.stars.set_starred(rows[2], True)
    second.recorder.close(CLOSE_S)
    starred: list[Interruption] = []
    read_newest(path, 9, starred=starred)
    assert [one.number for one in starred] == [3]


def test_a_record_that_is_logged_late_has_its_outcome(tmp_path: Path) -> None:
    path = tmp_path / "h.sqlite"
    recording = Recording(path)
    recording.recorder.start()
    recording.reactor.advance(LOADING_AFTER_S)
    early, late = record(number=1), record(number=2, request_number=8)
    recording.recorder.add(early)
    recording.recorder.note(late.identity, RequestOutcome(Outcome.CANCELLED))
    recording.recorder.note(early.identity, RequestOutcome(Outcome.UNKNOWN))
    wait_until(lambda: path.exists() and [one.outcome for one in read_newest(path, 9)] != [])
    wait_until(lambda: read_newest(path, 9)[0].outcome is Outcome.UNKNOWN)
    recording.recorder.add(late)
    recording.recorder.close(CLOSE_S)
    assert [one.outcome for one in read_newest(path, 9)] == [Outcome.UNKNOWN, Outcome.CANCELLED]
