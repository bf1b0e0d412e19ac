"""Which source the window shows."""

from __future__ import annotations

from typing import Final

from monitorapp.core.source.source import Source
from monitorapp.ui.records.pane import TablePane
from monitorapp.ui.transfer.files import SOURCE as FILES
from monitorapp.ui.transfer.files import Transfer
from monitorapp.ui.widgets.message_bar import MessageBar, Severity

SOURCE: Final = "source"
"""Whose messages are in the bar, see `MessageBar.show_message`."""


class SourcesPresenter:
    """Has the one source that is shown: the live one, or another in its place.

    Args:
        pane: Shows it; what it shows in the beginning is the live source.
        transfer: Reads sources from files.
        message_bar: Shows why one could not be read.
    """

    def __init__(self, pane: TablePane, transfer: Transfer, message_bar: MessageBar) -> None:
        self._pane = pane
        self._message_bar = message_bar
        self._live = pane.source
        pane.source_left.connect(self.show_live)
        transfer.opened.connect(self.show)

    def show(self, source: Source) -> None:
        """Show a source, and close the one that was shown."""
        left = self._pane.source
        if source is left:
            return
        if left is not self._live:
            left.failed.disconnect(self._report)
        if source is not self._live:
            source.failed.connect(self._report)
        for author in (SOURCE, FILES):  # they were of the source that is left
            self._message_bar.clear_message(author)
        self._pane.set_source(source)
        left.close()

    def show_live(self) -> None:
        """Show what is recorded now."""
        self.show(self._live)

    def close(self) -> None:
        """Stop work for the source that is shown."""
        self._pane.source.close()

    def _report(self, problem: str) -> None:
        self._message_bar.show_message(problem, Severity.ERROR, source=SOURCE)
