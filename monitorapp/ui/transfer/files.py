"""Export of what the table shows, and import of files that are shown in its place."""

from __future__ import annotations

import threading
from collections.abc import Callable, Generator, Sequence
from functools import partial
from pathlib import Path
from typing import Final

from PyQt5.QtCore import QMimeData, QObject, pyqtSignal
from PyQt5.QtWidgets import QFileDialog, QWidget

from monitorapp.core.source.file import FileSource
from monitorapp.core.source.source import InThread
from monitorapp.core.text.format import plural
from monitorapp.core.text.visible import cut, visible
from monitorapp.core.transfer.export import ExportError, export_steps
from monitorapp.core.transfer.formats import ExportFormat
from monitorapp.core.transfer.reading import Imported, ImportFileError
from monitorapp.core.transfer.wording import about, remarks
from monitorapp.ui.records.pane import TablePane
from monitorapp.ui.widgets.message_bar import MessageBar, Severity
from monitorapp.ui.widgets.stepping import Stepping, step_through
from monitorapp.ui.widgets.task_bar import TaskBar

SOURCE: Final = "files"
"""Whose messages are in the bar, see `MessageBar.show_message`."""

_NAMES: Final = {
    ExportFormat.HTML: "Page to read or mail (*.html)",
    ExportFormat.CSV: "Table for a spreadsheet (*.csv)",
    ExportFormat.JSONL: "Records to import again (*.jsonl)",
}


class Transfer(QObject):
    """Asks for files, and reads or writes them while the window keeps running.

    Args:
        table_pane: Its rows are exported.
        message_bar: Shows what went wrong.
        show_status: Called with a text for the status bar.
        in_thread: Reads files.
        parent: The window, over which dialogs are shown.

    Attributes:
        task_bar: Shows how far it is.

    Signals:
        opened(object): Emitted with the `Source` that was read from files, to be shown.
    """

    opened = pyqtSignal(object)

    def __init__(
        self,
        table_pane: TablePane,
        message_bar: MessageBar,
        show_status: Callable[[str], None],
        in_thread: InThread,
        parent: QWidget,
    ) -> None:
        super().__init__(parent)
        self._window = parent
        self._table_pane = table_pane
        self._message_bar = message_bar
        self._show_status = show_status
        self._in_thread = in_thread
        self._stop: Callable[[], None] | None = None  # stops what is running
        self.task_bar = TaskBar()
        self.task_bar.cancelled.connect(self.cancel)

    def ask_export(self) -> None:
        """Ask where to, and export what is shown."""
        dialog = QFileDialog(self._window, "Export the rows that are shown")
        dialog.setObjectName("export_dialog")
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setNameFilters(list(_NAMES.values()))
        suffixes = {name: kind.value[1:] for kind, name in _NAMES.items()}
        dialog.setDefaultSuffix("html")
        dialog.filterSelected.connect(lambda name: dialog.setDefaultSuffix(suffixes[name]))
        dialog.selectFile("interrupted")
        dialog.fileSelected.connect(lambda name: self.export(Path(name)))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def ask_import(self) -> None:
        """Ask for files, and show what is in them."""
        dialog = QFileDialog(self._window, "Show interrupted responses of a file")
        dialog.setObjectName("import_dialog")
        dialog.setFileMode(QFileDialog.FileMode.ExistingFiles)
        dialog.setNameFilters(
            ["Exports, histories, JSON logs (*.jsonl *.json *.sqlite *.log)", "All files (*)"]
        )
        dialog.filesSelected.connect(lambda names: self.import_files([Path(n) for n in names]))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def export(self, path: Path) -> None:
        """Write what is shown to a file whose suffix is the format."""
        shown = self._table_pane.shown()
        written = self._table_pane.source.records.outcomes.written
        heading = about(len(shown), self._table_pane.filter_bar.filter.expression)

        def work() -> Generator[float, None, None]:
            for count in export_steps(path, map(written, shown), heading):
                yield count / len(shown)

        def finish() -> None:
            self._end()
            self._show_status(
                f"Exported {plural(len(shown), 'row')} to {cut(visible(str(path)), 200)}"
            )

        def stop() -> None:
            stepping.cancel()
            stepping.deleteLater()

        stepping = Stepping(work(), self)
        if not self._begin(f"Exporting to {path.name}", stop):
            stop()
            return
        stepping.progressed.connect(self.task_bar.show_progress)
        stepping.failed.connect(self._fail)
        stepping.finished.connect(finish)
        stepping.failed.connect(stepping.deleteLater)
        stepping.finished.connect(stepping.deleteLater)
        stepping.start()

    def import_files(self, paths: Sequence[Path]) -> None:
        """Read files to show what is in them; `opened` is emitted unless they are empty."""
        title = paths[0].name if len(paths) == 1 else plural(len(paths), "file")
        source = FileSource(f"File: {cut(visible(title), 200)}", partial(step_through, parent=self))
        files = [(path, Imported()) for path in paths]
        cancelled = threading.Event()
        if not self._begin(f"Reading {title}", cancelled.set):
            return

        def take(share: float) -> None:
            if not cancelled.is_set():
                self.task_bar.show_progress(share)

        def end(error: BaseException | None) -> None:
            if cancelled.is_set():
                return
            if error is not None:
                self._fail(error)
            else:
                self._end()
                self._open(title, source, files)

        self._in_thread(lambda: source.read(files, cancelled.is_set), take, end)

    def cancel(self) -> None:
        """Stop what is running; a file that was to be written is as it was."""
        if self._stop is not None:
            self._stop()
            self._end()
            self._show_status("Cancelled")

    def _open(self, title: str, source: FileSource, files: Sequence[tuple[Path, Imported]]) -> None:
        problems = [remark for path, imported in files for remark in remarks(imported, path)]
        has_failed = any(imported.broken for _, imported in files) or not len(source)
        if len(source):
            self.opened.emit(source)
        else:
            problems.insert(0, f"There are no interrupted responses in {visible(title)}.")
        if problems:
            severity = Severity.WARNING if has_failed else Severity.INFO
            self._message_bar.show_message(" ".join(problems), severity, source=SOURCE)

    def _begin(self, title: str, stop: Callable[[], None]) -> bool:
        """Show that something is running that `stop` stops; return False if something else is."""
        if self._stop is not None:
            self._show_status("Wait until the other file is done, or cancel it.")
            return False
        self._message_bar.clear_message(SOURCE)
        self.task_bar.begin(title)
        self._stop = stop
        return True

    def _fail(self, error: BaseException) -> None:
        self._end()
        if isinstance(error, (ExportError, ImportFileError)):
            self._message_bar.show_message(str(error), Severity.ERROR, source=SOURCE)
        else:  # for the log, and the status bar
            raise error

    def _end(self) -> None:
        self._stop = None
        self.task_bar.hide()


def dropped_files(data: QMimeData | None) -> list[Path]:
    """Return the files of this machine that are being dropped."""
    urls = [] if data is None else data.urls()
    return [Path(url.toLocalFile()) for url in urls if url.isLocalFile()]
