"""A stream of HTTP/2 that its client has closed, before anybody was notified of that."""

from __future__ import annotations

import sys
from typing import Any


def is_of_closed_stream(error: Exception) -> bool:
    """Return whether an answer could not be written because its stream is closed already.

    A client can reset a stream in the very segment that opened it. All of a segment is parsed
    before the first request of it is handled, and the reset is notified after that. As with any
    other transport that is lost, what is written until then is dropped; Twisted has it raise.
    """
    exceptions: Any = sys.modules.get("h2.exceptions")  # h2 is optional
    if exceptions is None:
        return False
    closed = (exceptions.StreamClosedError, exceptions.StreamIDTooLowError)
    return isinstance(error, closed)
