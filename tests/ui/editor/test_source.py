from __future__ import annotations

import os
from pathlib import Path

import pytest
from PyQt5.QtCore import QSettings
from PyQt5.QtWidgets import QInputDialog, QWidget
from pytestqt.qtbot import QtBot

from monitorapp.ui.editor import source
from monitorapp.ui.editor.source import SourceEditor, is_loaded, start_program
from monitorapp.ui.settings import Settings
from tests.factory import record
from tests.ui.table.shown import child


class Opening:
    def __init__(self, folder: Path) -> None:
        self.settings = Settings(QSettings(str(folder / "x.ini"), QSettings.Format.IniFormat))
        self.environment: dict[str, str] = {}
        self.reported: list[str] = []
        self.started: list[list[str]] = []
        self.opened: list[str] = []
        self.works = True
        self.file = folder / "a b.py"
        self.file.write_text("pass\n")
        self.own = {str(self.file)}
        self.editor = SourceEditor(
            self.settings,
            self.reported.append,
            self.environment,
            self._start,
            self._open,
            lambda file: file in self.own,
        )
        self.row = record(began_at=f"{self.file}:7")

    def _start(self, command: list[str]) -> bool:
        self.started.append(command)
        return self.works

    def _open(self, file: str) -> bool:
        self.opened.append(file)
        return self.works


@pytest.fixture
def opening(tmp_path: Path, qapp: object) -> Opening:
    return Opening(tmp_path)


def test_the_person_s_editor_comes_before_visual_and_that_before_the_desktop(
    opening: Opening,
) -> None:
    opening.editor.open(opening.row)
    assert opening.opened == [str(opening.file)]
    opening.environment["VISUAL"] = "gvim"
    opening.editor.open(opening.row)
    opening.settings.editor = "code, -g {file}:{line}"
    opening.editor.open(opening.row)
    file = str(opening.file)
    assert opening.started == [["gvim", "+7", file], ["code,", "-g", f"{file}:7"]]
    assert opening.reported == ["", "", ""]


def test_what_fails_is_reported_in_one_sentence(opening: Opening) -> None:
    opening.works = False
    opening.editor.open(opening.row)
    opening.settings.editor = "nothing"
    opening.editor.open(opening.row)
    opening.settings.editor = "'open"
    opening.editor.open(opening.row)
    opening.editor.open(record(began_at="/not/here.py:1"))
    assert opening.reported == [
        "The desktop has nothing to open this file: set View, Editor.",
        "The editor nothing cannot be started: set another with View, Editor.",
        "The quotation mark in the editor's command is not closed. Set it again with View, Editor.",
        "/not/here.py is not on this machine.",
    ]


def test_the_desktop_opens_only_code_of_this_process(opening: Opening) -> None:
    opening.own.clear()
    opening.editor.open(opening.row)
    assert opening.opened == []
    assert "is opened in a chosen editor only: set it with View, Editor." in opening.reported[0]
    opening.settings.editor = "kate {file}"
    opening.editor.open(opening.row)
    assert opening.started == [["kate", str(opening.file)]]
    assert is_loaded(source.__file__)
    assert not is_loaded(str(opening.file))


def test_only_regular_text_files_are_opened(opening: Opening) -> None:
    folder = opening.file.parent
    os.mkfifo(folder / "pipe")
    (folder / "binary").write_bytes(b"\x7fELF\0")
    opening.settings.editor = "kate {file}"
    for file, problem in (
        (folder / "pipe", "it is not a regular file"),
        (folder, "it is not a regular file"),
        ("/dev/zero", "it is not a regular file"),
        (folder / "binary", "it is not a text file"),
        ("-x.py", "it is not a whole path"),
        ("/" + "x" * 5_000, "File name too long"),
        ("/a\0b", "cannot be opened"),
    ):
        opening.editor.open(record(began_at=f"{file}:1"))
        assert problem in opening.reported[-1]
    assert (opening.started, opening.opened) == ([], [])


def test_only_a_row_that_names_a_file_can_be_tried(opening: Opening) -> None:
    assert opening.editor.can_open(opening.row)
    assert not opening.editor.can_open(record(began_at=""))


def test_the_command_is_asked_for_and_a_broken_one_changes_nothing(
    qtbot: QtBot, opening: Opening
) -> None:
    parent = QWidget()
    qtbot.addWidget(parent)
    for command in ("kate {file}", "'open"):
        opening.editor.ask_command(parent)
        dialog: QInputDialog = child(parent, QInputDialog, "editor_dialog")
        dialog.setObjectName("")
        dialog.setTextValue(command)
        dialog.accept()
    assert opening.settings.editor == "kate {file}"
    assert len(opening.reported) == 1


def test_a_program_that_is_not_there_is_not_started(qapp: object) -> None:
    assert not start_program(["/not/there", "x"])
