"""What a record keeps of a Failure."""

from __future__ import annotations

from typing import NamedTuple


class FailureText(NamedTuple):
    """A Failure as plain text: neither it nor anything of it is kept alive.

    Attributes:
        type_name: Full name of the exception type.
        message: The exception's message, on one line.
        traceback: The Failure as Twisted formats it, possibly of many lines; none of them is
            from the message.
        has_frames: Whether the traceback names any line of code.
    """

    type_name: str
    message: str
    traceback: str
    has_frames: bool
