"""Files of all versions."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from monitorapp.core.history import schema
from monitorapp.core.history.file import open_to_read
from monitorapp.core.history.reader import read_newest, read_runs
from monitorapp.core.history.rows import pack
from tests.core.history.watched import write
from tests.factory import record

pytestmark = pytest.mark.slow


def test_each_migration_leads_on(tmp_path: Path) -> None:
    steps = [*schema.MIGRATIONS, ["ALTER TABLE runs ADD COLUMN note TEXT"]]
    path = tmp_path / "h"
    write(path, record(number=1))
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        schema.migrate(connection, steps)
        assert schema.version_of(connection) == schema.VERSION + 1
        assert connection.execute("SELECT note FROM runs").fetchall() == [(None,)]
        schema.migrate(connection, steps)
        assert connection.execute("SELECT count(*) FROM records").fetchone() == (1,)


def of_version(path: Path, version: int) -> sqlite3.Connection:
    """Make a file as that version of the app did."""
    connection = sqlite3.connect(path, isolation_level=None)
    schema.migrate(connection, schema.MIGRATIONS[:version])
    return connection


def test_runs_of_the_first_version_have_an_origin_of_their_own(tmp_path: Path) -> None:
    path = tmp_path / "h"
    with closing(of_version(path, 1)) as connection:
        for began_s in (1.79e9, 1.79e9, 1.79e9 + 0.000001):
            run = connection.execute(
                "INSERT INTO runs (began_s, version) VALUES (?, '1')", [began_s]
            )
            shared, fields = pack(record(origin="", request_number=1), "")
            connection.execute("INSERT OR IGNORE INTO shared (fields) VALUES (?)", [shared])
            connection.execute(
                "INSERT INTO records (run, time_s, shared, fields) VALUES (?, 1, 1, ?)",
                (run.lastrowid, fields),
            )
    before = read_newest(path, 9)
    assert len({one.identity for one in before}) == 3
    write(path)
    with closing(open_to_read(path)) as connection:
        assert schema.version_of(connection) == schema.VERSION
    assert read_newest(path, 9) == before  # reading it first has not assigned another origin
    assert [run.origin for run in read_runs(path)] == [one.origin for one in before[::-1]]


def test_what_writers_of_the_second_version_left_dangling_is_cleaned(tmp_path: Path) -> None:
    path = tmp_path / "h"
    with closing(of_version(path, 2)) as connection:
        connection.execute("INSERT INTO runs (id, began_s, version) VALUES (1, 5, '0.1.0')")
        shared, fields = pack(record(), "")
        connection.execute("INSERT INTO shared (id, fields) VALUES (3, ?)", [shared])
        connection.executemany(
            "INSERT INTO records (run, time_s, shared, fields) VALUES (?, ?, ?, ?)",
            [(1, 6.0, 3, fields), (1, 7.0, 4, fields), (9, 8.0, 3, fields), (9, 9.0, 3, fields)],
        )
    write(path, record(message="of a run and a number of their own"))
    runs = [(run.number, run.began_s, run.count) for run in read_runs(path)]
    assert runs[1:] == [(9, 8.0, 2), (1, 5.0, 1)]
    assert runs[0][::2] == (10, 1)
    assert len(read_newest(path, 9)) == 4
    with closing(open_to_read(path)) as connection:
        assert connection.execute("SELECT count(*) FROM records").fetchone() == (4,)
        assert connection.execute("SELECT id FROM shared").fetchall() == [(3,), (4,)]


def test_a_migration_that_fails_changes_nothing(tmp_path: Path) -> None:
    path = tmp_path / "h"
    write(path, record(number=1))
    steps = [*schema.MIGRATIONS, ["ALTER TABLE runs ADD COLUMN note TEXT", "DROP TABLE nothing"]]
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        with pytest.raises(sqlite3.OperationalError):
            schema.migrate(connection, steps)
        assert schema.version_of(connection) == schema.VERSION
        columns = [row[1] for row in connection.execute("PRAGMA table_info(runs)")]
    assert "note" not in columns
    assert len(read_newest(path, 5)) == 1
