"""Without a command: the window that runs the server."""

from __future__ import annotations

import argparse

from monitorapp.app.options import Options, default_history
from monitorapp.cli.values import checked, count, endpoint, history_file, seed, silence_s
from monitorapp.core.delay.delay import MAX_DELAY_S, MIN_DELAY_S, parse_delay
from monitorapp.core.records.store import DEFAULT_KEEP
from monitorapp.web.server.endpoint import DEFAULT_ENDPOINT
from monitorapp.web.server.transport import DEFAULT_VANISHED_AFTER_S


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options of the window."""
    parser.add_argument(
        "--listen",
        metavar="ENDPOINT",
        type=checked(endpoint),
        default=DEFAULT_ENDPOINT,
        help="Twisted server endpoint string; tcp:0 picks a free port (default: %(default)s)",
    )
    parser.add_argument(
        "--delay",
        metavar="SECONDS",
        type=checked(parse_delay),
        help=f"delay of each response, from {MIN_DELAY_S:g} to {MAX_DELAY_S:g} seconds"
        " (default: the one of last time)",
    )
    parser.add_argument(
        "--keep",
        metavar="N",
        type=checked(count),
        default=DEFAULT_KEEP,
        help="how many interrupted responses are kept (default: %(default)s)",
    )
    parser.add_argument(
        "--history",
        metavar="FILE",
        type=history_file,
        default=str(default_history()),
        help="SQLite file in which all records of all runs are kept; none to keep none"
        " (default: %(default)s)",
    )
    parser.add_argument(
        "--vanished-after",
        metavar="SECONDS",
        type=checked(silence_s),
        default=DEFAULT_VANISHED_AFTER_S,
        help="seconds after which a client that vanished silently counts as gone; 0 to leave that"
        " to the system (default: %(default)g)",
    )
    parser.add_argument(
        "--seed",
        metavar="N",
        type=checked(seed),
        help="seed of random delays: the same number gives the same delays"
        " (default: different each time)",
    )
    parser.set_defaults(run=run)


def run(parsed: argparse.Namespace) -> None:
    """Show the window; the process ends with the app's exit code."""
    from monitorapp.app.bootstrap import run_window

    run_window(options_of(parsed))


def options_of(parsed: argparse.Namespace) -> Options:
    """Return the options that were parsed."""
    return Options(
        listen=parsed.listen,
        delay_s=parsed.delay,
        keep=parsed.keep,
        history=parsed.history,
        vanished_after_s=parsed.vanished_after,
        seed=parsed.seed,
    )
