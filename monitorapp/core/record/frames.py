"""The frames of a traceback's text, and the text with the frames of libraries folded."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby
from typing import Final

from monitorapp.core.text.format import plural

_PYTHON: Final = re.compile(r'  File "(?P<path>.*)", line (?P<line>\d{1,9}), in (?P<function>.*)')
_TWISTED: Final = re.compile(
    r"(?P<path>[^\s:][^:]{0,4000}\.py|<[^<>:]{1,200}>):(?P<line>\d{1,9}):(?P<function>\S{1,1000})"
)
_INSTALLED: Final = re.compile(r"[\\/](?:site|dist)-packages[\\/](?P<package>[^\\/]+)")
_STANDARD: Final = re.compile(r"[\\/]lib(?:64)?[\\/]python3[^\\/]*[\\/]", re.IGNORECASE)
_TWISTED_PACKAGE: Final = re.compile(r"[\\/]twisted[\\/]")
_STANDARD_LIBRARY: Final = "the standard library"


@dataclass(frozen=True, slots=True)
class Frame:
    """One frame of a traceback, read from its text.

    Attributes:
        path: File of the code.
        line: Line number in it.
        function: Name of the function.
        text: The frame's own lines: the place, then the source lines below it.
    """

    path: str
    line: int
    function: str
    text: str

    @property
    def library(self) -> str:
        """Name of the package that the code is from; empty if it is the user's own."""
        installed = _INSTALLED.search(self.path)
        if installed is not None:
            return installed["package"].removesuffix(".py")
        if _TWISTED_PACKAGE.search(self.path):
            return "twisted"
        return _STANDARD_LIBRARY if _STANDARD.search(self.path) else ""


def parse(traceback: str) -> list[Frame | str]:
    """Return the frames of a traceback, and each line that belongs to none as a string.

    Joined with line feeds, the strings and the texts of the frames are the traceback again.
    """
    parts: list[Frame | str] = []
    lines = traceback.split("\n")
    place = 0
    while place < len(lines):
        found = _PYTHON.fullmatch(lines[place]) or _TWISTED.fullmatch(lines[place])
        if found is None:
            parts.append(lines[place])
            place += 1
            continue
        start = place
        place += 1
        while place < len(lines) and lines[place].startswith("    "):
            place += 1
        text = "\n".join(lines[start:place])
        parts.append(Frame(found["path"], int(found["line"]), found["function"], text))
    return parts


def has_library_frames(traceback: str) -> bool:
    """Return whether any frame of the traceback is from a library."""
    return any(isinstance(part, Frame) and part.library for part in parse(traceback))


def folded(traceback: str) -> str:
    """Return the traceback with neighbouring library frames as one line that counts them."""
    lines: list[str] = []
    for in_library, group in groupby(parse(traceback), _is_library):
        parts = list(group)
        if in_library:
            lines.append(_fold(part for part in parts if isinstance(part, Frame)))
        else:
            lines += [part.text if isinstance(part, Frame) else part for part in parts]
    return "\n".join(lines)


def _is_library(part: Frame | str) -> bool:
    return isinstance(part, Frame) and bool(part.library)


def _fold(frames: Iterable[Frame]) -> str:
    libraries = [frame.library for frame in frames]
    names = list(dict.fromkeys(libraries))
    if len(names) > 3:
        names = [*names[:3], "others"]
    return f"  … {plural(len(libraries), 'frame')} in {', '.join(names)}"
