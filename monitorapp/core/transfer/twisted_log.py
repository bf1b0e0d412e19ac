"""Records from JSON logs of Twisted.

Such a log is that of `twisted.logger.jsonFileLogObserver`; of its events those are taken that
report an interrupted response (see `monitorapp.web.request.observer`).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from monitorapp.core.record.codec import from_fields
from monitorapp.core.record.interruption import INTERRUPTED_MESSAGE, Interruption
from monitorapp.core.record.reason import reason_of_types

SEPARATOR: Final = "\x1e"
"""What the observer puts before each line (RFC 7464)."""


def is_event(values: Mapping[str, Any]) -> bool:
    """Return whether the JSON object of a line is an event."""
    return "log_time" in values or "time" in values


def record_of(event: Mapping[str, Any]) -> Interruption | None:
    """Return the record of an event; None if it is of another kind.

    Raises:
        ValueError: It is invalid; the message says why.
    """
    failure = event.get("log_failure") or event.get("failure")
    why = event.get("why") or event.get("log_format") or ""
    if not isinstance(failure, dict) or not str(why).startswith(INTERRUPTED_MESSAGE):
        return None
    kind = failure.get("type")
    name = ""
    if isinstance(kind, dict):
        name = f"{kind.get('__module__', '')}.{kind.get('__name__', '')}".strip(".")
    frames = failure.get("frames")
    frames = frames if isinstance(frames, list) else []
    traceback = _logged_traceback(event) or _made_traceback(name, frames)
    # An exception is not written to such a log, but its message may be in its last line.
    message = traceback.rstrip().rpartition("\n")[2].partition(f"{name}: ")[2]
    parents = failure.get("parents")
    names = [str(parent) for parent in parents] if isinstance(parents, list) else [name]
    return from_fields(
        {
            "time_s": event.get("log_time", event.get("time")),
            "reason": reason_of_types(names, message).name,
            "failure_type": name,
            "message": message,
            "traceback": traceback,
            "has_frames": bool(frames),
        }
    )


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
