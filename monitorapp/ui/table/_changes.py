"""What a store adds and removes, gathered until it is time to show it."""

from __future__ import annotations

from collections import Counter, deque
from dataclasses import dataclass

from PyQt5.QtCore import QObject, QTimer, pyqtSignal

from monitorapp.core.record.interruption import Interruption
from monitorapp.core.records.matching import Interruptions


@dataclass(slots=True)
class Changes:
    """What has changed since the last time.

    Attributes:
        added: Interruptions that are new, oldest first, and have not gone since.
        gone: Those that went, of what was there before.
        cleared: Whether all that was there before went, besides those.
    """

    added: deque[Interruption]
    gone: list[Interruption]
    cleared: bool = False


def settled(
    added: deque[Interruption], gone: list[Interruption]
) -> tuple[deque[Interruption], list[Interruption]]:
    """Return both without records that came and went, or went and came again."""
    balance: Counter[int] = Counter(map(id, added))
    if not any(id(one) in balance for one in gone):
        return added, gone
    balance.subtract(map(id, gone))
    return (
        deque({id(one): one for one in added if balance[id(one)] > 0}.values()),
        list({id(one): one for one in gone if balance[id(one)] < 0}.values()),
    )


class StoreChanges(QObject):
    """Listens to a store; many changes make one signal.

    Args:
        store: What is listened to.
        interval_ms: How long changes are gathered, in milliseconds.

    Signals:
        due(): Emitted when changes have been gathered for so long.
    """

    due = pyqtSignal()

    def __init__(
        self, store: Interruptions, interval_ms: int, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._store = store
        self._changes = Changes(deque(), [])
        self._is_waiting = False
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(interval_ms)
        self._timer.timeout.connect(self.due)
        self._listen()

    def set_interval_ms(self, interval_ms: int) -> None:
        """Gather changes for so long from now on."""
        self._timer.setInterval(interval_ms)

    def listen_to(self, store: Interruptions) -> None:
        """Listen to another store; what was gathered of the present one is dropped."""
        self.detach()
        self.take()
        self._store = store
        self._listen()

    def detach(self) -> None:
        """Stop listening."""
        self._store.added.disconnect(self._add)
        self._store.evicted.disconnect(self._evict)
        self._store.cleared.disconnect(self._clear)
        self._timer.stop()

    def take(self) -> Changes:
        """Return what was gathered, and begin again."""
        self._timer.stop()
        self._is_waiting = False
        changes, self._changes = self._changes, Changes(deque(), [])
        return changes

    def postpone(self) -> None:
        """Keep gathering, as this is no good time."""
        self._timer.start()

    def _listen(self) -> None:
        self._store.added.connect(self._add)
        self._store.evicted.connect(self._evict)
        self._store.cleared.connect(self._clear)

    def _add(self, interruption: Interruption) -> None:
        self._changes.added.append(interruption)
        if not self._is_waiting:
            self._wait()

    def _evict(self, interruption: Interruption) -> None:
        added = self._changes.added
        if added and added[0] is interruption:
            added.popleft()  # it was never shown
        elif added and added[-1] is interruption:
            added.pop()  # nor was this one, whose outcome came at once
        else:
            self._changes.gone.append(interruption)
        if not self._is_waiting:
            self._wait()

    def _clear(self) -> None:
        self._changes = Changes(deque(), [], True)
        if not self._is_waiting:
            self._wait()

    def _wait(self) -> None:
        self._is_waiting = True
        self._timer.start()
