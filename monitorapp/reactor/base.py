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

HEARTBEAT_S = 0.020
"""A reactor with open connections turns at least this often."""

_SWEPT = 64  # descriptors that a turn of the timer checks for being closed
LOST = ConnectionFdescWentAway("File descriptor lost")

_log = Logger()


class QtLoopReactor(QtCallsReactor):
    """Turns with the Qt application's loop, however it watches descriptors.

    `run()` executes the application's own loop. Where somebody else quits that
    (`QApplication.quit()`, the last window closed), the reactor stops in its
    orderly way and the loop goes on until it has; Qt then emits `aboutToQuit`
    once for each time the loop ended.

    Attributes:
        lag: How late the loop turns.
        read_time_s: The `time.monotonic()` instant at which the events now
            being dispatched were read. Use it in place of "now" for what came
            over the network.
        read_uncertainty_s: How long before `read_time_s` the event may have
            happened, unseen because the loop was busy: the time since the look
            before, or 0 where that was no more than `RESOLUTION_S` ago. An
            idle loop with connections turns every `HEARTBEAT_S` (20 ms), so 0
            means in time, and any other value is an upper bound. Inside a
            delayed call both tell of the last event dispatched.
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
        # When the last turn began, and the last look at what is ready.
        self._turned_s = self._looked_s = time.monotonic()
        self._unswept: list[Any] = []
        self.lag = LoopLag(time.monotonic)
        self.read_time_s = self._looked_s
        self.read_uncertainty_s = 0.0
        super().__init__()

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
        """Be called by Qt no more."""
        self._attached = False
        self._timer.stop()
        self._armed_s = self._deadline_s = inf

    # One turn of the loop

    def iterate_qt(self, delay: float | None = None) -> None:
        """Slot of the timer."""
        self._armed_s = inf
        if self._attached and self._started:
            self._turn()
            self._sweep()

    def _turn(self) -> None:
        """Dispatch what came, make the calls that are due, arm the timer again.

        In this order: who left while the loop was busy has left before the
        answer that became due meanwhile. No exception leaves it: in a slot it
        would end the process.
        """
        self._depth += 1
        dispatched = True
        timer_is_stale = False
        try:
            start_s = self._turned_s = time.monotonic()
            late_s = start_s - self._deadline_s
            if late_s > 0.0:
                # Whoever brought us here, the timer's work is done now.
                self._armed_s = inf
            if self._armed_s == inf:
                timer_is_stale = True
                self._deadline_s = inf
                self._arm_next()
            self.lag.record(max(late_s, 0.0), start_s)
            until_s = start_s + BUDGET_S
            dispatched = self._dispatch(until_s)
            if self._started:
                until_s = max(until_s, time.monotonic() + BUDGET_S / 2)
                finished = self._make_thread_calls(until_s)
                if dispatched and self._make_delayed_calls(until_s) and finished:
                    self._caught_up_s = start_s
                self._shut_down_if_stopped()
        except BaseException:
            _log.failure("Unexpected error in a turn of the reactor")
        finally:
            self._depth -= 1
            if self._attached:
                if timer_is_stale:
                    self._armed_s = self._deadline_s = inf
                    self._timer.stop()
                self._arm_next(dispatched)

    def _dispatch(self, until_s: float = inf) -> bool:
        """Dispatch events of descriptors, but begin with none after `until_s`.

        Returns:
            Whether all that were read have been dispatched. If not, Qt calls
            again at once.
        """
        raise NotImplementedError

    def _watched(self) -> Iterable[object]:
        """The descriptors that are watched."""
        raise NotImplementedError

    def _sweep(self) -> None:
        """Look for watched descriptors that were closed without a word.

        No kernel reports those. A few are asked at each turn of the timer.
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
        self.read_time_s = now_s
        unseen_s = now_s - self._looked_s
        # The longer gaps of an idle loop are those without connections.
        if unseen_s > self.RESOLUTION_S and self._has_connections():
            self.read_uncertainty_s = unseen_s
        else:
            self.read_uncertainty_s = 0.0

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
            self._arm(self.seconds() + beat_s - time.monotonic())

    def _has_connections(self) -> bool:
        """Whether anything but listening ports and the wakers is watched."""
        internal = self._internalReaders
        return any(
            not isinstance(watched, BasePort) and watched not in internal
            for watched in self._watched()
        )


def is_lost(watched: Any) -> bool:
    """Whether a watched object says of itself that it has no descriptor any more."""
    try:
        return bool(watched.fileno() == -1)
    except Exception:
        return True
