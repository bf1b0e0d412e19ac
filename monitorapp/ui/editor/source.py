"""Opens the place in the source that a row names, in the user's editor."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from pathlib import Path

from PyQt5.QtCore import QProcess, Qt, QUrl
from PyQt5.QtGui import QDesktopServices
from PyQt5.QtWidgets import QInputDialog, QWidget

from monitorapp.core.editor.command import EXAMPLE, editor_command, source_place
from monitorapp.core.record.interruption import Interruption
from monitorapp.ui.settings import Settings


def start_program(command: list[str]) -> bool:
    """Start a program of its own; return whether that worked."""
    return QProcess.startDetached(command[0], command[1:])


def open_by_desktop(file: str) -> bool:
    """Open a file with what the desktop has for it; return whether there is something."""
    return bool(QDesktopServices.openUrl(QUrl.fromLocalFile(file)))


class SourceEditor:
    """Opens render methods in an editor.

    Args:
        settings: They have the command that the user has set.
        report: Called with a sentence when it fails.
        environment: Variables of the environment.
        start: Starts a program, from the list of it and its arguments.
        open_file: Opens a file by the desktop's default.
    """

    def __init__(
        self,
        settings: Settings,
        report: Callable[[str], None],
        environment: Mapping[str, str] = os.environ,
        start: Callable[[list[str]], bool] = start_program,
        open_file: Callable[[str], bool] = open_by_desktop,
    ) -> None:
        self._settings = settings
        self._report = report
        self._environment = environment
        self._start = start
        self._open_file = open_file

    @staticmethod
    def can_open(interruption: Interruption) -> bool:
        """Return whether the render method's file is here."""
        place = source_place(interruption.began_at)
        try:
            return place is not None and Path(place[0]).is_file()
        except (OSError, ValueError):
            return False

    def open(self, interruption: Interruption) -> None:
        """Open the render method's file at its line."""
        place = source_place(interruption.began_at)
        if place is None or not self.can_open(interruption):
            self._report("The render method's file is not on this machine.")
            return
        file, line = place
        try:
            command = editor_command(
                self._settings.editor, self._environment.get("VISUAL"), file, line
            )
        except ValueError as error:
            self._report(f"{error} Set it again with View, Editor.")
            return
        if command is None:
            if not self._open_file(file):
                self._report("The desktop has nothing to open this file: set View, Editor.")
        elif not self._start(command):
            self._report(
                f"The editor {command[0]} cannot be started: set another with View, Editor."
            )

    def ask_command(self, parent: QWidget) -> None:
        """Ask for the command of the editor."""
        dialog = QInputDialog(parent)
        dialog.setObjectName("editor_dialog")
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setWindowTitle("Editor")
        dialog.setLabelText(
            f"Command that opens a file at a line, such as {EXAMPLE}\n"
            "Empty: VISUAL, if it opens a window, or else what the desktop opens such files with"
        )
        dialog.setTextValue(self._settings.editor)
        dialog.textValueSelected.connect(self._take_command)
        dialog.resize(560, dialog.sizeHint().height())
        dialog.open()

    def _take_command(self, command: str) -> None:
        try:
            editor_command(command, None, "file", 1)
        except ValueError as error:
            self._report(f"{error} The editor stays as it was.")
            return
        self._settings.editor = command.strip()
