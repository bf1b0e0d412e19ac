"""The request that the running code works for.

Twisted keeps one `ConnectionDone` Failure for the whole process, and a log event
names no request. So whoever handles a request says so here, around the code that
may log, and the observer reads it. It is a context variable, so that coroutines and
`inlineCallbacks` started for a request keep it across their pauses.
"""

from __future__ import annotations

from contextvars import ContextVar
from typing import Protocol

from monitorapp.core.record.interruption import RequestFacts


class CurrentRequest(Protocol):
    """What the observer wants of a request."""

    def claim_interruption(self) -> bool:
        """Return True the first time only: an interrupted request gets one record."""
        ...

    def facts(self) -> RequestFacts:
        """Return what is known of the request now."""
        ...

    def is_stopping(self) -> bool:
        """Return whether it ends because the server stops."""
        ...


current_request: ContextVar[CurrentRequest | None] = ContextVar("current_request", default=None)
