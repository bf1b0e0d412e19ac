"""Records from JSON logs of Twisted.

Such a log is that of `twisted.logger.jsonFileLogObserver`; of its events those are taken whose
Failure says that a response was interrupted, whatever server logged it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from enum import Enum
from string import Formatter
from typing import Any, Final

from monitorapp.core.record.client import is_ip_address
from monitorapp.core.record.codec import from_fields
from monitorapp.core.record.interruption import (
    INTERRUPTED_MESSAGE,
    KEPT_CHARACTERS,
    Interruption,
)
from monitorapp.core.record.reason import Reason, reason_of_types
from monitorapp.core.text.visible import cut, visible

SEPARATOR: Final = "\x1e"
"""What the observer puts before each line (RFC 7464)."""

_OF_REQUEST: Final = (
    "request_number",
    "method",
    "uri",
    "version",
    "client",
    "began_s",
    "waited_s",
    "delay_s",
    "remaining_s",
    "late_s",
    "bytes_written",
    "headers_sent",
    "began_in",
    "began_at",
    "awaited",
    "cancelled",
    "headers",
)
"""Fields of a record that are taken from an event if it has them under the same name."""

_KNOWN: Final = frozenset(("failure", "why", "isError", "message", "time", "system", "format"))
"""What an event has that is not shown as it is; neither is what begins with `log_`."""

_CONNECTION: Final = re.compile(r"[^,]{0,200},\d{1,20},([0-9a-fA-F.:]{2,45})")
"""How Twisted names the system of what a connection's protocol logs: it ends in the client."""

_REQUEST: Final = re.compile(
    r" method=(?P<method>\S{1,100}) uri=(?P<uri>\S{1,65536}) clientproto=(?P<version>[\w./]{1,20})>"
)
"""How `twisted.web.http.Request` describes itself."""

_MOST_OTHERS: Final = 50
_SHOWN_CHARACTERS: Final = 1_000


class Skipped(Enum):
    """Why an event is not taken; the value completes "events ..."."""

    NO_FAILURE = "without a failure"
    OTHER_FAILURE = "whose failure is not of an interrupted response"


def is_event(values: Mapping[str, Any]) -> bool:
    """Return whether the JSON object of a line is an event."""
    return "log_time" in values or "time" in values


def record_of(event: Mapping[str, Any]) -> Interruption | Skipped:
    """Return the record of an event, or why there is none.

    Raises:
        ValueError: It is invalid; the message says why.
    """
    failure = event.get("log_failure") or event.get("failure")
    if not isinstance(failure, dict):
        return Skipped.NO_FAILURE
    kind = failure.get("type")
    name = ""
    if isinstance(kind, dict):
        name = f"{kind.get('__module__', '')}.{kind.get('__name__', '')}".strip(".")
    frames = failure.get("frames")
    frames = frames if isinstance(frames, list) else []
    traceback = _logged_traceback(event) or _made_traceback(name, frames)
    # An exception is not written to such a log, but what it says may stand in its last line.
    message = traceback.rstrip().rpartition("\n")[2].partition(f"{name}: ")[2]
    parents = failure.get("parents")
    names = [str(parent) for parent in parents] if isinstance(parents, list) else [name]
    reason = reason_of_types(names, message)
    text = _text(event)
    if reason is Reason.OTHER and not text.startswith(INTERRUPTED_MESSAGE):
        return Skipped.OTHER_FAILURE
    of_request = _of_request(event)
    heading = _heading(event, text, _KNOWN.union(of_request))
    return from_fields(
        {
            **of_request,
            "time_s": event.get("log_time", event.get("time")),
            "reason": reason.name,
            "failure_type": name,
            "message": message,
            "traceback": "\n".join([*heading, traceback]),
            "has_frames": bool(frames),
        }
    )


def _of_request(event: Mapping[str, Any]) -> dict[str, Any]:
    """Return the fields of a record that the event knows of its request."""
    found: dict[str, Any] = {}
    system = event.get("log_system", event.get("system"))
    connection = _CONNECTION.fullmatch(system) if isinstance(system, str) else None
    if connection is not None and is_ip_address(connection[1]):
        found["client"] = connection[1]
    for text in _flattened(event).values():
        request = _REQUEST.search(text) if isinstance(text, str) else None
        if request is not None:
            found.update(request.groupdict())
            break
    for name in _OF_REQUEST:
        if name in event:
            try:
                from_fields({"time_s": 0, name: event[name]})
            except ValueError:  # another program may mean something else by that name
                continue
            found[name] = event[name]
    return found


def _heading(event: Mapping[str, Any], text: str, known: frozenset[str]) -> Iterator[str]:
    """Yield lines with what the event says besides its Failure, and what is known."""
    if text and not text.startswith(INTERRUPTED_MESSAGE):
        level = event.get("log_level")
        level = level.get("name") if isinstance(level, dict) else None
        source = [str(part) for part in (event.get("log_namespace"), level) if part]
        yield _line(f"[{'#'.join(source)}] {text}")
    others = [key for key in event if key not in known and not key.startswith("log_")]
    for key in others[:_MOST_OTHERS]:
        value = event[key]
        if not isinstance(value, dict):  # of an object, such a log has nothing
            yield _line(f"{key}: {value}")


def _line(text: str) -> str:
    return cut(visible(text[: 2 * _SHOWN_CHARACTERS]), _SHOWN_CHARACTERS)


def _text(event: Mapping[str, Any]) -> str:
    """Return the text of an event; `twisted.logger` writes what it needs for that beside it."""
    why = event.get("why")
    if isinstance(why, str) and why:
        return why
    format_ = event.get("log_format")
    if not isinstance(format_, str):
        return ""
    flattened = _flattened(event)
    pieces: list[str] = []
    length = 0
    try:
        for literal, field, specification, conversion in Formatter().parse(format_):
            pieces.append(literal)
            if field is not None:
                key = f"{field}!{conversion or ''}:{specification or ''}"
                pieces.append(str(flattened.get(key, event.get(field, f"{{{field}}}"))))
            length += sum(map(len, pieces[-2:]))
            if length > KEPT_CHARACTERS:
                break
    except ValueError:  # its braces are not balanced
        return format_
    return "".join(pieces)


def _flattened(event: Mapping[str, Any]) -> Mapping[str, Any]:
    flattened = event.get("log_flattened")
    return flattened if isinstance(flattened, dict) else {}


def _logged_traceback(event: Mapping[str, Any]) -> str:
    """Return the traceback that `twisted.python.log.err` put into the text of its event."""
    text = event.get("log_text")
    return text.partition("\n")[2] if isinstance(text, str) else ""


def _made_traceback(name: str, frames: list[Any]) -> str:
    """Return a traceback of what is known of the frames."""
    lines = ["Traceback (most recent call last):"]
    for frame in frames:
        if isinstance(frame, list) and len(frame) >= 3:
            lines.append(f'  File "{frame[1]}", line {frame[2]}, in {frame[0]}')
    return "\n".join([*lines, name if frames else f"Failure: {name}"])
