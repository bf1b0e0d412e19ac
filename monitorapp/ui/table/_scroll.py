"""Keeps what the live table shows in its place, or keeps to the newest row."""

from __future__ import annotations

from collections.abc import Callable

from PyQt5.QtCore import QObject, pyqtSignal
from PyQt5.QtWidgets import QHeaderView, QScrollBar, QTableView

from monitorapp.core.record.interruption import Interruption
from monitorapp.ui.table.model import InterruptionsModel


class InterruptionScroll(QObject):
    """Moves the scroll bar of a table so that nothing on the screen moves by itself.

    Whatever arrives or is evicted, what is on the screen stays where it is, with one
    exception: the table *follows* the newest row while it is scrolled to the end and the
    user has not taken hold of a row. They do that by clicking one, by moving the current
    row with a key, or by opening one; so nothing that they look at is moved away from
    them. Following goes on when they scroll to the end themselves, or ask for it. A table
    that is sorted follows nothing, but stays at its top in the same way.

    Args:
        view: The table. Its rows are all of one height.
        bar: Its vertical scroll bar, which counts rows.
        rows: Its vertical header.

    Signals:
        moved: Emitted when other rows than before may be on the screen.
    """

    moved = pyqtSignal()

    def __init__(self, view: QTableView, bar: QScrollBar, rows: QHeaderView) -> None:
        super().__init__(view)
        self._view = view
        self._bar = bar
        self._rows = rows
        self._model: InterruptionsModel | None = None
        self._held = False  # the user has taken hold of a row
        self._moving = False  # the bar moves, and not by the user's hand
        self._followed = False
        self._anchor: tuple[int, int] | None = None
        self._top: tuple[Interruption, int] | None = None
        self._fraction_px = 0
        self._seen_end = 0  # serial after the last interruption that was on the screen
        bar.valueChanged.connect(self._note_value)

    @property
    def follows(self) -> bool:
        """Whether the table will move on to the next row that arrives."""
        return not self._held and self._at_end and not self._is_sorted

    @property
    def rows_a_page(self) -> int:
        """How many whole rows there is room for."""
        return max(1, int(self._rows.height()) // self._rows.defaultSectionSize())

    @property
    def row_in_sight(self) -> int:
        """Where a walk through the rows begins: the newest if it is shown, else the top row."""
        last = (self._model.rowCount() if self._model else 0) - 1
        return last if self._at_end else min(self._bar.value(), last)

    @property
    def unseen(self) -> int:
        """How many interruptions below were never on the screen."""
        model = self._model
        if model is None or not model.rowCount():
            return 0
        return model.end_serial - max(self._seen_end, model.first_serial)

    def watch(self, model: InterruptionsModel) -> None:
        """Keep the rows of this model in their place, and no longer those of the last one."""
        if self._model is not None:
            self._model.about_to_change.disconnect(self._before_change)
            self._model.changed.disconnect(self._after_change)
            self._model.toggled.disconnect(self._note_toggle)
            self._model.modelAboutToBeReset.disconnect(self._before_reset)
            self._model.modelReset.disconnect(self._after_reset)
        model.about_to_change.connect(self._before_change)
        model.changed.connect(self._after_change)
        model.toggled.connect(self._note_toggle)
        model.modelAboutToBeReset.connect(self._before_reset)
        model.modelReset.connect(self._after_reset)
        self._model = model
        self._seen_end = 0
        self.follow()

    def hold(self) -> None:
        """Stay here: the user has taken hold of a row."""
        self._held = True
        self._note_seen()

    def follow(self) -> None:
        """Go to the newest row, and on to each newer one."""
        self._held = False
        self._scroll_to_end()
        self._note_seen()

    def note_wheel(self) -> None:
        """Follow if the table is at the end: the user scrolls down and cannot get further."""
        if self._at_end and not self._is_sorted:
            self.follow()

    def resize(self, change: Callable[[], None]) -> None:
        """Call `change`, which resizes the viewport; keep to the newest row if it was shown."""
        if self._moving:  # a scroll bar comes or goes while rows are laid out
            change()
            return
        follows = self.follows
        self._moving = True
        change()
        self._moving = False
        if follows:
            self._scroll_to_end()
        self._note_seen()

    @property
    def _is_sorted(self) -> bool:
        return self._model is not None and self._model.sorting is not None

    @property
    def _is_at_home(self) -> bool:
        """Whether the table is where it stays while rows come and go, unless it is held."""
        return self._bar.value() == 0 if self._is_sorted else self._at_end

    @property
    def _at_end(self) -> bool:
        return self._bar.value() == self._bar.maximum()

    def _before_change(self, arrival: bool) -> None:
        assert self._model is not None
        top = self._bar.value()
        self._followed = arrival and self.follows
        self._anchor = self._model.position(top) if top < self._model.rowCount() else None
        # Scrolled to the end, Qt aligns the last row to the bottom and cuts off the top row.
        self._fraction_px = self._rows.offset() - top * self._rows.defaultSectionSize()

    def _after_change(self, _arrival: bool) -> None:
        assert self._model is not None
        if not self._model.rowCount():
            self._held = False
        if self._followed:
            self._scroll_to_end()
        elif self._anchor is not None:
            self._scroll_to(self._model.row_at(*self._anchor))
            self._keep_fraction()
        self._note_seen()

    def _before_reset(self) -> None:
        assert self._model is not None
        self._followed = not self._held and self._is_at_home
        top = self._bar.value()
        self._fraction_px = self._rows.offset() - top * self._rows.defaultSectionSize()
        self._top = None
        if top < self._model.rowCount():
            self._top = self._model.interruption(top), self._model.position(top)[1]

    def _after_reset(self) -> None:
        """Stay with the row that was at the top, or where it would stand."""
        model = self._model
        assert model is not None
        if not model.first_serial <= self._seen_end <= model.end_serial:
            self._seen_end = model.end_serial  # what was filtered out has been seen
        if not self._followed and self._top is not None:
            interruption, line = self._top
            row = model.row_near(interruption)
            if row < model.rowCount():
                row += min(line, model.line_count(row))
            self._scroll_to(row)
            self._keep_fraction()
        elif self._is_sorted:
            self._scroll_to(0)
        else:
            self._scroll_to_end()
        self._note_seen()

    def _keep_fraction(self) -> None:
        """Cut the top row off as it was before, so that nothing moves by part of a row."""
        if self._fraction_px and 0 < self._bar.value() < self._bar.maximum():
            row_px = self._bar.value() * self._rows.defaultSectionSize()
            self._rows.setOffset(row_px + self._fraction_px)
            self._view.update()

    def _scroll_to_end(self) -> None:
        self._lay_out()
        self._scroll_to(self._bar.maximum())

    def _scroll_to(self, row: int) -> None:
        """Put a row at the top of the viewport."""
        self._lay_out()
        self._moving = True
        self._bar.setValue(row)
        self._moving = False

    def _lay_out(self) -> None:
        """Set the scroll bar's new range now; Qt would wait for the event loop."""
        self._moving = True
        self._view.executeDelayedItemsLayout()
        self._moving = False

    def _note_toggle(self, row: int, is_open: bool) -> None:
        if not is_open or self._model is None:
            return
        self._held = True
        # Show as much of the story as there is room for below its row.
        end = row + 1 + self._model.line_count(row)
        wanted = min(row, end - self.rows_a_page)
        if wanted > self._bar.value():
            self._scroll_to(wanted)
        self._note_seen()

    def _note_value(self, _value: int) -> None:
        if self._moving:
            return
        dragging = self._view.state() == QTableView.State.DragSelectingState
        if self._is_at_home and not dragging:  # dragging scrolls by itself
            self._held = False
        self._note_seen()

    def _note_seen(self) -> None:
        if self._model is not None and self._model.rowCount():
            last = self._model.rowCount() - 1
            bottom = last if self._at_end else self._bar.value() + self.rows_a_page - 1
            serial, _ = self._model.position(min(bottom, last))
            self._seen_end = max(self._seen_end, serial + 1)
        self.moved.emit()
