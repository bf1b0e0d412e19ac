from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PyQt5.QtCore import QPoint, QPointF, QSettings, Qt
from PyQt5.QtGui import QWheelEvent
from PyQt5.QtWidgets import (
    QApplication,
    QComboBox,
    QDoubleSpinBox,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QProgressBar,
    QPushButton,
    QSpinBox,
    QWidget,
)
from pytestqt.qtbot import QtBot

from monitorapp.core.campaign.plan import CampaignPlan, Leaving
from monitorapp.core.campaign.summary import CampaignCounts, CampaignSummary, ServerCounts
from monitorapp.core.chance.distribution import Exponential, Fixed, LogNormal, Uniform
from monitorapp.core.filter.language import parse_filter
from monitorapp.core.records.store import InterruptionStore
from monitorapp.ui.clients.form import CampaignForm
from monitorapp.ui.clients.pane import ClientPane
from monitorapp.ui.settings import Settings
from monitorapp.ui.window.main_window import MainWindow
from monitorapp.ui.window.server_bar import ServerState

OWN = "http://127.0.0.1:8080/"


@pytest.fixture
def settings(tmp_path: Path, qapp: QApplication) -> Settings:
    return Settings(QSettings(str(tmp_path / "monitorapp.ini"), QSettings.Format.IniFormat))


@pytest.fixture
def pane(qtbot: QtBot, settings: Settings) -> ClientPane:
    pane = ClientPane(settings)
    qtbot.addWidget(pane)
    pane.set_own_url(OWN)
    pane.show()
    return pane


@pytest.fixture
def plans(pane: ClientPane) -> list[CampaignPlan]:
    plans: list[CampaignPlan] = []
    pane.start_requested.connect(plans.append)
    return plans


def press(qtbot: QtBot, pane: ClientPane, name: str = "client_start") -> None:
    qtbot.mouseClick(pane.findChild(QPushButton, name), Qt.MouseButton.LeftButton)


def label(pane: ClientPane, name: str) -> QLabel:
    return pane.findChild(QLabel, f"client_{name}")


def is_seen(pane: ClientPane, name: str) -> bool:
    found: QWidget = pane.findChild(QWidget, f"client_{name}")
    return found.isVisibleTo(pane)


def summary(recorded: int | None = 3) -> CampaignSummary:
    return CampaignSummary(
        counts=CampaignCounts(planned=5, asked=5, answered=2, interrupted=3),
        server=None
        if recorded is None
        else ServerCounts(reached=5, answered=2, interrupted=3, recorded=recorded),
        agent="monitorapp-client/ab",
        seed=1,
    )


def test_start_emits_what_the_fields_contain(
    qtbot: QtBot, pane: ClientPane, plans: list[CampaignPlan]
) -> None:
    press(qtbot, pane)
    assert plans == [
        CampaignPlan(count=100, at_once=50, leaving=Leaving.CLOSE, patience=Fixed(1), path="/")
    ]


@pytest.mark.parametrize(
    ("fields", "patience"),
    [
        ({"patience": "uniform", "least_s": 1, "most_s": 2.5}, Uniform(1, 2.5)),
        ({"patience": "exponential", "mean_s": 4}, Exponential(4)),
        ({"patience": "log_normal", "median_s": 2, "spread": 3}, LogNormal(2, 3)),
    ],
)
def test_each_kind_of_patience_has_its_parameters(
    pane: ClientPane, fields: dict[str, object], patience: object
) -> None:
    pane.form.set_fields({**fields, "seed": 0})
    assert pane.form.plan().patience == patience
    assert pane.form.plan().seed == 0
    parameters = set(fields) - {"patience"}
    seen = {box.objectName() for box in pane.findChildren(QDoubleSpinBox) if box.isVisible()}
    assert seen == {f"client_{name}" for name in parameters}


