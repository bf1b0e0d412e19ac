"""A Twisted reactor that runs on the event loop of a Qt application.

It needs nothing but Twisted, PyQt5 and qt5reactor. The order matters: make the
QApplication, `install()`, then import `twisted.internet.reactor`.
"""

from __future__ import annotations

import select

from .base import BUDGET_S, HEARTBEAT_S, QtLoopReactor
from .lag import WINDOW_S, LoopLag
from .notifier import QtNotifierReactor

__all__ = [
    "BUDGET_S",
    "HEARTBEAT_S",
    "WINDOW_S",
    "LoopLag",
    "QtLoopReactor",
    "QtNotifierReactor",
    "install",
]

if hasattr(select, "epoll"):
    from .epoll import QtEPollReactor

    __all__ += ["QtEPollReactor"]


def install() -> QtLoopReactor:
    """Install the best reactor for this platform as `twisted.internet.reactor`.

    Returns:
        A `QtEPollReactor` where the platform has epoll, else a
        `QtNotifierReactor`; both are subclasses of qt5reactor's `QtReactor`.

    Raises:
        twisted.internet.error.ReactorAlreadyInstalledError: if there is one.
    """
    from twisted.internet.main import installReactor

    reactor = QtEPollReactor() if hasattr(select, "epoll") else QtNotifierReactor()
    installReactor(reactor)
    return reactor
