"""What is told of exports and imports, in the window and on the command line alike."""

from __future__ import annotations

from pathlib import Path

from monitorapp.core.text.visible import visible
from monitorapp.core.transfer.reading import Imported


def about(count: int, expression: str) -> str:
    """Return what is exported: how many records, and which filter they match."""
    records = f"{count:,} record{'' if count == 1 else 's'}"
    return f"{records} that match {expression.strip()}" if expression.strip() else records


def broken_lines(imported: Imported, path: Path) -> str:
    """Return a sentence on the lines of a file that could not be read."""
    return (
        f"{imported.broken:,} of {imported.lines:,} lines of {visible(path.name)} could not be"
        f" read; the first: {imported.first_problem}."
    )
