"""The command that opens a file at a line in the user's editor."""

from __future__ import annotations

import shlex
from pathlib import PurePath
from typing import Final

EXAMPLE: Final = "code -g {file}:{line}"
"""A template as a user would write one."""

_PLUS_LINE: Final = frozenset({"emacs", "emacsclient", "gvim", "gedit", "gnome-text-editor"})
_LINE_OPTION: Final = frozenset({"kate", "kwrite"})
_COLON_LINE: Final = frozenset({"code", "codium", "code-insiders", "subl", "zed"})
_TERMINAL_OPTIONS: Final = frozenset({"-t", "-nw", "-tty", "--tty", "--no-window-system"})


def editor_command(
    template: str | None, visual: str | None, file: str, line: int
) -> list[str] | None:
    """Return the command and its arguments, without a shell; None for the desktop's default.

    Args:
        template: What the user has set, such as `EXAMPLE`. The file is put at the end if
            `{file}` is not in it.
        visual: The environment's VISUAL. An editor that is not known to open a window of its
            own is not used: in a terminal, which there may not be, it would not be seen.
        file: The file.
        line: Its line, from 1.

    Raises:
        ValueError: The template has a quotation mark that is not closed.
    """
    if template is not None and template.strip():
        words = _split(template)
        if not any("{file}" in word for word in words):
            words.append("{file}")
        # The file last: its name may look like a placeholder.
        return [word.replace("{line}", str(line)).replace("{file}", file) for word in words]
    if visual is None or not visual.strip():
        return None
    try:
        words = _split(visual)
    except ValueError:
        return None
    if not words:
        return None
    name = PurePath(words[0]).name.removesuffix(".exe")
    if name in _COLON_LINE:
        goto = ["-g"] if name.startswith("cod") and "-g" not in words else []
        return [*words, *goto, f"{file}:{line}"]
    if name in _LINE_OPTION:
        return [*words, "--line", str(line), file]
    if name in _PLUS_LINE and _TERMINAL_OPTIONS.isdisjoint(words):
        return [*words, f"+{line}", file]
    return None


def source_place(began_at: str) -> tuple[str, int] | None:
    """Return the file and the line of `FILE:LINE`; None if it is not of that form."""
    file, _, line = began_at.rpartition(":")
    if not file or not (line.isascii() and line.isdigit() and len(line) < 10):
        return None
    return file, max(1, int(line))


def _split(command: str) -> list[str]:
    try:
        return shlex.split(command)
    except ValueError:
        raise ValueError("The quotation mark in the editor's command is not closed.") from None
