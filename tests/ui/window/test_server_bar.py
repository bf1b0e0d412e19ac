from __future__ import annotations

import pytest
from PyQt5.QtCore import Qt
from PyQt5.QtGui import QColor, QDesktopServices, QGuiApplication, QPalette
from PyQt5.QtWidgets import QLineEdit, QToolButton
from pytestqt.qtbot import QtBot

from monitorapp.ui.window.server_bar import ServerBar, ServerState

ADDRESS = "http://127.0.0.1:8080/"


@pytest.fixture
def bar(qtbot: QtBot) -> ServerBar:
    bar = ServerBar()
    qtbot.addWidget(bar)
    return bar


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    urls = []
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda url: urls.append(url.toString()))
    return urls


def button(bar: ServerBar, name: str) -> QToolButton:
    return bar.findChild(QToolButton, name)


def address(bar: ServerBar) -> QLineEdit:
    return bar.findChild(QLineEdit, "server_address")


@pytest.mark.parametrize(
    ("state", "text", "enabled"),
    [
        (ServerState.STOPPED, "Start", True),
        (ServerState.STARTING, "Starting…", False),
        (ServerState.LISTENING, "Stop", True),
        (ServerState.STOPPING, "Stopping…", False),
    ],
)
def test_the_toggle_shows_the_state(
    bar: ServerBar, state: ServerState, text: str, enabled: bool
) -> None:
    bar.set_state(state, ADDRESS)
    toggle = button(bar, "server_toggle")
    assert bar.state is state
    assert toggle.text() == text
    assert toggle.isEnabled() is enabled
    listening = state is ServerState.LISTENING
    assert (address(bar).text() == ADDRESS) is listening
    assert "listening" in address(bar).text() or listening
    assert button(bar, "server_copy").isEnabled() is listening
    assert button(bar, "server_open").isEnabled() is listening


def test_the_toggle_is_as_wide_in_every_state(bar: ServerBar) -> None:
    toggle = button(bar, "server_toggle")
    widths = set()
    for state in ServerState:
        bar.set_state(state, ADDRESS)
        assert toggle.sizeHint().width() <= toggle.minimumWidth()
        widths.add(toggle.minimumWidth())
    assert len(widths) == 1


def test_the_toggle_asks_and_changes_nothing_itself(bar: ServerBar, qtbot: QtBot) -> None:
    with qtbot.waitSignal(bar.start_requested), qtbot.assertNotEmitted(bar.stop_requested):
        qtbot.mouseClick(button(bar, "server_toggle"), Qt.MouseButton.LeftButton)
    assert bar.state is ServerState.STOPPED
    bar.set_state(ServerState.LISTENING, ADDRESS)
    with qtbot.waitSignal(bar.stop_requested), qtbot.assertNotEmitted(bar.start_requested):
        qtbot.mouseClick(button(bar, "server_toggle"), Qt.MouseButton.LeftButton)


def test_copy_puts_the_exact_address_on_the_clipboard(bar: ServerBar, qtbot: QtBot) -> None:
    bar.set_state(ServerState.LISTENING, ADDRESS)
    with qtbot.waitSignal(bar.copied) as copied:
        qtbot.mouseClick(button(bar, "server_copy"), Qt.MouseButton.LeftButton)
    assert copied.args == [ADDRESS]
    clipboard = QGuiApplication.clipboard()
    assert clipboard is not None
    assert clipboard.text() == ADDRESS


@pytest.mark.parametrize("web_address", [ADDRESS, "https://[::1]:8443/"])
def test_open_gives_a_web_address_to_the_browser(
    bar: ServerBar, qtbot: QtBot, opened: list[str], web_address: str
) -> None:
    bar.set_state(ServerState.LISTENING, web_address)
    qtbot.mouseClick(button(bar, "server_open"), Qt.MouseButton.LeftButton)
    assert opened == [web_address]


@pytest.mark.parametrize(
    "other", ["file:///etc/passwd", "ftp://127.0.0.1/", "unix:/tmp/socket", "javascript:1", "http:"]
)
def test_open_refuses_what_is_not_of_the_web(bar: ServerBar, opened: list[str], other: str) -> None:
    bar.set_state(ServerState.LISTENING, other)
    assert address(bar).text() == other
    assert not bar.open_action.isEnabled()
    bar.open_action.setEnabled(True)
    bar.open_action.trigger()
    assert opened == []


def test_a_long_address_does_not_force_a_wide_window(bar: ServerBar) -> None:
    bar.set_state(ServerState.LISTENING, ADDRESS)
    width = bar.minimumSizeHint().width()
    bar.set_state(ServerState.LISTENING, f"http://{'a' * 5000}/")
    assert bar.minimumSizeHint().width() < width + 200
    assert address(bar).text() == f"http://{'a' * 5000}/"


@pytest.mark.parametrize(
    ("key", "modifiers", "signal"),
    [
        (Qt.Key.Key_T, Qt.KeyboardModifier.ControlModifier, "stop_requested"),
        (
            Qt.Key.Key_C,
            Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier,
            "copied",
        ),
    ],
)
def test_shortcuts(
    bar: ServerBar, qtbot: QtBot, key: Qt.Key, modifiers: Qt.KeyboardModifiers, signal: str
) -> None:
    bar.set_state(ServerState.LISTENING, ADDRESS)
    with qtbot.waitActive(bar):
        bar.show()
    with qtbot.waitSignal(getattr(bar, signal)):
        qtbot.keyClick(bar, key, modifiers)


def test_the_icons_follow_the_palette(bar: ServerBar) -> None:
    before = button(bar, "server_toggle").icon().pixmap(48, 48).toImage()
    palette = QPalette(bar.palette())
    palette.setColor(QPalette.ColorRole.ButtonText, QColor("#ff00ff"))
    bar.setPalette(palette)
    assert button(bar, "server_toggle").icon().pixmap(48, 48).toImage() != before


def test_every_control_says_what_it_is(bar: ServerBar) -> None:
    for name in ("server_toggle", "server_copy", "server_open"):
        control = button(bar, name)
        assert control.accessibleName()
        action = control.defaultAction()
        assert action is not None
        assert action.shortcut().toString() in control.toolTip()
    assert address(bar).accessibleName()
    assert address(bar).isReadOnly()


def test_an_elided_address_is_painted_without_error(bar: ServerBar, qtbot: QtBot) -> None:
    bar.set_state(ServerState.LISTENING, "http://[2001:db8:85a3:8d3:1319:8a2e:370:7348]:65535/")
    with qtbot.waitExposed(bar):
        bar.show()
    bar.resize(bar.minimumSizeHint())
    narrow = address(bar).grab().toImage()
    bar.set_state(ServerState.LISTENING, "http://[2001:db8:85a3:8d3:1319:8a2e:370:7348]:11111/")
    assert address(bar).grab().toImage() != narrow  # the port is never cut off
