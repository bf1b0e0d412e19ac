"""The command `monitorapp export`: what the history keeps, as a file, without a window."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from monitorapp.core.export_file import ExportError, export_steps
from monitorapp.core.export_formats import ExportFormat, format_of
from monitorapp.core.filter_language import Filter, FilterError, parse_filter, searched_text
from monitorapp.core.history.file import HistoryError
from monitorapp.core.history.reader import search
from monitorapp.core.import_file import Imported, ImportFileError, import_steps
from monitorapp.core.interruption import Interruption
from monitorapp.core.transfer_text import about, broken_lines
from monitorapp.options import default_history

COMMAND = "export"


def main(arguments: Sequence[str]) -> None:
    """Export as the arguments say, and tell on standard error how many records there were.

    Raises:
        SystemExit: With a sentence, if that is not possible; with code 2 for wrong arguments.
    """
    parser = _parser()
    parsed = parser.parse_args(arguments)
    try:
        format_of(parsed.file)
        wanted = parse_filter(parsed.filter)
    except FilterError as error:
        parser.error(f"--filter: {error}")
    except ValueError as error:
        parser.error(str(error))
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
    if imported.broken:
        print(broken_lines(imported, parsed.source), file=sys.stderr)
    print(f"{len(found):,} records written to {parsed.file}", file=sys.stderr)


def _matches(wanted: Filter, interruption: Interruption) -> bool:
    return wanted.matches(interruption, searched_text(interruption))


def _parser() -> argparse.ArgumentParser:
    endings = ",".join(kind.value for kind in ExportFormat)
    parser = argparse.ArgumentParser(
        prog=f"monitorapp {COMMAND}",
        description="Write recorded interruptions to a file.",
        allow_abbrev=False,
    )
    parser.add_argument(
        "file", metavar="FILE", type=Path, help=f"what to write; its name ends in {endings}"
    )
    parser.add_argument(
        "--filter",
        metavar="EXPRESSION",
        default="",
        help="write only what matches, as in the window",
    )
    source = parser.add_mutually_exclusive_group()
    source.add_argument(
        "--history",
        metavar="FILE",
        type=Path,
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
    return parser
