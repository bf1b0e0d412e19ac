"""Records as JSON Lines: one record a line, which can be read again."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from monitorapp.core.record.codec import as_fields, from_fields
from monitorapp.core.record.interruption import Interruption

MARKER: Final = "monitorapp"
"""The key that marks a JSON object as a record of this app; its value is a version."""

MARKER_VERSION: Final = 1


def lines(interruptions: Iterable[Interruption]) -> Iterator[str]:
    """Yield a line for each record."""
    for interruption in interruptions:
        # Escaped to ASCII, as an unpaired surrogate has no UTF-8.
        yield json.dumps({MARKER: MARKER_VERSION, **as_fields(interruption)}) + "\n"


def is_record(values: Mapping[str, Any]) -> bool:
    """Return whether the JSON object of a line is a record."""
    return MARKER in values


def record_of(values: Mapping[str, Any]) -> Interruption:
    """Return the record of a line, whichever version wrote it.

    Raises:
        ValueError: It is invalid; the message says why.
    """
    return from_fields(values)
