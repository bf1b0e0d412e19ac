"""The one tree of commands and options.

Each command has a file of its own in this package, which adds its arguments and runs it.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence

from monitorapp import __version__
from monitorapp.cli import export, window


def main(arguments: Sequence[str] | None = None) -> None:
    """Run what the command line asks for; by default the window.

    Raises:
        SystemExit: With the command's exit code; with code 2 and a usage message on standard
            error for wrong arguments; with code 0 after `--help` and `--version`.
    """
    parsed = parser().parse_args(sys.argv[1:] if arguments is None else arguments)
    parsed.run(parsed)


def parser() -> argparse.ArgumentParser:
    """Return the parser of the whole command line. What it parses has `run`, to be called."""
    root = argparse.ArgumentParser(
        prog="monitorapp",
        description="Run a Twisted Web server in a window and watch its interrupted responses.",
        allow_abbrev=False,
    )
    window.add_arguments(root)
    root.add_argument("--version", action="version", version=f"monitorapp {__version__}")
    commands = root.add_subparsers(
        title="commands",
        metavar="COMMAND",
        description="Without one, the window opens. COMMAND --help describes it.",
    )
    export.add_command(commands)
    return root
