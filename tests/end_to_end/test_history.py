from __future__ import annotations

import random
import signal
import sqlite3
import time
from contextlib import closing
from pathlib import Path

import pytest

from monitorapp.core.history._place import COMPANIONS
from monitorapp.core.history.file import open_history
from monitorapp.core.history.reader import read_newest, read_runs
from monitorapp.core.record.interruption import Interruption
from tests.end_to_end.monitor import Client, Monitor, running
from tests.waits import WAIT_S, wait_until


def interrupt(monitor: Monitor, *paths: bytes) -> None:
    """Let a client ask for each path and leave, one after the other."""
    url = monitor.url()
    before = monitor.ask("rows()")
    for count, path in enumerate(paths, 1):
        client = Client(url, path)
        monitor.wait_until("find('counter_waiting').text()", "Waiting 1")
        client.close()
        monitor.wait_until("rows()", before + count)


def test_the_last_rows_are_there_again(tmp_path: Path) -> None:
    file = str(tmp_path / "h.sqlite")
    with running("--delay", "30", "--history", file) as monitor:
        interrupt(monitor, b"/first", b"/second")
        assert monitor.ask("find('history_status').text()") == "History: on"
        assert monitor.end()[0] == 0
    with running("--delay", "30", "--history", file) as monitor:
        monitor.wait_until("rows()", 2)
        interrupt(monitor, b"/third")
        assert monitor.ask("find('interruptions_view').model().first_live_row") == 2
        assert [monitor.ask(f"cells({row})[2]") for row in range(3)] == [
            "/first",
            "/second",
            "/third",
        ]
        assert monitor.end()[0] == 0
    assert [run.count for run in read_runs(tmp_path / "h.sqlite")] == [1, 2]


def test_an_older_run_can_be_opened_filtered_and_left(tmp_path: Path) -> None:
    file = str(tmp_path / "h.sqlite")
    with running("--delay", "30", "--history", file) as monitor:
        interrupt(monitor, b"/first", b"/second")
        monitor.end()
    with running("--delay", "30", "--history", file) as monitor:
        monitor.wait_until("rows()", 2)
        interrupt(monitor, b"/third")
        time.sleep(0.3)  # until it is written
        monitor.ask("click('runs_action')")
        monitor.wait_until(
            "any(top.objectName() == 'runs_dialog' for top in QApplication.topLevelWidgets())", True
        )
        monitor.ask("find('runs_table').selectRow(2)")
        monitor.ask("click('open_run_button')")
        monitor.wait_until("rows()", 2)
        assert "the run that began" in monitor.ask("find('past_label').text()")
        monitor.ask("find('filter_box').setText('path:second')")
        monitor.wait_until("rows()", 1)
        assert monitor.ask("cells(0)[2]") == "/second"
        monitor.ask("find('filter_box').clear()")
        monitor.wait_until("rows()", 2)
        monitor.ask("click('past_back_button')")
        monitor.wait_until("rows()", 3)


def test_another_try_of_a_client_is_marked_and_kept(tmp_path: Path) -> None:
    file = tmp_path / "h.sqlite"
    with running("--delay", "30", "--history", str(file)) as monitor:
        interrupt(monitor, b"/again", b"/other", b"/again")
        reasons = [monitor.ask(f"cells({row})[6]") for row in range(3)]
        assert reasons == ["closed by the client"] * 2 + [
            "closed by the client \N{MIDDLE DOT} try 2"
        ]
        assert monitor.end()[0] == 0
    assert [one.tries for one in read_newest(file, 9)] == [1, 1, 2]


def test_without_a_history_nothing_is_written(tmp_path: Path) -> None:
    with running("--delay", "30", "--history", "none") as monitor:
        interrupt(monitor, b"/first")
        assert monitor.ask("find('history_status').text()") == "History: off"
        monitor.ask("click('runs_action')")
        assert "no history" in monitor.ask("find('main_window').statusBar().currentMessage()")
    assert not list(tmp_path.rglob("*.sqlite"))


def test_a_damaged_history_is_set_aside_and_reported(tmp_path: Path) -> None:
    file = tmp_path / "h.sqlite"
    open_history(file).close()
    content = file.read_bytes()[:100] + b"\xa5" * 9_000
    file.write_bytes(content)
    with running("--delay", "30", "--history", str(file)) as monitor:
        interrupt(monitor, b"/first")
        monitor.wait_for_log("is damaged.*set aside")
        assert "set aside" in monitor.ask("find('message_text').text()")
        assert monitor.end()[0] == 0
    # What SQLite keeps beside it goes with it, if it is being read at that moment.
    asides = tmp_path.glob("h.sqlite.damaged-*")
    (aside,) = (one for one in asides if not one.name.endswith(COMPANIONS))
    assert aside.read_bytes() == content
    assert len(read_newest(file, 5)) == 1


@pytest.mark.parametrize(
    "content", [b"x", b"garbage" * 1_000, b"SQLite format 3\0" + b"\xa5" * 999]
)
def test_a_file_that_is_no_history_is_left_alone_and_reported(
    tmp_path: Path, content: bytes
) -> None:
    file = tmp_path / "notes.txt"
    file.write_bytes(content)
    with running("--delay", "30", "--history", str(file)) as monitor:
        interrupt(monitor, b"/first")
        monitor.wait_for_log("is not a history of this app")
        monitor.wait_until("find('history_status').text()", "History: off")
        assert monitor.end()[0] == 0
    assert file.read_bytes() == content
    assert list(tmp_path.glob("notes*")) == [file]


