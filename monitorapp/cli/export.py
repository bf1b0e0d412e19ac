"""The command `export`: what the history keeps, as a file, without a window."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from monitorapp.app.options import default_history
from monitorapp.cli.values import history_file
from monitorapp.core.text.format import plural
from monitorapp.core.transfer.formats import ExportFormat

if TYPE_CHECKING:
    from monitorapp.core.filter.language import Filter
    from monitorapp.core.record.interruption import Interruption


def add_command(commands: Any) -> None:
    """Add the command to argparse's subparsers."""
    *endings, last = (kind.value for kind in ExportFormat)
    command = commands.add_parser(
        "export",
        help="Write recorded interruptions to a file.",
        description="Write recorded interruptions to a file, without a window.",
        epilog="Example: monitorapp export slow.html --filter 'path:/slow waited>1s'",
        allow_abbrev=False,
    )
    command.add_argument(
        "file",
        metavar="FILE",
        type=Path,
        help=f"the file to write; its name ends in {', '.join(endings)} or {last}",
    )
    command.add_argument(
        "--filter",
        metavar="EXPRESSION",
        default="",
        help="write only the records that match, in the language of the window's filter",
    )
    source = command.add_mutually_exclusive_group()
    source.add_argument(
        "--history",
        metavar="FILE",
        type=history_file,
        default=default_history(),
        help="the history that is read (default: %(default)s)",
    )
    source.add_argument(
        "--from",
        dest="source",
        metavar="FILE",
        type=Path,
        help="read this instead: an export in JSON Lines, a history, or a JSON log of Twisted",
    )
    command.set_defaults(run=run, command=command)


def run(parsed: argparse.Namespace) -> None:
    """Export what the arguments ask for, and report on standard error how many records there were.

    Raises:
        SystemExit: With a sentence, if that is not possible; with code 2 for wrong arguments.
    """
    from monitorapp.core.filter.error import FilterError
    from monitorapp.core.filter.language import parse_filter
    from monitorapp.core.history.file import HistoryError
    from monitorapp.core.history.reader import search
    from monitorapp.core.transfer.export import ExportError, export_steps
    from monitorapp.core.transfer.formats import format_of
    from monitorapp.core.transfer.reading import Imported, ImportFileError, import_steps
    from monitorapp.core.transfer.wording import about, remarks

    try:
        format_of(parsed.file)
        wanted = parse_filter(parsed.filter)
    except FilterError as error:
        parsed.command.error(f"--filter: {error}")
    except ValueError as error:
        parsed.command.error(str(error))
    if parsed.source is not None and parsed.file.exists() and parsed.file.samefile(parsed.source):
        parsed.command.error("FILE and --from are the same file: choose another name to write.")
    if parsed.source is None and parsed.history is None:
        parsed.command.error("--history none: then there is no history to export.")
    imported = Imported()
    try:
        if parsed.source is None:
            found = [one for _, part in search(parsed.history, wanted) for one in part][::-1]
        else:
            for _ in import_steps(parsed.source, imported):
                pass
            found = [one for one in imported.interruptions if _matches(wanted, one)]
        for _ in export_steps(parsed.file, found, about(len(found), wanted.expression)):
            pass
    except (HistoryError, ImportFileError, ExportError) as error:
        sys.exit(f"monitorapp: {error}")
    if parsed.source is not None:
        for remark in remarks(imported, parsed.source):
            print(remark, file=sys.stderr)
    print(f"{plural(len(found), 'record')} written to {parsed.file}", file=sys.stderr)


def _matches(wanted: Filter, interruption: Interruption) -> bool:
    from monitorapp.core.record.searched_text import searched_text

    return wanted.matches(interruption, searched_text(interruption))
