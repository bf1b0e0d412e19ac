from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PyQt5.QtCore import QLocale, QPoint, QPointF, Qt
from PyQt5.QtGui import QGuiApplication, QWheelEvent
from PyQt5.QtWidgets import QApplication, QLineEdit, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from monitorapp.core.delay.delay import MAX_DELAY_S, MIN_DELAY_S
from monitorapp.ui.delay.spin_box import DelaySpinBox, stepped

DELAYS_S = st.floats(MIN_DELAY_S, MAX_DELAY_S)


@pytest.fixture
def box(qtbot: QtBot) -> DelaySpinBox:
    box = DelaySpinBox()
    qtbot.addWidget(box)
    box.setValue(5)
    return box


@pytest.fixture
def refusals(box: DelaySpinBox) -> list[str]:
    reasons: list[str] = []
    box.refused.connect(reasons.append)
    return reasons


def line(box: DelaySpinBox) -> QLineEdit:
    line = box.lineEdit()
    assert line is not None
    return line


def write(box: DelaySpinBox, text: str) -> None:
    box.selectAll()
    line(box).insert(text)


def enter(qtbot: QtBot, box: DelaySpinBox, text: str) -> None:
    write(box, text)
    qtbot.keyClick(box, Qt.Key.Key_Return)


@pytest.mark.parametrize(
    ("text", "delay_s"),
    [
        ("0", 0),
        ("-0", 0),
        ("0.5", 0.5),
        ("0.5 s", 0.5),
        ("0.5s", 0.5),
        ("  .25  ", 0.25),
        ("3600", 3600),
        ("1e3", 1000),
        ("1.23456", 1.235),
    ],
)
def test_good_text_counts(
    qtbot: QtBot, box: DelaySpinBox, refusals: list[str], text: str, delay_s: float
) -> None:
    enter(qtbot, box, text)
    assert box.value() == delay_s
    assert math.copysign(1, box.value()) == 1
    assert box.text() == f"{delay_s:.3f} s"
    assert refusals == []


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "number of seconds"),
        (" s", "number of seconds"),
        ("0,5", "after a point"),
        ("1.000,5", "after a point"),
        ("-1", "between 0 and 3600"),
        ("3600.001", "between 0 and 3600"),
        ("nan", "between 0 and 3600"),
        ("inf", "between 0 and 3600"),
        ("-inf", "between 0 and 3600"),
        ("five", "number of seconds"),
        ("<table><tr><td>", "number of seconds"),
    ],
)
def test_bad_text_is_refused_with_the_reason(
    qtbot: QtBot, box: DelaySpinBox, refusals: list[str], text: str, reason: str
) -> None:
    with qtbot.assertNotEmitted(box.valueChanged):
        enter(qtbot, box, text)
    assert box.value() == 5
    assert box.text() == "5.000 s"
    assert len(refusals) == 1
    assert reason in refusals[0]


def test_a_long_pasted_text_gives_a_short_reason(
    qtbot: QtBot, box: DelaySpinBox, refusals: list[str]
) -> None:
    enter(qtbot, box, "9" * 20_000)
    assert len(refusals[0]) < 200


@given(st.one_of(st.text(), st.floats().map(repr), st.floats().map(lambda x: f"{x} s")), DELAYS_S)
def test_no_text_leaves_an_impossible_delay(
    qtbot: QtBot, box: DelaySpinBox, refusals: list[str], text: str, before_s: float
) -> None:
    box.setValue(before_s)
    before_s = box.value()
    refusals.clear()
    enter(qtbot, box, text)
    assert 0 <= box.value() <= 3600
    assert box.value() == round(box.value(), 3)
    assert box.text() == f"{box.value():.3f} s"
    assert len(refusals) <= 1
    if refusals:
        assert box.value() == before_s
    else:
        written = float(text.strip().removesuffix("s").strip())
        assert box.value() == pytest.approx(written, abs=0.0005001)


