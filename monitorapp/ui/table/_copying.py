"""Copies the stories of interruptions, many of them without a pause of the window."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

from PyQt5.QtCore import QObject, QTimer, pyqtSignal
from PyQt5.QtGui import QGuiApplication

from monitorapp.core.record.interruption import Interruption
from monitorapp.core.record.story import story_text
from monitorapp.core.text.format import plural

COPIED_RECORDS: Final = 10_000
"""Most interruptions that are copied at once."""

COPIED_CHARACTERS: Final = 64_000_000
"""Longest text that is copied; what is longer ends after the story that passes it."""

STORIES_A_TURN: Final = 100
"""Stories that are written before the event loop has its turn: a few milliseconds."""


class InterruptionCopy(QObject):
    """Puts the stories of interruptions on the clipboard, as text.

    Up to `STORIES_A_TURN` of them are there at once; more are written piece by piece.

    Signals:
        copied(int): Emitted when so many interruptions are on the clipboard: less than was
            asked for if there were too many; then the text says so at its end.

    Attributes:
        applied: Returns a record with what is known of its outcome.
    """

    copied = pyqtSignal(int)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.applied: Callable[[Interruption], Interruption] = lambda one: one
        self._interruptions: Sequence[Interruption] = ()
        self._texts: list[str] = []
        self._characters = 0
        self._timer = QTimer(self)
        self._timer.timeout.connect(self._write)

    def start(self, interruptions: Sequence[Interruption]) -> None:
        """Copy these; a copy that is still running is given up."""
        self._interruptions = interruptions
        self._texts = []
        self._characters = 0
        self._timer.start(0)
        self._write()

    def _write(self) -> None:
        written = len(self._texts)
        wanted = min(len(self._interruptions), COPIED_RECORDS)
        for interruption in self._interruptions[written : min(written + STORIES_A_TURN, wanted)]:
            self._texts.append(_text(self.applied(interruption)))
            self._characters += len(self._texts[-1])
            if self._characters > COPIED_CHARACTERS:
                wanted = len(self._texts)
                break
        if len(self._texts) >= wanted:
            self._finish()

    def _finish(self) -> None:
        self._timer.stop()
        count, left_out = len(self._texts), len(self._interruptions) - len(self._texts)
        texts, self._texts, self._interruptions = self._texts, [], ()
        if left_out:
            more = plural(
                left_out, "more row was selected; it is", "more rows were selected; they are"
            )
            texts.append(f"{more} not copied.\n")
        clipboard = QGuiApplication.clipboard()
        if clipboard is not None:
            clipboard.setText("\n".join(texts))
        self.copied.emit(count)


def _text(interruption: Interruption) -> str:
    try:
        return story_text(interruption)
    except (ValueError, OverflowError, OSError):  # a time that no calendar has
        return f"{interruption.method} {interruption.uri}\n{interruption.traceback}\n"
