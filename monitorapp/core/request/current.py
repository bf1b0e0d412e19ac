"""The request that the running code works for.

Twisted keeps one `ConnectionDone` Failure for the whole process, and a log event
names no request. So the code that handles a request sets it here, around what
may log, and the observer reads it. It is a context variable, so that coroutines and
`inlineCallbacks` started for a request keep it across their pauses.
"""

from __future__ import annotations

from contextvars import ContextVar
from typing import Protocol

from monitorapp.core.request.ended import RequestEnd


class CurrentRequest(Protocol):
    """What the observer wants of a request."""

    def claim_interruption(self) -> RequestEnd | None:
        """Return how it ended, or would end now; None from the second time on.

        So an interrupted request gets one record.
        """
        ...

    def is_cancelled(self) -> bool:
        """Return whether the delayed call that the response waited for is cancelled by now."""
        ...


current_request: ContextVar[CurrentRequest | None] = ContextVar("current_request", default=None)
