"""A column of a table, and an item model made of columns."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final, Generic, TypeVar

from PyQt5.QtCore import QAbstractTableModel, QModelIndex, QObject, Qt

LEFT: Final = int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
RIGHT: Final = int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)

Row = TypeVar("Row")

_NO_INDEX: Final = QModelIndex()


@dataclass(frozen=True, kw_only=True, eq=False)
class Column(Generic[Row]):
    """Everything that a table knows of one of its columns.

    A table's columns are one tuple of these. Code refers to a column by its `key`, never by
    its place.

    Attributes:
        key: Its name in saved settings; it never changes.
        title: The text of its header.
        explanation: The tooltip of its header. No text from outside: Qt guesses rich text.
        text: Returns the text of a row's cell; must not raise.
        sample: A text that just fits the default width.
        alignment: Where its texts are, `LEFT` or `RIGHT`.
        sort_key: Returns what rows are sorted by; None for a row of which that is not known.
            Is None if rows cannot be sorted by this column.
        share: Returns how much of the cell is covered by a bar, from 0 to 1; None for no bar.
        fills: Whether it takes the width that the other columns leave.
        can_change: Whether text and sort key of a row can change while the row stays.
    """

    key: str
    title: str
    explanation: str
    text: Callable[[Row], str]
    sample: str = ""
    alignment: int = LEFT
    sort_key: Callable[[Row], Any] | None = None
    share: Callable[[Row], float | None] | None = None
    fills: bool = False
    can_change: bool = False


@dataclass(frozen=True, slots=True)
class Sorting:
    """An order of the rows.

    Attributes:
        key: That of the column by which they are sorted.
        descending: Whether the greatest come first. What is not known is last in any case.
    """

    key: str
    descending: bool = False


def section_of(columns: Sequence[Column[Any]], key: str) -> int:
    """Return the number by which Qt knows the column with this key; -1 if there is none."""
    return next((section for section, column in enumerate(columns) if column.key == key), -1)


class ColumnModel(QAbstractTableModel):
    """An item model that takes its columns and their headers from `Column`s.

    Attributes:
        columns: They, in their first order.
    """

    columns: tuple[Column[Any], ...]

    def __init__(self, columns: Sequence[Column[Any]], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.columns = tuple(columns)

    def columnCount(self, parent: QModelIndex = _NO_INDEX) -> int:
        """Count the columns; nothing has any below it."""
        return 0 if parent.isValid() else len(self.columns)

    def headerData(
        self,
        section: int,
        orientation: Qt.Orientation,
        role: int = Qt.ItemDataRole.DisplayRole,
    ) -> Any:
        """Return the title, the explanation or the alignment of a column."""
        if orientation != Qt.Orientation.Horizontal or not 0 <= section < len(self.columns):
            return None
        column = self.columns[section]
        if role == Qt.ItemDataRole.DisplayRole:
            return column.title
        if role == Qt.ItemDataRole.ToolTipRole:
            return column.explanation
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return column.alignment
        return None
