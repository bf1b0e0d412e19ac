"""The one place where exceptions end that nobody caught: they are logged and shown."""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable
from types import TracebackType
from typing import Any

from twisted.logger import Logger
from twisted.python.failure import Failure

from monitorapp.core.signal import Signal
from monitorapp.core.text.visible import cut, visible

_SHOWN_CHARACTERS = 200


def report_failure(failure: Failure) -> None:
    """End a chain of callbacks: an unexpected error goes where all such go."""
    exception = failure.value
    assert exception is not None
    sys.excepthook(type(exception), exception, failure.getTracebackObject())


class UncaughtExceptions:
    """Logs exceptions that nobody caught, in slots, listeners, callbacks and threads.

    PyQt5 ends the process after an exception in a slot, unless there is a hook for it. Make it
    in the thread of the reactor.

    Args:
        reactor: Brings what happens in other threads into its own.
        interrupt: Called in place of all this for a KeyboardInterrupt.

    Attributes:
        reported: Emitted with one line about each. What its listeners raise is only logged.
    """

    def __init__(self, reactor: Any, interrupt: Callable[[], None]) -> None:
        self.reported: Signal[[str]] = Signal()
        self._reactor = reactor
        self._interrupt = interrupt
        self._thread = threading.get_ident()
        self._is_reporting = False
        self._log = Logger()

    def install(self) -> None:
        """Become the hook of all threads."""
        sys.excepthook = self.report
        threading.excepthook = self.report_of_thread

    def report(
        self,
        exception_type: type[BaseException],
        exception: BaseException,
        traceback: TracebackType | None,
    ) -> None:
        """Log an exception, and emit a line about it in the reactor's thread.

        Meant for `sys.excepthook`; it can be called in any thread.
        """
        if threading.get_ident() != self._thread:
            self._reactor.callFromThread(self.report, exception_type, exception, traceback)
            return
        if issubclass(exception_type, KeyboardInterrupt):
            self._interrupt()
            return
        failure = Failure(exception, exception_type, traceback)
        self._log.failure("Unexpected error", failure=failure)
        if self._is_reporting:
            return
        self._is_reporting = True
        try:
            message = f"{exception_type.__name__}: {failure.getErrorMessage()}"
            shown = cut(visible(message), _SHOWN_CHARACTERS)
            self.reported.emit(f"Unexpected error, see the log: {shown}")
        finally:
            self._is_reporting = False

    def report_of_thread(self, caught: threading.ExceptHookArgs) -> None:
        """Do the same; for `threading.excepthook`."""
        self.report(caught.exc_type, caught.exc_value or caught.exc_type(), caught.exc_traceback)
