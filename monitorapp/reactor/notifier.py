"""The reactor for platforms without epoll: a Qt notifier for each descriptor."""

from __future__ import annotations

import time
from collections.abc import Iterable
from math import inf
from typing import Any

from PyQt5.QtCore import QObject, QSocketNotifier
from twisted.internet.interfaces import IReadDescriptor, IWriteDescriptor
from twisted.python import log

from .base import BUDGET_S, HEARTBEAT_S, LOST, QtLoopReactor, is_lost


class _Notifier:
    """Watches one descriptor for one direction, and rests while it is served."""

    def __init__(
        self, parent: QObject, reactor: QtNotifierReactor, watched: Any, reading: bool
    ) -> None:
        self._reactor = reactor
        self._watched = watched
        self._reading = reading
        kind = QSocketNotifier.Type.Read if reading else QSocketNotifier.Type.Write
        # With a parent, so that Qt may still return into it after shutdown().
        self._notifier = QSocketNotifier(watched.fileno(), kind, parent)
        self._notifier.activated.connect(self._on_ready)

    def shutdown(self) -> None:
        self._watched = None
        self._notifier.setEnabled(False)
        self._notifier.deleteLater()

    def _on_ready(self) -> None:
        """Slot of the notifier."""
        watched = self._watched
        if watched is None:
            return
        self._notifier.setEnabled(False)
        self._reactor.serve(watched, self._reading)
        if self._watched is not None:
            self._notifier.setEnabled(True)


class QtNotifierReactor(QtLoopReactor):
    """qt5reactor's way of watching descriptors, with its faults fixed.

    All that is ready is dispatched in one turn of the Qt loop: a flood of
    events makes the window wait for all of them. On Linux use
    `QtEPollReactor`.
    """

    RESOLUTION_S = 2 * HEARTBEAT_S + 0.005

    _reads: dict[Any, _Notifier]
    _writes: dict[Any, _Notifier]

    def __init__(self) -> None:
        """Make the reactor; the QApplication, if there is to be one, comes first."""
        super().__init__()
        self._last_turn_s = self._looked_s

    def addReader(self, reader: IReadDescriptor) -> None:
        """Watch for something to read."""
        self._watch(reader, self._reads, reading=True)

    def addWriter(self, writer: IWriteDescriptor) -> None:
        """Watch for room to write."""
        self._watch(writer, self._writes, reading=False)

    def removeReader(self, reader: IReadDescriptor) -> None:
        """Stop watching for something to read."""
        if reader in self._reads:
            self._reads.pop(reader).shutdown()

    def removeWriter(self, writer: IWriteDescriptor) -> None:
        """Stop watching for room to write."""
        if writer in self._writes:
            self._writes.pop(writer).shutdown()

    def removeAll(self) -> list[IReadDescriptor | IWriteDescriptor]:
        """Watch nothing any more but the wakers; returns what was watched."""
        removed: list[IReadDescriptor | IWriteDescriptor]
        removed = self._removeAll(self._reads, self._writes)
        return removed

    def getReaders(self) -> list[IReadDescriptor]:
        """What is watched for something to read."""
        return list(self._reads)

    def getWriters(self) -> list[IWriteDescriptor]:
        """What is watched for room to write."""
        return list(self._writes)

    def _watch(self, watched: Any, table: dict[Any, _Notifier], reading: bool) -> None:
        if watched not in table:
            table[watched] = _Notifier(self._timer, self, watched, reading)
            if not self._depth:
                self._wake()  # for the heartbeat

    def _watched(self) -> Iterable[Any]:
        return (*self._reads, *self._writes)

    def _dispatch(self, until_s: float = inf) -> tuple[bool, bool]:
        """Note when Qt has surely looked: it dispatches by itself.

        Whatever was ready at the turn before this one has been dispatched by
        now. For what was ready just now that is not sure.
        """
        self._looked_s, self._last_turn_s = self._last_turn_s, self._turned_s
        return True, False

    def serve(self, watched: Any, reading: bool) -> None:
        """Read from or write to what is ready, then make the calls that are due.

        No exception leaves it.
        """
        self._depth += 1
        outer_read = self._read_time_s, self._read_uncertainty_s
        try:
            self._note_read(time.monotonic())
            log.callWithLogger(watched, self._read_or_write, watched, reading)
            if self._started:
                self._make_due_calls(time.monotonic() + BUDGET_S)
                self._shut_down_if_stopped()
        except BaseException:
            log.err(None, "Unexpected error in a turn of the reactor")
        finally:
            self._depth -= 1
            self._read_time_s, self._read_uncertainty_s = outer_read
            if self._attached:
                self._arm_next()

    def _read_or_write(self, watched: Any, reading: bool) -> None:
        why: Any
        try:
            if is_lost(watched):
                why = LOST
            elif reading:
                why = watched.doRead()
            else:
                why = watched.doWrite()
        except BaseException as error:
            log.err()
            why = error
        if why:
            self._disconnectSelectable(watched, why, reading)
