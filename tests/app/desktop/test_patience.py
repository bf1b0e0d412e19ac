from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from PyQt5.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from monitorapp.app.desktop import patience as module
from monitorapp.app.desktop.patience import READING, PatiencePresenter
from monitorapp.core.filter.language import EVERYTHING
from monitorapp.core.history.file import open_history
from monitorapp.core.request.store import EndStore
from monitorapp.ui.patience.pane import PatiencePane
from tests.core.history.test_ended import numbered, write
from tests.core.source.threads import Threads
from tests.ui.table.shown import child
from tests.waits import WAIT_MS


class Shown:
    """A pane, and the requests of a history that it may show."""

    def __init__(self, path: Path | None) -> None:
        self.pane = PatiencePane()
        self.ends = EndStore()
        self.threads = Threads()
        self.presenter = PatiencePresenter(
            self.pane, self.ends, path, "this process", lambda: EVERYTHING, self.threads
        )

    @property
    def text(self) -> str:
        label: QLabel = child(self.pane, QLabel, "patience_text")
        return label.text()

    def show(self, qtbot: QtBot, reads: int = 1) -> None:
        self.pane.show()
        qtbot.waitUntil(lambda: len(self.threads.searches) == 1 + reads, timeout=WAIT_MS)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "h.sqlite"
    write(path, numbered(0, 100, "before"))
    write(path, numbered(100, 120, "this process"))
    return path


@pytest.fixture(autouse=True)
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "READ_AFTER_MS", 0)


def test_requests_of_earlier_runs_count_once_the_pane_is_seen(qtbot: QtBot, path: Path) -> None:
    shown = Shown(path)
    qtbot.addWidget(shown.pane)
    assert shown.threads.searches == []
    shown.show(qtbot)
    assert READING in shown.text
    shown.threads.run()
    assert len(shown.ends) == 100
    shown.pane._next_s = 0.0
    shown.pane.refresh()
    shown.threads.run()
    assert "100 requests since 9 Sep 2001." in shown.text
    assert READING not in shown.text
    shown.pane.hide()
    shown.pane.show()
    shown.threads.run()
    assert len(shown.ends) == 100  # they are read once
    shown.presenter.close()


def test_without_a_history_only_this_run_counts(qtbot: QtBot) -> None:
    shown = Shown(None)
    qtbot.addWidget(shown.pane)
    shown.show(qtbot, reads=0)
    shown.threads.run()
    assert "request" not in shown.text.replace("Interrupt some requests.", "")
    shown.presenter.close()


def test_what_is_damaged_is_counted_in_a_sentence(qtbot: QtBot, path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("UPDATE ended SET block = zeroblob(9)")
        connection.commit()
    shown = Shown(path)
    qtbot.addWidget(shown.pane)
    shown.show(qtbot)
    shown.threads.run()
    assert "1 block of earlier requests could not be read." in shown.text
    shown.presenter.close()


def test_a_file_that_cannot_be_read_is_explained(qtbot: QtBot, tmp_path: Path) -> None:
    path = tmp_path / "notes.txt"
    path.write_text("notes " * 1_000)
    shown = Shown(path)
    qtbot.addWidget(shown.pane)
    shown.show(qtbot)
    shown.threads.run()
    assert "Earlier requests are not counted: The history file" in shown.text
    shown.presenter.close()


def test_closing_ends_what_is_read(qtbot: QtBot, path: Path) -> None:
    shown = Shown(path)
    qtbot.addWidget(shown.pane)
    shown.show(qtbot)
    shown.presenter.close()
    shown.threads.run()
    assert len(shown.ends) == 0


def test_an_empty_history_is_none(qtbot: QtBot, tmp_path: Path) -> None:
    path = tmp_path / "h.sqlite"
    open_history(path).close()
    shown = Shown(path)
    qtbot.addWidget(shown.pane)
    shown.show(qtbot)
    shown.threads.run()
    assert len(shown.ends) == 0
    shown.presenter.close()
