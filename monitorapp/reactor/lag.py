"""How late an event loop turns: now, and at its worst in the last seconds."""

from __future__ import annotations

from collections.abc import Callable

WINDOW_S = 5.0
"""How long a late turn stays visible in `LoopLag.worst_s`."""

_BUCKET_S = 0.5
_BUCKETS = round(WINDOW_S / _BUCKET_S) + 1


class LoopLag:
    """The lateness of a loop's turns.

    A turn is late by the time between the instant at which the loop ought to
    have come back (the earliest delayed call was due, or the heartbeat was)
    and the instant at which it did. A healthy loop is late by less than
    a millisecond or two: timers are armed in whole milliseconds, rounded up.

    A loop that is blocked cannot say so while it is: both figures change when
    it turns again.

    Attributes:
        now_s: How late the last turn came, in seconds; 0 if it was in time.
    """

    def __init__(self, clock: Callable[[], float]) -> None:
        """Measure by `clock`, a monotonic clock in seconds."""
        self.now_s = 0.0
        self._untaken_s = 0.0
        self._clock = clock
        self._bucket = int(clock() / _BUCKET_S)
        self._worst = [0.0] * _BUCKETS

    def record(self, late_s: float, at_s: float) -> None:
        """Note that a turn came at `at_s` on the clock, `late_s` too late.

        Costs one division and three comparisons: it is called at every turn.
        """
        self.now_s = late_s
        if late_s > self._untaken_s:
            self._untaken_s = late_s
        bucket = int(at_s / _BUCKET_S)
        if bucket != self._bucket:
            self._forget_until(bucket)
        if late_s > self._worst[bucket % _BUCKETS]:
            self._worst[bucket % _BUCKETS] = late_s

    @property
    def worst_s(self) -> float:
        """The lateness of the latest turn of the last 5 s, in seconds.

        A turn is dropped between 5.0 and 5.5 s after it came.
        """
        bucket = int(self._clock() / _BUCKET_S)
        if bucket != self._bucket:
            self._forget_until(bucket)
        return max(self._worst)

    def take_worst_s(self) -> float:
        """Return the lateness of the latest turn since this was last called, in seconds."""
        taken_s, self._untaken_s = self._untaken_s, 0.0
        return taken_s

    def _forget_until(self, bucket: int) -> None:
        """Empty what `bucket` and its forerunners since the last one held."""
        for new in range(max(self._bucket + 1, bucket - _BUCKETS + 1), bucket + 1):
            self._worst[new % _BUCKETS] = 0.0
        self._bucket = bucket
