"""How many requests ended in each of the last seconds, and how late the reactor was in them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

WINDOW_S: Final = 600
"""How many seconds are kept."""

SLIGHT_S: Final = 2
"""By how many seconds the date may be set back until that is seen as such."""


@dataclass(frozen=True, slots=True)
class RateHistory:
    """What happened in each of a row of seconds; the last of them still runs.

    Attributes:
        time_s: When each second began, in seconds since the epoch, by the date as it is set now.
        dated_s: The same by the date as it was set then, as the records of that second have it.
        answered: How many requests were answered in it.
        interrupted: How many were interrupted in it.
        lag_s: How late the latest turn of the reactor in it was, in seconds.
    """

    time_s: list[int]
    dated_s: list[int]
    answered: list[int]
    interrupted: list[int]
    lag_s: list[float]


class Rates:
    """Counts what happened a second, for the last 10 minutes.

    It takes the totals periodically. What was added since the last time counts for the second
    in which it is recorded, and is not spread over the time before: a look comes late when the
    reactor is blocked, and a blocked reactor ends no request. A lag too counts for the second in
    which the reactor turned again.

    If the date is set back by up to 2 s, the latest second takes what happens until it is
    caught up with. If it is set back further, the seconds go on all the same, and those before
    have moved with it.

    Args:
        wall: Returns the seconds since the epoch.
        monotonic: Returns the seconds of a clock that nobody sets.
    """

    def __init__(self, wall: Callable[[], float], monotonic: Callable[[], float]) -> None:
        self._wall = wall
        self._monotonic = monotonic
        self._set_back_s = 0  # by how much, since the first second
        self._seen_s = wall(), monotonic()
        self._totals = (0, 0)
        self._answered = [0] * WINDOW_S
        self._interrupted = [0] * WINDOW_S
        self._lag_s = [0.0] * WINDOW_S
        self._dated_s = [0] * WINDOW_S
        self._first = self._second = int(self._seen_s[0])
        self._dated_s[self._second % WINDOW_S] = self._second

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
            [time_s - self._set_back_s for time_s in times_s],
            [self._dated_s[place] for place in places],
            [self._answered[place] for place in places],
            [self._interrupted[place] for place in places],
            [self._lag_s[place] for place in places],
        )

    def _catch_up(self) -> None:
        """Empty the seconds that began since the last time."""
        second = self._present()
        for new in range(max(self._second, second - WINDOW_S) + 1, second + 1):
            place = new % WINDOW_S
            self._answered[place] = self._interrupted[place] = 0
            self._lag_s[place] = 0.0
            self._dated_s[place] = new - self._set_back_s
        self._second = max(self._second, second)

    def _present(self) -> int:
        """Return the present second, by the date as if it had not been set back."""
        before, self._seen_s = self._seen_s, (self._wall(), self._monotonic())
        moved_s = (self._seen_s[0] - before[0]) - (self._seen_s[1] - before[1])
        if moved_s < -SLIGHT_S:
            self._set_back_s -= round(moved_s)
        elif moved_s > SLIGHT_S:  # put right again, or the machine was asleep
            self._set_back_s = max(0, self._set_back_s - round(moved_s))
        return int(self._seen_s[0]) + self._set_back_s
