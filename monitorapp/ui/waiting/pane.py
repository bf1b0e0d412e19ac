"""A pane with the requests that wait, and what can be done with them."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import zip_longest
from typing import Final, cast

from PyQt5.QtCore import (
    QByteArray,
    QItemSelection,
    QItemSelectionModel,
    QSize,
    Qt,
    QTimer,
    pyqtBoundSignal,
    pyqtSignal,
)
from PyQt5.QtGui import QKeySequence
from PyQt5.QtWidgets import (
    QAbstractItemView,
    QAction,
    QDockWidget,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QTableView,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from monitorapp.core.request.waiting import WaitingRequests
from monitorapp.core.text.format import plural
from monitorapp.ui.waiting._delegate import WaitingDelegate
from monitorapp.ui.waiting._model import WaitingModel
from monitorapp.ui.waiting._rows import WaitingRow
from monitorapp.ui.waiting.columns import COLUMNS
from monitorapp.ui.widgets.columns import Column
from monitorapp.ui.widgets.header import ColumnHeader

REFRESH_MS: Final = 100
"""How often the pane looks at the requests, while it is seen."""

_SELECT_ROWS: Final = cast(
    QItemSelectionModel.SelectionFlags,
    QItemSelectionModel.SelectionFlag.ClearAndSelect | QItemSelectionModel.SelectionFlag.Rows,
)


class WaitingPane(QDockWidget):
    """Shows the requests that wait, ten times a second and only while it is seen.

    Attributes:
        toggle_action: Shows or hides the pane.
        finish_action: Asks for the selected requests to be finished now.
        abort_action: Asks for their clients to be dropped.
        extend_action: Asks for them to wait longer.

    Signals:
        finish_requested(object): Emitted with a tuple of the numbers of requests when these are
            to be finished.
        abort_requested(object): The same, when their clients are to be dropped.
        extend_requested(object): The same, when they are to wait longer, by the current delay.
    """

    finish_requested = pyqtSignal(object)
    abort_requested = pyqtSignal(object)
    extend_requested = pyqtSignal(object)

    def __init__(
        self,
        parent: QWidget | None = None,
        columns: Sequence[Column[WaitingRow]] = COLUMNS,
    ) -> None:
        super().__init__("Waiting now", parent)
        self.setObjectName("waiting_dock")
        self.setAccessibleName("Requests that wait now")
        self.toggle_action = self.toggleViewAction()
        assert self.toggle_action is not None
        self.toggle_action.setObjectName("waiting_action")
        self.toggle_action.setText("&Waiting now")
        self.toggle_action.setShortcut(QKeySequence("F6"))
        self.toggle_action.setToolTip("Show or hide the requests that wait now (F6)")
        self._kept: tuple[set[int], int | None] = (set(), None)
        self._model = WaitingModel(self, columns)
        self._view = QTableView()
        self._columns = ColumnHeader(
            "waiting_header", "Columns of the requests that wait", parent=self._view
        )
        self._count = QLabel()
        self._count.setObjectName("waiting_count")
        self._count.setTextFormat(Qt.TextFormat.PlainText)
        self._timer = QTimer(self)
        self._timer.setInterval(REFRESH_MS)
        self._timer.timeout.connect(self.refresh)
        self.finish_action = self._action(
            "finish_now", "&Finish now", "Answer the selected requests now", self.finish_requested
        )
        self.abort_action = self._action(
            "abort", "A&bort", "Drop the clients of the selected requests", self.abort_requested
        )
        self.extend_action = self._action(
            "extend",
            "E&xtend",
            "Extend the wait of the selected requests by the current delay",
            self.extend_requested,
        )
        self._set_up_view()
        self._lay_out()
        self.visibilityChanged.connect(self._become_visible)
        self._note_selection()
        self._show_count()

    def set_source(self, source: WaitingRequests) -> None:
        """Show the requests of `source`."""
        self._model.set_source(source)

    def refresh(self) -> None:
        """Show the present state."""
        viewport = cast(QWidget, self._view.viewport())
        first_row = max(0, self._view.rowAt(0))
        last_row = self._view.rowAt(viewport.height() - 1)
        self._model.refresh(first_row, last_row if last_row >= 0 else self._model.rowCount() - 1)
        self._show_count()

    def selected_numbers(self) -> tuple[int, ...]:
        """Return the numbers of the selected requests, in ascending order."""
        return tuple(
            sorted(
                self._model.number(row)
                for part in self._selection.selection()
                for row in range(part.top(), part.bottom() + 1)
            )
        )

    def save_state(self) -> QByteArray:
        """Return the order, the widths and the visibility of the columns."""
        return self._columns.state()

    def restore_state(self, state: QByteArray) -> None:
        """Restore what `save_state` returned; broken bytes change nothing."""
        self._columns.restore(state)

    def sizeHint(self) -> QSize:
        """Ask for a size that leaves most of the window to the table."""
        return QSize(640, 200)

    @property
    def _selection(self) -> QItemSelectionModel:
        return cast(QItemSelectionModel, self._view.selectionModel())

    def _action(self, name: str, text: str, tooltip: str, requested: pyqtBoundSignal) -> QAction:
        action = QAction(text, self)
        action.setObjectName(f"waiting_{name}_action")
        action.setToolTip(tooltip)
        action.triggered.connect(lambda: requested.emit(self.selected_numbers()))
        self._view.addAction(action)
        return action

    def _set_up_view(self) -> None:
        view = self._view
        view.setObjectName("waiting_view")
        view.setAccessibleName("Requests that wait now")
        rows = cast(QHeaderView, view.verticalHeader())
        rows.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        rows.setDefaultSectionSize(view.fontMetrics().height() + 6)
        rows.hide()
        view.setModel(self._model)
        view.setItemDelegate(WaitingDelegate(view))
        view.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        view.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        view.setShowGrid(False)
        view.setWordWrap(False)
        view.setTabKeyNavigation(False)
        view.setContextMenuPolicy(Qt.ContextMenuPolicy.ActionsContextMenu)
        view.setHorizontalHeader(self._columns)
        self._columns.set_default_widths()
        self._selection.selectionChanged.connect(self._note_selection)
        self._model.modelAboutToBeReset.connect(self._keep_selection)
        self._model.modelReset.connect(self._restore_selection)

    def _lay_out(self) -> None:
        content = QWidget()
        layout = QVBoxLayout(content)
        layout.setContentsMargins(6, 4, 6, 4)
        row = QHBoxLayout()
        row.addWidget(self._count, 1)
        for action in (self.finish_action, self.abort_action, self.extend_action):
            button = QToolButton()
            button.setDefaultAction(action)
            button.setObjectName(action.objectName().replace("_action", "_button"))
            button.setAccessibleName(action.text().replace("&", ""))
            button.setAutoRaise(True)
            row.addWidget(button)
        layout.addLayout(row)
        layout.addWidget(self._view, 1)
        self.setWidget(content)

    def _become_visible(self, visible: bool) -> None:
        if visible:
            self.refresh()
            self._timer.start()
        else:
            self._timer.stop()

    def _show_count(self) -> None:
        count = self._model.rowCount()
        text = f"{plural(count, 'request waits', 'requests wait')}."
        self._count.setText(text if count else "No request waits.")

    def _note_selection(self) -> None:
        for action in (self.finish_action, self.abort_action, self.extend_action):
            action.setEnabled(self._selection.hasSelection())

    def _keep_selection(self) -> None:
        current = self._view.currentIndex()
        number = self._model.number(current.row()) if current.isValid() else None
        self._kept = (set(self.selected_numbers()), number)

    def _restore_selection(self) -> None:
        (selected, number), self._kept = self._kept, (set(), None)
        if number is not None:
            for row in self._model.rows_of({number}):
                self._selection.setCurrentIndex(
                    self._model.index(row, 0), QItemSelectionModel.SelectionFlag.NoUpdate
                )
        selection = QItemSelection()
        last_column = self._model.columnCount() - 1
        first: int | None = None
        rows = self._model.rows_of(selected) if selected else []
        for row, following in zip_longest(rows, rows[1:]):
            first = row if first is None else first
            if following != row + 1:
                selection.select(self._model.index(first, 0), self._model.index(row, last_column))
                first = None
        self._selection.select(selection, _SELECT_ROWS)
        self._note_selection()
