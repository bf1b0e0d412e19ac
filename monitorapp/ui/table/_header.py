"""The header of the live table."""

from __future__ import annotations

from PyQt5.QtCore import pyqtSignal
from PyQt5.QtWidgets import QWidget

from monitorapp.ui.widgets.columns import Sorting
from monitorapp.ui.widgets.header import ColumnHeader


class InterruptionHeader(ColumnHeader):
    """Columns by which a user can sort, too, and that keep their widths once one was resized.

    A click sorts by a column, a second one the other way round, and a third one no longer.

    Signals:
        sorting_changed(object): Emitted with the `Sorting` that the rows are to have, or None.
    """

    sorting_changed = pyqtSignal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(
            "interruptions_header", "Columns of the interrupted responses", parent=parent
        )
        self.setSectionsClickable(True)
        self._first: int | None = None
        self.sectionClicked.connect(self._sort_next)

    @property
    def first_section(self) -> int:
        """The section that is leftmost on the screen; -1 if there is none."""
        if self._first is None:
            shown = self.shown_sections()
            self._first = shown[0] if shown else -1
        return self._first

    def set_sorting(self, sorting: Sorting | None) -> None:
        """Show by what the rows are sorted, without sorting them."""
        if sorting != self.sorting:
            super().set_sorting(sorting)
            self.sorting_changed.emit(sorting)

    def reset(self) -> None:
        """Drop what is known of the columns, since the model was reset or replaced."""
        super().reset()
        self._first = None

    def _default_width_px(self, section: int) -> int:
        # The first column has the triangle and the star before its text, each about as wide
        # as a line is high.
        handles_px = 0 if section else 2 * self.fontMetrics().height() + 3
        return super()._default_width_px(section) + handles_px

    def _fits_after(self, section: int) -> bool:
        return False

    def _sort_next(self, section: int) -> None:
        if not self._can_sort(section):
            return
        key = self.columns[section].key
        if self.sorting is None or self.sorting.key != key:
            self.set_sorting(Sorting(key))
        elif not self.sorting.descending:
            self.set_sorting(Sorting(key, descending=True))
        else:
            self.set_sorting(None)

    def _note_order(self, *_: int) -> None:
        self._first = None
        super()._note_order()
