"""The box in which the user filters the rows."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

from PyQt5.QtCore import QCoreApplication, QEvent, Qt, QTimer, pyqtSignal
from PyQt5.QtGui import (
    QColor,
    QInputMethodEvent,
    QKeyEvent,
    QKeySequence,
    QPalette,
    QTextCharFormat,
    QTextFormat,
)
from PyQt5.QtWidgets import QHBoxLayout, QLabel, QLineEdit, QToolButton, QVBoxLayout, QWidget

from monitorapp.core.filter.error import FilterError
from monitorapp.core.filter.language import EVERYTHING, Filter, parse_filter
from monitorapp.core.text.format import grouped
from monitorapp.core.text.visible import cut, visible
from monitorapp.ui.filter.completion import FilterCompletion
from monitorapp.ui.widgets.message_bar import Severity

_EXAMPLE: Final = "Filter: words, path:/slow, client:10.0.0.0/8, waited>1s, -reason:reset"
SHOWN_AFTER_MS: Final = 250
"""How long a search takes before it is shown how far it is: most are over, and nothing flickers."""

_LEAVING: Final = (Qt.Key.Key_Escape, Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Down)


class FilterBar(QWidget):
    """Takes an expression of the filter language (see `monitorapp.core.filter.language`).

    An invalid expression is underlined, with the reason below it; the last valid one stays.
    Fields, and their values, are offered as they are typed.

    Args:
        values: Returns the values of a field that can be offered, the most likely first.

    Signals:
        filter_changed(object): Emitted with the `Filter` whose rows are to be shown.
        left(): Emitted when the user leaves the box by Enter or Escape.
    """

    filter_changed = pyqtSignal(object)
    left = pyqtSignal()

    def __init__(
        self,
        parent: QWidget | None = None,
        values: Callable[[str], Sequence[str]] = lambda _: (),
    ) -> None:
        super().__init__(parent)
        self.setObjectName("filter_bar")
        self._filter = EVERYTHING
        self._error: FilterError | None = None
        self._counts: tuple[int, int | None] = (0, None)
        self._share = 1.0
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(SHOWN_AFTER_MS)
        self._timer.timeout.connect(self._show_counts)
        self._box = QLineEdit()
        self._box.setObjectName("filter_box")
        self._box.setAccessibleName("Filter")
        self._box.setPlaceholderText(_EXAMPLE)
        self._box.setToolTip(
            "Show only the rows that match (Ctrl+F). Words match anywhere; fields such as path:,"
            " client:, reason:, waited>1s; not with -, alternatives with or. Escape clears it."
        )
        self._box.setClearButtonEnabled(True)
        self._box.textChanged.connect(self._take_text)
        self._completion = FilterCompletion(self._box, values)
        self._completion.closed.connect(self._apply)
        self._count = QLabel()
        self._count.setObjectName("filter_count")
        self._count.setTextFormat(Qt.TextFormat.PlainText)
        self._count.hide()
        self._problem = QLabel()
        self._problem.setObjectName("filter_problem")
        self._problem.setTextFormat(Qt.TextFormat.PlainText)
        self._problem.setWordWrap(True)
        self._problem.hide()
        self._row = QHBoxLayout()
        self._row.setSpacing(10)
        self._row.addWidget(self._box, 1)
        self._row.addWidget(self._count)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(3)
        self._column.addLayout(self._row)
        self._column.addWidget(self._problem)
        self._take_palette()

    @property
    def filter(self) -> Filter:
        """The last valid filter."""
        return self._filter

    @property
    def expression(self) -> str:
        """What is written in the box, valid or not."""
        return self._box.text()

    def set_expression(self, expression: str) -> None:
        """Write this into the box, and use it as the filter if it is valid."""
        self._box.setText(expression)

    def add_term(self, term: str) -> None:
        """Add this term of the filter language, which rows must match too."""
        expression = self._filter.expression.strip()
        if " or " in f" {expression.lower()} ":  # it binds less than what is added
            expression = f"({expression})"
        self.set_expression(f"{expression} {term}".strip())

    def add_button(self, button: QToolButton) -> None:
        """Put a button at the right end."""
        self._row.addWidget(button)

    def start_editing(self) -> None:
        """Move the focus to the box, with its text selected."""
        self._box.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self._box.selectAll()

    def set_counts(self, shown: int, kept: int | None) -> None:
        """Show how many rows match of how many, if that is known; nothing while all are shown."""
        self._counts = shown, kept
        self._show_counts()

    def set_progress(self, share: float) -> None:
        """Say instead how much was searched, from 0 to 1, once that takes longer than a moment."""
        was_searching, self._share = self._share < 1, share
        if share == 1:
            self._timer.stop()
        elif not was_searching:
            self._timer.start()
        if not self._timer.isActive():
            self._show_counts()

    def keyPressEvent(self, event: QKeyEvent | None) -> None:
        """Let Escape clear the box, or leave it if it is clear; leave on Enter."""
        if event is None:
            return
        if event.matches(QKeySequence.StandardKey.Cancel) and self._box.text():
            self._box.clear()
        elif event.key() in _LEAVING:
            self.left.emit()
        else:
            super().keyPressEvent(event)

    def changeEvent(self, event: QEvent | None) -> None:
        """Underline again in the colours of a new palette."""
        super().changeEvent(event)
        if event is not None and event.type() == QEvent.Type.PaletteChange:
            self._take_palette()

    def _show_counts(self) -> None:
        shown, kept = self._counts
        is_shown = self._share < 1 and not self._timer.isActive()
        if is_shown:
            self._count.setText(f"Searching\N{HORIZONTAL ELLIPSIS} {self._share:.0%}")
        else:
            of_kept = "" if kept is None else f" of {grouped(kept)}"
            self._count.setText(f"{grouped(shown)}{of_kept}")
        self._count.setVisible(is_shown or kept is None or not self._filter.is_empty)

    def _take_text(self) -> None:
        if not self._box.isModified():  # the program wrote it
            self._apply()
            return
        found = self._completion.find()
        if found.is_field:
            self._show_error(None)  # what is half written is no filter yet
            if self._completion.offer(0):
                return
        self._apply()
        self._completion.offer(self._room_px())

    def _apply(self) -> None:
        try:
            found = parse_filter(self._box.text())
        except FilterError as error:
            self._show_error(error)
        else:
            self._show_error(None)
            if found.expression.strip() != self._filter.expression.strip():
                self._filter = found
                self.filter_changed.emit(found)

    def _show_error(self, error: FilterError | None) -> None:
        self._error = error
        if error is not None:
            self._problem.setText(cut(visible(str(error)), 300))
        self._problem.setVisible(error is not None)
        self._underline()

    def _room_px(self) -> int:
        """Return how high what is said below the box is, before it is laid out."""
        if self._error is None:
            return 0
        return 2 * self._column.spacing() + self._problem.heightForWidth(self.width())

    def _underline(self) -> None:
        """Underline what is invalid.

        A line edit has no formats of its own, but shows those of an input method.
        """
        attributes = []
        if self._error is not None:
            wrong = QTextCharFormat()
            wrong.setUnderlineStyle(QTextCharFormat.UnderlineStyle.WaveUnderline)
            wrong.setUnderlineColor(self._colour())
            start = min(self._error.start, max(0, len(self._box.text()) - 1))
            length = max(1, self._error.end - start)
            attributes.append(
                QInputMethodEvent.Attribute(
                    QInputMethodEvent.AttributeType.TextFormat,
                    start - self._box.cursorPosition(),
                    length,
                    QTextFormat(wrong),  # a QTextCharFormat would not get through
                )
            )
        QCoreApplication.sendEvent(self._box, QInputMethodEvent("", attributes))

    def _colour(self) -> QColor:
        return Severity.ERROR.accent(self.palette())

    def _take_palette(self) -> None:
        palette = QPalette(self.palette())
        palette.setColor(QPalette.ColorRole.WindowText, self._colour())
        self._problem.setPalette(palette)