def test_what_is_impossible_is_spoken_and_nothing_starts(
    qtbot: QtBot, pane: ClientPane, plans: list[CampaignPlan]
) -> None:
    pane.form.set_fields({"patience": "uniform", "least_s": 9, "most_s": 1})
    press(qtbot, pane)
    assert plans == []
    assert "is longer than the longest" in label(pane, "problem").text()
    pane.form.set_fields({"most_s": 10})
    press(qtbot, pane)
    assert len(plans) == 1
    assert not is_seen(pane, "problem")


def test_enter_in_a_field_of_text_starts(
    qtbot: QtBot, pane: ClientPane, plans: list[CampaignPlan]
) -> None:
    path = pane.findChild(QLineEdit, "client_path")
    path.selectAll()
    qtbot.keyClicks(path, "/slow")
    qtbot.keyClick(path, Qt.Key.Key_Return)
    assert [plan.path for plan in plans] == ["/slow"]


def test_while_it_runs_the_button_cancels_once(qtbot: QtBot, pane: ClientPane) -> None:
    cancelled: list[bool] = []
    pane.cancel_requested.connect(lambda: cancelled.append(True))
    pane.begin("monitorapp-client/ab", "Only 7 at a time.", is_own=True)
    assert label(pane, "problem").text() == "Only 7 at a time."
    assert not pane.form.isEnabled()
    press(qtbot, pane)
    press(qtbot, pane)
    assert cancelled == [True]
    pane.show_summary(summary())
    assert pane.form.isEnabled()
    assert pane.findChild(QPushButton, "client_start").text() == "&Start"


def test_progress_is_shown_in_words_and_a_bar(pane: ClientPane) -> None:
    pane.begin("monitorapp-client/ab", "", is_own=True)
    pane.show_counts(
        CampaignCounts(planned=5000, asked=2000, answered=1, interrupted=999, failed=3)
    )
    assert label(pane, "counts").text() == (
        "1,000 waiting, 1 answered, 999 interrupted, 3 failed to connect"
    )
    bar = pane.findChild(QProgressBar, "client_progress")
    assert (bar.value(), bar.maximum()) == (1003, 5000)
    assert bar.text() == "1,003 of 5,000"


def test_the_summary_can_be_read_and_not_changed(qtbot: QtBot, pane: ClientPane) -> None:
    pane.begin("monitorapp-client/ab", "", is_own=True)
    assert not is_seen(pane, "summary")
    pane.show_summary(summary())
    shown = pane.findChild(QPlainTextEdit, "client_summary")
    qtbot.keyClicks(shown, "x")
    assert shown.toPlainText().splitlines() == summary().lines()


def test_its_rows_can_be_shown(qtbot: QtBot, pane: ClientPane) -> None:
    expressions: list[str] = []
    pane.show_rows_requested.connect(expressions.append)
    press(qtbot, pane, "client_show_rows")
    assert expressions == []
    pane.begin("monitorapp-client/ab", "", is_own=True)
    press(qtbot, pane, "client_show_rows")
    assert expressions == ["agent:monitorapp-client/ab"]
    assert not parse_filter(expressions[0]).is_empty
    pane.begin("monitorapp-client/cd", "", is_own=False)
    press(qtbot, pane, "client_show_rows")
    assert len(expressions) == 1


def test_another_host_is_marked(pane: ClientPane) -> None:
    seen = []
    for target in ("", "http://example.org/", "http://localhost:8080/", "nonsense", OWN):
        pane.form.set_fields({"target": target})
        seen.append(is_seen(pane, "other_host"))
    assert seen == [False, True, False, False, False]


def test_the_own_server_is_named_while_it_listens(pane: ClientPane) -> None:
    target = pane.findChild(QLineEdit, "client_target")
    assert target.placeholderText() == OWN
    pane.set_own_url("")
    assert target.placeholderText() == "this server (stopped)"


