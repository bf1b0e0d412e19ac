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
from PyQt5.QtGui import (
    QGuiApplication,
    QKeyEvent,
    QKeySequence,
    QMouseEvent,
    QPaintEvent,
    QResizeEvent,
    QWheelEvent,
)
from PyQt5.QtWidgets import (
    QAbstractItemView,
    QWidget,
)

from monitorapp.core.filter.marks import Marks
from monitorapp.core.record.interruption import Interruption
from monitorapp.core.records.store import InterruptionStore
from monitorapp.ui.table._chosen import ChosenRows
from monitorapp.ui.table._delegate import Handle, InterruptionDelegate
from monitorapp.ui.table._earlier_rule import EarlierRule
from monitorapp.ui.table._header import InterruptionHeader
from monitorapp.ui.table._overlays import Overlays
from monitorapp.ui.table._row_view import RowView
from monitorapp.ui.table._scroll import InterruptionScroll
from monitorapp.ui.table._selection import KeptSelection, hand_over
from monitorapp.ui.table.model import InterruptionsModel
from monitorapp.ui.widgets.columns import Sorting

_Selection = QItemSelectionModel.SelectionFlag
_SELECT_ROW: Final = cast(
    QItemSelectionModel.SelectionFlags, _Selection.ClearAndSelect | _Selection.Rows
)


