"""Sentences on exports and imports, for the window and the command line alike."""

from __future__ import annotations

from pathlib import Path

from monitorapp.core.text.format import grouped, plural
from monitorapp.core.text.visible import cut, visible
from monitorapp.core.transfer.reading import Imported


def about(count: int, expression: str) -> str:
    """Return what is exported: how many records, and which filter they match."""
    records = plural(count, "record")
    return f"{records} that match {expression.strip()}" if expression.strip() else records


def remarks(imported: Imported, path: Path) -> list[str]:
    """Return sentences on what of a file could not be read, or was not."""
    name = cut(visible(path.name), 200)
    lines = plural(imported.lines, "line")
    sentences = []
    if imported.broken:
        sentences.append(
            f"{grouped(imported.broken)} of {lines} of {name} could not be read;"
            f" the first: {imported.first_problem.rstrip('.')}."
        )
    if imported.skipped:
        kinds = [
            f"{plural(count, 'event')} {kind.value}" for kind, count in imported.skipped.items()
        ]
        skipped = grouped(imported.skipped.total())
        sentences.append(f"{skipped} of {lines} of {name} were skipped: {' and '.join(kinds)}.")
    if imported.is_cut:
        read = plural(len(imported.interruptions), "record")
        sentences.append(f"Only {read} of {name} were read: there are more than can be shown.")
    return sentences
