"""Terms of the filter language that choose a span of time."""

from __future__ import annotations

import datetime
import re
from typing import Final

_MOMENT: Final = r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:.+-]+"
_SPAN: Final = re.compile(rf"(?:^|\s+)time>={_MOMENT}\s+time<{_MOMENT}(?=\s|$)")


def time_terms(start_s: int, end_s: int) -> str:
    """Return the terms that match what was logged from `start_s` until before `end_s`.

    Args:
        start_s: Seconds since the epoch.
        end_s: The same.
    """
    return f"time>={_moment(start_s)} time<{_moment(end_s)}"


def without_time_terms(expression: str) -> str:
    """Return an expression without the terms that `time_terms` made."""
    return _SPAN.sub("", expression).strip()


def _moment(time_s: int) -> str:
    local = datetime.datetime.fromtimestamp(time_s)
    if local.replace(fold=0).timestamp() != time_s:  # the clock showed this time twice
        local = local.astimezone()
    return local.isoformat()
