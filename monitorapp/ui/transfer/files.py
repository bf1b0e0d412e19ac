"""Export of what the table shows, and import of files that are shown in its place."""

from __future__ import annotations

from collections.abc import Callable, Generator, Sequence
from pathlib import Path
from typing import Any, Final

from PyQt5.QtCore import QObject
from PyQt5.QtWidgets import QFileDialog, QWidget

from monitorapp.core.records.matching import SearchIndex
from monitorapp.core.records.store import InterruptionStore
from monitorapp.core.text.format import plural
from monitorapp.core.text.visible import cut, visible
from monitorapp.core.transfer.export import ExportError, export_steps
from monitorapp.core.transfer.formats import ExportFormat
from monitorapp.core.transfer.reading import Imported, ImportFileError, import_steps
from monitorapp.core.transfer.wording import about, broken_lines
from monitorapp.ui.records.pane import TablePane
from monitorapp.ui.widgets.message_bar import MessageBar, Severity
from monitorapp.ui.widgets.stepping import Stepping
from monitorapp.ui.widgets.task_bar import TaskBar

_NAMES: Final = {
    ExportFormat.HTML: "Page to read or mail (*.html)",
    ExportFormat.CSV: "Table for a spreadsheet (*.csv)",
    ExportFormat.JSONL: "Records to import again (*.jsonl)",
}
_READING: Final = 0.7
"""Share of an import that is reading; the rest is making it searchable."""


class Transfer(QObject):
    """Asks for files, and reads or writes them while the window goes on.

    Args:
        table_pane: Its rows are exported, and in it what was imported is shown.
        message_bar: Says what went wrong.
        say: Called with a passing message.
        parent: The window, over which dialogs are shown.

    Attributes:
        task_bar: Shows how far it is.
    """

    def __init__(
        self,
        table_pane: TablePane,
        message_bar: MessageBar,
        say: Callable[[str], None],
        parent: QWidget,
    ) -> None:
        super().__init__(parent)
        self._window = parent
        self._table_pane = table_pane
        self._message_bar = message_bar
        self._say = say
        self._stepping: Stepping | None = None
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
        """Write what is shown to a file whose name says the format."""
        shown = self._table_pane.shown()
        told = about(len(shown), self._table_pane.filter_bar.filter.expression)

        def work() -> Generator[float, None, None]:
            for count in export_steps(path, shown, told):
                yield count / len(shown)

        self._begin(
            f"Exporting to {path.name}",
            work(),
            lambda: self._say(
                f"Exported {plural(len(shown), 'row')} to {cut(visible(str(path)), 200)}"
            ),
        )

    def import_files(self, paths: Sequence[Path]) -> None:
        """Show what is in files in place of what comes in."""
        read: list[tuple[Path, Imported]] = [(path, Imported()) for path in paths]
        index: list[SearchIndex] = []

        def work() -> Generator[float, None, None]:
            for number, (path, imported) in enumerate(read):
                for share in import_steps(path, imported):
                    yield (number + share) / len(read) * _READING
            found = [one for _, imported in read for one in imported.interruptions]
            if not found:
                return
            found.sort(key=lambda one: one.time_s)
            store = InterruptionStore(len(found))
            index.append(SearchIndex(store))
            for count, interruption in enumerate(found):
                store.add(interruption)
                if count % 100 == 0:
                    yield _READING + (1 - _READING) * count / len(found)

        title = paths[0].name if len(paths) == 1 else plural(len(paths), "file")
        self._begin(f"Reading {title}", work(), lambda: self._show(title, read, index))

    def cancel(self) -> None:
        """Leave off what goes on; a file that was to be written is as it was."""
        if self._stepping is not None:
            self._stepping.cancel()
            self._end()
            self._say("Cancelled")

    def _show(
        self, title: str, read: list[tuple[Path, Imported]], index: list[SearchIndex]
    ) -> None:
        told = [broken_lines(imported, path) for path, imported in read if imported.broken]
        if index:
            self._table_pane.show_file(index[0], f"File: {cut(visible(title), 200)}")
        else:
            told.insert(0, f"There are no interrupted responses in {visible(title)}.")
        if told:
            self._message_bar.show_message(" ".join(told), Severity.WARNING, source="files")

    def _begin(
        self, title: str, work: Generator[Any, None, None], finish: Callable[[], None]
    ) -> None:
        if self._stepping is not None:
            self._say("Wait until the other file is done, or cancel it.")
            return
        self.task_bar.begin(title)
        self._stepping = Stepping(work, self)
        self._stepping.progressed.connect(self.task_bar.show_progress)
        self._stepping.failed.connect(self._fail)
        self._stepping.finished.connect(self._end)
        self._stepping.finished.connect(finish)
        self._stepping.start()

    def _fail(self, error: Exception) -> None:
        self._end()
        if isinstance(error, (ExportError, ImportFileError)):
            self._message_bar.show_message(str(error), Severity.ERROR, source="files")
        else:  # for the log, and the status bar
            raise error

    def _end(self) -> None:
        if self._stepping is not None:
            self._stepping.deleteLater()
        self._stepping = None
        self.task_bar.hide()
