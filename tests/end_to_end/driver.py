"""Runs the real `main.py` and answers questions about its window."""

from __future__ import annotations

import gc
import json
import resource
import runpy
import sys
import threading
import time
from pathlib import Path
from typing import Any

from PyQt5.QtCore import QObject, QPoint, Qt, pyqtSignal
from PyQt5.QtTest import QTest
from PyQt5.QtWidgets import QAbstractButton, QAction, QApplication, QMessageBox, QWidget

TEST: Any = QTest  # its stub has its functions as methods
MAIN = Path(__file__).resolve().parents[2] / "main.py"


class Driver(QObject):
    """Evaluates expressions in the thread in which it was made."""

    asked = pyqtSignal(str)

    def __init__(self) -> None:
        super().__init__()
        self.asked.connect(self._answer)  # queued: it is emitted in another thread

    def listen(self) -> None:
        for line in sys.stdin:
            self.asked.emit(line)

    def _answer(self, line: str) -> None:
        try:
            answer = {"value": eval(json.loads(line), dict(NAMES))}
        except BaseException as error:
            answer = {"error": repr(error)}
        print(json.dumps(answer, default=str), flush=True)


def find(name: str) -> Any:
    for top in QApplication.topLevelWidgets():
        if top.objectName() == name:
            return top
        for kind in (QWidget, QAction):
            found = top.findChild(kind, name)
            if found is not None:
                return found
    raise LookupError(name)


def click(name: str) -> None:
    target = find(name)
    if isinstance(target, QAction):
        target.trigger()
    elif isinstance(target, QAbstractButton):
        TEST.mouseClick(target, Qt.MouseButton.LeftButton)
    else:
        raise TypeError(name)


def cells(row: int) -> list[str]:
    model = find("interruptions_view").model()
    return [model.index(row, column).data() or "" for column in range(model.columnCount())]


def rows() -> int:
    count: int = find("interruptions_view").model().rowCount()
    return count


def press(name: str, key: str, row: int | None = None, *, ctrl: bool = False) -> None:
    widget = find(name)
    if row is not None:
        widget.setCurrentIndex(widget.model().index(row, 0))
    modifiers = Qt.KeyboardModifier.ControlModifier if ctrl else Qt.KeyboardModifier.NoModifier
    TEST.keyClick(widget, getattr(Qt.Key, f"Key_{key}"), modifiers)


def message_box(*, modal: bool = True) -> None:
    """Open a modal box in a nested event loop, as `QMessageBox.information` does."""
    from PyQt5.QtCore import QTimer

    box = QMessageBox(find("main_window"))
    box.setObjectName("test_box")
    box.setText("Hello")

    def show() -> None:
        if modal:
            box.exec_()
        else:
            box.open()

    QTimer.singleShot(0, show)


def fail_in_slot() -> None:
    """Let a slot of the window raise."""
    from PyQt5.QtCore import QTimer

    def slot() -> None:
        raise ZeroDivisionError("in a slot")

    QTimer.singleShot(0, slot)


def fail_in_thread() -> None:
    def work() -> None:
        raise ZeroDivisionError("in a thread")

    threading.Thread(target=work).start()


def patch(module: str, name: str, value: object) -> None:
    """Give a constant of the app another value, so that a test need not wait so long."""
    assert hasattr(sys.modules[module], name)
    setattr(sys.modules[module], name, value)


def the(kind: str) -> Any:
    """Return the only object there is of a type of the app."""
    gc.unfreeze()  # what was there at the start is passed by otherwise
    (found,) = (
        candidate
        for candidate in gc.get_objects()
        if type(candidate).__name__ == kind and type(candidate).__module__.startswith("monitorapp.")
    )
    gc.freeze()
    return found


def left() -> int:
    """Return how many clients the pane Patience counts as having left."""
    return sum(waits.events for waits in the("Patience")._waits.values())


def lose_connection() -> None:
    """End the connection of the only request that waits, in an orderly way."""
    (request,) = the("RequestTracker")._waiting.values()
    if hasattr(request.channel, "_conn"):
        request.channel._conn.timeoutConnection()  # as Twisted ends one of HTTP/2
    else:
        request.channel.loseConnection()


def set_date_back(seconds: float) -> None:
    """Let Python's wall clock be earlier from now on, wherever it is known by another name, too."""
    from twisted.internet.base import ReactorBase

    real = time.time

    def earlier() -> float:
        return real() - seconds

    gc.unfreeze()
    for owner in gc.get_referrers(real):
        names = owner if isinstance(owner, dict) else getattr(owner, "__dict__", {})
        for name in [name for name, value in names.items() if value is real]:
            names[name] = earlier
    if ReactorBase.seconds is real:
        setattr(ReactorBase, "seconds", staticmethod(earlier))  # noqa: B010
    gc.freeze()


def grab(path: str) -> bool:
    saved: bool = find("main_window").grab().save(path)
    return saved


NAMES = {
    name: value
    for name, value in globals().items()
    if not name.startswith("_") and name not in ("json", "resource", "run", "runpy")
} | {"QPoint": QPoint}


def run(arguments: list[str], descriptors: int | None) -> None:
    """Run `main.py` in this process.

    Each line on standard input is a Python expression in JSON; it is evaluated in the GUI
    thread, and its value (or the error) is a line of JSON on standard output.

    Args:
        arguments: The command line.
        descriptors: How many file descriptors the process may have at a time.
    """
    if descriptors is not None:
        resource.setrlimit(resource.RLIMIT_NOFILE, (descriptors, descriptors))
    driver = Driver()
    threading.Thread(target=driver.listen, daemon=True).start()
    sys.argv = [str(MAIN), *arguments]
    sys.path[0] = str(MAIN.parent)
    runpy.run_path(str(MAIN), run_name="__main__")
