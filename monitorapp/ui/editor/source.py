"""Opens the place in the source that a row names, in the user's editor."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Mapping
from typing import Final

from PyQt5.QtCore import QProcess, Qt, QUrl
from PyQt5.QtGui import QDesktopServices
from PyQt5.QtWidgets import QInputDialog, QWidget

from monitorapp.core.editor.command import EXAMPLE, editor_command, source_place
from monitorapp.core.editor.file import file_problem
from monitorapp.core.record.interruption import Interruption
from monitorapp.core.text.visible import cut, visible
from monitorapp.ui.settings import Settings

SOURCE: Final = "editor"
"""Whose messages are in the bar, see `MessageBar.show_message`."""


def start_program(command: list[str]) -> bool:
    """Start a program of its own; return whether that worked."""
    return QProcess.startDetached(command[0], command[1:])


def open_by_desktop(file: str) -> bool:
    """Open a file with what the desktop has for it; return whether there is something."""
    return bool(QDesktopServices.openUrl(QUrl.fromLocalFile(file)))


def is_loaded(file: str) -> bool:
    """Return whether a file is the source of a module that this process has loaded."""
    return any(getattr(module, "__file__", None) == file for module in list(sys.modules.values()))


class SourceEditor:
    """Opens render methods in an editor.

    Args:
        settings: They have the command that the user has set.
        report: Called with a sentence when it fails, and with an empty text when it does not.
        environment: Variables of the environment.
        start: Starts a program, from the list of it and its arguments.
        open_file: Opens a file by the desktop's default.
        is_own_code: Says whether a file is code that runs in this process.
    """

    def __init__(
        self,
        settings: Settings,
        report: Callable[[str], None],
        environment: Mapping[str, str] = os.environ,
        start: Callable[[list[str]], bool] = start_program,
        open_file: Callable[[str], bool] = open_by_desktop,
        is_own_code: Callable[[str], bool] = is_loaded,
    ) -> None:
        self._settings = settings
        self._report = report
        self._environment = environment
        self._start = start
        self._open_file = open_file
        self._is_own_code = is_own_code

    @staticmethod
    def can_open(interruption: Interruption) -> bool:
        """Return whether a row names a file and a line."""
        return source_place(interruption.began_at) is not None

    def open(self, interruption: Interruption) -> None:
        """Open the render method's file at its line, and report if that fails."""
        self._report(self._open(interruption))

    def _open(self, interruption: Interruption) -> str:
        """Return why it fails in a sentence or two; an empty text if it does not."""
        place = source_place(interruption.began_at)
        if place is None:
            return "This row does not name the file of its render method."
        file, line = place
        problem = file_problem(file)
        if problem:
            return problem
        try:
            command = editor_command(
                self._settings.editor, self._environment.get("VISUAL"), file, line
            )
        except ValueError as error:
            return f"{error} Set it again with View, Editor."
        if command is not None:
            if self._start(command):
                return ""
            name = cut(visible(command[0]), 200)
            return f"The editor {name} cannot be started: set another with View, Editor."
        # The desktop opens a file with whatever its name asks for, and may even run it.
        if not self._is_own_code(file):
            return (
                f"{cut(visible(file), 300)} is not code of this process, and is opened in a chosen"
                " editor only: set it with View, Editor."
            )
        if self._open_file(file):
            return ""
        return "The desktop has nothing to open this file: set View, Editor."

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
