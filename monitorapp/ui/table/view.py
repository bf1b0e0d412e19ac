"""The live table of interrupted responses."""

from __future__ import annotations

from typing import Final, cast

from PyQt5.QtCore import (
    QAbstractItemModel,
    QByteArray,
    QEvent,
    QItemSelectionModel,
    QModelIndex,
    QPoint,
    Qt,
    pyqtSignal,
)
from PyQt5.QtGui import QFocusEvent, QKeyEvent, QKeySequence, QMouseEvent, QResizeEvent, QWheelEvent
from PyQt5.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QPushButton,
    QScrollBar,
    QTableView,
    QWidget,
)

from monitorapp.core.record.interruption import Interruption
from monitorapp.core.records.store import InterruptionStore
from monitorapp.core.text.format import grouped, plural
from monitorapp.ui.table.copying import InterruptionCopy
from monitorapp.ui.table.delegate import InterruptionDelegate
from monitorapp.ui.table.empty_hint import InterruptionEmptyHint
from monitorapp.ui.table.header import InterruptionHeader
from monitorapp.ui.table.model import InterruptionsModel
from monitorapp.ui.table.scroll import InterruptionScroll
from monitorapp.ui.table.selection import KeptSelection
from monitorapp.ui.table.sorting import Sorting

MAX_STARRED: Final = 1_000
"""How many rows can be starred at once."""

_BUTTON_MARGIN_PX: Final = 10
_Selection = QItemSelectionModel.SelectionFlag
_SELECT_ROW: Final = cast(
    QItemSelectionModel.SelectionFlags, _Selection.ClearAndSelect | _Selection.Rows
)
_ADD_ROW: Final = cast(QItemSelectionModel.SelectionFlags, _Selection.Select | _Selection.Rows)


