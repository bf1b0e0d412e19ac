"""A record as plain JSON values, and back: what history, exports and imports share.

The values are turned into text, and back, by `json` and not by `msgspec.json`: that one neither
writes nor reads unpaired surrogates, and what a client sent may have some.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import fields, replace
from enum import Enum
from types import NoneType
from typing import Any, Final, get_args, get_type_hints

import msgspec

from monitorapp.core.record.interruption import Interruption
from monitorapp.core.record.outcome import Outcome
from monitorapp.core.record.reason import Reason

NAMES: Final = tuple(field.name for field in fields(Interruption))
"""Names of all fields of a record, in a fixed order."""

_DEFAULTS: Final[Mapping[str, Any]] = {
    "number": 0,
    "reason": Reason.OTHER.name,
    "failure_type": "",
    "message": "",
    "traceback": "",
    "has_frames": False,
}
"""The values of fields that every record has, where a file lacks them."""


def _kinds() -> dict[str, Any]:
    """Return the type of each field; for one that can be None, what else it can be."""
    kinds = {}
    for name, hint in get_type_hints(Interruption).items():
        some = [kind for kind in get_args(hint) if kind is not NoneType]
        kinds[name] = some[0] if NoneType in get_args(hint) else hint
    return kinds


_NAMED: Final[Mapping[str, Mapping[str, Enum]]] = {
    name: kind.__members__
    for name, kind in _kinds().items()
    if isinstance(kind, type) and issubclass(kind, Enum)
}
"""Fields that are members of an enumeration: they are known by name, as their values are words."""

_LIMITS: Final[Mapping[str, float]] = {
    name: limit
    for name, kind in _kinds().items()
    if (limit := {int: 2**63, float: 1e300}.get(kind)) is not None
}
"""Fields that are numbers, with what they stay below, on either side of 0."""

_PLACE: Final = re.compile(r"`\$\.(\w+)")
"""How the messages of msgspec name the field."""


def as_fields(interruption: Interruption) -> dict[str, Any]:
    """Return the fields of a record as JSON values, in the order of `NAMES`."""
    values: dict[str, Any] = msgspec.to_builtins(interruption)
    for name in _NAMED:
        member: Enum | None = getattr(interruption, name)
        values[name] = member and member.name
    return values


def from_fields(values: Mapping[str, Any]) -> Interruption:
    """Return the record that `as_fields` described.

    Fields that are missing have their defaults, and unknown ones are ignored, so that records
    of older and newer versions can be read.

    Raises:
        ValueError: It has no time, or a field is of the wrong type; the message says which.
    """
    if "time_s" not in values:
        raise ValueError("A record needs the field time_s.")
    taken = {**_DEFAULTS, **values}
    for name, members in _NAMED.items():
        value = taken.get(name)
        if isinstance(value, str) and value in members:
            taken[name] = members[value]
        elif value is not None:
            raise _wrong(name, value)
    try:
        interruption = msgspec.convert(taken, Interruption)
    except msgspec.ValidationError as error:
        place = _PLACE.search(str(error))
        if place is None:
            raise ValueError(f"This is not a record: {error}.") from None
        raise _wrong(place[1], values[place[1]]) from None
    if interruption.outcome is Outcome.RUNNING:  # it was, when that was written
        interruption = replace(interruption, outcome=Outcome.LAST_SEEN_RUNNING)
    for name, limit in _LIMITS.items():  # also not infinite, and no NaN
        number = getattr(interruption, name)
        if number is not None and not -limit < number < limit:
            raise _wrong(name, number)
    return interruption


def _wrong(name: str, value: object) -> ValueError:
    return ValueError(f"The field {name} of a record cannot be {value!r:.60}.")
