"""Look whether there is a display, before Qt aborts the process because there is none.

Qt 5 calls abort() when its platform plugin lacks a library or finds no display, and
nothing can be caught then. So the libraries and the display are tried first.
"""

from __future__ import annotations

import ctypes
import socket
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final

OFFSCREEN: Final = "offscreen"

_QT_LIBRARIES: Final = {
    "libGL.so.1": "libgl1",
    "libglib-2.0.so.0": "libglib2.0-0",
    "libgthread-2.0.so.0": "libglib2.0-0",
    "libfontconfig.so.1": "libfontconfig1",
    "libfreetype.so.6": "libfreetype6",
    "libX11.so.6": "libx11-6",
    "libXext.so.6": "libxext6",
}
"""What all of Qt needs, and the Debian package that has it."""

_XCB_LIBRARIES: Final = {
    "libdbus-1.so.3": "libdbus-1-3",
    "libX11-xcb.so.1": "libx11-xcb1",
    "libxcb.so.1": "libxcb1",
    "libxcb-icccm.so.4": "libxcb-icccm4",
    "libxcb-image.so.0": "libxcb-image0",
    "libxcb-keysyms.so.1": "libxcb-keysyms1",
    "libxcb-randr.so.0": "libxcb-randr0",
    "libxcb-render.so.0": "libxcb-render0",
    "libxcb-render-util.so.0": "libxcb-render-util0",
    "libxcb-shape.so.0": "libxcb-shape0",
    "libxcb-shm.so.0": "libxcb-shm0",
    "libxcb-sync.so.1": "libxcb-sync1",
    "libxcb-xfixes.so.0": "libxcb-xfixes0",
    "libxcb-xinerama.so.0": "libxcb-xinerama0",
    "libxcb-xkb.so.1": "libxcb-xkb1",
    "libxkbcommon.so.0": "libxkbcommon0",
    "libxkbcommon-x11.so.0": "libxkbcommon-x11-0",
}
"""What a window under X11 needs besides."""

Load = Callable[[str], object]


def missing_packages(environ: Mapping[str, str], load: Load = ctypes.CDLL) -> list[str]:
    """Return the Debian packages of the libraries that Qt needs and this machine lacks.

    Args:
        environ: The environment of the process.
        load: Loads a shared library, and raises OSError if there is none.
    """
    if not sys.platform.startswith("linux"):
        return []
    libraries = dict(_QT_LIBRARIES)
    if _platform(environ) in ("", "xcb"):
        libraries |= _XCB_LIBRARIES
    return sorted({package for name, package in libraries.items() if not _loads(name, load)})


def explain_missing(packages: list[str]) -> str:
    """Return one sentence on system libraries that are missing and how to install them."""
    return (
        "Qt needs system libraries that this machine lacks. On Debian or Ubuntu: "
        f"apt-get install {' '.join(packages)}"
    )


def display_problem(environ: Mapping[str, str], load: Load = ctypes.CDLL) -> str | None:
    """Return why no window can be shown, in a few words, or None if one can.

    Args:
        environ: The environment of the process.
        load: Loads a shared library, and raises OSError if there is none.
    """
    if not sys.platform.startswith("linux"):
        return None
    platform = _platform(environ)
    if platform not in ("", "xcb", "wayland"):
        return None
    wayland, x11 = environ.get("WAYLAND_DISPLAY"), environ.get("DISPLAY")
    if platform != "xcb" and wayland and _wayland_answers(wayland, environ):
        return None
    if platform != "wayland" and x11:
        return None if _x11_answers(load) else f"the display {x11!r} does not answer"
    if wayland:
        return f"the Wayland display {wayland!r} does not answer"
    return "there is no display (DISPLAY and WAYLAND_DISPLAY are not set)"


def _platform(environ: Mapping[str, str]) -> str:
    return environ.get("QT_QPA_PLATFORM", "").partition(":")[0]


def _loads(name: str, load: Load) -> bool:
    try:
        load(name)
    except OSError:
        return False
    return True


def _wayland_answers(name: str, environ: Mapping[str, str]) -> bool:
    path = Path(environ.get("XDG_RUNTIME_DIR", ""), name)
    try:
        with socket.socket(socket.AF_UNIX) as connection:
            connection.connect(str(path))
    except OSError:
        return False
    return True


def _x11_answers(load: Load) -> bool:
    """Try the display with libxcb, which knows all forms of DISPLAY and its cookies."""
    try:
        xcb = load("libxcb.so.1")
    except OSError:
        return True  # the missing library is reported elsewhere
    connect, has_error, disconnect = (
        getattr(xcb, name) for name in ("xcb_connect", "xcb_connection_has_error", "xcb_disconnect")
    )
    connect.restype = ctypes.c_void_p
    has_error.argtypes = disconnect.argtypes = [ctypes.c_void_p]
    connection = connect(None, None)
    try:
        return not has_error(connection)
    finally:
        disconnect(connection)
