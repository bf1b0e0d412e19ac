"""Values of options: what argparse cannot read by itself, and one sentence if it is bad."""

from __future__ import annotations

import argparse
import math
from collections.abc import Callable
from pathlib import Path
from typing import Final, TypeVar

from monitorapp.core.text.format import grouped
from monitorapp.core.text.visible import cut, visible
from monitorapp.web.server.endpoint import complete_endpoint, parse_endpoint
from monitorapp.web.server.transport import MAX_VANISHED_AFTER_S, MIN_VANISHED_AFTER_S

MAX_KEEP: Final = 10_000_000
"""More than a machine has memory for, at some 300 bytes each, is a typo."""

MAX_SEED_DIGITS: Final = 18

_Value = TypeVar("_Value")


def checked(parse: Callable[[str], _Value]) -> Callable[[str], _Value]:
    """Let argparse show the sentence of a ValueError instead of one of its own."""

    def check(text: str) -> _Value:
        try:
            return parse(text)
        except ValueError as error:
            raise argparse.ArgumentTypeError(str(error)) from error

    return check


def endpoint(text: str) -> str:
    """Return a Twisted server endpoint string, also for a bare port, or raise ValueError."""
    text = complete_endpoint(text)
    parse_endpoint(None, text)
    return text


def history_file(text: str) -> Path | None:
    """Return the path of a history file; None for `none`."""
    return None if text == "none" else Path(text).expanduser()


def silence_s(text: str) -> float:
    """Return a time in seconds after which a silent client is given up, or raise ValueError."""
    try:
        seconds = float(text)
    except ValueError:
        seconds = math.nan
    if not (seconds == 0 or MIN_VANISHED_AFTER_S <= seconds <= MAX_VANISHED_AFTER_S):
        raise ValueError(
            f"It lies between {MIN_VANISHED_AFTER_S:g} and {MAX_VANISHED_AFTER_S:,.0f} seconds,"
            f" or is 0, not {text!r}."
        )
    return seconds


def seed(text: str) -> int:
    """Return a seed of random numbers, or raise ValueError."""
    if not (text.isascii() and text.isdigit() and len(text) <= MAX_SEED_DIGITS):
        shown = cut(visible(text), 40)
        raise ValueError(
            f"A seed is a whole number of at most {MAX_SEED_DIGITS} digits, not '{shown}'."
        )
    return int(text)


def count(text: str) -> int:
    """Return how many interruptions are kept, or raise ValueError."""
    is_short_number = text.isascii() and text.isdigit() and len(text) <= len(str(MAX_KEEP))
    if not (is_short_number and 1 <= int(text) <= MAX_KEEP):
        shown = cut(visible(text), 40)
        raise ValueError(f"From 1 to {grouped(MAX_KEEP)} interruptions can be kept, not '{shown}'.")
    return int(text)
