"""Lets a random user and random clients loose on the real app, and compares what it says.

Run it by hand: `python -m tests.endurance.window --minutes 20 --seed 1`. If something is wrong it
ends with code 1, and with the seed and the last steps; the same seed takes the same steps again.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from pathlib import Path
from random import SystemRandom

from tests.end_to_end.monitor import fork_server
from tests.endurance.machine import Machine
from tests.endurance.session import Wrong

LAST_STEPS = 60


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=1.0)
    parser.add_argument("--seed", type=int, default=SystemRandom().randrange(10**6))
    arguments = parser.parse_args()
    began_s = time.monotonic()
    print(f"seed {arguments.seed}", flush=True)
    with tempfile.TemporaryDirectory(prefix="window") as folder:
        machine = Machine(arguments.seed, Path(folder))
        try:
            machine.run(arguments.minutes * 60)
            machine.close()
            problem = ""
        except (Wrong, AssertionError) as wrong:
            problem = str(wrong)
        finally:
            machine.kill()
            fork_server().close()
    print(*machine.totals.lines(), sep="\n")
    print(f"{time.monotonic() - began_s:.0f} s")
    if problem:
        print(*machine.done[-LAST_STEPS:], sep="\n")
        print(f"WRONG, seed {arguments.seed}, step {len(machine.done)}: {problem}")
        sys.exit(1)
    print("all agreed")


if __name__ == "__main__":
    main()