def test_a_slow_reader_has_pauses_and_a_polite_one_no_patience(pane: ClientPane) -> None:
    way = pane.findChild(QComboBox, "client_patience")
    spoken = []
    for leaving in ("close", "slow_read", "wait"):
        pane.form.set_fields({"leaving": leaving})
        spoken.append((way.accessibleName(), way.isEnabled()))
    assert spoken == [("Patience", True), ("Pauses", True), ("Patience", False)]


def test_the_fields_are_there_again(qtbot: QtBot, settings: Settings, pane: ClientPane) -> None:
    pane.form.set_fields({"count": 7, "leaving": "reset", "patience": "uniform", "least_s": 0.5})
    press(qtbot, pane)
    again = ClientPane(settings)
    qtbot.addWidget(again)
    assert again.form.fields() == pane.form.fields()


def test_the_fields_that_earlier_versions_kept_are_read(qtbot: QtBot, settings: Settings) -> None:
    settings.campaign = {
        "target": "http://192.0.2.1/",
        "path": "/slow",
        "count": 7,
        "at_once": 3,
        "leaving": "reset",
        "patience": "log_normal",
        "seed": 5,
        "fixed_s": 1.5,
        "least_s": 0.5,
        "most_s": 9.0,
        "mean_s": 4.0,
        "median_s": 3.5,
        "spread": 2.5,
    }
    pane = ClientPane(settings)
    qtbot.addWidget(pane)
    assert pane.form.plan() == CampaignPlan(
        target="http://192.0.2.1/",
        path="/slow",
        count=7,
        at_once=3,
        leaving=Leaving.RESET,
        patience=LogNormal(3.5, 2.5),
        seed=5,
    )
    kept = pane.form.fields()
    assert {name: kept[name] for name in ("fixed_s", "least_s", "most_s", "mean_s")} == {
        "fixed_s": 1.5,
        "least_s": 0.5,
        "most_s": 9.0,
        "mean_s": 4.0,
    }


@pytest.mark.usefixtures("qapp")
@given(
    st.dictionaries(
        st.sampled_from(["target", "path", "count", "at_once", "leaving", "patience", "seed"])
        | st.sampled_from(["fixed_s", "spread"])
        | st.text(),
        st.none() | st.booleans() | st.text() | st.integers() | st.floats() | st.just([1]),
    )
)
def test_whatever_was_kept_leaves_a_possible_plan(fields: dict[str, object]) -> None:
    form = CampaignForm()
    form.set_fields(fields)
    assert form.plan().count >= 1


def test_scrolling_by_changes_nothing(pane: ClientPane) -> None:
    box = pane.findChild(QSpinBox, "client_count")
    box.clearFocus()
    wheel = QWheelEvent(
        QPointF(5, 5),
        QPointF(5, 5),
        QPoint(0, 120),
        QPoint(0, 120),
        Qt.MouseButtons(),
        Qt.KeyboardModifiers(),
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(box, wheel)
    assert box.value() == 100


def test_every_field_says_what_it_is(pane: ClientPane) -> None:
    fields: list[QWidget] = [
        *pane.findChildren(QSpinBox),
        *pane.findChildren(QDoubleSpinBox),
        *pane.findChildren(QComboBox),
        *pane.findChildren(QPushButton),
        pane.findChild(QProgressBar, "client_progress"),
    ]
    assert all(field.accessibleName() and field.toolTip() for field in fields)


def test_the_window_has_it_hidden_and_f7_shows_it(qtbot: QtBot, settings: Settings) -> None:
    window = MainWindow(InterruptionStore(), settings)
    qtbot.addWidget(window)
    with qtbot.waitActive(window):
        window.show()
    assert not window.panes.clients.isVisible()
    qtbot.keyClick(window, Qt.Key.Key_F7)
    assert window.panes.clients.isVisible()
    window.set_server_state(ServerState.LISTENING, OWN)
    assert window.panes.clients.findChild(QLineEdit, "client_target").placeholderText() == OWN
    window.panes.clients.show_rows_requested.emit("agent:x")
    assert window.filter_bar.expression == "agent:x"
