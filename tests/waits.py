"""How long tests wait: for conditions, never for times."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Final

WAIT_S: Final = 60.0
"""After so long a condition that has not come true fails the test.

No test waits so long when all is well; beside load on every core, some things take ten times
as long as usual.
"""

WAIT_MS: Final = int(WAIT_S * 1000)


def wait_until(condition: Callable[[], object], explain: Callable[[], str] = str) -> None:
    """Wait until a condition is true, where no event says so.

    Args:
        condition: What is to be true.
        explain: Returns what is known when it is not true in time.
    """
    until_s = time.monotonic() + WAIT_S
    while not condition():
        assert time.monotonic() < until_s, explain()
        time.sleep(0.005)
