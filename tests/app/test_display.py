from __future__ import annotations

import socket
from pathlib import Path

import pytest

from monitorapp.app.display import display_problem, explain_missing, missing_packages


class Xcb:
    """libxcb, as far as it is asked."""

    def __init__(self, *, error: int) -> None:
        self.disconnected = 0
        self.xcb_connect = Function(lambda *_: 1)
        self.xcb_connection_has_error = Function(lambda _: error)
        self.xcb_disconnect = Function(self._disconnect)

    def _disconnect(self, _: object) -> None:
        self.disconnected += 1


class Function:
    def __init__(self, function: object) -> None:
        self._function = function

    def __call__(self, *arguments: object) -> object:
        assert callable(self._function)
        return self._function(*arguments)


@pytest.fixture(autouse=True)
def on_linux(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.platform", "linux")


def test_no_display_is_a_problem() -> None:
    assert "DISPLAY and WAYLAND_DISPLAY are not set" in str(display_problem({}))


@pytest.mark.parametrize("platform", ["offscreen", "minimal", "vnc:size=10x10"])
def test_a_platform_without_a_display_needs_none(platform: str) -> None:
    assert display_problem({"QT_QPA_PLATFORM": platform}) is None


def test_an_x_server_is_asked() -> None:
    answering, dead = Xcb(error=0), Xcb(error=1)
    assert display_problem({"DISPLAY": ":0"}, lambda _: answering) is None
    assert "':0' does not answer" in str(display_problem({"DISPLAY": ":0"}, lambda _: dead))
    assert (answering.disconnected, dead.disconnected) == (1, 1)


def test_the_real_libxcb_finds_no_server_where_there_is_none() -> None:
    def load(name: str) -> object:
        import ctypes

        return ctypes.CDLL(name)

    try:
        load("libxcb.so.1")
    except OSError:
        pytest.skip("this machine has no libxcb")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DISPLAY", ":9999")
        assert display_problem({"DISPLAY": ":9999"}, load) is not None


def test_a_wayland_display_is_asked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)  # a socket's path must be short
    environ = {"WAYLAND_DISPLAY": "w", "XDG_RUNTIME_DIR": "."}
    assert "Wayland display 'w' does not answer" in str(display_problem(environ))
    with socket.socket(socket.AF_UNIX) as server:
        server.bind("w")
        server.listen()
        assert display_problem(environ) is None


def test_missing_libraries_are_named_by_their_packages() -> None:
    def load(name: str) -> object:
        if name in ("libfontconfig.so.1", "libxcb-icccm.so.4", "libglib-2.0.so.0"):
            raise OSError(name)
        return object()

    assert missing_packages({"QT_QPA_PLATFORM": "xcb"}, load) == [
        "libfontconfig1",
        "libglib2.0-0",
        "libxcb-icccm4",
    ]
    assert missing_packages({"QT_QPA_PLATFORM": "offscreen"}, load) == [
        "libfontconfig1",
        "libglib2.0-0",
    ]
    assert "apt-get install libfontconfig1" in explain_missing(["libfontconfig1"])


def test_other_systems_bring_their_own_display(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.platform", "darwin")
    assert display_problem({}) is None
    assert missing_packages({}) == []
