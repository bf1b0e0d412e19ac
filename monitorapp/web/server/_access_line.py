"""The lines of Twisted's access log."""

from __future__ import annotations

from collections.abc import Callable

from twisted.web.http import combinedLogFormatter, datetimeToLogString
from twisted.web.iweb import IAccessLogFormatter, IRequest
from zope.interface import implementer


@implementer(IAccessLogFormatter)
class AccessLine:
    """Makes the line of an answered request, with the date of a clock that shows it.

    Twisted takes the date from the clock of the reactor, which is not bound to know it.

    Args:
        wall: Returns the seconds since the epoch.
    """

    def __init__(self, wall: Callable[[], float]) -> None:
        self._wall = wall
        self._second = -1
        self._date = ""

    def __call__(self, timestamp: str, request: IRequest) -> str:
        """Return the line of a request, in the Combined Log Format."""
        second = int(self._wall())
        if second != self._second:
            self._second, self._date = second, datetimeToLogString(second)
        line: str = combinedLogFormatter(self._date, request)
        return line
