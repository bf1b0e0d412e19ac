"""Which file a path leads to, and giving a damaged one another name."""

from __future__ import annotations

import contextlib
import datetime
import os
from pathlib import Path
from typing import Final

Identity = tuple[int, int]
"""Tells a file from any other that has the same path later: its device and its inode."""

COMPANIONS: Final = ("-wal", "-shm", "-journal")
"""Ends of the names of the files that SQLite keeps beside a database."""


def identity_of(path: Path) -> Identity | None:
    """Return which file is there; None if there is none."""
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino


def set_aside(path: Path, identity: Identity, now: datetime.datetime) -> Path | None:
    """Give a damaged file another name, so that a new one can take its place; return that name.

    Args:
        path: Where it is.
        identity: Which file it is. If another one is there, which a process may have put there
            that set the damaged one aside before, that one stays and None is returned.
        now: The local time, for the name.

    Raises:
        OSError: It cannot be renamed.
    """
    if identity_of(path) != identity:
        return None
    stem = f"{path.name}.damaged-{now:%Y%m%d-%H%M%S}"
    aside = path.with_name(stem)
    number = 1
    while aside.exists():
        number += 1
        aside = path.with_name(f"{stem}-{number}")
    os.rename(path, aside)  # noqa: PTH104 -- never over another file, which replace() might
    if identity_of(aside) != identity:  # it was replaced in this very moment
        if not path.exists():
            os.rename(aside, path)  # noqa: PTH104
        return None
    for companion in COMPANIONS:
        with contextlib.suppress(FileNotFoundError):
            os.rename(f"{path}{companion}", f"{aside}{companion}")  # noqa: PTH104
    return aside
