from __future__ import annotations

import itertools

import pytest
from PyQt5.QtCore import Qt
from PyQt5.QtGui import QColor, QPalette
from PyQt5.QtWidgets import QCheckBox, QLabel, QLineEdit, QPushButton, QToolButton, QWidget
from pytestqt.qtbot import QtBot

from monitorapp.core.chance.distribution import Exponential, Fixed, LogNormal, Uniform
from monitorapp.core.delay.delay import PRESETS_S, DelayPlan
from monitorapp.core.delay.plans import PLAN_TYPES
from monitorapp.core.delay.sweep import SweepDelay
from monitorapp.ui.delay.bar import DelayBar
from monitorapp.ui.delay.dialog import DelayDialog
from monitorapp.ui.delay.spin_box import DelaySpinBox

PRESET_NAMES = [
    "delay_preset_0",
    "delay_preset_0_5",
    "delay_preset_1",
    "delay_preset_5",
    "delay_preset_30",
]


@pytest.fixture
def bar(qtbot: QtBot) -> DelayBar:
    bar = DelayBar()
    qtbot.addWidget(bar)
    bar.set_delay_s(5)
    return bar


@pytest.fixture
def changes(bar: DelayBar) -> list[float]:
    delays_s: list[float] = []
    bar.plan_changed.connect(lambda plan: delays_s.append(plan.duration_s))
    return delays_s


def button(bar: DelayBar, name: str) -> QToolButton:
    return bar.findChild(QToolButton, name)


def marked(bar: DelayBar) -> list[str]:
    return [name for name in PRESET_NAMES if button(bar, name).isChecked()]


def click(qtbot: QtBot, bar: DelayBar, name: str) -> None:
    qtbot.mouseClick(button(bar, name), Qt.MouseButton.LeftButton)


def test_setting_the_delay_sends_no_signal(bar: DelayBar, changes: list[float]) -> None:
    bar.set_delay_s(30)
    assert bar.delay_s == 30
    assert marked(bar) == ["delay_preset_30"]
    assert changes == []


@pytest.mark.parametrize("delay_s", [-0.1, 3601, float("nan")])
def test_setting_an_impossible_delay_is_an_error(bar: DelayBar, delay_s: float) -> None:
    with pytest.raises(ValueError, match="between 0 and 3600"):
        bar.set_delay_s(delay_s)
    assert bar.delay_s == 5
    bar.findChild(DelaySpinBox).setValue(6)
    assert bar.delay_s == 6  # the signals are not blocked for good


@pytest.mark.parametrize(("name", "delay_s"), [*zip(PRESET_NAMES, PRESETS_S, strict=True)])
def test_a_preset_sets_and_is_marked(
    bar: DelayBar, qtbot: QtBot, changes: list[float], name: str, delay_s: float
) -> None:
    bar.set_delay_s(7)
    click(qtbot, bar, name)
    assert bar.delay_s == delay_s
    assert changes == [delay_s]
    assert marked(bar) == [name]
    click(qtbot, bar, name)
    assert changes == [delay_s]
    assert marked(bar) == [name]


def test_no_preset_is_marked_for_another_delay(bar: DelayBar) -> None:
    bar.set_delay_s(4.999)
    assert marked(bar) == []


def test_minus_and_plus_step(bar: DelayBar, qtbot: QtBot, changes: list[float]) -> None:
    click(qtbot, bar, "delay_minus")
    click(qtbot, bar, "delay_plus")
    click(qtbot, bar, "delay_plus")
    assert changes == [4.5, 5, 6]


def test_minus_and_plus_are_disabled_at_the_ends(bar: DelayBar, qtbot: QtBot) -> None:
    bar.set_delay_s(0.2)
    click(qtbot, bar, "delay_minus")
    assert bar.delay_s == 0
    assert not button(bar, "delay_minus").isEnabled()
    bar.set_delay_s(3599)
    assert button(bar, "delay_minus").isEnabled()
    click(qtbot, bar, "delay_plus")
    assert bar.delay_s == 3600
    assert not button(bar, "delay_plus").isEnabled()


