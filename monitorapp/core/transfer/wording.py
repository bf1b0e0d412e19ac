"""Sentences on exports and imports, for the window and the command line alike."""

from __future__ import annotations

from pathlib import Path

from monitorapp.core.text.format import grouped, plural
from monitorapp.core.text.visible import visible
from monitorapp.core.transfer.reading import Imported


def about(count: int, expression: str) -> str:
    """Return what is exported: how many records, and which filter they match."""
    records = plural(count, "record")
    return f"{records} that match {expression.strip()}" if expression.strip() else records


def broken_lines(imported: Imported, path: Path) -> str:
    """Return a sentence on the lines of a file that could not be read."""
    return (
        f"{grouped(imported.broken)} of {plural(imported.lines, 'line')} of {visible(path.name)}"
        f" could not be read; the first: {imported.first_problem}."
    )
