from __future__ import annotations

from PyQt5.QtWidgets import QPushButton, QSpinBox, QTableWidget
from pytestqt.qtbot import QtBot

from monitorapp.core.history.limits import HistoryLimits
from monitorapp.core.history.reader import Run
from monitorapp.ui.history.runs_dialog import RunsDialog, run_title
from tests.ui.table.shown import child

RUNS = [
    Run(3, 1_790_000_000.0, None, "1", 7),
    Run(2, 1_780_000_000.0, None, "1", 40),
    Run(1, 1e300, 1_770_000_000.0, "1", 4_000),
]


def dialog(qtbot: QtBot) -> RunsDialog:
    made = RunsDialog("/home/<b>me</b>/history.sqlite", RUNS, 3, HistoryLimits())
    qtbot.addWidget(made)
    made.show()
    return made


def texts(table: QTableWidget, row: int) -> list[str]:
    items = [table.item(row, column) for column in range(3)]
    return [item.text() if item is not None else "" for item in items]


def test_runs_are_listed_with_how_they_ended(qtbot: QtBot) -> None:
    table = child(dialog(qtbot), QTableWidget, "runs_table")
    assert texts(table, 0) == ["All runs", "", "4,047"]
    assert texts(table, 1)[1:] == ["runs now", "7"]
    assert texts(table, 2)[1:] == ["\N{EN DASH}", "40"]  # it was killed
    assert texts(table, 3)[0] == "\N{EN DASH}"  # a time that no calendar has
    assert texts(table, 3)[1].startswith("2026-")


def test_a_run_is_opened(qtbot: QtBot) -> None:
    made = dialog(qtbot)
    child(made, QTableWidget, "runs_table").selectRow(2)
    with qtbot.waitSignal(made.opened) as opened:
        child(made, QPushButton, "open_run_button").click()
    assert opened.args == [RUNS[1]]
    assert not made.isVisible()


def test_all_runs_are_opened(qtbot: QtBot) -> None:
    made = dialog(qtbot)
    child(made, QTableWidget, "runs_table").selectRow(0)
    with qtbot.waitSignal(made.opened) as opened:
        child(made, QPushButton, "open_run_button").click()
    assert opened.args == [None]


def test_limits_are_told_when_they_changed(qtbot: QtBot) -> None:
    made = dialog(qtbot)
    child(made, QSpinBox, "history_days").setValue(7)
    with qtbot.waitSignal(made.limits_changed) as changed:
        made.reject()
    assert changed.args == [HistoryLimits(7)]
    other = dialog(qtbot)
    with qtbot.assertNotEmitted(other.limits_changed):
        other.reject()


def test_titles() -> None:
    assert run_title(None) == "History: all runs"
    assert run_title(RUNS[0]).startswith("History: the run that began 2026-")
