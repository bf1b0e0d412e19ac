from __future__ import annotations

import json
from collections.abc import Generator
from pathlib import Path

import pytest
from PyQt5.QtCore import QMimeData, QPoint, QPointF, QSettings, Qt, QUrl
from PyQt5.QtGui import QDragEnterEvent, QDropEvent
from PyQt5.QtWidgets import QPushButton, QWidget
from pytestqt.qtbot import QtBot

from monitorapp.core.records.store import InterruptionStore
from monitorapp.ui.settings import Settings
from monitorapp.ui.widgets.elided_label import ElidedLabel
from monitorapp.ui.widgets.message_bar import Severity
from monitorapp.ui.widgets.stepping import Stepping
from monitorapp.ui.window.main_window import MainWindow
from tests.core.source.threads import Threads
from tests.factory import record
from tests.ui.table.shown import child


@pytest.fixture
def store() -> InterruptionStore:
    return InterruptionStore(1_000)


@pytest.fixture
def window(qtbot: QtBot, store: InterruptionStore, tmp_path: Path) -> MainWindow:
    settings = QSettings(str(tmp_path / "s.ini"), QSettings.Format.IniFormat)
    window = MainWindow(store, Settings(settings))
    qtbot.addWidget(window)
    window.show()
    for number in range(300):
        store.add(record(number=number, uri=f"/{number}", time_s=1.7e9 - number))
    window.view.jump_to_newest()
    window.transfer.opened.connect(window.table_pane.set_source)
    return window


@pytest.fixture
def threads(window: MainWindow) -> Threads:
    window.transfer._in_thread = threads = Threads()
    return threads


def wait(qtbot: QtBot, window: MainWindow) -> None:
    qtbot.waitUntil(lambda: window.transfer._stop is None)


def uris(window: MainWindow) -> list[str]:
    return [one.uri for one in window.table_pane.shown()]


def test_what_is_shown_is_exported(qtbot: QtBot, window: MainWindow, tmp_path: Path) -> None:
    window.filter_bar.set_expression("path:/29")
    path = tmp_path / "x.jsonl"
    window.transfer.export(path)
    wait(qtbot, window)
    written = [json.loads(line)["uri"] for line in path.read_text().splitlines()]
    assert written == ["/29", *(f"/29{digit}" for digit in range(10))]
    assert window.statusBar().currentMessage().startswith("Exported 11 rows to")  # type: ignore[union-attr]


def test_a_file_is_shown_and_filtered(
    qtbot: QtBot, window: MainWindow, store: InterruptionStore, tmp_path: Path
) -> None:
    path = tmp_path / "x<b>.jsonl"
    window.transfer.export(path)
    wait(qtbot, window)
    store.clear()
    window.transfer.import_files([path])
    wait(qtbot, window)
    assert uris(window) == [f"/{number}" for number in reversed(range(300))]  # by time
    assert child(window, ElidedLabel, "past_label").text() == "File: x<b>.jsonl"
    window.filter_bar.set_expression("path:/29")
    assert len(uris(window)) == 11
    store.add(record(uri="/new"))
    assert "/new" not in uris(window)
    window.filter_bar.set_expression("")
    with qtbot.waitSignal(window.table_pane.source_left):
        child(window, QPushButton, "past_back_button").click()


def test_broken_lines_are_reported(qtbot: QtBot, window: MainWindow, tmp_path: Path) -> None:
    path = tmp_path / "in.jsonl"
    path.write_text('{"monitorapp": 1, "time_s": 1}\nnonsense\n')
    window.transfer.import_files([path])
    wait(qtbot, window)
    assert len(uris(window)) == 1
    assert "1 of 2 lines of in.jsonl could not be read; the first: line 2" in (
        window.message_bar.text()
    )


def test_a_file_without_records_leaves_the_table(
    qtbot: QtBot, window: MainWindow, tmp_path: Path
) -> None:
    path = tmp_path / "in.jsonl"
    path.touch()
    window.transfer.import_files([path])
    wait(qtbot, window)
    assert len(uris(window)) == 300
    assert "no interrupted responses in in.jsonl" in window.message_bar.text()


