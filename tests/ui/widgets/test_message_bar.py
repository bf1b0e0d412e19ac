from __future__ import annotations

import pytest
from PyQt5.QtCore import Qt
from PyQt5.QtGui import QColor, QKeyEvent, QPalette
from PyQt5.QtWidgets import QApplication, QLabel, QPushButton, QToolButton, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from monitorapp.ui.widgets.message_bar import MessageBar, Severity


class Window(QWidget):
    def __init__(self) -> None:
        super().__init__()
        self.column = QVBoxLayout(self)
        self.keys: list[int] = []

    def keyPressEvent(self, event: QKeyEvent | None) -> None:
        if event is not None:
            self.keys.append(event.key())


@pytest.fixture
def window(qtbot: QtBot) -> Window:
    window = Window()
    qtbot.addWidget(window)
    window.resize(500, 200)
    return window


@pytest.fixture
def bar(window: Window) -> MessageBar:
    bar = MessageBar(window)
    window.column.addWidget(bar)
    return bar


@pytest.fixture
def label(bar: MessageBar) -> QLabel:
    return bar.findChild(QLabel, "message_text")


def test_it_is_hidden_until_there_is_a_message(
    bar: MessageBar, window: Window, qtbot: QtBot
) -> None:
    with qtbot.waitExposed(window):
        window.show()
    assert not bar.isVisible()
    bar.show_message("The port is in use.", Severity.ERROR, source="test")
    assert bar.isVisible()
    assert bar.text() == "The port is in use."
    assert bar.accessibleName() == "Error"
    assert bar.accessibleDescription() == "The port is in use."
    bar.clear_message("test")
    assert not bar.isVisible()
    assert bar.text() == ""


def test_markup_stays_text(bar: MessageBar, label: QLabel) -> None:
    bar.show_message("<table><tr><td>a & b", source="test")
    assert label.textFormat() == Qt.TextFormat.PlainText
    assert label.text() == "<table><tr><td>a & b"


def test_what_cannot_be_seen_becomes_escapes_and_lines_stay(bar: MessageBar) -> None:
    bar.show_message("a\u202eb\x1b\nc", source="test")
    assert bar.text() == "a\\u202eb\\x1b\nc"


def test_a_long_message_is_cut_and_does_not_widen_the_window(
    bar: MessageBar, label: QLabel, window: Window, qtbot: QtBot
) -> None:
    with qtbot.waitExposed(window):
        window.show()
    bar.show_message("w" * 100_000, source="test")
    assert len(bar.text()) < 1000
    assert "more characters" in bar.text()
    assert window.minimumSizeHint().width() < 300
    one_line_px = label.fontMetrics().height()
    assert label.heightForWidth(300) > 5 * one_line_px  # broken into lines, not cut off
    bar.show_message("line\n" * 100, source="test")
    assert bar.text().count("\n") <= 6
    assert bar.text().endswith("(94 more lines)")


def test_the_close_button_clears(bar: MessageBar, qtbot: QtBot) -> None:
    bar.show_message("x", source="test")
    qtbot.mouseClick(bar.findChild(QToolButton, "message_close"), Qt.MouseButton.LeftButton)
    assert bar.isHidden()


def test_a_source_clears_only_its_own_message(bar: MessageBar) -> None:
    bar.show_message("The history is in use.", Severity.WARNING, source="history")
    bar.show_message("The port is in use.", Severity.ERROR, source="server")
    assert bar.text() == "The port is in use."
    bar.clear_message("files")
    assert bar.text() == "The port is in use."
    bar.clear_message("history")
    assert bar.text() == "The port is in use."
    bar.clear_message("server")
    assert bar.isHidden()


def test_what_stood_before_is_shown_again(bar: MessageBar, qtbot: QtBot) -> None:
    do = [("Do", "do", lambda: None)]
    bar.show_message("The history is in use.", Severity.WARNING, do, source="history")
    bar.show_message("The port is in use.", Severity.ERROR, source="server")
    assert bar.findChild(QPushButton, "do") is None
    close = bar.findChild(QToolButton, "message_close")
    qtbot.mouseClick(close, Qt.MouseButton.LeftButton)
    assert not bar.isHidden()
    assert bar.text() == bar.accessibleDescription() == "The history is in use."
    assert bar.severity is Severity.WARNING
    assert bar.accessibleName() == "Warning"
    assert bar.findChild(QPushButton, "do") is not None
    qtbot.mouseClick(close, Qt.MouseButton.LeftButton)
    assert bar.isHidden()


