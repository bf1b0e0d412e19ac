from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PyQt5.QtCore import Qt
from PyQt5.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from monitorapp.ui.window.counters import Counters, interrupted_text

COUNTS = st.integers(0, 10**9)


@pytest.fixture
def counters(qtbot: QtBot) -> Counters:
    counters = Counters()
    qtbot.addWidget(counters)
    return counters


def label(counters: Counters, name: str) -> QLabel:
    return counters.findChild(QLabel, f"counter_{name}")


def texts(counters: Counters) -> list[str]:
    return [label(counters, name).text() for name in ("waiting", "answered", "interrupted")]


def test_they_begin_with_nothing(counters: Counters) -> None:
    assert texts(counters) == ["Waiting 0", "Answered 0", "Interrupted 0"]


@pytest.mark.parametrize(
    ("counts", "expected"),
    [
        ((12, 340, 57), ["Waiting 12", "Answered 340", "Interrupted 57 (14 %)"]),
        ((0, 3, 0), ["Waiting 0", "Answered 3", "Interrupted 0 (0 %)"]),
        ((0, 0, 3), ["Waiting 0", "Answered 0", "Interrupted 3 (100 %)"]),
        ((0, 1000, 1), ["Waiting 0", "Answered 1,000", "Interrupted 1 (<1 %)"]),
        (
            (1234, 1234567, 1234567),
            ["Waiting 1,234", "Answered 1,234,567", "Interrupted 1,234,567 (50 %)"],
        ),
    ],
)
def test_texts(counters: Counters, counts: tuple[int, int, int], expected: list[str]) -> None:
    counters.set_counts(*counts)
    assert texts(counters) == expected


@given(COUNTS, COUNTS)
def test_the_share_is_right_to_half_a_percent(answered: int, interrupted: int) -> None:
    text = interrupted_text(answered, interrupted)
    assert text.startswith(f"Interrupted {interrupted:,}")
    if not answered + interrupted:
        assert "%" not in text
        return
    share = Fraction(100 * interrupted, answered + interrupted)
    shown = text[text.index("(") :]
    if shown == "(<1 %)":
        assert 0 < share < Fraction(1, 2)
    elif shown == "(>99 %)":
        assert Fraction(199, 2) <= share < 100
    else:
        percent = int(shown.removeprefix("(").removesuffix(" %)"))
        assert abs(percent - share) <= Fraction(1, 2)
        assert percent or not interrupted
        assert percent < 100 or not answered


def test_a_label_never_becomes_narrower_and_fits_all_digits(counters: Counters) -> None:
    answered = label(counters, "answered")
    counters.set_counts(0, 11111, 0)
    width = answered.minimumWidth()
    counters.set_counts(0, 88888, 0)
    assert answered.minimumWidth() == width >= answered.sizeHint().width()
    counters.set_counts(0, 1, 0)
    assert answered.minimumWidth() == width


def test_only_a_changed_label_is_touched(
    counters: Counters, monkeypatch: pytest.MonkeyPatch
) -> None:
    touched = []
    original = QLabel.setText

    def set_text(label: QLabel, text: str) -> None:
        touched.append(text)
        original(label, text)

    monkeypatch.setattr(QLabel, "setText", set_text)
    counters.set_counts(0, 0, 0)
    counters.set_counts(1, 0, 0)
    counters.set_counts(1, 0, 0)
    assert touched == ["Waiting 1"]


def test_the_labels_are_plain_text_and_explained(counters: Counters) -> None:
    for name in ("waiting", "answered", "interrupted"):
        assert label(counters, name).textFormat() == Qt.TextFormat.PlainText
        assert label(counters, name).toolTip()
        assert label(counters, name).accessibleName() == label(counters, name).text()


def test_a_new_font_is_measured_again(counters: Counters) -> None:
    waiting = label(counters, "waiting")
    before = waiting.minimumWidth()
    font = counters.font()
    font.setPointSizeF(font.pointSizeF() * 2)
    counters.setFont(font)
    assert waiting.minimumWidth() > before


def test_the_lag_is_shown_in_milliseconds(counters: Counters) -> None:
    counters.set_lag(0.0016, 1.2345)
    assert label(counters, "lag").text() == "Reactor lag 2 ms (worst 1,234 ms)"
