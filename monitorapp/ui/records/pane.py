"""The table of interrupted responses, with the box that filters it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Final, cast

from PyQt5.QtCore import QItemSelectionModel, QModelIndex, QPoint, Qt, pyqtSignal
from PyQt5.QtWidgets import QAction, QStackedWidget, QVBoxLayout, QWidget

from monitorapp.core.filter.language import Filter, exactly
from monitorapp.core.filter.marks import marks_of
from monitorapp.core.filter.time_terms import time_terms, without_time_terms
from monitorapp.core.record.interruption import Interruption
from monitorapp.core.records.groups import Group, Grouping
from monitorapp.core.source.source import Source
from monitorapp.ui.editor.source import SourceEditor
from monitorapp.ui.filter.bar import FilterBar
from monitorapp.ui.filter.saved import SavedFilters
from monitorapp.ui.groups.group_by import GroupBy
from monitorapp.ui.groups.view import GroupsView
from monitorapp.ui.records.row_menu import row_menu
from monitorapp.ui.records.source_bar import SourceBar
from monitorapp.ui.settings import Settings
from monitorapp.ui.table.model import InterruptionsModel
from monitorapp.ui.table.view import InterruptionsView

_FIELDS: Final = {
    Grouping.CLIENT: ("client",),
    Grouping.PATH: ("path",),
    Grouping.FINGERPRINT: ("path", "reason", "render"),
}
"""The fields of the filter that say what the interruptions of a group have in common."""


class TablePane(QWidget):
    """Shows the interruptions of a source that match a filter.

    Args:
        source: What is shown first.
        settings: What is saved from one run to the next.
        copy: Called with a text to be put on the clipboard.
        row_actions: What the menu of a row offers first.
        source_editor: Opens the source file that a row names; None if nothing does.

    Attributes:
        filter_bar: Filters the rows.
        view: The table.

    Signals:
        source_left(): Emitted when the user wants to see the live source again.
        source_changed(): Emitted when another source is shown, or the same is further.
        current_changed(object): Emitted when another row is current, with its `Interruption`.
        filtered(): Emitted when another filter is in force.
        counted(): Emitted when the number of rows shown may have changed.
    """

    source_left = pyqtSignal()
    source_changed = pyqtSignal()
    current_changed = pyqtSignal(object)
    filtered = pyqtSignal()
    counted = pyqtSignal()

    def __init__(
        self,
        source: Source,
        settings: Settings,
        copy: Callable[[str], None],
        row_actions: Sequence[QAction] = (),
        source_editor: SourceEditor | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setObjectName("table_pane")
        self._settings = settings
        self._copy = copy
        self._source = source
        self.filter_bar = FilterBar(values=lambda field: self._source.seen_values(field))
        source.set_filter(self.filter_bar.filter)
        self._marks = marks_of(self.filter_bar.filter)
        self._model = InterruptionsModel(source.records, self)
        self.view = InterruptionsView()
        self.view.setModel(self._model)
        self._row_actions = list(row_actions)
        self._source_editor = source_editor
        self._base_url = ""
        self._saved_filters = SavedFilters(lambda: self.filter_bar.filter.expression.strip())
        self._saved_filters.set_filters(settings.filters)
        self.filter_bar.add_button(self._saved_filters)
        self._grouping: Grouping | None = None
        self.groups_view = GroupsView()
        self._views = QStackedWidget()
        self._views.addWidget(self.view)
        self._views.addWidget(self.groups_view)
        self._group_by = GroupBy()
        self.filter_bar.add_button(self._group_by)
        self._source_bar = SourceBar()
        self._source_bar.left.connect(self.source_left)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        column.addWidget(self.filter_bar)
        column.addWidget(self._source_bar)
        column.addWidget(self._views, 1)

        self.view.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.view.customContextMenuRequested.connect(self._open_row_menu)
        self.filter_bar.filter_changed.connect(self._filter_rows)
        self.filter_bar.left.connect(self.focus_rows)
        self._group_by.chosen.connect(self._group)
        self.groups_view.chosen.connect(self._go_to)
        self.groups_view.all_wanted.connect(self._show_all_of)
        self.groups_view.menu_wanted.connect(self._open_menu_of)
        self.groups_view.groups_model.refreshed.connect(self.counted)
        self._saved_filters.chosen.connect(self.filter_bar.set_expression)
        self._saved_filters.changed.connect(self._save_filters)
        selection = cast(QItemSelectionModel, self.view.selectionModel())
        selection.currentRowChanged.connect(self._note_current)
        for signal in (self._model.rowsInserted, self._model.rowsRemoved, self._model.modelReset):
            signal.connect(self.counted)
        self._group(settings.grouping)
        self._listen()
        self._show_progress()

    @property
    def source(self) -> Source:
        """What is shown."""
        return self._source

    @property
    def shown_count(self) -> int:
        """How many interruptions are shown."""
        return self._model.record_count

    @property
    def empty_text(self) -> str:
        """The text of an empty table about a source other than the live one."""
        if self._source.progress.problem:
            return "The records could not be read."
        if self._source.progress.share < 1:
            return "Searching…"
        return "No record matches." if self.filter_bar.filter.expression.strip() else "No records."

    def shown(self) -> list[Interruption]:
        """Return all interruptions that are shown, from the oldest to the newest."""
        return self._model.records_between(self._model.first_serial, self._model.end_serial)

    def set_source(self, source: Source) -> None:
        """Show what of another source matches the filter, in place of what is shown."""
        self._source.changed.disconnect(self._show_records)
        self._source.progressed.disconnect(self._show_progress)
        self._source = source
        source.set_filter(self.filter_bar.filter)
        self._listen()
        self._show_records()
        self._show_progress()

    def set_base_url(self, url: str) -> None:
        """Use this URL in the commands that rows are copied as; empty if no server runs."""
        self._base_url = url

    def focus_rows(self) -> None:
        """Move the focus to the rows, or to their groups."""
        (self.view if self._grouping is None else self.groups_view).setFocus()

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
        if current.isValid():  # a removed row stays readable
            self.current_changed.emit(self._model.interruption(current.row()))

    def _filter_rows(self, filter_: Filter) -> None:
        self._marks = marks_of(filter_)  # shown with the rows
        self._source.set_filter(filter_)
        self.filtered.emit()

    def _listen(self) -> None:
        self._source.changed.connect(self._show_records)
        self._source.progressed.connect(self._show_progress)

    def _show_records(self) -> None:
        records = self._source.records
        self._model.set_store(records)
        self.view.set_marks(self._marks)
        if self._grouping is not None:
            self.groups_view.groups_model.group(records, self._grouping)

    def _show_progress(self) -> None:
        self._source_bar.show_source(self._source)
        self.filter_bar.set_progress(self._source.progress.share)
        self.source_changed.emit()

    def _group(self, grouping: Grouping | None) -> None:
        self._grouping = self._settings.grouping = grouping
        self._group_by.set_grouping(grouping)
        self.groups_view.groups_model.group(self._source.records if grouping else None, grouping)
        self._views.setCurrentWidget(self.view if grouping is None else self.groups_view)
        self.counted.emit()

    def _go_to(self, interruption: Interruption) -> None:
        self._group(None)
        self._model.flush()
        row = self._model.row_of(interruption)
        if row is not None:
            self.view.go_to(row)
        self.view.setFocus()

    def _show_all_of(self, group: Group) -> None:
        fields = _FIELDS[self._grouping or Grouping.PATH]
        self._group(None)
        terms = [exactly(field, value) for field, value in zip(fields, group.key, strict=True)]
        self.filter_bar.add_term(" ".join(terms))

    def _save_filters(self, filters: dict[str, str]) -> None:
        self._settings.filters = filters

    def _open_row_menu(self, place: QPoint) -> None:
        index = self.view.indexAt(place)
        if index.isValid():
            where = cast(QWidget, self.view.viewport()).mapToGlobal(place)
            self._open_menu(self._model.interruption(index.row()), self._row_actions, where)

    def _open_menu_of(self, interruption: Interruption, where: QPoint) -> None:
        self._open_menu(interruption, [], where)

    def _open_menu(self, interruption: Interruption, actions: list[QAction], where: QPoint) -> None:
        add_term = self.filter_bar.add_term
        editor = self._source_editor
        open_source = None
        if editor is not None and editor.can_open(interruption):
            open_source = partial(editor.open, interruption)
        applied = self._source.records.outcomes.applied(interruption)
        menu = row_menu(applied, self._base_url, actions, add_term, self._copy, self, open_source)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(where)
