"""The log observer that turns failures of interrupted responses into records."""

from __future__ import annotations

import itertools
import threading
import time
from collections.abc import Callable
from typing import Final

from twisted.logger import ILogObserver, LogEvent, Logger, formatEvent
from twisted.python.failure import Failure
from zope.interface import implementer

from monitorapp.core.record.interruption import (
    INTERRUPTED_MESSAGE,
    Interruption,
    RequestFacts,
)
from monitorapp.core.record.reason import Reason
from monitorapp.core.request.current import current_request
from monitorapp.web.request._failure_text import failure_text
from monitorapp.web.request.reasons import reason_of

_UNKNOWN: Final = RequestFacts()


@implementer(ILogObserver)
class InterruptionObserver:
    """Makes one `Interruption` of each logged Failure of an interrupted response.

    It takes both shapes of event: those of `twisted.python.log.err(failure, why)`
    and those of `twisted.logger.Logger.failure(format)`. It is called in whatever
    thread logs, never waits and never raises. A request that logs its interruption
    more than once still has one record.

    Args:
        publish: Called with each record, in the thread that logged it. It must not wait.
        wall: Returns the seconds since the epoch, for events that bring no time.
    """

    def __init__(
        self,
        publish: Callable[[Interruption], None],
        wall: Callable[[], float] = time.time,
    ) -> None:
        self._publish = publish
        self._wall = wall
        self._numbers = itertools.count(1)
        self._reporting = threading.local()
        self._log = Logger()

    def __call__(self, event: LogEvent) -> None:
        """Take one log event."""
        failure = event.get("log_failure") or event.get("failure")
        if failure is None or getattr(self._reporting, "active", False):
            return
        try:
            if isinstance(failure, Failure) and _says_interrupted(event):
                self._record(event, failure)
        except Exception:
            # Raised from here it would come back as a failure event of its own.
            self._reporting.active = True
            try:
                self._log.failure("An interrupted response could not be recorded")
            finally:
                self._reporting.active = False

    def _record(self, event: LogEvent, failure: Failure) -> None:
        request = current_request.get()
        if request is None:
            facts, reason = _UNKNOWN, reason_of(failure)
        elif request.claim_interruption():
            facts = request.facts()
            reason = Reason.STOPPING if request.is_stopping() else reason_of(failure)
        else:
            return
        text = failure_text(failure)
        self._publish(
            Interruption.of(
                facts,
                number=next(self._numbers),
                time_s=event.get("log_time") or self._wall(),
                reason=reason,
                failure_type=text.type_name,
                message=text.message,
                traceback=text.traceback,
                has_frames=text.has_frames,
            )
        )


def _says_interrupted(event: LogEvent) -> bool:
    why = event.get("why")
    text = why if isinstance(why, str) else formatEvent(event)
    return text.startswith(INTERRUPTED_MESSAGE)
