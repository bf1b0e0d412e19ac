"""The log observer that turns failures of interrupted responses into records."""

from __future__ import annotations

import itertools
import threading
import time
from collections.abc import Callable

from twisted.logger import ILogObserver, LogEvent, Logger, formatEvent
from twisted.python.failure import Failure
from zope.interface import implementer

from monitorapp.core.record.interruption import (
    INTERRUPTED_MESSAGE,
    Interruption,
)
from monitorapp.core.request.current import current_request
from monitorapp.web.request._failure_text import failure_text
from monitorapp.web.request.reasons import reason_of


@implementer(ILogObserver)
class InterruptionObserver:
    """Makes one `Interruption` of each logged Failure of an interrupted response.

    It takes both shapes of event: those of `twisted.python.log.err(failure, why)`
    and those of `twisted.logger.Logger.failure(format)`. It is called in whatever
    thread logs, never waits and never raises. A request that logs its interruption
    more than once still has one record.

    Args:
        publish: Called with each record, in the thread that logged it. It must not wait.
        wall: Returns the seconds since the epoch, for events that have no time.
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
            end = None
        else:
            end = request.claim_interruption()
            if end is None:  # it has its record
                return
        text = failure_text(failure)
        number = next(self._numbers)
        time_s = event.get("log_time") or self._wall()
        if request is None or end is None:
            record = Interruption(
                number=number,
                time_s=time_s,
                reason=reason_of(failure),
                failure_type=text.type_name,
                message=text.message,
                traceback=text.traceback,
                has_frames=text.has_frames,
            )
        else:
            record = end.record(
                text,
                number=number,
                time_s=time_s,
                reason=end.reason or reason_of(failure),
                cancelled=request.is_cancelled(),
            )
        self._publish(record)


def _says_interrupted(event: LogEvent) -> bool:
    why = event.get("why")
    text = why if isinstance(why, str) else formatEvent(event)
    return text.startswith(INTERRUPTED_MESSAGE)
