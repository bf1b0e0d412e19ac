"""What must not be in the log of the app."""

from __future__ import annotations

import re
from typing import Final

from monitorapp.core.record.interruption import INTERRUPTED_MESSAGE

_BAD_LINE: Final = re.compile(r"Unhandled|Unexpected error|Critical|#error\]|#critical\]|^Q\w+::")


def bad_lines(lines: list[str]) -> list[list[str]]:
    """Return what must not be in a log, each with the lines around it."""
    found, event = [], ""
    for place, line in enumerate(lines):
        if not line.startswith("\t"):
            event = line
        bad = _BAD_LINE.search(line) is not None
        if "Traceback" in line:
            bad = INTERRUPTED_MESSAGE not in event
        elif "server#error" in event:
            bad = False  # where it cannot listen
        if bad:
            found.append(lines[max(0, place - 3) : place + 40])
    return found
