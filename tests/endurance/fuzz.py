"""Tries odd files, filters, requests and patterns, and reports what took longest or went wrong.

Run it by hand: `python -m tests.endurance.fuzz` for all, or with the names of some parts, and
`--share 0.1` for a tenth of it. It ends with code 1 if anything went wrong.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from random import Random, SystemRandom

from monitorapp.core.record.interruption import Interruption
from tests.endurance import expressions, lines, patterns, requests
from tests.endurance.worst import Worst
from tests.factory import record

LINES = 100_000
EXPRESSIONS = 100_000
REQUESTS = 50_000
ROWS = 100_000


def odd_records(dice: Random, folder: Path) -> list[Interruption]:
    """Return records that came of mutated lines, and some with long texts."""
    found = Worst()
    odd = lines.fuzz(5_000, dice, folder, found)
    return [record(), record(uri="/" + "a" * 3_000), record(traceback="\n" * 3_000), *odd]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("parts", nargs="*", help="lines, expressions, requests or patterns")
    parser.add_argument("--share", type=float, default=1.0)
    parser.add_argument("--seed", type=int, default=SystemRandom().randrange(10**6))
    arguments = parser.parse_args()
    share = arguments.share
    print(f"seed {arguments.seed}", flush=True)
    is_wrong = False
    with tempfile.TemporaryDirectory(prefix="fuzz") as name:
        folder = Path(name)

        def with_records(dice: Random, found: Worst) -> None:
            rows = odd_records(dice, folder)
            expressions.fuzz(int(EXPRESSIONS * share), dice, rows, found)

        parts: dict[str, Callable[[Random, Worst], object]] = {
            "lines": lambda dice, found: lines.fuzz(int(LINES * share), dice, folder, found),
            "expressions": with_records,
            "requests": lambda dice, found: requests.fuzz(
                int(REQUESTS * share), dice, folder, found
            ),
            "patterns": lambda _, found: patterns.try_all(int(ROWS * share), folder, found),
        }
        for part in arguments.parts or parts:
            began_s, found = time.monotonic(), Worst()
            parts[part](Random(f"{arguments.seed} {part}"), found)
            print(f"{part}, in {time.monotonic() - began_s:.0f} s:")
            print(*(f"  {line}" for line in found.lines()), sep="\n", flush=True)
            is_wrong |= bool(found.problems)
    sys.exit(is_wrong)


if __name__ == "__main__":
    main()
