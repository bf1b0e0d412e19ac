"""Whether a file is one that an editor can open."""

from __future__ import annotations

import stat
from pathlib import Path
from typing import Final

from monitorapp.core.text.visible import cut, visible

_LOOKED_AT_BYTES: Final = 8_000
"""As Git does, to tell text from anything else."""


def file_problem(file: str) -> str:
    """Return one sentence on why a file is not opened in an editor; empty if it can be.

    Only regular text files are opened, and only by their whole path: so that whatever a record
    names can be neither an option of the editor, nor something that would be run or waited for.
    """
    name = cut(visible(file), 300)
    path = Path(file)
    if not path.is_absolute():
        return f"{name} cannot be opened in an editor: it is not a whole path."
    try:
        if not stat.S_ISREG(path.stat().st_mode):
            return f"{name} cannot be opened in an editor: it is not a regular file."
        with path.open("rb") as stream:
            beginning = stream.read(_LOOKED_AT_BYTES)
    except FileNotFoundError:
        return f"{name} is not on this machine."
    except (OSError, ValueError) as error:  # a name with a NUL is a ValueError
        detail = error.strerror if isinstance(error, OSError) else None
        return f"{name} cannot be opened in an editor: {detail or error}."
    if b"\0" in beginning:
        return f"{name} cannot be opened in an editor: it is not a text file."
    return ""
