"""Keeps the current and the selected rows of the live table while rows go."""

from __future__ import annotations

from typing import Final, cast

from PyQt5.QtCore import QItemSelection, QItemSelectionModel, QModelIndex

from monitorapp.core.record.interruption import Interruption
from monitorapp.ui.table.model import InterruptionsModel

_Flag = QItemSelectionModel.SelectionFlag
_SELECT: Final = cast(QItemSelectionModel.SelectionFlags, _Flag.ClearAndSelect | _Flag.Rows)
_ADD: Final = cast(QItemSelectionModel.SelectionFlags, _Flag.Select | _Flag.Rows)
_ALL_LINES: Final = 1 << 30


class KeptSelection:
    """What was current and selected when it was made, before a reset of the model.

    Args:
        model: The rows.
        selection: What is current and selected of them.
        current: What is current; given, as the selection has lost it at a reset.
    """

    def __init__(
        self, model: InterruptionsModel, selection: QItemSelectionModel, current: QModelIndex
    ) -> None:
        self._current: tuple[Interruption, int, int] | None = None
        if current.isValid():
            record, line = model.interruption(current.row()), model.position(current.row())[1]
            self._current = record, line, current.column()
        # The records, so that their identities stay theirs; then of each the rows from
        # the first to the last, 0 being its own and the others those of its story.
        self._records: list[Interruption] = []
        self._lines: dict[int, tuple[int, int]] = {}
        for span in selection.selection():
            first, first_line = model.position(span.top())
            last, last_line = model.position(span.bottom())
            records = model.records_between(first, last + 1)
            self._records += records
            self._lines.update(dict.fromkeys(map(id, records), (0, _ALL_LINES)))
            self._lines[id(records[-1])] = (0, last_line)
            end_line = last_line if first == last else _ALL_LINES
            self._lines[id(records[0])] = (first_line, end_line)

    def restore(self, model: InterruptionsModel, selection: QItemSelectionModel) -> None:
        """Make the same rows current and selected, as far as they are still shown."""
        if self._lines:
            kept = QItemSelection()
            start = end = -1
            for serial in model.serials_of(self._lines):
                row = model.row_at(serial)
                count = model.line_count(row)
                first, last = self._lines[id(model.interruption(row))]
                first, last = row + min(first, count), row + min(last, count)
                if first != end + 1 or start < 0:
                    self._take(kept, model, start, end)
                    start = first
                end = last
            self._take(kept, model, start, end)
            selection.select(kept, _SELECT)
        if self._current is not None:
            record, line, column = self._current
            found = model.row_of(record)
            if found is not None:
                row = found + min(line, model.line_count(found))
                selection.setCurrentIndex(model.index(row, column), _Flag.NoUpdate)

    def _take(self, kept: QItemSelection, model: InterruptionsModel, start: int, end: int) -> None:
        if start >= 0:
            kept.select(model.index(start, 0), model.index(end, model.columnCount() - 1))


def hand_over(
    model: InterruptionsModel,
    selection: QItemSelectionModel,
    current: QModelIndex,
    start: int,
    end: int,
) -> None:
    """Before rows go, make the row before them current or selected in place of them.

    At the head of the table there is none, and nothing is current any more.
    """
    holds_current = start <= current.row() <= end
    if start == 0:  # evicted, or cleared
        if holds_current:
            selection.clearCurrentIndex()
        return
    record = model.index(start - 1, max(0, current.column()))
    spans = selection.selection()
    if any(span.top() <= end and span.bottom() >= start for span in spans):
        selection.select(record, _ADD)
    if holds_current:
        selection.setCurrentIndex(record, _Flag.NoUpdate)