def test_what_goes_wrong_is_reported(qtbot: QtBot, window: MainWindow, tmp_path: Path) -> None:
    window.transfer.import_files([tmp_path / "none"])
    wait(qtbot, window)
    assert "could not be read: No such file" in window.message_bar.text()
    window.transfer.export(tmp_path / "x.txt")
    wait(qtbot, window)
    assert "ends in one of" in window.message_bar.text()
    assert not child(window, QWidget, "task_bar").isVisible()


def test_an_export_can_be_cancelled(
    window: MainWindow, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("monitorapp.ui.widgets.stepping.SLICE_S", 0.0)
    folder = tmp_path / "out"
    folder.mkdir()
    window.transfer.export(folder / "x.csv")
    stepping = window.transfer.findChild(Stepping)
    assert stepping is not None
    stepping._go_on()
    assert child(window, QWidget, "task_bar").isVisible()
    child(window, QPushButton, "task_cancel_button").click()
    assert not child(window, QWidget, "task_bar").isVisible()
    assert list(folder.iterdir()) == []


def test_files_are_read_in_a_thread_and_that_can_be_cancelled(
    window: MainWindow, threads: Threads, tmp_path: Path
) -> None:
    path = tmp_path / "in.jsonl"
    path.write_text('{"monitorapp": 1, "time_s": 1}\n' * 1_000)
    window.transfer.import_files([path])
    (search,) = threads.searches
    assert search.taken == 0  # nothing is read in this thread
    assert child(window, QWidget, "task_bar").isVisible()
    assert search.work()
    window.transfer.import_files([path])
    assert len(threads.searches) == 1
    child(window, QPushButton, "task_cancel_button").click()
    threads.run()
    assert not child(window, QWidget, "task_bar").isVisible()
    assert len(uris(window)) == 300
    assert search.taken < 3
    window.transfer.import_files([path])
    threads.run()
    assert len(uris(window)) == 1_000


def test_a_message_goes_with_the_next_file(
    qtbot: QtBot, window: MainWindow, threads: Threads, tmp_path: Path
) -> None:
    window.message_bar.show_message("Something else", Severity.ERROR, source="other")
    window.transfer.import_files([tmp_path / "none"])
    threads.run()
    assert "could not be read" in window.message_bar.text()
    window.transfer.export(tmp_path / "x.csv")
    assert window.message_bar.text() == "Something else"
    wait(qtbot, window)


def test_files_can_be_dropped(qtbot: QtBot, window: MainWindow, tmp_path: Path) -> None:
    path = tmp_path / "in.jsonl"
    path.write_text('{"monitorapp": 1, "time_s": 1, "uri": "/dropped"}\n')
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path))])
    actions = Qt.DropActions(Qt.DropAction.CopyAction)
    buttons = Qt.MouseButtons(Qt.MouseButton.LeftButton)
    none = Qt.KeyboardModifiers(Qt.KeyboardModifier.NoModifier)
    entered = QDragEnterEvent(QPoint(9, 9), actions, data, buttons, none)
    entered.ignore()
    window.dragEnterEvent(entered)
    assert entered.isAccepted()
    window.dropEvent(QDropEvent(QPointF(9, 9), actions, data, buttons, none))
    wait(qtbot, window)
    assert uris(window) == ["/dropped"]
    other = QMimeData()
    other.setText("no file")
    refused = QDragEnterEvent(QPoint(9, 9), actions, other, buttons, none)
    refused.ignore()
    window.dragEnterEvent(refused)
    assert not refused.isAccepted()


def test_long_work_leaves_time_to_others(qtbot: QtBot) -> None:
    def work() -> Generator[int, None, None]:
        yield from range(300_000)

    stepping = Stepping(work())
    turns: list[int] = []
    stepping.progressed.connect(turns.append)
    with qtbot.waitSignal(stepping.finished):
        stepping.start()
    assert len(turns) > 1
