"""What the header of a table says."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from PyQt5.QtCore import Qt

from monitorapp.ui.table.columns import LEFT, RIGHT


def column_header(
    section: int,
    role: int,
    columns: Sequence[Any],
    titles: Mapping[Any, str],
    explanations: Mapping[Any, str],
    right_aligned: Collection[Any],
) -> Any:
    """Return the title, the explanation or the alignment of a column, as Qt asks for it."""
    if not 0 <= section < len(columns):
        return None
    column = columns[section]
    if role == Qt.ItemDataRole.DisplayRole:
        return titles[column]
    if role == Qt.ItemDataRole.ToolTipRole:
        return explanations[column]
    if role == Qt.ItemDataRole.TextAlignmentRole:
        return RIGHT if column in right_aligned else LEFT
    return None
