from __future__ import annotations

from collections.abc import Callable

import pytest
from PyQt5.QtCore import Qt
from PyQt5.QtWidgets import QLabel, QLineEdit, QPushButton
from pytestqt.qtbot import QtBot

from monitorapp.core.chance.distribution import LogNormal, Uniform
from monitorapp.core.delay.delay import DelayPlan
from monitorapp.core.delay.plans import PLAN_TYPES
from monitorapp.core.delay.sweep import SweepDelay
from monitorapp.ui.delay.curve import DelayCurve
from monitorapp.ui.delay.dialog import DelayDialog
from monitorapp.ui.widgets.theme import dark_palette, light_palette

OpenDialog = Callable[[DelayPlan], DelayDialog]


@pytest.fixture
def chosen() -> list[DelayPlan]:
    return []


@pytest.fixture
def open_dialog(qtbot: QtBot, chosen: list[DelayPlan]) -> OpenDialog:
    def make(plan: DelayPlan) -> DelayDialog:
        dialog = DelayDialog(plan)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, False)
        qtbot.addWidget(dialog)
        dialog.plan_chosen.connect(chosen.append)
        dialog.open()
        return dialog

    return make


def field(dialog: DelayDialog, name: str) -> QLineEdit:
    return dialog.findChild(QLineEdit, f"delay_{name}")


def problem(dialog: DelayDialog) -> str:
    return dialog.findChild(QLabel, "delay_problem").text()


@pytest.mark.parametrize(
    ("plan", "name", "text", "sentence"),
    [
        (
            Uniform(1, 5),
            "low_s",
            "7",
            "The shortest, 7 s, is longer than the longest, 5 s.",
        ),
        (
            Uniform(1, 5),
            "low_s",
            "",
            "The shortest is a number of seconds, such as 1.5, not ''.",
        ),
        (LogNormal(), "spread", "0.5", "The spread is a factor between 1 and 100, not 0.5."),
        (LogNormal(), "spread", "<b>x", "The spread is a number, such as 1.5, not '<b>x'."),
        (
            LogNormal(),
            "median_s",
            "nan",
            "The median lies between 0.001 and 3600 seconds, not nan.",
        ),
        (
            SweepDelay(),
            "over_s",
            "0",
            "The duration lies between 0.001 and 86400 seconds, not 0.",
        ),
    ],
)
def test_bad_input_is_explained_and_cannot_be_used(
    open_dialog: OpenDialog,
    qtbot: QtBot,
    chosen: list[DelayPlan],
    plan: DelayPlan,
    name: str,
    text: str,
    sentence: str,
) -> None:
    dialog = open_dialog(plan)
    box = field(dialog, name)
    good = box.text()
    box.setText(text)
    assert problem(dialog) == sentence
    assert dialog.findChild(QLabel, "delay_problem").textFormat() == Qt.TextFormat.PlainText
    assert not dialog.findChild(QPushButton, "delay_use").isEnabled()
    qtbot.keyClick(box, Qt.Key.Key_Return)
    assert dialog.isVisible()
    assert (chosen, dialog.plan) == ([], plan)
    box.setText(good)
    assert problem(dialog) == ""
    qtbot.keyClick(box, Qt.Key.Key_Return)
    assert chosen == [plan]
    assert not dialog.isVisible()


def test_escape_leaves_the_delay_as_it_is(
    open_dialog: OpenDialog, qtbot: QtBot, chosen: list[DelayPlan]
) -> None:
    dialog = open_dialog(SweepDelay())
    qtbot.keyClicks(field(dialog, "over_s"), "5")
    qtbot.keyClick(dialog, Qt.Key.Key_Escape)
    assert chosen == []
    assert not dialog.isVisible()


def test_the_curve_follows_what_is_typed(open_dialog: OpenDialog) -> None:
    dialog = open_dialog(LogNormal(2, 2))
    curve = dialog.findChild(DelayCurve)
    assert curve.accessibleDescription() == "log-normal, median 2 s, spread 2"
    before = curve.grab().toImage()
    field(dialog, "spread").setText("5")
    assert curve.accessibleDescription() == "log-normal, median 2 s, spread 5"
    assert curve.grab().toImage() != before
    field(dialog, "spread").setText("-")
    assert curve.accessibleDescription() == "log-normal, median 2 s, spread 5"


@pytest.mark.parametrize("plan_type", PLAN_TYPES)
def test_each_field_says_what_it_is(open_dialog: OpenDialog, plan_type: type[DelayPlan]) -> None:
    dialog = open_dialog(plan_type())
    boxes = dialog.findChildren(QLineEdit)
    assert boxes
    for box in boxes:
        assert box.accessibleName()
        assert box.toolTip()


def test_the_sentence_is_legible_in_light_and_dark(open_dialog: OpenDialog) -> None:
    dialog = open_dialog(Uniform())
    label = dialog.findChild(QLabel, "delay_problem")
    shades = []
    for palette in (light_palette(), dark_palette()):
        dialog.setPalette(palette)
        shades.append(label.palette().color(label.foregroundRole()).lightness())
    assert shades[0] < 128 < shades[1]
