"""A record as plain JSON values, and back: what history, exports and imports share."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import fields
from typing import Any, Final

from monitorapp.core.record.interruption import Interruption
from monitorapp.core.record.reason import Reason

NAMES: Final = tuple(field.name for field in fields(Interruption))
"""Names of all fields of a record, in a fixed order."""

_KINDS: Final[Mapping[str, str]] = {
    field.name: str(field.type)  # a string, as annotations are postponed
    for field in fields(Interruption)
}
_REQUIRED: Final = frozenset({"time_s"})
_DEFAULTS: Final[Mapping[str, Any]] = {
    "number": 0,
    "reason": Reason.OTHER.name,
    "failure_type": "",
    "message": "",
    "traceback": "",
    "has_frames": False,
}


def as_fields(interruption: Interruption) -> dict[str, Any]:
    """Return the fields of a record as JSON values: `reason` by its name, headers as lists."""
    values = {name: getattr(interruption, name) for name in NAMES}
    values["reason"] = interruption.reason.name
    values["headers"] = [list(header) for header in interruption.headers]
    return values


def from_fields(values: Mapping[str, Any]) -> Interruption:
    """Return the record that `as_fields` described.

    Fields that are missing have their defaults, and unknown ones are left out, so that records
    of older and newer versions can be read.

    Raises:
        ValueError: It has no time, or a field is of the wrong type; the message says which.
    """
    missing = _REQUIRED - values.keys()
    if missing:
        raise ValueError(f"A record needs the field {min(missing)}.")
    taken: dict[str, Any] = dict(_DEFAULTS)
    for name in NAMES:
        if name in values:
            taken[name] = values[name]
    for name, value in taken.items():
        taken[name] = _checked(name, value)
    return Interruption(**taken)


def _checked(name: str, value: Any) -> Any:
    if name == "reason":
        if isinstance(value, str) and value in Reason.__members__:
            return Reason[value]
    elif name == "headers":
        if isinstance(value, list) and all(
            isinstance(pair, (list, tuple))
            and len(pair) == 2
            and all(isinstance(text, str) for text in pair)
            for pair in value
        ):
            return tuple((key, text) for key, text in value)
    elif _is_a(value, _KINDS[name]):
        return float(value) if _KINDS[name].startswith("float") and value is not None else value
    raise ValueError(f"The field {name} of a record cannot be {value!r:.60}.")


def _is_a(value: Any, kind: str) -> bool:
    if kind == "bool":
        return isinstance(value, bool)
    if kind == "int":
        return isinstance(value, int) and not isinstance(value, bool) and abs(value) < 2**63
    if kind == "str":
        return isinstance(value, str)
    if value is None:
        return kind.endswith("None")
    return (
        isinstance(value, (int, float))
        and not isinstance(value, bool)
        and abs(value) < 1e300
        and math.isfinite(value)
    )
