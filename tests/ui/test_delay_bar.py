from __future__ import annotations

import itertools

import pytest
from PyQt5.QtCore import Qt
from PyQt5.QtGui import QColor, QPalette
from PyQt5.QtWidgets import QToolButton, QWidget
from pytestqt.qtbot import QtBot

from monitorapp.core.delay import PRESETS_S
from monitorapp.ui.delay_bar import DelayBar
from monitorapp.ui.delay_spin_box import DelaySpinBox

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
    bar.plan_changed.connect(lambda plan: delays_s.append(plan.delay_s))
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
