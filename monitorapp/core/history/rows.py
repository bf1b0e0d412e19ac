"""A record as a row of the history, and back."""

from __future__ import annotations

import json
from typing import Any, Final

from monitorapp.core.record.fields import as_fields, from_fields
from monitorapp.core.record.interruption import Interruption

SHARED: Final = (
    "method",
    "version",
    "reason",
    "failure_type",
    "message",
    "traceback",
    "has_frames",
    "began_in",
    "began_at",
    "awaited",
    "cancelled",
    "headers",
    "headers_sent",
)
"""Fields that are the same in nearly all records, and kept once in the file."""

_USUAL: Final = {"late_s": 0.0, "bytes_written": 0, "tries": 1}
"""Of the others, those that are left out while they have their default."""


def pack(interruption: Interruption) -> tuple[str, str]:
    """Return the shared and the other fields of a record, as JSON objects."""
    fields = as_fields(interruption)
    shared = {name: fields.pop(name) for name in SHARED}
    for name, usual in _USUAL.items():
        if fields[name] == usual:
            del fields[name]
    return _json(shared), _json(fields)


class Unpacking:
    """Makes records of rows; what they share is read once."""

    def __init__(self) -> None:
        self._shared: dict[int, dict[str, Any]] = {}

    def unpack(self, shared: int, shared_fields: str, fields: str) -> Interruption | None:
        """Return the record of a row; None if it makes no sense.

        Args:
            shared: Number of the shared fields in the file.
            shared_fields: They, as a JSON object.
            fields: The other fields, as a JSON object.
        """
        try:
            common = self._shared.get(shared)
            if common is None:
                common = self._shared[shared] = json.loads(shared_fields)
            return from_fields({**common, **json.loads(fields)})
        except (ValueError, TypeError, RecursionError):
            return None


def _json(fields: dict[str, Any]) -> str:
    # Escaped to ASCII: an unpaired surrogate could not be written as UTF-8.
    return json.dumps(fields, separators=(",", ":"))
