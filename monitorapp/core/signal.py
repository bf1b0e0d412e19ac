"""The one way in which core and web notify others that something happened."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import TYPE_CHECKING, Generic, ParamSpec

P = ParamSpec("P")


class Signal(Generic[P]):
    """A typed list of listeners, such as `added: Signal[[Interruption]] = Signal()`.

    Listeners are called in the order in which they were connected, in the caller's thread.
    One that connects or disconnects others while it is called is safe: who was connected
    before is called exactly once, unless it was disconnected meanwhile, and who is connected
    meanwhile is called from the next time on. An exception of a listener goes to
    `sys.excepthook`, where the app logs and shows it, and the others are called all the same.
    """

    __slots__ = ("_listeners",)

    def __init__(self) -> None:
        self._listeners: tuple[Callable[P, object], ...] = ()  # replaced, never changed

    def __bool__(self) -> bool:
        """Return whether anybody listens, so that nothing is made in vain."""
        return bool(self._listeners)

    def connect(self, listener: Callable[P, object]) -> None:
        """Call `listener` from now on; twice each time if it is connected twice."""
        self._listeners = (*self._listeners, listener)

    def disconnect(self, listener: Callable[P, object]) -> None:
        """Stop calling `listener`.

        Raises:
            ValueError: It is not connected.
        """
        listeners = list(self._listeners)
        listeners.remove(listener)
        self._listeners = tuple(listeners)

    if TYPE_CHECKING:

        def emit(self, *args: P.args, **kwargs: P.kwargs) -> None:
            """Call all listeners."""

    else:  # without keywords it takes a third less time, and each record passes here

        def emit(self, *args):
            """Call all listeners."""
            listeners = self._listeners
            for listener in listeners:
                if self._listeners is not listeners and listener not in self._listeners:
                    continue
                try:
                    listener(*args)
                except Exception:
                    sys.excepthook(*sys.exc_info())
