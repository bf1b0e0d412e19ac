from __future__ import annotations

import pytest
from PyQt5.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from monitorapp.ui.window.status import StatusBar
from tests.ui.table.shown import child


@pytest.fixture
def bar(qtbot: QtBot) -> StatusBar:
    bar = StatusBar()
    qtbot.addWidget(bar)
    return bar


@pytest.mark.parametrize(
    ("kept", "text"), [(0, "0 rows"), (1, "1 row"), (2, "2 rows"), (1_234, "1,234 rows")]
)
def test_rows_are_counted(bar: StatusBar, kept: int, text: str) -> None:
    bar.set_kept(kept)
    assert child(bar, QLabel, "rows_kept").text() == text


@pytest.mark.parametrize(
    ("path", "problem", "text", "description"),
    [
        ("/h.sqlite", "", "History: on", "Saved in /h.sqlite"),
        ("/h.sqlite", "It is locked.", "History: on (!)", "It is locked. Saved in /h.sqlite"),
        (None, "It is off.", "History: off", "It is off."),
    ],
)
def test_the_history_is_shown_with_what_is_wrong(
    bar: StatusBar, path: str | None, problem: str, text: str, description: str
) -> None:
    bar.set_history(path, problem)
    label = child(bar, QLabel, "history_status")
    assert label.text() == text
    assert label.toolTip() == label.accessibleDescription() == description


def test_a_path_is_no_rich_text(bar: StatusBar) -> None:
    bar.set_history("/<b>\n\x1b", "")
    tooltip = child(bar, QLabel, "history_status").toolTip()
    assert "<" not in tooltip
    assert "\n" not in tooltip
    assert "\\x1b" in tooltip


def test_a_passing_message_is_one_line(bar: StatusBar) -> None:
    bar.show_passing("one\ntwo")
    assert bar.currentMessage() == "one two"
