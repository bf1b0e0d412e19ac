from __future__ import annotations

from pathlib import Path

import pytest
from PyQt5.QtWidgets import QLabel

from monitorapp.app.desktop.recording import RecordingPresenter
from monitorapp.app.recorder import Recorder
from monitorapp.core.history.limits import HistoryLimits
from monitorapp.core.history.writer import HistoryState
from monitorapp.ui.widgets.message_bar import Severity
from tests.app.desktop.desk import Desk


class Recorded:
    def __init__(self, desk: Desk, path: Path | None) -> None:
        self.recorder = Recorder(desk.reactor, desk.services.store, path, HistoryLimits())
        self.bar = desk.window.message_bar
        self.presenter = RecordingPresenter(self.recorder, desk.window, self.bar)
        self.status = desk.child(QLabel, "history_status")


@pytest.fixture
def recorded(desk: Desk, tmp_path: Path) -> Recorded:
    return Recorded(desk, tmp_path / "h.sqlite")


def test_a_history_that_is_off_is_said(desk: Desk) -> None:
    recorded = Recorded(desk, None)
    assert recorded.status.text() == "History: off"
    assert "--history none" in recorded.status.toolTip()
    assert recorded.bar.isHidden()


def test_a_problem_is_shown_for_as_long_as_it_lasts(recorded: Recorded) -> None:
    assert recorded.status.text() == "History: on"
    assert "h.sqlite" in recorded.status.toolTip()
    recorded.bar.show_message("The port is in use.", Severity.ERROR, source="server")
    recorded.recorder.state_changed.emit(HistoryState(True, "It is locked."))
    assert recorded.status.text() == "History: on (!)"
    assert recorded.bar.text() == "It is locked."
    assert recorded.bar.severity is Severity.WARNING
    recorded.recorder.state_changed.emit(HistoryState(True, "", 1))
    assert recorded.status.text() == "History: on"
    assert recorded.bar.text() == "The port is in use."
    recorded.recorder.state_changed.emit(HistoryState(False, "It is of a newer version."))
    assert recorded.status.text() == "History: off"


def test_earlier_records_that_cannot_be_read_are_a_passing_message(
    recorded: Recorded, desk: Desk
) -> None:
    recorded.recorder.unread.emit("Earlier records are not shown: damaged")
    assert desk.status == "Earlier records are not shown: damaged"