def test_a_history_of_a_newer_version_is_left_alone_and_reported(tmp_path: Path) -> None:
    file = tmp_path / "h.sqlite"
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("PRAGMA application_id = 0x6d6f6e69")
        connection.execute("PRAGMA user_version = 1000")
        connection.execute("CREATE TABLE later (x)")
    content = file.read_bytes()
    with running("--delay", "30", "--history", str(file)) as monitor:
        interrupt(monitor, b"/first")
        monitor.wait_for_log("newer version")
        assert monitor.ask("find('history_status').text()") == "History: off"
        assert monitor.end()[0] == 0
    assert file.read_bytes() == content


def test_a_locked_history_is_written_later(tmp_path: Path) -> None:
    file = tmp_path / "h.sqlite"
    with running("--history", str(file)) as monitor:
        monitor.url()
        monitor.wait_until("find('history_status').text()", "History: on")
    with closing(sqlite3.connect(file, isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        with running("--delay", "30", "--history", str(file)) as monitor:
            interrupt(monitor, b"/first")
            monitor.wait_for_log("in use by another program")
            other.execute("ROLLBACK")
            monitor.wait_until("find('history_status').text()", "History: on")
            monitor.end()
    assert len(read_newest(file, 5)) == 1


def test_what_cannot_be_written_when_the_app_ends_is_there_after_the_next_start(
    tmp_path: Path,
) -> None:
    file = tmp_path / "h.sqlite"
    with running("--delay", "30", "--history", str(file)) as monitor:
        interrupt(monitor, b"/first")
        wait_until(lambda: file.is_file() and len(read_newest(file, 5)) == 1)
        with closing(sqlite3.connect(file, timeout=WAIT_S, isolation_level=None)) as other:
            other.execute("BEGIN EXCLUSIVE")
            interrupt(monitor, b"/second", b"/third")
            assert monitor.end()[0] == 0
            other.execute("ROLLBACK")
        monitor.wait_for_log("2 records could not be written to the history .*next start")
    with running("--delay", "30", "--history", str(file)) as monitor:
        wait_until(lambda: len(read_newest(file, 5)) == 3)
    assert [one.path for one in read_newest(file, 5)] == ["/first", "/second", "/third"]
    assert not list(tmp_path.glob("*unsaved*"))


def test_a_killed_app_loses_at_most_a_quarter_of_a_second(tmp_path: Path) -> None:
    chosen = random.Random(1)
    ages_s = []
    for attempt in range(9):  # a busy machine may be slower, or not get so far
        file = tmp_path / f"h{attempt}.sqlite"
        with running("--delay", "30", "--history", str(file)) as monitor:
            url = monitor.url()
            until = time.time() + 0.5 + chosen.random()
            while time.time() < until:
                Client(url).close()
            killed_s = time.time()
            monitor.process.send_signal(signal.SIGKILL)
            monitor.wait()
        kept = read_newest(file, 10**6)
        assert [one.number for one in kept] == list(range(1, len(kept) + 1))
        ages_s += [killed_s - one.time_s for one in kept[-1:]]
        if ages_s and ages_s[-1] < 0.25:
            break
    assert min(ages_s) < 0.25


def starred(file: Path) -> list[str]:
    found: list[Interruption] = []
    read_newest(file, 9, starred=found)
    return sorted(one.path for one in found)


def test_outcomes_and_stars_survive_a_restart_and_a_kill(tmp_path: Path) -> None:
    file = tmp_path / "h.sqlite"
    with running("--delay", "30", "--history", str(file)) as monitor:
        interrupt(monitor, b"/first", b"/second")
        monitor.wait_until("cells(1)[7]", "cancelled cleanly")
        monitor.ask("find('interruptions_view').selectRow(1)")
        monitor.ask("click('star_action')")
        wait_until(lambda: starred(file) == ["/second"])
        monitor.end(signal.SIGKILL)
    with running("--delay", "30", "--history", str(file)) as monitor:
        monitor.wait_until("rows()", 2)
        assert monitor.ask("[cells(row)[7] for row in range(2)]") == ["cancelled cleanly"] * 2
        monitor.ask("find('filter_box').setText('is:starred outcome:cancelled')")
        monitor.wait_until("[cells(row)[2] for row in range(rows())]", ["/second"])
        # In a past run, too.
        monitor.ask("click('runs_action')")
        monitor.wait_until(
            "any(top.objectName() == 'runs_dialog' for top in QApplication.topLevelWidgets())", True
        )
        monitor.ask("find('runs_table').selectRow(0)")
        monitor.ask("click('open_run_button')")
        monitor.wait_until("[cells(row)[2] for row in range(rows())]", ["/second"])
        monitor.ask("find('filter_box').setText('outcome=\"cancelled cleanly\"')")
        monitor.wait_until("rows()", 2)
        monitor.ask("find('interruptions_view').selectRow(0)")
        monitor.ask("click('star_action')")
        assert monitor.end()[0] == 0
    assert starred(file) == ["/first", "/second"]
