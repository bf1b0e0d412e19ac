"""From a Failure to the text that a record keeps of it."""

from __future__ import annotations

import sys

from twisted.python.failure import Failure, format_frames
from twisted.python.reflect import qual, safe_str

from monitorapp.core.record.failure import FailureText
from monitorapp.core.record.interruption import KEPT_CHARACTERS
from monitorapp.core.text.visible import cut, visible, visible_lines


def failure_text(failure: Failure) -> FailureText:
    """Return what is kept of a Failure, in strings that equal Failures share."""
    return FailureText(
        type_name=_shared(visible(_type_name(failure))),
        message=_shared(cut(visible(failure.getErrorMessage()), KEPT_CHARACTERS)),
        traceback=_shared(cut(visible_lines(_traceback(failure)), KEPT_CHARACTERS)),
        has_frames=bool(failure.frames),
    )


def _traceback(failure: Failure) -> str:
    """Return what `Failure.getTraceback` does, but with each message on one line.

    A message with line feeds could forge lines, and then nothing shows which are forged.
    """
    pieces = ["Traceback (most recent call last):\n"]
    if failure.frames:
        format_frames(failure.frames, pieces.append)
    else:
        pieces.append("Failure: ")
    pieces.append(f"{_type_name(failure)}: {_message_of(failure)}")
    if isinstance(failure.value, Failure):
        pieces.append(f"\n (chained Failure)\n{_traceback(failure.value)}")
    return "".join(pieces)


def _message_of(failure: Failure) -> str:
    """Return the message of the exception of a Failure; its `str` if that is a Failure."""
    value = failure.value
    if not isinstance(value, Failure):
        return str.replace(safe_str(value), "\n", r"\n")
    head = "Traceback" if value.frames else "Traceback (failure with no frames)"
    pieces = [f"[Failure instance: {head}: {safe_str(value.type)}: {_message_of(value)}\n"]
    if value.frames:
        format_frames(value.frames, pieces.append, "brief")
    return "".join([*pieces, "]"])


def _type_name(failure: Failure) -> str:
    return qual(failure.type) if failure.type is not None else ""


def _shared(text: str) -> str:
    # Nearly all records have the same few texts. Only a true str can be interned, and
    # an exception's __str__ may return a subclass.
    return sys.intern(str.__str__(text))
