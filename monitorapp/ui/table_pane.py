"""The table of interrupted responses, with the box that filters it."""

from __future__ import annotations

from collections.abc import Callable
from typing import cast

from PyQt5.QtCore import QItemSelectionModel, QModelIndex, QPoint, Qt, pyqtSignal
from PyQt5.QtWidgets import QAction, QVBoxLayout, QWidget

from monitorapp.core.filter_language import Filter
from monitorapp.core.interruption import Interruption
from monitorapp.core.search import Matching, SearchIndex
from monitorapp.core.store import InterruptionStore
from monitorapp.core.time_terms import time_terms, without_time_terms
from monitorapp.ui.filter_bar import FilterBar
from monitorapp.ui.interruptions_model import InterruptionsModel
from monitorapp.ui.interruptions_view import InterruptionsView
from monitorapp.ui.kept_filters import KeptFilters
from monitorapp.ui.past_bar import PastBar
from monitorapp.ui.row_menu import row_menu
from monitorapp.ui.settings import Settings


class TablePane(QWidget):
    """Shows the interruptions of a store that match a filter.

    Args:
        store: The interruptions that are kept.
        settings: What is kept from one run to the next.
        copy: Called with a text that shall be put on the clipboard.

    Attributes:
        filter_bar: Says which rows are shown.
        view: The table.
        row_actions: What the menu of a row offers first.
        base_url: URL of the server, for commands that ask it again; empty if it does not run.

    Signals:
        past_left(): The present shall be shown again.
        current_changed(object): This `Interruption` is that of the current row now.
        filtered(): Another filter is in force.
        counted(): Another number of rows may be shown.
    """

    past_left = pyqtSignal()
    current_changed = pyqtSignal(object)
    filtered = pyqtSignal()
    counted = pyqtSignal()

    def __init__(
        self,
        store: InterruptionStore,
        settings: Settings,
        copy: Callable[[str], None],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setObjectName("table_pane")
        self._settings = settings
        self._copy = copy
        self._shows_past = False
        self._index = SearchIndex(store)
        self._model = InterruptionsModel(store, self)
        self.view = InterruptionsView()
        self.view.setModel(self._model)
        self.filter_bar = FilterBar()
        self._kept_filters = KeptFilters(lambda: self.filter_bar.filter.expression.strip())
        self._kept_filters.set_filters(settings.filters)
        self.filter_bar.add_button(self._kept_filters)
        self._past_bar = PastBar()
        self._past_bar.left.connect(self.past_left)
        self.row_actions: list[QAction] = []
        self.base_url = ""
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        column.addWidget(self.filter_bar)
        column.addWidget(self._past_bar)
        column.addWidget(self.view, 1)

        self.view.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.view.customContextMenuRequested.connect(self._open_row_menu)
        self.filter_bar.filter_changed.connect(self._filter_rows)
        self.filter_bar.left.connect(self.view.setFocus)
        self._kept_filters.chosen.connect(self.filter_bar.set_expression)
        self._kept_filters.changed.connect(self._keep_filters)
        selection = cast(QItemSelectionModel, self.view.selectionModel())
        selection.currentRowChanged.connect(self._note_current)
        for signal in (self._model.rowsInserted, self._model.rowsRemoved, self._model.modelReset):
            signal.connect(self.counted)

    @property
    def shown_count(self) -> int:
        """How many interruptions are shown."""
        return self._model.record_count

    @property
    def shows_past(self) -> bool:
        """Whether records of the history are shown, rather than those that come in."""
        return self._shows_past

    def show_past(self, interruptions: list[Interruption], title: str) -> None:
        """Show records of the history, oldest first, and say which; they match the filter."""
        self._shows_past = True
        self._past_bar.show_past(title)
        self._model.set_store(Matching(self.filter_bar.filter, interruptions))
        self.filtered.emit()

    def show_found(self, share: float, interruptions: list[Interruption]) -> None:
        """Show what was found in that past, oldest first, in so much of it, from 0 to 1."""
        if self._shows_past:
            self._past_bar.show_progress(share)
            self._model.set_store(Matching(self.filter_bar.filter, interruptions))

    def show_present(self) -> None:
        """Show again what comes in."""
        self._shows_past = False
        self._past_bar.hide()
        self._filter_rows(self.filter_bar.filter)

    def show_time(self, start_s: float, end_s: float) -> None:
        """Show of the rows that match only those logged from `start_s` until before `end_s`.

        It takes the place of what it was called with before. Both are whole seconds since the
        epoch.
        """
        bar, terms = self.filter_bar, time_terms(int(start_s), int(end_s))
        others = without_time_terms(bar.filter.expression)
        if others == bar.filter.expression.strip():
            bar.add_term(terms)
        else:  # what is left is in parentheses already, if need be
            bar.set_expression(f"{others} {terms}".strip())

    def _note_current(self, current: QModelIndex) -> None:
        if current.isValid():  # what is no longer kept stays to be read
            self.current_changed.emit(self._model.interruption(current.row()))

    def _filter_rows(self, filter_: Filter) -> None:
        if not self._shows_past:
            self._model.set_store(self._index.matching(filter_))
        self.filtered.emit()

    def _keep_filters(self, filters: dict[str, str]) -> None:
        self._settings.filters = filters

    def _open_row_menu(self, place: QPoint) -> None:
        index = self.view.indexAt(place)
        if index.isValid():
            menu = row_menu(
                self._model.interruption(index.row()),
                self.base_url,
                self.row_actions,
                self.filter_bar.add_term,
                self._copy,
                self,
            )
            menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
            menu.popup(cast(QWidget, self.view.viewport()).mapToGlobal(place))
