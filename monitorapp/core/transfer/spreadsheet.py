"""Records as CSV, for spreadsheets."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterable, Iterator
from typing import Any, Final

from monitorapp.core.record.codec import NAMES, as_fields
from monitorapp.core.record.interruption import Interruption

_FORMULA: Final = "=+\\-@＝＋－＠"  # noqa: RUF001 -- full-width ones count as well
"""What a spreadsheet may take for the beginning of a formula, see
https://owasp.org/www-community/attacks/CSV_Injection."""

_RISKY: Final = re.compile(rf"(?:\A|(?<=[;|\t\r\n]))(?=[ \"]{{0,8}}[{_FORMULA}])|\A(?=[\t\r\n])")
"""Where a cell with a formula may begin: at the beginning, and after what a spreadsheet may take
for a separator. Quotation marks do not protect what it divides at another one than the comma."""


def lines(interruptions: Iterable[Interruption]) -> Iterator[str]:
    """Yield a line with the names of the fields, and one for each record."""
    yield _line(NAMES)
    for interruption in interruptions:
        fields = as_fields(interruption)
        fields["reason"] = interruption.reason.value
        if interruption.outcome is not None:
            fields["outcome"] = interruption.outcome.value
        fields["headers"] = json.dumps(fields["headers"])
        yield _line(_cell(fields[name]) for name in NAMES)


def _line(cells: Iterable[object]) -> str:
    line = io.StringIO()
    csv.writer(line).writerow(list(cells))  # RFC 4180
    return line.getvalue()


def _cell(value: Any) -> object:
    if isinstance(value, str):
        # Spreadsheets end a cell at NUL, and Python's csv refuses it before 3.11.
        return _RISKY.sub("'", value.replace("\0", "\\x00"))
    return "" if value is None else value