def test_minus_and_plus_repeat_while_held(bar: DelayBar) -> None:
    assert button(bar, "delay_minus").autoRepeat()
    assert button(bar, "delay_plus").autoRepeat()


def test_a_typed_delay_changes_it_once(bar: DelayBar, qtbot: QtBot, changes: list[float]) -> None:
    box = bar.findChild(DelaySpinBox, "delay_spin_box")
    box.selectAll()
    qtbot.keyClicks(box, "0.5")
    qtbot.keyClick(box, Qt.Key.Key_Return)
    assert changes == [0.5]
    assert marked(bar) == ["delay_preset_0_5"]
    qtbot.keyClick(box, Qt.Key.Key_Return)
    assert changes == [0.5]


def test_a_refused_delay_changes_nothing(bar: DelayBar, qtbot: QtBot, changes: list[float]) -> None:
    box = bar.findChild(DelaySpinBox, "delay_spin_box")
    box.selectAll()
    qtbot.keyClicks(box, "0,5")
    with qtbot.waitSignal(bar.refused) as refused:
        qtbot.keyClick(box, Qt.Key.Key_Return)
    assert "after a point" in refused.args[0]
    assert changes == []
    assert bar.delay_s == 5


@pytest.mark.parametrize("focused", ["delay_spin_box", "delay_preset_1"])
def test_shortcuts_work_wherever_the_focus_is(
    bar: DelayBar, qtbot: QtBot, changes: list[float], focused: str
) -> None:
    with qtbot.waitActive(bar):
        bar.show()
    widget = bar.findChild(QWidget, focused)
    widget.setFocus()
    qtbot.keyClick(widget, Qt.Key.Key_Minus, Qt.KeyboardModifier.ControlModifier)
    qtbot.keyClick(widget, Qt.Key.Key_Plus, Qt.KeyboardModifier.ControlModifier)
    qtbot.keyClick(widget, Qt.Key.Key_Equal, Qt.KeyboardModifier.ControlModifier)
    assert changes == [4.5, 5, 6]
    changes.clear()
    for key in (Qt.Key.Key_1, Qt.Key.Key_2, Qt.Key.Key_3, Qt.Key.Key_4, Qt.Key.Key_5):
        qtbot.keyClick(widget, key, Qt.KeyboardModifier.AltModifier)
    assert changes == list(PRESETS_S)


def test_no_two_actions_share_a_shortcut(bar: DelayBar) -> None:
    actions = [bar.minus_action, bar.plus_action, *bar.preset_actions]
    for first, second in itertools.combinations(actions, 2):
        assert not set(first.shortcuts()) & set(second.shortcuts())


def test_every_control_says_what_it_is(bar: DelayBar) -> None:
    for name in ("delay_minus", "delay_plus", *PRESET_NAMES):
        control = button(bar, name)
        assert control.accessibleName()
        action = control.defaultAction()
        assert action is not None
        assert action.shortcut().toString() in control.toolTip()


def test_the_icons_follow_the_palette(bar: DelayBar) -> None:
    before = button(bar, "delay_plus").icon().pixmap(48, 48).toImage()
    palette = QPalette(bar.palette())
    palette.setColor(QPalette.ColorRole.ButtonText, QColor("#ff00ff"))
    bar.setPalette(palette)
    assert button(bar, "delay_plus").icon().pixmap(48, 48).toImage() != before


def dialog(bar: DelayBar) -> DelayDialog:
    return bar.findChild(DelayDialog, "delay_dialog")


def test_another_kind_is_asked_for_and_only_then_in_force(bar: DelayBar, qtbot: QtBot) -> None:
    plans: list[DelayPlan] = []
    bar.plan_changed.connect(plans.append)
    bar.kind_button.kind_actions[Uniform].trigger()
    assert bar.plan == Fixed(5)
    assert bar.kind_button.kind_actions[Fixed].isChecked()
    dialog(bar).findChild(QLineEdit, "delay_low_s").setText("2")
    assert plans == []
    use = dialog(bar).findChild(QPushButton, "delay_use")
    qtbot.mouseClick(use, Qt.MouseButton.LeftButton)
    assert plans == [Uniform(2, 5)]
    assert bar.delay_s == 3.5
    assert bar.kind_button.kind_actions[Uniform].isChecked()
    assert marked(bar) == []
    assert not bar.minus_action.isEnabled()


