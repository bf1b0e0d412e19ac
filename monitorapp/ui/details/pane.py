"""A pane beside the table with all that is known of one interrupted response."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from PyQt5.QtCore import QSize, Qt, QTimer, pyqtSignal
from PyQt5.QtGui import QFont, QFontDatabase, QGuiApplication, QKeySequence
from PyQt5.QtWidgets import (
    QCheckBox,
    QDockWidget,
    QHBoxLayout,
    QPlainTextEdit,
    QPushButton,
    QStackedWidget,
    QTabWidget,
    QVBoxLayout,
    QWidget,
)

from monitorapp.core.record.details import (
    record_details,
    request_details,
    shown,
    story_details,
    traceback_details,
)
from monitorapp.core.record.frames import folded, has_library_frames
from monitorapp.core.record.identity import RequestId
from monitorapp.core.record.interruption import Interruption
from monitorapp.core.records.outcomes import Outcomes
from monitorapp.core.signal import Signal
from monitorapp.core.text.visible import cut, visible
from monitorapp.ui.widgets.elided_label import ElidedLabel

COALESCE_MS: Final = 40
"""Rows that become current within this time, in milliseconds, are rendered once."""

FOLDED_CHARACTERS: Final = 500_000
"""Longest traceback whose library frames are folded; a longer one would take too long."""

EMPTY: Final = "Select a row to see its details."

_TITLE_CHARACTERS: Final = 300
_DETAILS: Final[dict[str, tuple[str, Callable[[Interruption], str], str]]] = {
    "story": ("Story", story_details, "What happened, and what is known of it"),
    "request": ("Request", request_details, "The request with its parameters and headers"),
    "traceback": ("Traceback", traceback_details, "The Failure as Twisted formats it"),
    "record": ("Record", record_details, "All fields of the record as names and values"),
}


class DetailsPane(QDockWidget):
    """Shows one record in tabs, as text that can be selected and copied.

    Only the tab that is seen is rendered, and only while the pane is seen. It takes no focus
    of itself.

    Attributes:
        toggle_action: Shows or hides the pane.

    Signals:
        copied(str): Emitted when the whole text of a tab was copied, with its title.
    """

    copied = pyqtSignal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Details", parent)
        self.setObjectName("details_dock")
        self.setAccessibleName("Details of the current row")
        self.toggle_action = self.toggleViewAction()
        assert self.toggle_action is not None
        self.toggle_action.setObjectName("details_action")
        self.toggle_action.setText("&Details")
        self.toggle_action.setShortcut(QKeySequence("F4"))
        self.toggle_action.setToolTip("Show or hide the details of the current row (F4)")
        self._interruption: Interruption | None = None
        self._outcomes: Outcomes | None = None
        self._due = set(_DETAILS)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(COALESCE_MS)
        self._timer.timeout.connect(self.flush)
        self._title = ElidedLabel()
        self._title.setObjectName("details_title")
        self._copy = QPushButton("Copy &all")
        self._copy.setObjectName("details_copy")
        self._copy.setAutoDefault(False)
        self._copy.setAccessibleName("Copy all")
        self._copy.setToolTip("Copy the whole text of this tab, uncut")
        self._library = QCheckBox("Show li&brary frames")
        self._library.setObjectName("details_library_frames")
        self._library.setAccessibleName("Show library frames")
        self._library.setToolTip(
            "Show each frame of Twisted, Python and installed packages, instead of their number"
        )
        self._edits = {name: _text_edit(name, words[2]) for name, words in _DETAILS.items()}
        self._tabs = QTabWidget()
        self._stack = _Pages()
        self._lay_out()
        self._copy.clicked.connect(self._copy_all)
        self._library.toggled.connect(self._fold)
        self._tabs.currentChanged.connect(self.flush)
        self.visibilityChanged.connect(self._become_visible)

    def show_interruption(
        self, interruption: Interruption | None, outcomes: Outcomes | None = None
    ) -> None:
        """Show this record soon; None to ask for the selection of a row.

        Args:
            interruption: The record.
            outcomes: Know what becomes of the work for its request.
        """
        if outcomes is not self._outcomes:
            for signal in self._signals():
                signal.disconnect(self._note_outcome)
            self._outcomes = outcomes
            for signal in self._signals():
                signal.connect(self._note_outcome)
        if interruption is not self._interruption:
            self._interruption = interruption
            self._render_soon()

    def _signals(self) -> tuple[Signal[[RequestId]], ...]:
        outcomes = self._outcomes
        return () if outcomes is None else (outcomes.became_known, outcomes.changed)

    def _note_outcome(self, request: RequestId) -> None:
        interruption = self._interruption
        if interruption is not None and interruption.identity == request:
            self._render_soon()

    def _render_soon(self) -> None:
        self._due = set(_DETAILS)
        if self.isVisible() and not self._timer.isActive():
            self._timer.start()

    def _applied(self, interruption: Interruption) -> Interruption:
        return interruption if self._outcomes is None else self._outcomes.applied(interruption)

    def flush(self) -> None:
        """Render now what is due of the tab that is seen."""
        self._timer.stop()
        if not self.isVisible():
            return
        interruption = self._interruption
        if interruption is None:
            self._stack.setCurrentIndex(0)
            for edit in self._edits.values():
                edit.clear()
            return
        self._stack.setCurrentIndex(1)
        request = f"{interruption.method} {interruption.path}".strip() or "Request not known"
        self._title.set_text(visible(cut(request, _TITLE_CHARACTERS)))
        self._title.setToolTip("Method and path of the request")
        name = self._name()
        if name in self._due:
            self._due.discard(name)
            self._edits[name].setPlainText(self._shown(name, self._applied(interruption)))

    def _shown(self, name: str, interruption: Interruption) -> str:
        text = _DETAILS[name][1](interruption)
        if name == "traceback":
            can_fold = len(text) <= FOLDED_CHARACTERS and has_library_frames(text)
            self._library.setEnabled(can_fold)
            if can_fold and not self._library.isChecked():
                text = folded(text)
        return shown(text)

    def _name(self) -> str:
        return list(_DETAILS)[self._tabs.currentIndex()]

    def _become_visible(self, is_visible: bool) -> None:
        if is_visible:
            self.flush()

    def _fold(self) -> None:
        self._due.add("traceback")
        self.flush()

    def _copy_all(self) -> None:
        clipboard = QGuiApplication.clipboard()
        if clipboard is None or self._interruption is None:
            return
        title, details, _ = _DETAILS[self._name()]
        clipboard.setText(details(self._applied(self._interruption)))
        self.copied.emit(title)

    def _lay_out(self) -> None:
        self._tabs.setObjectName("details_tabs")
        self._tabs.setAccessibleName("Details")
        self._tabs.setToolTip("What is known of the current row")
        self._tabs.setDocumentMode(True)
        for name, (title, _, tooltip) in _DETAILS.items():
            page = QWidget()
            column = QVBoxLayout(page)
            column.setContentsMargins(0, 4, 0, 0)
            column.addWidget(self._edits[name], 1)
            if name == "traceback":
                column.addWidget(self._library)
            index = self._tabs.addTab(page, title)
            self._tabs.setTabToolTip(index, tooltip)
        top = QHBoxLayout()
        top.addWidget(self._title, 1)
        top.addWidget(self._copy)
        record = QWidget()
        column = QVBoxLayout(record)
        column.setContentsMargins(6, 4, 6, 6)
        column.addLayout(top)
        column.addWidget(self._tabs, 1)
        self._stack.setObjectName("details_stack")
        self._stack.addWidget(_empty())
        self._stack.addWidget(record)
        self.setWidget(self._stack)


class _Pages(QStackedWidget):
    """The empty page and the tabs, at first as wide as a line of text needs."""

    def sizeHint(self) -> QSize:
        return QSize(48 * self.fontMetrics().averageCharWidth(), super().sizeHint().height())


def _empty() -> QWidget:
    page = QWidget()
    label = ElidedLabel()
    label.setObjectName("details_empty")
    label.set_text(EMPTY)
    label.setToolTip(EMPTY)
    column = QVBoxLayout(page)
    column.setContentsMargins(9, 9, 9, 9)
    column.addWidget(label)
    column.addStretch(1)
    return page


def _text_edit(name: str, tooltip: str) -> QPlainTextEdit:
    edit = QPlainTextEdit()
    edit.setObjectName(f"details_{name}")
    edit.setAccessibleName(name.capitalize())
    edit.setToolTip(f"{tooltip}; it can be selected and copied")
    edit.setReadOnly(True)
    edit.setUndoRedoEnabled(False)
    edit.setTextInteractionFlags(
        Qt.TextInteractionFlags()
        | Qt.TextInteractionFlag.TextSelectableByMouse
        | Qt.TextInteractionFlag.TextSelectableByKeyboard
    )
    if name != "story":  # columns and indents stay in line
        font = QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont)
        font.setFamily("monospace")
        font.setStyleHint(QFont.StyleHint.Monospace)
        edit.setFont(font)
        edit.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
    return edit
