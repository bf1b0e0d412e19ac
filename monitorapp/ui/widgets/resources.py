"""Where the plain files beside the code are: icons and the like."""

from __future__ import annotations

from pathlib import Path
from typing import Final

_PACKAGE: Final = Path(__file__).resolve().parents[2]
_FOLDERS: Final = (_PACKAGE / "resources", _PACKAGE.parent / "resources")
"""In an installed wheel, and in a checkout. The wheel's comes first, since a folder
beside an installed package may be anyone's."""


def resource_path(name: str) -> Path:
    """Return the path of the resource file `name`, such as `start.svg`.

    Raises:
        FileNotFoundError: There is no such file; the message names the places searched.
    """
    for folder in _FOLDERS:
        path = folder / name
        if path.is_file():
            return path
    places = " nor in ".join(str(folder) for folder in _FOLDERS)
    raise FileNotFoundError(f"The resource file {name!r} is missing: it is not in {places}.")
