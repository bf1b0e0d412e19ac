"""Delayed calls and calls from threads, and the timer that brings Qt to them."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable
from heapq import heapify, heappop, heappush
from math import ceil, inf
from typing import TYPE_CHECKING, Any

from PyQt5.QtCore import QCoreApplication, Qt, QTimer
from twisted.internet.base import DelayedCall, ReactorBase
from twisted.logger import Logger

if TYPE_CHECKING:
    # qt5reactor has no annotations; what it adds to this base is named below.
    from twisted.internet.posixbase import PosixReactorBase as QtReactor
else:
    from qt5reactor import QtReactor

MOVED_ONE_BY_ONE = 8
"""At most this many moved calls are put in order one by one; if there are more, all are sorted.

Looking for one takes as long as there are calls, so for all of 10,000 it takes seconds.
"""

LONGEST_S = 2147483.0  # QTimer takes milliseconds in a signed 32 bit integer

_log = Logger()
_in_thread_call = _log.failureHandler("while calling from thread")
_in_timed_call = _log.failureHandler("while handling timed call")


class QtCallsReactor(QtReactor):
    """Makes Twisted's calls when Qt's timer fires.

    One rule keeps nested event loops (a modal dialog opened by a handler) alive:
    whenever foreign code runs, the timer is already armed for whatever is due
    next. So a loop that this code opens calls the reactor just as the outer
    loop does, and nothing has to be known about it.
    """

    _timer: QTimer
    qApp: QCoreApplication

    # Twisted's are seconds since the epoch: when the date is set back, all that is to come would
    # wait for as long.
    seconds = staticmethod(time.monotonic)

    def __init__(self) -> None:
        """Make the reactor; the QApplication, if there is to be one, comes first."""
        self._attached = False  # whether Qt is to call at all
        # What the timer is armed for, and when it will fire.
        self._armed_s = inf
        self._deadline_s = inf
        # When the last turn began that left no due call behind.
        self._caught_up_s = time.monotonic()
        self._moved = 0  # calls that were moved since they were last put in order
        super().__init__()
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        # A deque: its calls are taken out before they are made, so that one
        # that opens an event loop is not made again by that loop.
        self.threadCallQueue = deque()  # type: ignore[assignment]

    # Making calls. `until_s` is an instant of time.monotonic() after which none is
    # begun but the first; what is returned is whether all that were due are made.

    def _make_thread_calls(self, until_s: float) -> bool:
        queue = self.threadCallQueue
        for _ in range(len(queue)):
            if not queue:
                break  # a nested event loop made them
            function, args, kwargs = queue.popleft()  # type: ignore[attr-defined]
            if queue:
                self._wake()
            with _in_thread_call:
                function(*args, **kwargs)
            if time.monotonic() > until_s:
                return not queue
        return True

    def _make_delayed_calls(self, until_s: float) -> bool:
        self._insertNewDelayedCalls()
        now = self.seconds()
        while self._pendingTimedCalls and self._pendingTimedCalls[0].time <= now:
            call = heappop(self._pendingTimedCalls)
            if call.cancelled:
                self._cancellations -= 1
                continue
            if call.delayed_time > 0.0:
                call.activate_delay()
                heappush(self._pendingTimedCalls, call)
                continue
            with _log.failuresHandled(_story(call)) if call.creator else _in_timed_call:
                call.called = 1
                call.func(*call.args, **call.kw)
            if time.monotonic() > until_s:
                return False

        if self._cancellations > 50 and self._cancellations > len(self._pendingTimedCalls) >> 1:
            self._cancellations = 0
            self._pendingTimedCalls = [c for c in self._pendingTimedCalls if not c.cancelled]
            heapify(self._pendingTimedCalls)
        return True

    # The timer. Due times are those of seconds(), as in Twisted's delayed calls.

    def callLater(
        self,
        delay: float,
        callable: Callable[..., Any],  # noqa: A002 - Twisted's name for it
        *args: object,
        **kw: object,
    ) -> DelayedCall:
        """Call `callable` in `delay` seconds."""
        call = ReactorBase.callLater(self, delay, callable, *args, **kw)
        if call.time < self._armed_s:
            self._arm(call.time)
        return call

    def _moveCallLaterSooner(self, delayedCall: DelayedCall) -> None:
        self._moved += 1
        if self._moved <= MOVED_ONE_BY_ONE:
            super()._moveCallLaterSooner(delayedCall)
        if delayedCall.time < self._armed_s:
            self._arm(delayedCall.time)

    def _insertNewDelayedCalls(self) -> None:
        """Bring the pending calls into order; Twisted calls it before it looks at the first."""
        super()._insertNewDelayedCalls()
        if self._moved > MOVED_ONE_BY_ONE:
            heapify(self._pendingTimedCalls)
        self._moved = 0

    def _wake(self) -> None:
        """Have the timer fire as soon as Qt gets to it."""
        self._arm(self.seconds())

    def _arm(self, due: float) -> None:
        """Have the timer fire when `seconds()` is `due`, unless it will sooner."""
        if due >= self._armed_s or not self._attached:
            return
        wait_s = due - self.seconds()
        self._armed_s = due
        # Not before the last turn that left nothing due.
        self._deadline_s = max(time.monotonic() + wait_s, self._caught_up_s)
        self._timer.start(ceil(min(max(wait_s, 0.0), LONGEST_S) * 1000))

    def _arm_next_call(self) -> None:
        """Arm the timer for the next call."""
        self._insertNewDelayedCalls()
        if self.threadCallQueue:
            self._wake()
        elif self._pendingTimedCalls and self._pendingTimedCalls[0].time < self._armed_s:
            self._arm(self._pendingTimedCalls[0].time)


def _story(call: DelayedCall) -> str:
    """What to log of a failed call that knows who made it (`DelayedCall.debug`)."""
    creator = "".join(call.creator or ()).rstrip().replace("\n", "\n C:")
    text = "while handling timed call\n C: from a DelayedCall created here:\n C:" + creator
    return text.replace("{", "{{").replace("}", "}}")