class InterruptionsView(RowView):
    """A table in which any row can be opened, and that stays put while rows come and go.

    See `InterruptionScroll` for when it keeps to the newest row and when it does not move.

    Signals:
        copied(int): Emitted when so many interruptions are on the clipboard.
        refused(str): Emitted when something was not done; the text says why.
    """

    copied = pyqtSignal(int)
    refused = pyqtSignal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        self._ready = False
        super().__init__(parent)
        self.setObjectName("interruptions_view")
        self.setAccessibleName("Interrupted responses")
        self._on_handle = False  # the mouse button was pressed there
        self._is_pulling = False  # or elsewhere, and may be pulled over rows to select them
        self._kept_selection: KeptSelection | None = None

        self._columns = InterruptionHeader(self)
        self.setHorizontalHeader(self._columns)
        # Qt would select all rows when a title is pressed, which here sorts them.
        self._columns.sectionPressed.disconnect()
        self._columns.sectionEntered.disconnect()
        self._columns.sorting_changed.connect(self._sort)
        self._delegate = InterruptionDelegate(self._columns, self)
        self.setItemDelegate(self._delegate)
        self._chosen = ChosenRows(self)
        self._chosen.copied.connect(self.copied)
        self._chosen.refused.connect(self.refused)
        self._overlays = Overlays(self)
        self._earlier_rule = EarlierRule(self, self._columns)
        self._overlays.newest_wanted.connect(self.jump_to_newest)

        self._area.setAttribute(Qt.WidgetAttribute.WA_Hover)  # for stars that could be set
        self._take_font()
        self._scroll = InterruptionScroll(self, self._bar, self._rows)
        self._model = InterruptionsModel(InterruptionStore(1), self)
        self.setModel(self._model)
        self._ready = True
        self._scroll.moved.connect(self._update_overlays)
        self._update_overlays()

    # Called from outside

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
        self._chosen.watch(model)
        model.is_held = self._is_selecting
        # After Qt's own slots, which reset the current row.
        model.modelAboutToBeReset.connect(self._keep_selection)
        model.modelReset.connect(self._restore_selection)

    def set_empty_hint(self, title: str, command: str) -> None:
        """Show this in the empty table: a sentence, and a command line that can be copied."""
        self._overlays.set_hint(title, command)
        self._update_overlays()

    def set_marks(self, marks: Marks | None) -> None:
        """Mark this in the cells; None for nothing."""
        self._delegate.marks = marks
        self._area.update()

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
        index = self._model.index(row, max(0, self._columns.first_section))
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
        return self._chosen.selected()

    def copy_selection(self) -> None:
        """Put the stories of the selected rows, or of the current one, on the clipboard.

        `copied` is emitted when they are there: at once, or soon after if they are many.
        """
        self._chosen.copy()

    def star_selection(self) -> None:
        """Star the selected rows, or the current one; if all are starred, none of them."""
        self._chosen.star()

    def save_state(self) -> QByteArray:
        """Return the order, the widths and the visibility of the columns, and the sorting."""
        return self._columns.state()

    def restore_state(self, state: QByteArray) -> None:
        """Restore what `save_state` returned; broken bytes change nothing."""
        self._columns.restore(state)

    # Keyboard

    def keyPressEvent(self, event: QKeyEvent | None) -> None:
        """Let the keys open and close rows, copy, and go to the newest row."""
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
        column = current.column() if current.isValid() else self._columns.first_section
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
        """Make the same rows current and selected, if they are still shown."""
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
        handle = self._handle_at(event.pos()) if left else None
        self._on_handle = handle is not None
        self._is_pulling = left and not self._on_handle
        if handle is None:
            super().mousePressEvent(event)
            if index.isValid():
                self._scroll.hold()
            return
        self._selection.setCurrentIndex(index, _Selection.NoUpdate)
        self._scroll.hold()
        if handle is Handle.TRIANGLE:
            self._model.toggle(index.row())
        else:
            one = self._model.interruption(index.row())
            self._model.stars.set_starred(one, one not in self._model.stars)

    def mouseMoveEvent(self, event: QMouseEvent | None) -> None:
        """Do not select rows if the button was pressed on a handle."""
        if not self._on_handle:
            super().mouseMoveEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent | None) -> None:
        """End what the press began, on a handle or with Qt."""
        if not self._on_handle:
            super().mouseReleaseEvent(event)
        self._on_handle = self._is_pulling = False

    def mouseDoubleClickEvent(self, event: QMouseEvent | None) -> None:
        """Open or close the row, unless the press before was on a handle and has done so."""
        if event is None:
            return
        index = self.indexAt(event.pos())
        left = event.button() == Qt.MouseButton.LeftButton
        self._on_handle = self._handle_at(event.pos()) is not None
        self._is_pulling = left and not self._on_handle
        if self._on_handle:
            return
        super().mouseDoubleClickEvent(event)
        if left and index.isValid():
            self._model.toggle(index.row())

    def wheelEvent(self, event: QWheelEvent | None) -> None:
        """Resume following when the user keeps scrolling at the end."""
        super().wheelEvent(event)
        if event is not None and event.angleDelta().y() < 0:
            self._scroll.note_wheel()

    def _handle_at(self, point: QPoint) -> Handle | None:
        index = self.indexAt(point)
        if not index.isValid() or index.column() != self._columns.first_section:
            return None
        if self._model.is_story(index.row()):
            return None
        return self._delegate.handle_at(self.visualRect(index), point)

    def _is_selecting(self) -> bool:
        """Return whether rows are being selected with the mouse, which a reset would end."""
        # The release is not seen here if a dialog opened meanwhile: ask for the button, too.
        return self._is_pulling and bool(QGuiApplication.mouseButtons() & Qt.MouseButton.LeftButton)

    # Overrides of Qt

    def paintEvent(self, event: QPaintEvent | None) -> None:
        """Paint the rows, and where those of this run begin."""
        super().paintEvent(event)
        self._earlier_rule.paint(self._model)

    def rowsAboutToBeRemoved(self, parent: QModelIndex, start: int, end: int) -> None:
        """Make a row current or selected in place of a line of its story that goes.

        Qt would make a neighbour current, which after an eviction is the oldest row.
        """
        hand_over(self._model, self._selection, self.currentIndex(), start, end)
        super().rowsAboutToBeRemoved(parent, start, end)

    def resizeEvent(self, event: QResizeEvent | None) -> None:
        """Keep to the newest row, if the view did: Qt keeps the top row."""
        if self._ready:
            self._scroll.resize(lambda: super(InterruptionsView, self).resizeEvent(event))
        else:
            super().resizeEvent(event)
        self._update_overlays()

    def changeEvent(self, event: QEvent | None) -> None:
        """Measure rows and columns again for a new font or style."""
        super().changeEvent(event)
        if event is None or not self._ready:
            return
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.StyleChange):
            self._take_font()

    def _take_font(self) -> None:
        self._delegate.set_font(self.font())
        self._rows.setDefaultSectionSize(self._delegate.row_height_px)
        self._columns.set_default_widths()
        self._area.update()

    def _update_overlays(self) -> None:
        self._overlays.update(self._model.rowCount() == 0, self._scroll.unseen)