def test_it_counts_when_the_field_is_left_and_not_before(qtbot: QtBot) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    layout = QVBoxLayout(window)
    box, other = DelaySpinBox(), QLineEdit()
    layout.addWidget(box)
    layout.addWidget(other)
    with qtbot.waitActive(window):
        window.show()
    box.setFocus()
    box.selectAll()
    with qtbot.assertNotEmitted(box.valueChanged), qtbot.assertNotEmitted(box.refused):
        qtbot.keyClicks(box, "12.5")
    with qtbot.waitSignal(box.valueChanged) as changed:
        other.setFocus()
    assert changed.args == [12.5]
    box.setFocus()
    box.selectAll()
    qtbot.keyClicks(box, "12,5")
    with qtbot.waitSignal(box.refused):
        other.setFocus()
    assert box.value() == 12.5


def test_a_pasted_delay_with_its_unit_counts(qtbot: QtBot, box: DelaySpinBox) -> None:
    clipboard = QGuiApplication.clipboard()
    assert clipboard is not None
    clipboard.setText("0.5 s")
    box.selectAll()
    line(box).paste()
    qtbot.keyClick(box, Qt.Key.Key_Enter)
    assert box.value() == 0.5


def test_the_point_is_a_point_in_every_locale(qtbot: QtBot) -> None:
    before = QLocale()
    QLocale.setDefault(QLocale(QLocale.Language.German))
    try:
        box = DelaySpinBox()
        qtbot.addWidget(box)
        enter(qtbot, box, "1234.5")
        assert box.text() == "1234.500 s"
        enter(qtbot, box, "1,5")
        assert box.value() == 1234.5
    finally:
        QLocale.setDefault(before)


@pytest.mark.parametrize("delay_s", [-1, 3600.1, math.nan, math.inf])
def test_an_impossible_value_is_an_error(box: DelaySpinBox, delay_s: float) -> None:
    with pytest.raises(ValueError, match="between 0 and 3600"):
        box.setValue(delay_s)
    assert box.value() == 5


@given(DELAYS_S, st.integers(-50, 50))
def test_steps_go_the_right_way_within_the_limits(delay_s: float, steps: int) -> None:
    after_s = stepped(delay_s, steps)
    assert MIN_DELAY_S <= after_s <= MAX_DELAY_S
    if steps > 0:
        assert after_s > delay_s or delay_s == MAX_DELAY_S
    elif steps < 0:
        assert after_s < delay_s or delay_s == MIN_DELAY_S
    else:
        assert after_s == delay_s


@given(
    st.sampled_from([n / 2 for n in range(11)] + [float(n) for n in range(5, 31)] + [35.0, 3600])
)
def test_a_step_back_undoes_a_step(delay_s: float) -> None:
    if delay_s < MAX_DELAY_S:
        assert stepped(stepped(delay_s, 1), -1) == delay_s
    if delay_s > MIN_DELAY_S:
        assert stepped(stepped(delay_s, -1), 1) == delay_s


def test_a_step_takes_what_was_typed_first(box: DelaySpinBox, refusals: list[str]) -> None:
    write(box, "7")
    box.stepBy(1)
    assert box.value() == 8
    write(box, "x")
    box.stepBy(-1)
    assert box.value() == 7
    assert len(refusals) == 1


def test_the_wheel_without_the_focus_is_ignored(qtbot: QtBot, box: DelaySpinBox) -> None:
    def wheel() -> bool:
        event = QWheelEvent(
            QPointF(5, 5),
            QPointF(5, 5),
            QPoint(0, 0),
            QPoint(0, 120),
            Qt.MouseButton.NoButton,
            Qt.KeyboardModifier.NoModifier,
            Qt.ScrollPhase.NoScrollPhase,
            False,
        )
        QApplication.sendEvent(box, event)
        return event.isAccepted()

    with qtbot.waitActive(box):
        box.show()
    box.clearFocus()
    assert not wheel()
    assert box.value() == 5
    box.setFocus()
    assert wheel()
    assert box.value() == 6
