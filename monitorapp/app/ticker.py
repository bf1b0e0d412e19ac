"""A periodic signal, for figures that change too often for a signal each time."""

from __future__ import annotations

from typing import Any, Final

from twisted.internet.task import LoopingCall

from monitorapp.core.signal import Signal

TICK_S: Final = 0.1
"""How often the figures are read."""


class Ticker:
    """Emits a signal every `TICK_S`, between `start` and `stop`.

    Args:
        clock: Schedules.

    Attributes:
        ticked: Emitted at once when it starts and then periodically.
    """

    def __init__(self, clock: Any) -> None:
        self.ticked: Signal[[]] = Signal()
        self._loop = LoopingCall(self.ticked.emit)
        self._loop.clock = clock

    def start(self) -> None:
        """Begin."""
        self._loop.start(TICK_S)

    def stop(self) -> None:
        """End, if it has begun."""
        if self._loop.running:
            self._loop.stop()
