"""What a Twisted reactor on Qt's event loop needs, however it watches descriptors."""

from __future__ import annotations

import time
from collections.abc import Iterable
from math import ceil, inf
from typing import Any, ClassVar

from PyQt5.QtCore import QEventLoop, Qt, QThread, QTimer
from twisted.internet.base import BasePort, ReactorBase
from twisted.internet.error import ConnectionFdescWentAway
from twisted.logger import Logger
from twisted.python import log

from .calls import LONGEST_S, QtCallsReactor
from .lag import LoopLag

BUDGET_S = 0.004
"""How long one turn of the Qt loop may be spent in the reactor."""

MOST_EVENTS = 64
"""How many events a turn of the Qt loop dispatches at most."""

HEARTBEAT_S = 0.020
"""A reactor with open connections turns at least this often."""

AWAY_S = 0.010
"""After Qt was away for longer, the network is looked at before further calls are made."""

MOST_CALLS_S = 0.250
"""Calls that are due continue before the next look at the network, but no longer than this."""

SWEEP_S = 0.1
"""How often some descriptors are checked for having been closed underneath."""

_SWEPT = 256  # descriptors that are checked at a time
LOST = ConnectionFdescWentAway("File descriptor lost")

_log = Logger()


class QtLoopReactor(QtCallsReactor):
    """Turns with the Qt application's loop, however it watches descriptors.

    `run()` executes the application's own loop. Where somebody else quits that
    (`QApplication.quit()`, the last window closed), the reactor stops in its
    orderly way and the loop keeps running until it has; Qt then emits `aboutToQuit`
    once for each time the loop ended.

    Attributes:
        lag: How late the loop turns.
        RESOLUTION_S: What 0 in `read_uncertainty_s` stands for, at most: a
            heartbeat, the rounding of timers, and some patience.
    """

    RESOLUTION_S: ClassVar[float] = HEARTBEAT_S + 0.005

    def __init__(self) -> None:
        """Make the reactor; the QApplication, if there is to be one, comes first."""
        self._executing = False
        self._private_loop: QEventLoop | None = None
        self._return_to_qt = False
        self._depth = 0
        # When the last turn began and ended, and the last look at what is ready.
        self._turned_s = self._left_s = self._looked_s = time.monotonic()
        self._events_left = MOST_EVENTS  # of this turn
        self._calls_left = False  # due calls that the last turn had no time for
        self._unswept: list[Any] = []
        self._swept_s = 0.0
        self.lag = LoopLag(time.monotonic)
        # Of the event that is being handled; None if there is none.
        self._read_time_s: float | None = None
        self._read_uncertainty_s = 0.0
        super().__init__()

    @property
    def read_time_s(self) -> float:
        """The `time.monotonic()` instant at which the event being handled was read.

        Use it in place of "now" for what came over the network. Where no event
        is being handled, as in a delayed call, it is now.
        """
        return time.monotonic() if self._read_time_s is None else self._read_time_s

    @property
    def read_uncertainty_s(self) -> float:
        """How long before `read_time_s` the event may have happened, in seconds.

        That is as long as the loop had been too busy to look: the time since
        the look before, or 0 where that was no more than `RESOLUTION_S` ago. An
        idle loop with connections turns every `HEARTBEAT_S` (20 ms), so 0 means
        in time, and any other value is an upper bound. Where no event is being
        handled it is 0.
        """
        return self._read_uncertainty_s

    # The life of the reactor

    def run(self, installSignalHandlers: bool = True) -> None:
        """Run the Qt application's event loop until the reactor has stopped."""
        ReactorBase.run(self, installSignalHandlers)

    def runReturn(self, installSignalHandlers: bool = True) -> None:
        """Start the reactor on an event loop that somebody else runs.

        `stop()` then leaves that loop running.
        """
        self.startRunning(installSignalHandlers=installSignalHandlers)
        if self._started:
            self._return_to_qt = True
            self._attach()
            self._wake()

    def mainLoop(self) -> None:
        """Execute the Qt event loop for as long as the reactor is started."""
        self._return_to_qt = False
        self._attach()
        self._wake()
        try:
            while self._started:
                self._execute()
                self._finish_after_quit()
        finally:
            self._detach()
        _log.info("Main loop terminated.")

    def _finish_after_quit(self) -> None:
        """Stop in the orderly way, if it was somebody else who quit the loop."""
        if self._started:
            if not self._stopped:
                _log.info("The Qt event loop was quit: stopping the reactor.")
                self.stop()
            self._turn()

    def _execute(self) -> None:
        """Let Qt work until the reactor has stopped or somebody quits the loop."""
        self._executing = True
        try:
            thread = QThread.currentThread()
            if thread is None or thread.loopLevel() == 0:
                # exec_() of the application and of no loop of our own: it
                # resets Qt's quit flag, and its quit() ends modal loops too.
                self.qApp.exec_()
            elif self._stopped:
                self.qApp.processEvents(QEventLoop.ProcessEventsFlag.WaitForMoreEvents)
            else:
                self._private_loop = QEventLoop()
                self._private_loop.exec_()
        finally:
            self._private_loop = None
            self._executing = False

    def stop(self) -> None:
        """Stop in the orderly way: shutdown triggers are waited for.

        Raises:
            twisted.internet.error.ReactorNotRunning: if it does not run.
        """
        super().stop()
        self._wake()

    def crash(self) -> None:
        """Leave the loop as soon as Qt has control again, and any modal loop."""
        super().crash()
        if self._private_loop is not None:
            self._private_loop.quit()
        elif self._executing:
            self.qApp.quit()
        elif self._return_to_qt:
            self._return_to_qt = False
            self._signals.uninstall()
            self._detach()

    def iterate(self, delay: float | None = 0.0) -> None:
        """Make the calls that are due, then let Qt and the network work once.

        Args:
            delay: How many seconds to wait for the first event, if there is
                none; None waits without limit.
        """
        self.runUntilCurrent()
        self.doIteration(delay)

    def doIteration(self, delay: float | None = 0.0) -> None:
        """Let Qt and the network work once; see `iterate`."""
        attached_before = self._attached
        self._attach()
        try:
            if delay is None or delay > 0:
                waited = QTimer()
                if delay is not None:
                    waited.setSingleShot(True)
                    waited.setTimerType(Qt.TimerType.PreciseTimer)
                    waited.start(ceil(min(delay, LONGEST_S) * 1000))
                self.qApp.processEvents(QEventLoop.ProcessEventsFlag.WaitForMoreEvents)
            else:
                self.qApp.processEvents()
            self._events_left = MOST_EVENTS
            self._dispatch()
        finally:
            if not attached_before:
                self._detach()

    def _attach(self) -> None:
        """Begin to be called by Qt."""
        if not self._attached:
            self._attached = True
            self._turned_s = self._caught_up_s = self._looked_s = time.monotonic()
            self._armed_s = self._deadline_s = inf

    def _detach(self) -> None:
        """Stop being called by Qt."""
        self._attached = False
        self._timer.stop()
        self._armed_s = self._deadline_s = inf

    # One turn of the loop

    def iterate_qt(self, delay: float | None = None) -> None:
        """Slot of the timer."""
        self._armed_s = inf
        if self._attached and self._started:
            self._turn()
            if self._turned_s - self._swept_s > SWEEP_S:
                self._swept_s = self._turned_s
                self._sweep()

    def _turn(self) -> None:
        """Dispatch what came, make the calls that are due, arm the timer again.

        In the order of Twisted's epoll reactor, whatever number of turns it
        takes: all that was read, all that is due, and then the network again.
        After Qt was away the network comes first: who left meanwhile has left
        before the answer that became due meanwhile.

        No exception leaves it: in a slot it would end the process.
        """
        self._depth += 1
        outer_read = self._read_time_s, self._read_uncertainty_s
        dispatched = True
        timer_is_stale = False
        try:
            start_s = self._turned_s = time.monotonic()
            late_s = start_s - self._deadline_s
            if late_s > 0.0:
                # Whatever called this, the timer's work is done now.
                self._armed_s = inf
            if self._armed_s == inf:
                timer_is_stale = True
                self._deadline_s = inf
                self._arm_next()
            self.lag.record(max(late_s, 0.0), start_s)
            until_s = start_s + BUDGET_S
            self._events_left = MOST_EVENTS
            calls_left = (
                self._calls_left
                and start_s - self._left_s < AWAY_S
                and start_s - self._looked_s < MOST_CALLS_S
            )
            more = True
            while more:
                if not calls_left:
                    dispatched, more = self._dispatch(until_s)
                if not (dispatched and self._started):
                    break
                self._calls_left = calls_left = not self._make_due_calls(until_s)
                if calls_left or time.monotonic() > until_s:
                    break
            if self._started:
                if not dispatched:
                    self._make_thread_calls(until_s)
                elif not self._calls_left:
                    self._caught_up_s = start_s
                self._shut_down_if_stopped()
        except BaseException:
            _log.failure("Unexpected error in a turn of the reactor")
        finally:
            self._depth -= 1
            self._read_time_s, self._read_uncertainty_s = outer_read
            self._left_s = time.monotonic()
            if self._attached:
                if timer_is_stale:
                    self._armed_s = self._deadline_s = inf
                    self._timer.stop()
                self._arm_next(dispatched)

    def _make_due_calls(self, until_s: float) -> bool:
        """Make the calls that are due, as Twisted does after each look at the network.

        Returns:
            Whether all have been made, so that it is the network's turn again.
        """
        self._read_time_s, self._read_uncertainty_s = None, 0.0
        until_s = max(until_s, time.monotonic() + BUDGET_S / 2)
        thread_calls_made = self._make_thread_calls(until_s)
        return self._make_delayed_calls(until_s) and thread_calls_made

    def _dispatch(self, until_s: float = inf) -> tuple[bool, bool]:
        """Dispatch events of descriptors, but begin with none after `until_s`.

        Returns:
            Whether all that were read have been dispatched, as only then calls
            are made; and whether there were any, so that a further look may pay.
        """
        raise NotImplementedError

    def _watched(self) -> Iterable[object]:
        """The descriptors that are watched."""
        raise NotImplementedError

    def _sweep(self) -> None:
        """Look for watched descriptors that were closed silently.

        No kernel reports those. Some are checked every `SWEEP_S`.
        """
        try:
            if not self._unswept:
                self._unswept = list(self._watched())
            swept = self._unswept[-_SWEPT:]
            del self._unswept[-_SWEPT:]
            for watched in swept:
                if is_lost(watched) and any(other is watched for other in self._watched()):
                    log.callWithLogger(watched, self._disconnectSelectable, watched, LOST, False)
        except BaseException:
            _log.failure("Unexpected error in a turn of the reactor")

    def _note_look(self) -> None:
        """Note a look that sees every descriptor which is ready now."""
        now_s = time.monotonic()
        self._note_read(now_s)
        self._looked_s = now_s

    def _note_read(self, now_s: float) -> None:
        """Note that events were read at `now_s`, before the look is noted."""
        self._read_time_s = now_s
        unseen_s = now_s - self._looked_s
        # The longer gaps of an idle loop are those without connections.
        if unseen_s > self.RESOLUTION_S and self._has_connections():
            self._read_uncertainty_s = unseen_s
        else:
            self._read_uncertainty_s = 0.0

    def runUntilCurrent(self) -> None:
        """Make all thread calls and all delayed calls that are due."""
        self._make_thread_calls(inf)
        self._make_delayed_calls(inf)
        self._shut_down_if_stopped()

    def _shut_down_if_stopped(self) -> None:
        if self._justStopped:
            self._justStopped = False
            self.fireSystemEvent("shutdown")
            if self._started and self._depth > 1 and self._executing:
                # The shutdown takes time, and it may need what the handler
                # that opened a nested event loop holds: have it return.
                self.qApp.quit()

    def reactorInvocation(self) -> None:
        """Make a turn as soon as Qt gets to it."""
        self._wake()

    def _arm_next(self, calls: bool = True) -> None:
        """Arm the timer for the next heartbeat and, if wanted, the next call."""
        if self._justStopped:
            self._wake()
        if calls or self.threadCallQueue:
            self._arm_next_call()
        beat_s = self._turned_s + HEARTBEAT_S
        if beat_s < self._deadline_s and self._has_connections():
            self._arm(beat_s)

    def _has_connections(self) -> bool:
        """Whether anything but listening ports and the wakers is watched."""
        internal = self._internalReaders
        return any(
            not isinstance(watched, BasePort) and watched not in internal
            for watched in self._watched()
        )


def is_lost(watched: Any) -> bool:
    """Return whether a watched object has no descriptor any more, by its `fileno()`."""
    try:
        return bool(watched.fileno() == -1)
    except Exception:
        return True