class InterruptionsView(QTableView):
    """A table in which any row can be opened, and that stays put while rows come and go.

    See `InterruptionScroll` for when it keeps to the newest row and when it does not move.

    Signals:
        copied: So many interruptions were put on the clipboard.
        refused: Something was not done; the text says why.
    """

    copied = pyqtSignal(int)
    refused = pyqtSignal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        self._ready = False
        super().__init__(parent)
        self.setObjectName("interruptions_view")
        self.setAccessibleName("Interrupted responses")
        self._on_triangle = False  # the mouse button was pressed there, or on a star
        self._kept_selection: KeptSelection | None = None

        self._columns = InterruptionHeader(self)
        self.setHorizontalHeader(self._columns)
        # Qt would select all rows when a title is pressed, which here sorts them.
        self._columns.sectionPressed.disconnect()
        self._columns.sectionEntered.disconnect()
        self._columns.sorting_changed.connect(self._sort)
        self._rows = QHeaderView(Qt.Orientation.Vertical, self)
        self._rows.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self._rows.setMinimumSectionSize(1)
        self.setVerticalHeader(self._rows)
        self._rows.hide()
        self._bar = QScrollBar(Qt.Orientation.Vertical, self)
        self.setVerticalScrollBar(self._bar)
        self._delegate = InterruptionDelegate(self._columns, self)
        self.setItemDelegate(self._delegate)
        self._copy = InterruptionCopy(self)
        self._copy.copied.connect(self.copied)
        self._hint = InterruptionEmptyHint(self)
        self._button = QPushButton(self)
        self._button.setObjectName("new_rows_button")
        self._button.setToolTip("Go to the newest row and stay with it (End)")
        self._button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._button.clicked.connect(self.jump_to_newest)
        self._button.hide()

        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerItem)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setTabKeyNavigation(False)

        self._area.setAttribute(Qt.WidgetAttribute.WA_Hover)  # for stars that could be set
        self._take_font()
        self._scroll = InterruptionScroll(self, self._bar, self._rows)
        self._model = InterruptionsModel(InterruptionStore(1), self)
        self.setModel(self._model)
        self._ready = True
        self._scroll.moved.connect(self._update_overlays)
        self._update_overlays()

    # What others call

    def setModel(self, model: QAbstractItemModel | None) -> None:
        """Show an `InterruptionsModel`.

        Raises:
            TypeError: It is a model of another kind.
        """
        if not isinstance(model, InterruptionsModel):
            raise TypeError(f"The table shows an InterruptionsModel, not {type(model).__name__}.")
        self._model = model
        model.set_sorting(self._columns.sorting)
        super().setModel(model)
        self._columns.set_default_widths()
        self._scroll.watch(model)
        self._copy.outcome_of = model.outcome_line
        # After Qt's own slots, which forget what was current.
        model.modelAboutToBeReset.connect(self._keep_selection)
        model.modelReset.connect(self._restore_selection)

    def set_empty_hint(self, title: str, command: str) -> None:
        """Say this in the empty table: a sentence, and a command line that can be copied."""
        self._hint.set_text(title, command)
        self._update_overlays()

    @property
    def follows(self) -> bool:
        """Whether the view will move on to the next row that arrives."""
        return self._scroll.follows

    def jump_to_newest(self) -> None:
        """Go to the newest row, and follow from now on; no longer sorted."""
        self._columns.set_sorting(None)
        self._model.flush()
        self._scroll.follow()

    def go_to(self, row: int) -> None:
        """Make a row current and stay with it."""
        index = self._model.index(row, max(0, self._columns.first_column))
        self._make_current(index)
        self.scrollTo(index)

    def open_current(self) -> None:
        """Open the current row, or close it if it is open."""
        current = self.currentIndex()
        if current.isValid():
            self._model.toggle(current.row())

    def close_all(self) -> None:
        """Close all open rows."""
        self._model.close_all()

    def selected_interruptions(self) -> list[Interruption]:
        """Return the interruptions of which any row is selected, each once, oldest first."""
        spans = sorted(
            (self._model.position(span.top())[0], self._model.position(span.bottom())[0] + 1)
            for span in self._selection.selection()
        )
        selected: list[Interruption] = []
        done = 0
        for first, end in spans:
            selected += self._model.records_between(max(first, done), end)
            done = max(done, end)
        return selected

    def copy_selection(self) -> None:
        """Put the stories of the selected rows, or of the current one, on the clipboard.

        `copied` is emitted when they are there: at once, or soon after if they are many.
        """
        interruptions = self.selected_interruptions()
        if not interruptions and self.currentIndex().isValid():
            interruptions = [self._model.interruption(self.currentIndex().row())]
        if interruptions:
            self._copy.start(interruptions)

    def star_selection(self) -> None:
        """Star the selected rows, or the current one; if all are starred, none of them."""
        interruptions = self.selected_interruptions()
        if not interruptions and self.currentIndex().isValid():
            interruptions = [self._model.interruption(self.currentIndex().row())]
        if len(interruptions) > MAX_STARRED:
            self.refused.emit(f"At most {plural(MAX_STARRED, 'row')} can be starred at once.")
            return
        stars = self._model.stars
        starred = not all(one in stars for one in interruptions)
        for one in interruptions:
            stars.set_starred(one, starred)

    def save_state(self) -> QByteArray:
        """Return the order, the widths and the visibility of the columns."""
        return self._columns.state()

    def restore_state(self, state: QByteArray) -> None:
        """Take over what `save_state` returned; broken bytes change nothing."""
        self._columns.restore(state)

    # Keyboard

    def keyPressEvent(self, event: QKeyEvent | None) -> None:
        """Open and close rows, copy, and go to the newest row."""
        if event is None:
            return
        plain = event.modifiers() in (
            Qt.KeyboardModifier.NoModifier,
            Qt.KeyboardModifier.KeypadModifier,
        )
        key = event.key()
        if event.matches(QKeySequence.StandardKey.Copy):
            self.copy_selection()
        elif plain and key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.open_current()
        elif plain and key == Qt.Key.Key_Right:
            self._go_in()
        elif plain and key == Qt.Key.Key_Left:
            self._go_out()
        elif plain and key == Qt.Key.Key_End:
            self._model.flush()
            super().keyPressEvent(event)
            if self._model.sorting is None:
                self.jump_to_newest()
        else:
            super().keyPressEvent(event)
            if self.currentIndex().isValid():
                self._scroll.hold()

    def keyboardSearch(self, search: str | None) -> None:
        """Do nothing: Qt would format every row to look for the letters typed."""

    def moveCursor(
        self,
        action: QAbstractItemView.CursorAction,
        modifiers: Qt.KeyboardModifiers | Qt.KeyboardModifier,
    ) -> QModelIndex:
        """Return where a key leads to: Home and End to the first and the last row."""
        rows = self._model.rowCount()
        if not rows:
            return QModelIndex()
        current = self.currentIndex()
        column = current.column() if current.isValid() else self._columns.first_column
        if action == QAbstractItemView.CursorAction.MoveHome:
            return self._model.index(0, column)
        if action == QAbstractItemView.CursorAction.MoveEnd:
            return self._model.index(rows - 1, column)
        if not current.isValid():  # there is none yet, or it was evicted
            return self._model.index(self._scroll.row_in_sight, column)
        return super().moveCursor(action, modifiers)

    def _keep_selection(self) -> None:
        self._kept_selection = KeptSelection(self._model, self._selection, self.currentIndex())

    def _restore_selection(self) -> None:
        """Let the same rows be current and selected, if they are still shown."""
        if self._kept_selection is not None:
            self._kept_selection.restore(self._model, self._selection)
        self._kept_selection = None

    def _sort(self, sorting: Sorting | None) -> None:
        self._model.set_sorting(sorting)

    def _go_in(self) -> None:
        current = self.currentIndex()
        if not current.isValid() or self._model.is_story(current.row()):
            return
        if self._model.is_open(current.row()):
            self._make_current(current.siblingAtRow(current.row() + 1))
        else:
            self._model.set_open(current.row(), True)

    def _go_out(self) -> None:
        current = self.currentIndex()
        if not current.isValid():
            return
        record_row = self._model.record_row(current.row())
        if record_row != current.row():
            self._make_current(current.siblingAtRow(record_row))
        self._model.set_open(record_row, False)

    def _make_current(self, index: QModelIndex) -> None:
        self._selection.setCurrentIndex(index, _SELECT_ROW)
        self._scroll.hold()

    # Mouse

    def mousePressEvent(self, event: QMouseEvent | None) -> None:
        """Open or close a row whose triangle is pressed, or star it; select it elsewhere."""
        if event is None:
            return
        index = self.indexAt(event.pos())
        left = event.button() == Qt.MouseButton.LeftButton
        self._on_triangle = left and self._is_triangle(event.pos())
        if self._on_triangle:
            self._selection.setCurrentIndex(index, _Selection.NoUpdate)
            self._scroll.hold()
            self._model.toggle(index.row())
            return
        if left and self._is_star(event.pos()):
            self._on_triangle = True
            self._selection.setCurrentIndex(index, _Selection.NoUpdate)
            self._scroll.hold()
            one = self._model.interruption(index.row())
            self._model.stars.set_starred(one, one not in self._model.stars)
            return
        super().mousePressEvent(event)
        if index.isValid():
            self._scroll.hold()

    def mouseMoveEvent(self, event: QMouseEvent | None) -> None:
        """Select rows, unless the button was pressed on a triangle."""
        if not self._on_triangle:
            super().mouseMoveEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent | None) -> None:
        """End what the press began."""
        if not self._on_triangle:
            super().mouseReleaseEvent(event)
        self._on_triangle = False

    def mouseDoubleClickEvent(self, event: QMouseEvent | None) -> None:
        """Open or close the row; on a triangle the press before has done it."""
        if event is None:
            return
        index = self.indexAt(event.pos())
        self._on_triangle = self._is_triangle(event.pos()) or self._is_star(event.pos())
        if self._on_triangle:
            return
        super().mouseDoubleClickEvent(event)
        if event.button() == Qt.MouseButton.LeftButton and index.isValid():
            self._model.toggle(index.row())

    def wheelEvent(self, event: QWheelEvent | None) -> None:
        """Scroll; whoever scrolls on at the end wants to follow."""
        super().wheelEvent(event)
        if event is not None and event.angleDelta().y() < 0:
            self._scroll.note_wheel()

    def _is_triangle(self, point: QPoint) -> bool:
        index = self.indexAt(point)
        if not index.isValid() or index.column() != self._columns.first_column:
            return False
        triangle = self._delegate.triangle(self.visualRect(index))
        return not self._model.is_story(index.row()) and point.x() <= triangle.right()

    def _is_star(self, point: QPoint) -> bool:
        index = self.indexAt(point)
        if not index.isValid() or index.column() != self._columns.first_column:
            return False
        star = self._delegate.star(self.visualRect(index))
        return not self._model.is_story(index.row()) and star.contains(point)

    # What Qt calls

    def rowsAboutToBeRemoved(self, parent: QModelIndex, start: int, end: int) -> None:
        """Let a row inherit that a line of its story was current or selected.

        Qt would make a neighbour current, which after an eviction is the oldest row.
        """
        current = self.currentIndex()
        holds_current = start <= current.row() <= end
        if start == 0:  # evicted, or cleared
            if holds_current:
                self._selection.clearCurrentIndex()
        else:
            record = self._model.index(start - 1, max(0, current.column()))
            spans = self._selection.selection()
            if any(span.top() <= end and span.bottom() >= start for span in spans):
                self._selection.select(record, _ADD_ROW)
            if holds_current:
                self._selection.setCurrentIndex(record, _Selection.NoUpdate)
        super().rowsAboutToBeRemoved(parent, start, end)

    def scrollTo(
        self,
        index: QModelIndex,
        hint: QAbstractItemView.ScrollHint = QAbstractItemView.ScrollHint.EnsureVisible,
    ) -> None:
        """Scroll to a row, but not sideways: a row is current as a whole."""
        bar = cast(QScrollBar, self.horizontalScrollBar())
        left = bar.value()
        super().scrollTo(index, hint)
        bar.setValue(left)

    def scrollContentsBy(self, dx: int, dy: int) -> None:
        """Scroll; sideways everything is painted anew, as stories end at the right edge."""
        super().scrollContentsBy(dx, dy)
        if dx:
            self._area.update()

    def resizeEvent(self, event: QResizeEvent | None) -> None:
        """Keep to the newest row, if the view did."""
        if self._ready:
            self._scroll.resize(lambda: super(InterruptionsView, self).resizeEvent(event))
        else:
            super().resizeEvent(event)
        self._update_overlays()

    def focusInEvent(self, event: QFocusEvent | None) -> None:
        """Take the focus, but leave it to the person which row is current."""
        had_current = self.currentIndex().isValid()
        super().focusInEvent(event)
        if not had_current:  # Qt made it the oldest row
            self._selection.clearCurrentIndex()

    def changeEvent(self, event: QEvent | None) -> None:
        """Measure again for a new font or style."""
        super().changeEvent(event)
        if event is None or not self._ready:
            return
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.StyleChange):
            self._take_font()

    @property
    def _area(self) -> QWidget:
        return cast(QWidget, self.viewport())

    @property
    def _selection(self) -> QItemSelectionModel:
        return cast(QItemSelectionModel, self.selectionModel())

    def _take_font(self) -> None:
        self._delegate.set_font(self.font())
        self._rows.setDefaultSectionSize(self._delegate.row_height_px)
        self._columns.set_default_widths()
        self._area.update()

    def _update_overlays(self) -> None:
        area = self._area.geometry()
        empty = self._model.rowCount() == 0
        self._hint.setVisible(empty)
        if empty:
            self._hint.cover(area)
        new = self._scroll.unseen
        self._button.setVisible(new > 0)
        if new:
            self._button.setText(f"{grouped(new)} new ↓")
            self._button.setAccessibleName(f"{plural(new, 'new row')} below: go to the newest")
            self._button.adjustSize()
            box = self._button.geometry()
            box.moveBottomRight(area.bottomRight() - QPoint(_BUTTON_MARGIN_PX, _BUTTON_MARGIN_PX))
            self._button.setGeometry(box)
