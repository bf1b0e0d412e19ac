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
    parsed = parse(sys.argv[1:] if arguments is None else arguments)
    parsed.run(parsed)


def parse(arguments: Sequence[str]) -> argparse.Namespace:
    """Return the parsed arguments; its `run` is to be called with it.

    Raises:
        SystemExit: As `main` does.
    """
    root = parser()
    try:
        parsed, unknown = root.parse_known_args(_joined(arguments))
    except argparse.ArgumentError as error:
        root.error(_problem_of_options(arguments) or str(error))
    is_first = parsed.name is not None and arguments[0] == parsed.name
    if unknown:
        asked = parsed.command if is_first else root  # whose usage is of help
        asked.error(f"unrecognized arguments: {' '.join(unknown)}")
    if parsed.name is not None and not is_first:
        # Otherwise they would be taken for those of the window, and silently ignored.
        root.error(f"options go after the command: monitorapp {parsed.name} ...")
    return parsed


def _problem_of_options(arguments: Sequence[str]) -> str:
    """Return what is wrong with the options before a command; empty if nothing is.

    Of an unknown option argparse would say that its value is no command.
    """
    options = argparse.ArgumentParser(add_help=False, allow_abbrev=False, exit_on_error=False)
    window.add_arguments(options)
    try:
        _, rest = options.parse_known_args(arguments)
    except argparse.ArgumentError as error:
        return str(error)
    return f"unrecognized arguments: {rest[0]}" if rest and rest[0].startswith("-") else ""


def _joined(arguments: Sequence[str]) -> list[str]:
    """Join a filter to its option, as argparse takes one like `-slow` for another option."""
    joined: list[str] = []
    for argument in arguments:
        if joined and joined[-1] == "--filter":
            joined[-1] += f"={argument}"
        else:
            joined.append(argument)
    return joined


def parser() -> argparse.ArgumentParser:
    """Return the parser of the whole command line."""
    root = argparse.ArgumentParser(
        prog="monitorapp",
        description="Run a Twisted Web server in a window and watch its interrupted responses.",
        allow_abbrev=False,
        exit_on_error=False,
    )
    window.add_arguments(root)
    root.add_argument("--version", action="version", version=f"monitorapp {__version__}")
    commands = root.add_subparsers(
        title="commands",
        dest="name",
        metavar="COMMAND",
        description="Without one, the window opens. COMMAND --help describes it.",
    )
    export.add_command(commands)
    return root
