"""The command line."""

from __future__ import annotations

import argparse
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, TypeVar

from platformdirs import user_data_path

from monitorapp import __version__
from monitorapp.core.delay import MAX_DELAY_S, MIN_DELAY_S, parse_delay
from monitorapp.core.store import DEFAULT_KEEP
from monitorapp.core.text import cut, visible
from monitorapp.web.endpoint import DEFAULT_ENDPOINT, parse_endpoint
from monitorapp.web.transport import (
    DEFAULT_VANISHED_AFTER_S,
    MAX_VANISHED_AFTER_S,
    MIN_VANISHED_AFTER_S,
)

MAX_KEEP: Final = 10_000_000
"""More than a machine has memory for, at some 300 bytes each, is a slip of the pen."""

MAX_SEED_DIGITS: Final = 18

_Value = TypeVar("_Value")


@dataclass(frozen=True, slots=True)
class Options:
    """What the person asked for on the command line.

    Attributes:
        listen: Twisted server endpoint string.
        delay_s: The delay to begin with, in seconds; None to take the one of last time.
        keep: How many interruptions are kept.
        history: The file in which all records are kept; None to keep none.
        vanished_after_s: How long a client may be silent to the kernel before its connection is
            given up, in seconds; 0 for ever.
        seed: What delays by chance begin with, so that a run can be repeated; None for a different
            run each time.
    """

    listen: str = DEFAULT_ENDPOINT
    delay_s: float | None = None
    keep: int = DEFAULT_KEEP
    history: Path | None = None
    vanished_after_s: float = DEFAULT_VANISHED_AFTER_S
    seed: int | None = None


def default_history() -> Path:
    """Return the history file of the person, where the platform keeps such data."""
    return user_data_path("monitorapp", appauthor=False) / "history.sqlite"


def parse_options(arguments: Sequence[str]) -> Options:
    """Return the options in `arguments`.

    Raises:
        SystemExit: With code 2 and a usage message on standard error for a bad option; with
            code 0 after `--help` and `--version`.
    """
    parsed = _parser().parse_args(arguments)
    return Options(
        listen=parsed.listen,
        delay_s=parsed.delay,
        keep=parsed.keep,
        history=parsed.history,
        vanished_after_s=parsed.vanished_after,
        seed=parsed.seed,
    )


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="monitorapp",
        description="Run a Twisted Web server in a window and watch its interrupted responses.",
        allow_abbrev=False,
    )
    parser.add_argument(
        "--listen",
        metavar="ENDPOINT",
        type=_checked(_endpoint),
        default=DEFAULT_ENDPOINT,
        help="Twisted server endpoint string; tcp:0 picks a free port (default: %(default)s)",
    )
    parser.add_argument(
        "--delay",
        metavar="SECONDS",
        type=_checked(parse_delay),
        help=f"delay of each response, from {MIN_DELAY_S:g} to {MAX_DELAY_S:g} seconds"
        " (default: the one of last time)",
    )
    parser.add_argument(
        "--keep",
        metavar="N",
        type=_checked(_count),
        default=DEFAULT_KEEP,
        help="how many interrupted responses are kept (default: %(default)s)",
    )
    parser.add_argument(
        "--history",
        metavar="FILE",
        type=_history,
        default=str(default_history()),
        help="SQLite file in which all records of all runs are kept; none to keep none"
        " (default: %(default)s)",
    )
    parser.add_argument(
        "--vanished-after",
        metavar="SECONDS",
        type=_checked(_silence),
        default=DEFAULT_VANISHED_AFTER_S,
        help="a client that vanished without a word counts as gone after this; 0 to wait for"
        " the system (default: %(default)g)",
    )
    parser.add_argument(
        "--seed",
        metavar="N",
        type=_checked(_seed),
        help="let delays by chance be the same as in another run with this number"
        " (default: different each time)",
    )
    parser.add_argument("--version", action="version", version=f"monitorapp {__version__}")
    return parser


def _checked(parse: Callable[[str], _Value]) -> Callable[[str], _Value]:
    """Let argparse show the sentence of a ValueError instead of one of its own."""

    def checked(text: str) -> _Value:
        try:
            return parse(text)
        except ValueError as error:
            raise argparse.ArgumentTypeError(str(error)) from error

    return checked


def _endpoint(text: str) -> str:
    parse_endpoint(None, text)
    return text


def _history(text: str) -> Path | None:
    return None if text == "none" else Path(text).expanduser()


def _silence(text: str) -> float:
    try:
        silence_s = float(text)
    except ValueError:
        silence_s = math.nan
    if not (silence_s == 0 or MIN_VANISHED_AFTER_S <= silence_s <= MAX_VANISHED_AFTER_S):
        raise ValueError(
            f"It lies between {MIN_VANISHED_AFTER_S:g} and {MAX_VANISHED_AFTER_S:,.0f} seconds,"
            f" or is 0, not {text!r}."
        )
    return silence_s


def _seed(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) <= MAX_SEED_DIGITS):
        shown = cut(visible(text), 40)
        raise ValueError(
            f"A seed is a whole number of at most {MAX_SEED_DIGITS} digits, not '{shown}'."
        )
    return int(text)


def _count(text: str) -> int:
    is_short_number = text.isascii() and text.isdigit() and len(text) <= len(str(MAX_KEEP))
    if not (is_short_number and 1 <= int(text) <= MAX_KEEP):
        shown = cut(visible(text), 40)
        raise ValueError(f"From 1 to {MAX_KEEP:,} interruptions can be kept, not '{shown}'.")
    return int(text)
