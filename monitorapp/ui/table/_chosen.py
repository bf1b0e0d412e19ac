"""What can be done with the rows that the user chose in the live table."""

from __future__ import annotations

from typing import Final, cast

from PyQt5.QtCore import QItemSelectionModel, QObject, pyqtSignal
from PyQt5.QtWidgets import QTableView

from monitorapp.core.record.interruption import Interruption
from monitorapp.core.text.format import plural
from monitorapp.ui.table._copying import InterruptionCopy
from monitorapp.ui.table.model import InterruptionsModel

MAX_STARRED: Final = 1_000
"""How many rows can be starred at once."""


class ChosenRows(QObject):
    """The selected rows of a table or, if there are none, the current one.

    Args:
        view: The table.

    Signals:
        copied(int): Emitted when so many interruptions are on the clipboard.
        refused(str): Emitted when something was not done; the text says why.
    """

    copied = pyqtSignal(int)
    refused = pyqtSignal(str)

    def __init__(self, view: QTableView) -> None:
        super().__init__(view)
        self._view = view
        self._copy = InterruptionCopy(self)
        self._copy.copied.connect(self.copied)

    def watch(self, model: InterruptionsModel) -> None:
        """Work on the rows of this model from now on."""
        self._model = model
        self._copy.applied = model.applied

    def selected(self) -> list[Interruption]:
        """Return the interruptions of which any row is selected, each once, oldest first."""
        selection = cast(QItemSelectionModel, self._view.selectionModel()).selection()
        spans = sorted(
            (self._model.position(span.top())[0], self._model.position(span.bottom())[0] + 1)
            for span in selection
        )
        selected: list[Interruption] = []
        done = 0
        for first, end in spans:
            selected += self._model.records_between(max(first, done), end)
            done = max(done, end)
        return selected

    def copy(self) -> None:
        """Put the stories on the clipboard; `copied` is emitted when they are there."""
        interruptions = self._chosen()
        if interruptions:
            self._copy.start(interruptions)

    def star(self) -> None:
        """Star them all or, if they are starred already, none of them."""
        interruptions = self._chosen()
        if len(interruptions) > MAX_STARRED:
            self.refused.emit(f"At most {plural(MAX_STARRED, 'row')} can be starred at once.")
            return
        stars = self._model.stars
        starred = not all(one in stars for one in interruptions)
        for one in interruptions:
            stars.set_starred(one, starred)

    def _chosen(self) -> list[Interruption]:
        selected, current = self.selected(), self._view.currentIndex()
        if not selected and current.isValid():
            return [self._model.interruption(current.row())]
        return selected
