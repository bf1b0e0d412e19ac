"""Joins the ended requests, those that the history knows, and the pane of patience."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

from PyQt5.QtCore import QTimer

from monitorapp.core.filter.language import Filter
from monitorapp.core.history.ended import EarlierEnds, read_ended
from monitorapp.core.history.file import HistoryError
from monitorapp.core.request.store import KEPT, EndStore
from monitorapp.core.source.source import InThread
from monitorapp.core.text.format import plural
from monitorapp.ui.patience.pane import PatiencePane

READ_AFTER_MS: Final = 300
"""When the history is read: after a window that shows the pane has been painted."""

READ_LIMIT_S: Final = 30.0
"""How long it is read at most; then those count that were read until then."""

READING: Final = "Earlier requests are being read."


class PatiencePresenter:
    """Shows how long the clients of all requests that are known waited.

    Those of earlier runs are read when the pane is seen for the first time: before that, nobody
    asks for them.

    Args:
        pane: Shows it.
        ends: The ended requests.
        history: The file that keeps those of earlier runs; None for none.
        origin: Names this process, whose requests are not read.
        filter_: Returns the present filter.
        in_thread: Reads the file, and estimates.
    """

    def __init__(
        self,
        pane: PatiencePane,
        ends: EndStore,
        history: Path | None,
        origin: str,
        filter_: Callable[[], Filter],
        in_thread: InThread,
    ) -> None:
        self._pane = pane
        self._ends = ends
        self._history = history
        self._origin = origin
        self._in_thread = in_thread
        self._is_asked = False
        self._until_s = 0.0
        self._cancelled = threading.Event()
        pane.set_source(ends, filter_, in_thread)
        self._timer = QTimer(pane)
        self._timer.setSingleShot(True)
        self._timer.setInterval(READ_AFTER_MS)
        self._timer.timeout.connect(self._read)
        pane.shown.connect(self._ask)

    def close(self) -> None:
        """Stop reading, and estimating."""
        self._cancelled.set()
        self._timer.stop()
        self._pane.cancel()

    def _ask(self) -> None:
        if self._history is not None and not self._is_asked:
            self._is_asked = True
            self._timer.start()

    def _read(self) -> None:
        path = self._history
        if path is None or not path.is_file():
            return
        self._pane.set_note(READING)
        self._until_s = time.monotonic() + READ_LIMIT_S

        def steps() -> Iterator[EarlierEnds]:
            yield read_ended(path, KEPT - len(self._ends), self._origin, self._is_over)

        self._in_thread(steps, self._take, self._end)

    def _is_over(self) -> bool:
        return self._cancelled.is_set() or time.monotonic() > self._until_s

    def _take(self, earlier: EarlierEnds) -> None:
        if self._cancelled.is_set():
            return
        self._ends.add_earlier(earlier.blocks, earlier.left_out)
        note = ""
        if earlier.damaged:
            blocks = plural(earlier.damaged, "block", "blocks")
            note = f"{blocks} of earlier requests could not be read."
        self._pane.set_note(note)
        self._pane.refresh()

    def _end(self, error: BaseException | None) -> None:
        if isinstance(error, HistoryError):
            self._pane.set_note(f"Earlier requests are not counted: {error}")
        elif error is not None:
            raise error
