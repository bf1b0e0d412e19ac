"""Hostile patterns in the filter over hostile rows, in the real app."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Final

from tests.end_to_end.monitor import Monitor, fork_server
from tests.endurance.session import INSIDE
from tests.endurance.worst import Worst

PATH_CHARACTERS: Final = 15_000
LIMIT_S: Final = 600.0
GOAL_S: Final = 0.1

PATTERNS: Final = (
    "path:/(.*)(.*)b/",
    "path:/(.*)(.*)(.*)(.*)b$/",
    "path:/(a+)+$/",
    "path:/(a|aa)+b/",
    "path:/.*.*=.*/",
    "/(x+x+)+y/",
    "/^(([a-z])+.)+[A-Z]([a-z])+$/",
    "/(.*a){20}b/",
    "path:/(a?){50}a{50}b/",
    "/\\p{L}*\\d\\p{L}*\\d/",
    "not path:/(.*)(.*)b/ or /(.*)(.*)c/",
    "path:/a{1,500}b/",
    "aaaaaaaaaab",
    "path:aaaaaaaab",
    "-path:aab",
    "waited>1s path:/(.*)(.*)b/",
    "path=/aaa or client:10.0.0.0/8",
    "/(?i)(Z|z)+q/",
    "path:/[^b]*b[^c]*c/",
)


def try_all(rows: int, folder: Path, found: Worst) -> None:
    """Filter so many rows by each pattern; note the longest gap between turns of the app."""
    options = ("--delay", "30", "--history", "none", "--keep", str(rows))
    listen = ("--listen", "tcp:0:interface=127.0.0.1")
    monitor = Monitor(*listen, *options, environment={"QT_QPA_PLATFORM": "offscreen"})
    try:
        monitor.url()
        for start in range(0, rows, 1_000):
            monitor.ask(f"{INSIDE}('fill', 'fill', {start}, 1000, {PATH_CHARACTERS})")
        found.count("rows", monitor.ask("rows()"))
        for pattern in PATTERNS:
            began_s = time.monotonic()
            monitor.ask(f"{INSIDE}({pattern!r}, 'begin_gaps')")
            monitor.ask(f"{INSIDE}({pattern!r}, 'set_filter', {pattern!r})")
            while not monitor.ask("find('table_pane').source.progress.share == 1"):
                time.sleep(0.05)
                if time.monotonic() - began_s > LIMIT_S:
                    found.wrong(f"{pattern} takes longer than {LIMIT_S} s")
                    break
            took_s = time.monotonic() - began_s
            (wall_s, _), (cpu_s, _) = monitor.ask(f"{INSIDE}({pattern!r}, 'worst_gaps')")
            found.count(f"{pattern}: ms in all", int(took_s * 1000))
            found.count(f"{pattern}: ms of the worst gap", int(wall_s * 1000))
            found.count(f"{pattern}: ms of CPU in the worst gap", int(cpu_s * 1000))
            if cpu_s > GOAL_S:
                found.wrong(f"{pattern}: the window stood still for {cpu_s * 1000:.0f} ms of CPU")
        monitor.close()
    finally:
        monitor.kill()
        fork_server().close()
        fork_server.cache_clear()
