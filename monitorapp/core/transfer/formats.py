"""The kinds of files that records are exported to."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from enum import Enum
from pathlib import Path

from monitorapp.core.record.interruption import Interruption
from monitorapp.core.transfer import jsonl, page, spreadsheet


class ExportFormat(Enum):
    """A kind of file; its value is what the name of such a file ends in."""

    JSONL = ".jsonl"
    CSV = ".csv"
    HTML = ".html"

    @property
    def encoding(self) -> str:
        """How the text is written; CSV with a mark without which Excel takes it for ANSI."""
        return "utf-8-sig" if self is ExportFormat.CSV else "utf-8"

    def texts(self, interruptions: Iterable[Interruption], about: str) -> Iterator[str]:
        """Yield what is written, in pieces, as records are taken.

        Args:
            interruptions: The records.
            about: What they are, in a sentence, where the format has a place for it.
        """
        if self is ExportFormat.HTML:
            return page.texts(interruptions, about)
        if self is ExportFormat.CSV:
            return spreadsheet.lines(interruptions)
        return jsonl.lines(interruptions)


def format_of(path: Path) -> ExportFormat:
    """Return the format that a file's name asks for.

    Raises:
        ValueError: It is none that can be written; the message says which are.
    """
    try:
        return ExportFormat(path.suffix.lower())
    except ValueError:
        known = ", ".join(kind.value for kind in ExportFormat)
        raise ValueError(
            f"The name of an export ends in one of {known}, which sets its format."
        ) from None
