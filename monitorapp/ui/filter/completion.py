"""Completes the term at the cursor from a list below the filter's box."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import cast

from PyQt5.QtCore import QEvent, QModelIndex, QObject, QStringListModel, Qt, pyqtSignal
from PyQt5.QtGui import QKeyEvent
from PyQt5.QtWidgets import QApplication, QCompleter, QLineEdit, QListView

from monitorapp.core.filter.completion import Completions, completions

_ROWS = 10


class FilterCompletion(QObject):
    """Completes fields and their values in a line edit, as they are typed.

    Tab takes the chosen completion, or the first; Enter takes the chosen one, and without
    one does in the box what it always does; Escape closes the list only.

    Args:
        box: Where the filter is written.
        values: Returns the values of a field, the most likely first.

    Signals:
        closed(): Emitted when the list is no longer shown.
    """

    closed = pyqtSignal()

    def __init__(self, box: QLineEdit, values: Callable[[str], Sequence[str]]) -> None:
        super().__init__(box)
        self._box = box
        self._values = values
        self._found = Completions(0, 0, [])
        self._is_taking_value = False
        self._texts = QStringListModel(self)
        self._completer = QCompleter(self._texts, self)
        self._completer.setCompletionMode(QCompleter.CompletionMode.UnfilteredPopupCompletion)
        self._completer.setMaxVisibleItems(_ROWS)
        self._completer.setWidget(box)
        self._popup = QListView()
        self._popup.setObjectName("filter_completions")
        self._popup.setAccessibleName("Completions of the filter")
        self._popup.setToolTip("Tab or Enter takes it, Escape closes the list")
        self._popup.setFrameShape(QListView.Shape.Box)
        self._popup.setFrameShadow(QListView.Shadow.Plain)
        self._popup.setUniformItemSizes(True)
        self._popup.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        self._popup.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._popup.setEditTriggers(QListView.EditTrigger.NoEditTriggers)
        self._completer.setPopup(self._popup)  # which it deletes in the end
        self._popup.installEventFilter(self)  # before that of the completer
        self._popup.clicked.connect(self._take_index)

    @property
    def popup(self) -> QListView:
        """The list."""
        return self._popup

    def eventFilter(self, watched: QObject | None, event: QEvent | None) -> bool:
        """Handle the keys that accept a completion or close the list, before the box does."""
        if watched is not self._popup or event is None:
            return False
        if event.type() == QEvent.Type.Hide:
            self.closed.emit()
        if event.type() != QEvent.Type.KeyPress or not self._popup.isVisible():
            return False
        key = cast(QKeyEvent, event).key()
        chosen = self._popup.currentIndex()
        if key == Qt.Key.Key_Escape:
            self._popup.hide()
        elif key == Qt.Key.Key_Tab:
            self._take(chosen.row() if chosen.isValid() else 0)
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            if chosen.isValid():
                self._take(chosen.row())
            else:
                self._popup.hide()
                QApplication.sendEvent(self._box, event)
        else:
            return False
        return True

    def find(self) -> Completions:
        """Return what the term at the cursor can be completed to; `offer` shows it."""
        if self._is_taking_value:  # nobody wants another one
            self._found = Completions(0, 0, [])
        else:
            self._found = completions(self._box.text(), self._box.cursorPosition(), self._values)
        return self._found

    def offer(self, room_px: int) -> bool:
        """Show what was found, so far below the box; return whether the list is shown."""
        texts = self._found.texts
        if not texts:
            self._popup.hide()
            return False
        self._texts.setStringList(texts)
        self._popup.setCurrentIndex(QModelIndex())
        metrics = self._popup.fontMetrics()
        widest_px = max(map(metrics.horizontalAdvance, texts)) + 40  # frame and scroll bar
        rect = self._box.cursorRect()
        typed_px = metrics.horizontalAdvance(
            self._box.text()[self._found.start : self._box.cursorPosition()]
        )
        rect.setLeft(max(0, rect.left() - typed_px))  # below the term, not below the cursor
        rect.setBottom(self._box.rect().bottom() + room_px)
        rect.setWidth(max(120, min(widest_px, self._box.width() - rect.left())))
        self._completer.complete(rect)
        self._popup.setCurrentIndex(QModelIndex())
        return self._popup.isVisible()

    def _take_index(self, index: QModelIndex) -> None:
        self._take(index.row())

    def _take(self, row: int) -> None:
        self._popup.hide()
        start, end, texts, _ = self._found
        if not 0 <= row < len(texts):
            return
        text = texts[row]
        self._box.setSelection(start, end - start)
        self._is_taking_value = not text.endswith(":")
        self._box.insert(text)  # it can be undone
        self._is_taking_value = False
