"""The reactor for platforms with epoll: one descriptor watched by Qt for all."""

from __future__ import annotations

import errno
import time
from collections import deque
from collections.abc import Callable, Iterable
from math import inf
from select import EPOLLIN, EPOLLONESHOT, EPOLLOUT, epoll
from typing import Any

from PyQt5.QtCore import QSocketNotifier
from twisted.internet.epollreactor import EPollReactor
from twisted.internet.posixbase import _ContinuousPolling
from twisted.python import log

from .base import LOST, QtLoopReactor, is_lost


class QtEPollReactor(EPollReactor, QtLoopReactor):
    """Twisted's epoll reactor with one `QSocketNotifier` on the epoll descriptor.

    What is ready is read at once and whole, in the kernel's order, and
    dispatched in turns of at most 4 ms or 64 events, between which Qt works.
    Nothing is read again before all of it was dispatched, so no descriptor can
    starve another, and none starves the window.

    A descriptor whose handler opens a nested event loop stays silent in there;
    all others work.
    """

    _poller: Any = None

    def __init__(self) -> None:
        """Make the reactor; the QApplication, if there is to be one, comes first."""
        QtLoopReactor.__init__(self)
        # QtReactor's tables are of notifiers, one a descriptor. These are
        # EPollReactor's, whose __init__ would make all of the reactor again.
        self._poller = epoll()
        self._reads: set[int] = set()
        self._writes: set[int] = set()
        self._selectables: dict[int, Any] = {}
        self._continuousPolling = _ContinuousPolling(self)
        self._notifier: QSocketNotifier | None = None
        # What was read and is not yet dispatched: descriptor, events, watched.
        self._batch: deque[tuple[int, int, Any]] = deque()
        self._batch_time_s: float | None = None
        self._batch_uncertainty_s = 0.0
        self._dispatched: tuple[int, Any] | None = None
        self._silent: dict[int, Any] = {}
        self.installWaker()

    def installWaker(self) -> None:
        """Watch the waker, as soon as there is something to watch it with."""
        if self._poller is not None:
            super().installWaker()

    def _attach(self) -> None:
        if not self._attached:
            # With a parent, so that Qt may still return into it after _detach.
            self._notifier = QSocketNotifier(
                self._poller.fileno(), QSocketNotifier.Type.Read, self._timer
            )
            self._notifier.activated.connect(self._on_ready)
        super()._attach()

    def _detach(self) -> None:
        super()._detach()
        if self._notifier is not None:
            self._notifier.setEnabled(False)
            self._notifier.deleteLater()
            self._notifier = None

    def _on_ready(self) -> None:
        """Slot of the notifier."""
        if self._attached and self._started:
            self._turn()

    def doIteration(self, delay: float | None = 0.0) -> None:
        """Let Qt and the network work once; see `iterate`."""
        QtLoopReactor.doIteration(self, delay)

    # Dispatching

    def _dispatch(self, until_s: float = inf) -> tuple[bool, bool]:
        """Dispatch what was read, or else read and dispatch; see the class."""
        outer, self._dispatched = self._dispatched, None
        outer_read = self._read_time_s, self._read_uncertainty_s
        if outer is not None and self._silent.get(outer[0]) is not outer[1]:
            self._silence(*outer)
        try:
            some = bool(self._batch) or self._read_batch()
            self._dispatch_batch(until_s)
            return not self._batch, some and self._events_left > 0
        finally:
            self._dispatched = outer
            self._read_time_s, self._read_uncertainty_s = outer_read

    def _read_batch(self) -> bool:
        """Ask epoll for all that is ready; returns whether there is something."""
        selectables = self._selectables
        ready = self._poller.poll(0, max(len(selectables), 1))
        self._note_look()
        self._batch_time_s = self._read_time_s
        self._batch_uncertainty_s = self._read_uncertainty_s
        self._batch.extend([(fd, events, selectables.get(fd)) for fd, events in ready])
        return bool(ready)

    def _dispatch_batch(self, until_s: float) -> None:
        """Dispatch events of the batch, up to the budget."""
        batch = self._batch
        selectables = self._selectables
        self._read_time_s = self._batch_time_s
        self._read_uncertainty_s = self._batch_uncertainty_s
        while batch and self._events_left:
            self._events_left -= 1
            fd, events, selectable = batch.popleft()
            # Since it was read, it may have been closed, and its number given
            # to another, or its watcher may have lost interest.
            if selectable is None or selectables.get(fd) is not selectable:
                continue
            if self._silent and self._silent.get(fd) is selectable:
                self._silence(fd, selectable)
                continue
            if events & EPOLLIN and fd not in self._reads:
                events &= ~EPOLLIN
            if events & EPOLLOUT and fd not in self._writes:
                events &= ~EPOLLOUT
            if not events:
                continue
            self._dispatched = fd, selectable
            try:
                log.callWithLogger(selectable, self._doReadOrWrite, selectable, fd, events)
            finally:
                self._dispatched = None
                if self._silent:
                    self._unsilence(fd, selectable)
                    # The loop it opened may have read another batch.
                    self._read_time_s = self._batch_time_s
                    self._read_uncertainty_s = self._batch_uncertainty_s
            if time.monotonic() > until_s:
                return

    def _silence(self, fd: int, selectable: Any) -> None:
        """Have epoll report nothing of `fd` while its handler is at work.

        Modified, not unregistered: the handler may add and remove it as usual.
        That, or a hang-up, makes epoll report it once more, and brings us here.
        """
        if self._selectables.get(fd) is selectable:
            self._silent[fd] = selectable
            self._control(self._poller.modify, fd, EPOLLONESHOT)

    def _unsilence(self, fd: int, selectable: Any) -> None:
        """Undo `_silence` where it was done and `fd` is still the same."""
        if self._silent.get(fd) is not selectable:
            return
        del self._silent[fd]
        if self._selectables.get(fd) is selectable:
            read = EPOLLIN if fd in self._reads else 0
            self._control(self._poller.modify, fd, read | (EPOLLOUT if fd in self._writes else 0))

    def _control(self, change: Callable[..., None], *arguments: int) -> None:
        """Notify epoll of a change, unless the descriptor was closed underneath: see `_sweep`."""
        try:
            change(*arguments)
        except OSError as error:
            if error.errno not in (errno.ENOENT, errno.EBADF):
                raise

    # Descriptors

    def _watched(self) -> Iterable[Any]:
        return self._selectables.values()

    def _add(
        self,
        xer: Any,
        primary: set[int],
        other: set[int],
        selectables: dict[int, Any],
        event: int,
        antievent: int,
    ) -> None:
        """Watch `xer`, even if one that has lost this descriptor is in its place."""
        fd = xer.fileno()
        former = selectables.get(fd)
        if former is not xer and former is not None and is_lost(former):
            self.removeReader(former)
            self.removeWriter(former)
            self.callLater(
                0, log.callWithLogger, former, self._disconnectSelectable, former, LOST, False
            )
        if fd in primary:
            return
        if fd in other:
            self._poller.modify(fd, event | antievent)
        else:
            self._poller.register(fd, event)
        primary.add(fd)
        selectables[fd] = xer
        if not self._depth:
            self._wake()  # for the heartbeat

    def _remove(
        self,
        xer: Any,
        primary: set[int],
        other: set[int],
        selectables: dict[int, Any],
        event: int,
        antievent: int,
    ) -> None:
        """Stop watching `xer`, also if its descriptor was closed underneath."""
        try:
            fd = xer.fileno()
        except Exception:
            fd = -1
        if fd == -1:
            fd = next((number for number, had in selectables.items() if had is xer), -1)
        if fd not in primary:
            return
        primary.remove(fd)
        if fd in other:
            self._control(self._poller.modify, fd, antievent)
        else:
            del selectables[fd]
            self._control(self._poller.unregister, fd)