def test_a_kind_keeps_its_parameters_while_another_is_in_force(bar: DelayBar) -> None:
    bar.set_plan(LogNormal(3, 4))
    bar.set_delay_s(7)
    bar.kind_button.kind_actions[LogNormal].trigger()
    assert dialog(bar).plan == LogNormal(3, 4)


def test_the_fixed_kind_takes_the_last_fixed_delay(bar: DelayBar, changes: list[float]) -> None:
    bar.kind_button.kind_actions[Fixed].trigger()
    assert changes == []
    bar.set_delay_s(7)
    bar.set_plan(SweepDelay())
    bar.kind_button.kind_actions[Fixed].trigger()
    assert changes == [7]


def test_a_preset_ends_another_kind_even_by_its_shortcut(
    bar: DelayBar, qtbot: QtBot, changes: list[float]
) -> None:
    with qtbot.waitActive(bar):
        bar.show()
    bar.set_plan(Exponential())
    assert not button(bar, "delay_preset_5").isVisible()
    qtbot.keyClick(bar, Qt.Key.Key_4, Qt.KeyboardModifier.AltModifier)
    assert changes == [5]
    assert marked(bar) == ["delay_preset_5"]
    assert button(bar, "delay_preset_5").isVisible()


def test_waiting_requests_are_rescheduled_only_while_that_is_checked(
    bar: DelayBar, qtbot: QtBot
) -> None:
    heard: list[str] = []
    bar.plan_changed.connect(lambda _: heard.append("plan"))
    bar.reschedule_requested.connect(lambda: heard.append("reschedule"))
    click(qtbot, bar, "delay_preset_1")
    check = bar.findChild(QCheckBox, "also_waiting_check")
    check.setChecked(True)
    assert heard == ["plan"]
    click(qtbot, bar, "delay_preset_5")
    bar.set_plan(SweepDelay())
    bar.kind_button.restart_action.trigger()
    assert heard == ["plan", "plan", "reschedule", "plan", "reschedule"]
    check.setChecked(False)
    bar.kind_button.restart_action.trigger()
    assert heard[5:] == ["plan"]


def test_a_sweep_shows_where_it_is_and_begins_again(bar: DelayBar, qtbot: QtBot) -> None:
    plans: list[DelayPlan] = []
    bar.plan_changed.connect(plans.append)
    bar.set_plan(SweepDelay(0, 8, 60))
    now = bar.findChild(QLabel, "delay_now")
    assert now.text() == "now 0.0 s"
    bar.set_progress(0.25)
    assert now.text() == "now 2.0 s"
    assert bar.delay_s == 2
    words = "sweep, 0 to 8 s over 60 s, now 2.0 s"
    assert bar.kind_button.accessibleDescription() == words
    assert words in bar.kind_button.toolTip()
    bar.kind_button.restart_action.trigger()
    assert plans == [SweepDelay(0, 8, 60)]
    assert now.text() == "now 0.0 s"
    bar.set_progress(1.0)
    assert bar.delay_s == 8


def test_the_progress_of_no_sweep_is_nothing(bar: DelayBar) -> None:
    bar.set_progress(0.5)
    assert bar.delay_s == 5
    assert not bar.kind_button.restart_action.isEnabled()
    assert not bar.kind_button.parameters_action.isEnabled()


@pytest.mark.parametrize("plan_type", PLAN_TYPES)
def test_the_words_are_shown_for_every_kind(bar: DelayBar, plan_type: type[DelayPlan]) -> None:
    plan = plan_type()
    bar.set_plan(plan)
    assert plan.words in bar.kind_button.accessibleDescription()
    if plan_type is not Fixed:
        assert button(bar, "delay_words").text() == plan.words


def test_long_words_leave_the_bar_narrow(bar: DelayBar) -> None:
    bar.set_plan(LogNormal(2, 2))
    width = bar.minimumSizeHint().width()
    bar.set_plan(LogNormal(3599.12, 99.1234))
    assert bar.minimumSizeHint().width() == width
