"""The delay before a response is sent."""

from __future__ import annotations

import math
from typing import Final

MIN_DELAY_S: Final = 0.0
MAX_DELAY_S: Final = 3600.0
DEFAULT_DELAY_S: Final = 5.0
PRESETS_S: Final = (0.0, 0.5, 1.0, 5.0, 30.0)


def check_delay(delay_s: float) -> float:
    """Return `delay_s` if it is a possible delay.

    Raises:
        ValueError: It is not a number, or not between 0 and 3600 seconds.
    """
    if not math.isfinite(delay_s) or not MIN_DELAY_S <= delay_s <= MAX_DELAY_S:
        raise ValueError(
            f"A delay lies between {MIN_DELAY_S:g} and {MAX_DELAY_S:g} seconds, not {delay_s:g}."
        )
    return delay_s + 0.0  # -0.0 is shown with its sign


def parse_delay(text: str) -> float:
    """Return the delay in seconds that a person wrote, such as `0.5`.

    Raises:
        ValueError: It is no number, or not a possible delay; the message says which.
    """
    try:
        delay_s = float(text)
    except ValueError:
        hint = " Write the decimals after a point." if "," in text else ""
        raise ValueError(
            f"A delay is a number of seconds, such as 0.5, not {text!r}.{hint}"
        ) from None
    return check_delay(delay_s)


class Delay:
    """The delay that the next request will get; it can change at any time.

    Args:
        delay_s: The delay to begin with, in seconds.

    Raises:
        ValueError: It is not a possible delay.
    """

    def __init__(self, delay_s: float = DEFAULT_DELAY_S) -> None:
        self._delay_s = check_delay(delay_s)

    @property
    def delay_s(self) -> float:
        """The present delay in seconds. Setting an impossible one raises ValueError."""
        return self._delay_s

    @delay_s.setter
    def delay_s(self, delay_s: float) -> None:
        self._delay_s = check_delay(delay_s)
