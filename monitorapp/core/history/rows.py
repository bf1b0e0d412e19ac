"""A record as a row of the history, and back."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final, NamedTuple

from monitorapp.core.record.codec import as_fields, from_fields
from monitorapp.core.record.interruption import Interruption
from monitorapp.core.record.outcome import Outcome, RequestOutcome

SHARED: Final = (
    "origin",
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

_OUTCOMES: Final = frozenset(Outcome.__members__)

_USUAL: Final = {"late_s": 0.0, "bytes_written": 0, "tries": 1}
"""Of the others, those that are left out while they have their default."""

_OUTCOME: Final = ("outcome", "wasted_s")
"""Fields that have columns of their own, since they become known late."""


class Row(NamedTuple):
    """A record as the columns of the file, without the number of its run.

    Attributes:
        time_s: When it was logged, in seconds since the epoch.
        shared: Its shared fields.
        fields: Its other fields.
        request: The number of its request; 0 if that is not known.
        outcome: Name of the outcome; None if it is not known.
        wasted_s: See `RequestOutcome`.
        starred: Whether the user has starred it, 1 or 0.
    """

    time_s: float
    shared: str
    fields: str
    request: int = 0
    outcome: str | None = None
    wasted_s: float = 0.0
    starred: int = 0


_NUMBERS: Final[Mapping[str, float | None]] = {
    "number": 0,
    "request_number": 0,
    "began_s": None,
    "waited_s": None,
    "delay_s": None,
    "remaining_s": None,
    "late_s": 0.0,
    "bytes_written": 0,
    "tries": 1,
    "wasted_s": 0.0,
}
"""Fields that are numbers, with what stands for one that is none."""

_LIMIT: Final = 2.0**62
"""What the numbers of a record that is kept do not pass, on either side of 0."""


class Packing:
    """Makes rows of records; what those in a row share is turned into text once.

    Args:
        origin: That of their run, see `pack`.
    """

    def __init__(self, origin: str) -> None:
        self._origin = origin
        self._shared: dict[str, Any] | None = None
        self._text = ""  # of it

    def row_of(self, interruption: Interruption, known: RequestOutcome | None = None) -> Row:
        """Return the row of a record.

        Args:
            interruption: The record.
            known: What has become known of its outcome since it was made.

        Raises:
            ValueError, TypeError, RecursionError: A field is not what it should be.
        """
        time_s, request = interruption.time_s, interruption.request_number
        outcome, wasted_s = interruption.outcome, interruption.wasted_s
        if known is not None:
            known = known.as_written
            outcome, wasted_s = known.outcome, known.wasted_s
        if not (abs(time_s) <= _LIMIT and abs(request) <= _LIMIT and abs(wasted_s) <= _LIMIT):
            raise ValueError("The numbers of a record must be finite.")
        shared, fields = _split(interruption, self._origin)
        if shared != self._shared:
            self._text = _json(shared)
            self._shared = shared
        name = None if outcome is None else outcome.name
        return Row(time_s, self._text, _json(fields), request, name, wasted_s)


def repaired(interruption: Interruption, now_s: float) -> Interruption | None:
    """Return a record without the numbers that no file can keep; None if that is not enough.

    Args:
        interruption: A record of which `Packing` makes no row.
        now_s: What stands for its time, in seconds since the epoch.
    """
    usual = {**_NUMBERS, "time_s": now_s}
    changes: dict[str, Any] = {
        name: instead
        for name, instead in usual.items()
        if (number := getattr(interruption, name)) is not instead and not _is_kept(number)
    }
    try:
        fields = as_fields(replace(interruption, **changes))
        return from_fields(json.loads(_json(fields)))
    except (ValueError, TypeError, RecursionError, AttributeError):
        return None


def _is_kept(number: object) -> bool:
    return isinstance(number, (int, float)) and abs(number) <= _LIMIT


def pack(interruption: Interruption, origin: str) -> tuple[str, str]:
    """Return the shared and the other fields of a record, as JSON objects.

    Args:
        interruption: The record.
        origin: That of its run, which is left out of the fields: so they are the same in all runs.
    """
    shared, fields = _split(interruption, origin)
    return _json(shared), _json(fields)


def _split(interruption: Interruption, origin: str) -> tuple[dict[str, Any], dict[str, Any]]:
    fields = as_fields(interruption)
    shared = {name: fields.pop(name) for name in SHARED}
    if shared["origin"] == origin:
        del shared["origin"]
    for name in _OUTCOME:
        del fields[name]
    for name, usual in _USUAL.items():
        if fields[name] == usual:
            del fields[name]
    return shared, fields


class Unpacking:
    """Makes records of rows; what they share is read once.

    Args:
        origins: The origin of each run, by its number in the file.
    """

    def __init__(self, origins: Mapping[int, str]) -> None:
        self._origins = origins
        self._shared: dict[int, dict[str, Any]] = {}

    def unpack(
        self,
        run: int,
        shared: int,
        shared_fields: str,
        fields: str,
        outcome: str | None = None,
        wasted_s: float = 0.0,
    ) -> Interruption | None:
        """Return the record of a row; None if it is invalid.

        Args:
            run: Number of its run in the file.
            shared: Number of the shared fields in the file.
            shared_fields: They, as a JSON object.
            fields: The other fields, as a JSON object.
            outcome: See `Row`.
            wasted_s: See `Row`.
        """
        try:
            common = self._shared.get(shared)
            if common is None:
                common = self._shared[shared] = json.loads(shared_fields)
            origin = self._origins.get(run, "")
            values = {"origin": origin, **common, **json.loads(fields)}
            if wasted_s:
                values["wasted_s"] = wasted_s
            if outcome in _OUTCOMES:
                values["outcome"] = outcome
            return from_fields(values)
        except (ValueError, TypeError, RecursionError):
            return None


# Escaped to ASCII: an unpaired surrogate could not be written as UTF-8.
_json: Final = json.JSONEncoder(separators=(",", ":"), allow_nan=False).encode