def test_a_newer_message_of_the_same_source_replaces_the_older(bar: MessageBar) -> None:
    for text in ("one", "two"):
        bar.show_message(text, source="history")
    bar.show_message("other", source="server")
    bar.show_message("three", source="history")
    assert bar.text() == "three"
    bar.clear_message("history")
    assert bar.text() == "other"
    bar.clear_message("server")
    assert bar.isHidden()


def test_actions_are_buttons_and_go_with_their_message(bar: MessageBar, qtbot: QtBot) -> None:
    called = []
    bar.show_message(
        "one",
        Severity.WARNING,
        [("&Again", "again", lambda: called.append("again"))],
        source="test",
    )
    button = bar.findChild(QPushButton, "again")
    assert button.accessibleName() == "Again"
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    assert called == ["again"]
    bar.show_message(
        "two", Severity.INFO, [("Other", "again", lambda: called.append("other"))], source="test"
    )
    assert bar.text() == "two"
    qtbot.mouseClick(bar.findChild(QPushButton, "again"), Qt.MouseButton.LeftButton)
    assert called == ["again", "other"]
    bar.clear_message("test")
    assert bar.findChild(QPushButton, "again") is None


def test_an_action_may_show_the_next_message(bar: MessageBar, qtbot: QtBot) -> None:
    def show_next() -> None:
        bar.show_message("next", source="test")

    bar.show_message("first", Severity.INFO, [("Next", "next", show_next)], source="test")
    qtbot.mouseClick(bar.findChild(QPushButton, "next"), Qt.MouseButton.LeftButton)
    assert bar.text() == "next"
    assert bar.findChild(QPushButton, "next") is None


def test_escape_is_left_to_the_window(
    bar: MessageBar, label: QLabel, window: Window, qtbot: QtBot
) -> None:
    bar.show_message("x", Severity.INFO, [("Do", "do", lambda: None)], source="test")
    for widget in (label, bar.findChild(QPushButton, "do"), bar):
        qtbot.keyClick(widget, Qt.Key.Key_Escape)
    assert window.keys == [Qt.Key.Key_Escape] * 3
    assert not bar.isHidden()


@pytest.mark.parametrize("severity", Severity)
@pytest.mark.parametrize(
    ("window_colour", "text_colour"), [("#efefef", "#000000"), ("#2b2b2e", "#e6e6e6")]
)
def test_text_and_icon_stand_out_from_the_tint(
    severity: Severity, window_colour: str, text_colour: str, qapp: QApplication
) -> None:
    palette = QPalette()
    palette.setColor(QPalette.ColorRole.Window, QColor(window_colour))
    mixed = blend(severity.tint(palette), QColor(window_colour))
    assert contrast(QColor(text_colour), mixed) >= 7
    assert contrast(severity.accent(palette), mixed) >= 3


def contrast(first: QColor, second: QColor) -> float:
    """The contrast ratio of WCAG 2.1."""
    bright, dark = sorted((luminance(first), luminance(second)), reverse=True)
    return (bright + 0.05) / (dark + 0.05)


def luminance(colour: QColor) -> float:
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4
        for part in (colour.redF(), colour.greenF(), colour.blueF())
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def blend(over: QColor, under: QColor) -> QColor:
    def mixed(over_part: float, under_part: float) -> float:
        return over.alphaF() * over_part + (1 - over.alphaF()) * under_part

    return QColor.fromRgbF(
        mixed(over.redF(), under.redF()),
        mixed(over.greenF(), under.greenF()),
        mixed(over.blueF(), under.blueF()),
    )


def test_the_icons_follow_the_palette(bar: MessageBar) -> None:
    bar.show_message("x", source="test")
    close = bar.findChild(QToolButton, "message_close")
    before = close.icon().pixmap(48, 48).toImage()
    palette = QPalette(bar.palette())
    palette.setColor(QPalette.ColorRole.ButtonText, QColor("#ff00ff"))
    bar.setPalette(palette)
    assert close.icon().pixmap(48, 48).toImage() != before
