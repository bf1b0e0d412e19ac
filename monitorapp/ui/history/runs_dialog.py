"""The list of earlier runs, and what the history keeps."""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast

from PyQt5.QtCore import Qt, pyqtSignal
from PyQt5.QtWidgets import (
    QAbstractItemView,
    QDialog,
    QDialogButtonBox,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QPushButton,
    QSpinBox,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from monitorapp.core.history.limits import MAX_DAYS, MAX_MEGABYTES, HistoryLimits
from monitorapp.core.history.reader import Run
from monitorapp.core.text.visible import cut, visible
from monitorapp.ui.history.columns import COLUMNS, ListedRun, moment_text
from monitorapp.ui.widgets.columns import Column


def run_title(run: Run | None) -> str:
    """Return what is shown when the table shows a run; all runs if it is None."""
    if run is None:
        return "History: all runs"
    return f"History: the run that began {moment_text(run.began_s)}"


class RunsDialog(QDialog):
    """Lists the runs of which the history keeps records; one of them can be opened.

    Args:
        path: The history file.
        runs: The runs, newest first.
        current: Number of the present run.
        limits: What the history keeps.

    Signals:
        opened(object): Emitted with the `Run` that is to be shown; None for all of them.
        limits_changed(object): Emitted with the `HistoryLimits` that the user has set.
    """

    opened = pyqtSignal(object)
    limits_changed = pyqtSignal(object)

    def __init__(
        self,
        path: str,
        runs: Sequence[Run],
        current: int,
        limits: HistoryLimits,
        parent: QWidget | None = None,
        columns: Sequence[Column[ListedRun]] = COLUMNS,
    ) -> None:
        super().__init__(parent)
        self.setObjectName("runs_dialog")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle("History")
        self._runs = [None, *runs]
        file = QLabel(cut(visible(path), 300))
        file.setObjectName("history_file")
        file.setTextFormat(Qt.TextFormat.PlainText)
        file.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        file.setWordWrap(True)
        self._table = self._list(current, columns)
        self._days = self._limit("history_days", limits.days, MAX_DAYS, " days")
        self._megabytes = self._limit("history_megabytes", limits.megabytes, MAX_MEGABYTES, " MB")
        keep = QHBoxLayout()
        keep.addWidget(QLabel("Keep at most"))
        keep.addWidget(self._days)
        keep.addWidget(QLabel("and"))
        keep.addWidget(self._megabytes)
        keep.addWidget(QLabel("; the oldest go first."))
        keep.addStretch(1)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.rejected.connect(self.reject)
        close = cast(QPushButton, buttons.button(QDialogButtonBox.StandardButton.Close))
        close.setAutoDefault(False)
        self._open = QPushButton("&Open")
        self._open.setObjectName("open_run_button")
        self._open.setToolTip("Show the records of the selected run in the table")
        self._open.setDefault(True)
        self._open.clicked.connect(self._open_current)
        buttons.addButton(self._open, QDialogButtonBox.ButtonRole.ActionRole)
        column = QVBoxLayout(self)
        column.addWidget(file)
        column.addWidget(self._table, 1)
        column.addLayout(keep)
        column.addWidget(buttons)
        self.resize(560, 380)
        self._limits = limits
        self.finished.connect(self._take_limits)

    def _list(self, current: int, columns: Sequence[Column[ListedRun]]) -> QTableWidget:
        table = QTableWidget(len(self._runs), len(columns))
        table.setObjectName("runs_table")
        table.setAccessibleName("Runs of the app")
        cast(QHeaderView, table.verticalHeader()).hide()
        header = cast(QHeaderView, table.horizontalHeader())
        header.setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        header.setHighlightSections(False)
        table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        table.setShowGrid(False)
        rows = [
            ListedRun(None, sum(run.count for run in self._runs if run is not None))
            if run is None
            else ListedRun(run, run.count, run.number == current)
            for run in self._runs
        ]
        for section, column in enumerate(columns):
            head = QTableWidgetItem(column.title)
            head.setToolTip(column.explanation)
            head.setTextAlignment(column.alignment)
            table.setHorizontalHeaderItem(section, head)
            for place, row in enumerate(rows):
                item = QTableWidgetItem(column.text(row))
                item.setTextAlignment(column.alignment)
                table.setItem(place, section, item)
        table.selectRow(min(1, len(self._runs) - 1))
        table.cellDoubleClicked.connect(lambda *_: self._open_current())
        return table

    def _limit(self, name: str, value: int, most: int, suffix: str) -> QSpinBox:
        box = QSpinBox()
        box.setObjectName(name)
        box.setAccessibleName(f"Most{suffix} that the history keeps")
        box.setToolTip("What is beyond this is removed while the app runs, the oldest first")
        box.setRange(1, most)
        box.setGroupSeparatorShown(True)
        box.setSuffix(suffix)
        box.setValue(value)
        return box

    def _open_current(self) -> None:
        row = self._table.currentRow()
        if 0 <= row < len(self._runs):
            self.opened.emit(self._runs[row])
            self.accept()

    def _take_limits(self) -> None:
        limits = HistoryLimits(self._days.value(), self._megabytes.value())
        if limits != self._limits:
            self.limits_changed.emit(limits)
