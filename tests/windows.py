"""Every window of a test is held while the test runs, and is gone when it is over.

pytest-qt keeps only weak references. When a test function returns, its window is cyclic garbage
but visible; pytest-qt then processes events, and a garbage collection inside a paint event
written in Python destroys the widget that is being painted: a segmentation fault. Garbage that is
collected later, in a thread of some other test, destroys widgets there, which Qt does not allow.
"""

from __future__ import annotations

import gc
from collections.abc import Callable, Generator, Iterator
from typing import Any

import pytest
from PyQt5.QtCore import QCoreApplication, QEvent
from PyQt5.QtWidgets import QApplication, QWidget
from pytestqt import qtbot as pytest_qt

from tests.waits import WAIT_MS


class QtBot(pytest_qt.QtBot):
    """pytest-qt's, which holds the widgets it is given, and waits long enough beside load."""

    def __init__(self, request: pytest.FixtureRequest) -> None:
        super().__init__(request)
        self._held: list[QWidget] = []

    def addWidget(
        self, widget: QWidget, *, before_close_func: Callable[[QWidget], None] | None = None
    ) -> None:
        super().addWidget(widget, before_close_func=before_close_func)
        self._held.append(widget)

    def waitActive(self, widget: QWidget, *, timeout: int = WAIT_MS) -> Any:
        return super().waitActive(widget, timeout=timeout)

    def waitExposed(self, widget: QWidget, *, timeout: int = WAIT_MS) -> Any:
        return super().waitExposed(widget, timeout=timeout)

    def waitSignal(self, signal: Any, *, timeout: int = WAIT_MS, **options: Any) -> Any:
        return super().waitSignal(signal, timeout=timeout, **options)

    def waitSignals(self, signals: Any, *, timeout: int = WAIT_MS, **options: Any) -> Any:
        return super().waitSignals(signals, timeout=timeout, **options)

    def waitUntil(self, callback: Callable[[], bool | None], *, timeout: int = WAIT_MS) -> None:
        super().waitUntil(callback, timeout=timeout)

    def waitCallback(self, *, timeout: int = WAIT_MS, **options: Any) -> Any:
        return super().waitCallback(timeout=timeout, **options)


@pytest.fixture
def qtbot(qapp: QApplication, request: pytest.FixtureRequest) -> QtBot:
    return QtBot(request)


_TOP_LEVEL = pytest.StashKey[list[QWidget]]()


@pytest.hookimpl(wrapper=True)
def pytest_pyfunc_call(pyfuncitem: pytest.Function) -> Generator[None, object, object]:
    """Hold what the function has just dropped, before any event is processed."""
    try:
        return (yield)
    finally:
        if windows := QApplication.topLevelWidgets():
            pyfuncitem.stash[_TOP_LEVEL] = windows


@pytest.fixture(autouse=True)
def no_window_left(request: pytest.FixtureRequest) -> Iterator[None]:
    """Delete the windows of a test once it is over; fail it if it left one for others to close."""
    yield
    if not QApplication.topLevelWidgets():
        return
    left = _delete_windows()
    request.node.stash[_TOP_LEVEL] = []
    if left:
        names = ", ".join(left)
        pytest.fail(f"visible, but never given to qtbot.addWidget: {names}", pytrace=False)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Generator[None, object, object]:
    """Collect what a test with windows leaves here and now, not in whatever thread it is due."""
    result = yield
    if _TOP_LEVEL in item.stash:
        gc.collect()
        gc.freeze()  # what stays, so that the next collection is a matter of a millisecond
    return result


def _delete_windows() -> list[str]:
    """Delete all windows; return which of them were still visible."""
    _delete_now()  # what pytest-qt has closed, with its children
    left = [_described(widget) for widget in QApplication.topLevelWidgets() if widget.isVisible()]
    for widget in QApplication.topLevelWidgets():
        widget.deleteLater()
    _delete_now()
    return left


def _delete_now() -> None:
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


def _described(widget: QWidget) -> str:
    return f"{type(widget).__name__} {widget.objectName() or widget.windowTitle()!r}"
