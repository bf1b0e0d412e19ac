"""How many requests ended in each of the last seconds, and how late the reactor was in them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

WINDOW_S: Final = 600
"""How many seconds are kept."""

SLIGHT_S: Final = 2
"""By how many seconds the date may be set back without all being dropped."""


@dataclass(frozen=True, slots=True)
class RateHistory:
    """What happened in each of a row of seconds; the last of them still runs.

    Attributes:
        time_s: When each second began, in seconds since the epoch.
        answered: How many requests were answered in it.
        interrupted: How many were interrupted in it.
        lag_s: How late the latest turn of the reactor in it was, in seconds.
    """

    time_s: list[int]
    answered: list[int]
    interrupted: list[int]
    lag_s: list[float]


class Rates:
    """Counts what happened a second, for the last 10 minutes.

    It gets the totals periodically. What came on top since the last time is put to the second in
    which they come, and not spread over the time before: they come late when the reactor is
    blocked, and a blocked reactor ends no request. A lag too stands at the second in which the
    reactor turned again.

    If the date is set back by up to 2 s, the latest second takes what happens until it is
    caught up with. If it is set back further, all is dropped: the times before and after it
    would lie on top of each other.

    Args:
        clock: Returns the seconds since the epoch.
    """

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._totals = (0, 0)
        self._answered = [0] * WINDOW_S
        self._interrupted = [0] * WINDOW_S
        self._lag_s = [0.0] * WINDOW_S
        self._first = self._second = int(clock())

    def record(self, answered: int, interrupted: int, lag_s: float) -> None:
        """Note the totals until now.

        Args:
            answered: How many requests were answered since the start.
            interrupted: How many were interrupted since the start.
            lag_s: How late the latest turn of the reactor since the last time was.
        """
        self._catch_up()
        place = self._second % WINDOW_S
        self._answered[place] += answered - self._totals[0]
        self._interrupted[place] += interrupted - self._totals[1]
        self._lag_s[place] = max(self._lag_s[place], lag_s)
        self._totals = (answered, interrupted)

    def history(self) -> RateHistory:
        """Return the last seconds, at most 600, up to the present one."""
        self._catch_up()
        times_s = range(max(self._first, self._second - WINDOW_S + 1), self._second + 1)
        places = [time_s % WINDOW_S for time_s in times_s]
        return RateHistory(
            list(times_s),
            [self._answered[place] for place in places],
            [self._interrupted[place] for place in places],
            [self._lag_s[place] for place in places],
        )

    def _catch_up(self) -> None:
        """Empty the seconds that began since the last time."""
        second = int(self._clock())
        if second < self._second - SLIGHT_S:
            self._first, self._second = second, second - WINDOW_S
        for new in range(max(self._second, second - WINDOW_S) + 1, second + 1):
            place = new % WINDOW_S
            self._answered[place] = self._interrupted[place] = 0
            self._lag_s[place] = 0.0
        self._second = max(self._second, second)
