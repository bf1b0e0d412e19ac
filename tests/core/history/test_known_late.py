"""What becomes known of records once they are recorded: outcomes and stars."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from monitorapp.core.filter.language import parse_filter
from monitorapp.core.history import limits, schema, writer
from monitorapp.core.history.limits import HistoryLimits
from monitorapp.core.history.reader import read_newest, search
from monitorapp.core.history.rows import pack
from monitorapp.core.record.identity import RequestId
from monitorapp.core.record.interruption import Interruption
from monitorapp.core.record.outcome import Outcome, RequestOutcome
from monitorapp.core.records.outcomes import Outcomes
from monitorapp.core.records.stars import Stars
from tests.core.history.watched import Watched, write
from tests.factory import numbered, record
from tests.waits import WAIT_S

CANCELLED = RequestOutcome(Outcome.CANCELLED)
RUNNING = RequestOutcome(Outcome.RUNNING)
RAN_3_S = RequestOutcome(Outcome.WENT_ON, 3.0)


def made(number: int, origin: str = "a-process") -> Interruption:
    return numbered(number, origin=origin, request_number=number)


def request(number: int, origin: str = "a-process") -> RequestId:
    return RequestId(origin, number)


def outcomes(path: Path) -> list[RequestOutcome | None]:
    return [one.written_outcome for one in read_newest(path, 10_000)]


def starred(path: Path) -> list[int]:
    found: list[Interruption] = []
    read_newest(path, 10_000, starred=found)
    return sorted(one.number for one in found)


def found(path: Path, expression: str, *known: Stars | Outcomes) -> list[int]:
    stars = next((one for one in known if isinstance(one, Stars)), None)
    outcomes = next((one for one in known if isinstance(one, Outcomes)), None)
    parts = search(path, parse_filter(expression), stars=stars, outcomes=outcomes)
    return sorted(one.number for _, part in parts for one in part)


@contextmanager
def locked(path: Path) -> Iterator[None]:
    with closing(sqlite3.connect(path, timeout=WAIT_S, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        yield
        other.execute("ROLLBACK")


def test_an_outcome_comes_with_its_record_or_later(path: Path, watched: Watched) -> None:
    watched.writer.add(made(1))
    watched.writer.note(request(1), CANCELLED)
    watched.writer.add(made(2))
    watched.writer.note(request(2), RUNNING)
    watched.writer.add(made(3))
    watched.wait(lambda: path.exists() and len(read_newest(path, 9)) == 3)
    watched.wait(lambda: outcomes(path)[1] is not None)
    assert outcomes(path) == [CANCELLED, RUNNING.as_written, None]
    watched.writer.note(request(2), RAN_3_S)
    watched.wait(lambda: outcomes(path) == [CANCELLED, RAN_3_S, None])


def test_an_outcome_is_that_of_one_request_of_one_process(path: Path) -> None:
    write(path, made(1, "another"))
    write(path, made(2))
    write(path, made(1))
    watched = Watched(path)
    watched.writer.note(request(1), CANCELLED)
    watched.writer.note(request(3), CANCELLED)  # of which there is no record
    watched.close()
    assert outcomes(path) == [None, None, CANCELLED]


def test_what_still_ran_when_the_app_was_killed_is_not_said_to_run(path: Path) -> None:
    write(path, made(1))
    watched = Watched(path)
    watched.writer.note(request(1), RUNNING)
    watched.close()
    (known,) = outcomes(path)
    assert known is not None
    assert known.text == "still running when last seen"
    assert found(path, 'outcome:"still running"') == [1]
    assert found(path, 'outcome="still running"') == []
    # The present run, opened as a past one: it is known that it runs.
    live = Outcomes()
    live.note(request(1), RUNNING)
    assert found(path, 'outcome="still running"', live) == [1]


def test_many_outcomes_are_written_in_batches(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(writer, "BATCH_RECORDS", 7)
    write(path, *(made(number) for number in range(1, 51)))
    watched = Watched(path)
    for number in range(1, 51):
        watched.writer.note(request(number), RUNNING)
    for number in range(1, 51, 2):
        watched.writer.note(request(number), RAN_3_S)
    watched.close()
    assert outcomes(path) == [RAN_3_S, RUNNING.as_written] * 25


def test_the_outcome_of_a_record_that_was_trimmed_changes_nothing(path: Path) -> None:
    write(path, made(2), made(3))
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("DELETE FROM records WHERE request = 2")
    watched = Watched(path)
    watched.writer.note(request(2), CANCELLED)
    watched.close()
    assert outcomes(path) == [None]


def test_what_a_locked_file_cannot_take_comes_in_with_the_next_start(path: Path) -> None:
    write(path, made(1), made(2))
    with locked(path):
        watched = Watched(path)
        watched.writer.add(made(3))
        watched.writer.note(request(3), CANCELLED)
        watched.writer.note(request(1), RAN_3_S)
        watched.writer.star(made(2), True)
        watched.close()
        assert "1 record could not be written" in watched.writer.unsaved
    assert outcomes(path) == [None, None]
    write(path)
    assert outcomes(path) == [RAN_3_S, None, CANCELLED]
    assert starred(path) == [2]
    assert not list(path.parent.glob("*.unsaved-*"))
    with locked(path):
        watched = Watched(path)
        watched.writer.star(made(2), False)
        watched.close()
        assert "The last changes" in watched.writer.unsaved
    write(path)
    assert starred(path) == []


def test_a_file_of_an_older_version_has_no_outcomes_and_takes_stars(tmp_path: Path) -> None:
    path = tmp_path / "h"
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        schema.migrate(connection, schema.MIGRATIONS[:3])
        connection.execute("INSERT INTO runs VALUES (1, 1.0, NULL, '1', 'a-process')")
        for number in (1, 2):
            shared, fields = pack(made(number), "a-process")
            connection.execute("INSERT OR IGNORE INTO shared (fields) VALUES (?)", [shared])
            connection.execute(
                "INSERT INTO records (run, time_s, shared, fields) VALUES (1, ?, 1, ?)",
                (made(number).time_s, fields),
            )
    assert read_newest(path, 9) == [made(1), made(2)]
    assert found(path, "outcome:cancelled") == []
    assert found(path, "cancelled") == []
    assert found(path, "-outcome:cancelled") == [1, 2]
    watched = Watched(path)
    watched.writer.star(made(2), True)
    watched.close()
    assert starred(path) == [2]


def test_the_filter_knows_outcomes_in_the_file_and_those_not_yet_there(path: Path) -> None:
    watched = Watched(path)
    for number in range(1, 7):
        watched.writer.add(made(number))
    watched.writer.add(numbered(7, uri="/running", request_number=7))
    for number, outcome in ((1, CANCELLED), (2, RAN_3_S), (3, RAN_3_S), (4, RUNNING)):
        watched.writer.note(request(number), outcome)
    watched.close()
    assert found(path, "outcome:cancelled") == [1]
    assert found(path, 'outcome="kept running"') == [2, 3]
    assert found(path, "outcome:/RUN+ING$/") == [2, 3]
    assert found(path, "running") == [2, 3, 4, 7]
    assert found(path, "/runnin[g]/") == [2, 3, 4, 7]
    assert found(path, "-running") == [1, 5, 6]
    assert found(path, "outcome:cancelled or outcome:kept") == [1, 2, 3]
    assert found(path, "running path:/path/3") == [3]
    assert found(path, 'outcome=""') == [5, 6, 7]
    assert found(path, 'outcome!=""') == [1, 2, 3, 4]
    live = Outcomes()
    live.note(request(2), RequestOutcome(Outcome.CRASHED, 1.0))
    assert found(path, 'outcome="kept running"', live) == [3]


def test_what_is_starred_is_read_however_old_it_is(path: Path) -> None:
    watched = Watched(path)
    for number in range(1, 1_300):
        watched.writer.add(made(number))
    for number in (2, 5, 1_298):
        watched.writer.star(made(number), True)
    watched.close()
    found: list[Interruption] = []
    read = read_newest(path, 3, starred=found)
    assert [one.number for one in read] == [2, 5, 1_297, 1_298, 1_299]
    assert sorted(one.number for one in found) == [2, 5, 1_298]


def test_a_star_is_kept_for_one_record_whoever_wrote_it(path: Path) -> None:
    write(path, made(1, "another"), record(number=2, origin="", request_number=0))
    write(path, made(1), made(2), record(number=3, origin="", request_number=0))
    write(path, record(number=4, origin="", request_number=0))  # at the same time as 3
    watched = Watched(path)
    watched.writer.star(made(1), True)
    watched.writer.star(record(number=3, origin="", request_number=0), True)
    watched.writer.star(made(2), True)
    watched.writer.star(made(2), False)
    watched.close()
    assert starred(path) == [1, 3]
    stars = Stars()
    assert found(path, "is:starred", stars) == [1, 3]
    stars.set_starred(made(2), True)  # and neither is in the file yet
    stars.restore([made(1)])
    stars.set_starred(made(1), False)
    assert found(path, "is:starred", stars) == [2, 3]


def test_starred_records_are_not_trimmed(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "CHUNK", 3)
    monkeypatch.setattr(limits, "_FIRST", limits._FIRST.replace("2000", "3"))
    rows = [made(number) for number in range(1, 31)]
    write(path, *rows)
    watched = Watched(path)
    for one in rows[:5]:
        watched.writer.star(one, True)
    watched.wait(lambda: starred(path) == [1, 2, 3, 4, 5])
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        # All of them are far older than that.
        trimming = limits.Trimming(connection, HistoryLimits(days=1), 9e9, 0)
        while trimming.step():
            pass
    assert [one.number for one in read_newest(path, 99)] == [1, 2, 3, 4, 5]
