"""Long work in the GUI thread, in slices too short to be noticed."""

from __future__ import annotations

import time
from collections.abc import Callable, Generator
from typing import Any, Final

from PyQt5.QtCore import QObject, QTimer, pyqtSignal

SLICE_S: Final = 0.006
"""How long the work runs before the window has its turn, in seconds."""


def step_through(work: Generator[Any, None, None], parent: QObject) -> Callable[[], None]:
    """Go on with a generator until its end, or until what is returned is called.

    What it raises is an error of the program.
    """
    stepping = Stepping(work, parent)

    def fail(error: Exception) -> None:
        stepping.deleteLater()
        raise error

    def cancel() -> None:
        stepping.cancel()
        stepping.deleteLater()

    stepping.failed.connect(fail)
    stepping.finished.connect(stepping.deleteLater)
    stepping.start()
    return cancel


class Stepping(QObject):
    """Advances a generator whenever there is nothing else to do, until it is at its end.

    Signals:
        progressed(object): Emitted with what the generator has yielded last.
        finished(): Emitted when it is at its end.
        failed(object): Emitted with the exception that it raised.
    """

    progressed = pyqtSignal(object)
    finished = pyqtSignal()
    failed = pyqtSignal(object)

    def __init__(self, work: Generator[Any, None, None], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._work = work
        self._timer = QTimer(self)
        self._timer.timeout.connect(self._go_on)

    def start(self) -> None:
        """Begin."""
        self._timer.start(0)

    def cancel(self) -> None:
        """Stop; nothing is emitted any more."""
        self._timer.stop()
        self._work.close()

    def _go_on(self) -> None:
        until_s = time.perf_counter() + SLICE_S
        try:
            for progress in self._work:
                if time.perf_counter() >= until_s:
                    self.progressed.emit(progress)
                    return
        except Exception as error:
            self._timer.stop()
            self.failed.emit(error)
        else:
            self._timer.stop()
            self.finished.emit()
