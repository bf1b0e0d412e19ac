from __future__ import annotations

from collections.abc import Callable

import pytest
from PyQt5.QtWidgets import QPushButton, QSpinBox, QTableWidget, QWidget
from pytestqt.qtbot import QtBot

from monitorapp.core.history.limits import HistoryLimits
from monitorapp.core.history.reader import Run
from monitorapp.ui.history.runs_dialog import RunsDialog, run_title
from tests.ui.table.shown import child

Hold = Callable[[QWidget], None]
RUNS = [
    Run(3, 1_790_000_000.0, None, "1", 7),
    Run(2, 1_780_000_000.0, None, "1", 40),
    Run(1, 1e300, 1_770_000_000.0, "1", 4_000),
]


@pytest.fixture
def dialog(hold: Hold) -> RunsDialog:
    made = RunsDialog("/home/<b>me</b>/history.sqlite", RUNS, 3, HistoryLimits())
    hold(made)
    made.show()
    return made


def texts(table: QTableWidget, row: int) -> list[str]:
    items = [table.item(row, column) for column in range(3)]
    return [item.text() if item is not None else "" for item in items]


def test_runs_are_listed_with_how_they_ended(dialog: RunsDialog) -> None:
    table = child(dialog, QTableWidget, "runs_table")
    assert texts(table, 0) == ["All runs", "", "4,047"]
    assert texts(table, 1)[1:] == ["runs now", "7"]
    assert texts(table, 2)[1:] == ["\N{EN DASH}", "40"]  # it was killed
    assert texts(table, 3)[0] == "\N{EN DASH}"  # a time that no calendar has
    assert texts(table, 3)[1].startswith("2026-")


def test_a_run_is_opened(dialog: RunsDialog, qtbot: QtBot) -> None:
    child(dialog, QTableWidget, "runs_table").selectRow(2)
    with qtbot.waitSignal(dialog.opened) as opened:
        child(dialog, QPushButton, "open_run_button").click()
    assert opened.args == [RUNS[1]]
    assert not dialog.isVisible()


def test_all_runs_are_opened(dialog: RunsDialog, qtbot: QtBot) -> None:
    child(dialog, QTableWidget, "runs_table").selectRow(0)
    with qtbot.waitSignal(dialog.opened) as opened:
        child(dialog, QPushButton, "open_run_button").click()
    assert opened.args == [None]


def test_limits_are_emitted_when_they_changed(dialog: RunsDialog, qtbot: QtBot) -> None:
    child(dialog, QSpinBox, "history_days").setValue(7)
    with qtbot.waitSignal(dialog.limits_changed) as changed:
        dialog.reject()
    assert changed.args == [HistoryLimits(7)]


def test_limits_that_stay_are_not_emitted(dialog: RunsDialog, qtbot: QtBot) -> None:
    with qtbot.assertNotEmitted(dialog.limits_changed):
        dialog.reject()


def test_titles() -> None:
    assert run_title(None) == "History: all runs"
    assert run_title(RUNS[0]).startswith("History: the run that began 2026-")
