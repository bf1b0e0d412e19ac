"""One machine's session with the app: how it starts, is asked, and is waited for."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any, Final

from tests.end_to_end.monitor import Monitor
from tests.endurance.clients import Clients
from tests.waits import WAIT_S

INSIDE: Final = "__import__('tests.endurance.inside', fromlist=['do']).do"
QUIET_S: Final = WAIT_S
"""How long all may take to become quiet, on a busy machine."""

CERTAIN_S: Final = 8.0
"""A request that still has so much of its delay left is surely interrupted if its client goes."""


class Wrong(AssertionError):
    """The app said what is not so."""


@dataclass
class Totals:
    """What was done and seen, over all runs."""

    steps: Counter[str] = field(default_factory=Counter)
    skipped: Counter[str] = field(default_factory=Counter)
    checks: int = 0
    starts: int = 0
    begun: int = 0
    answered: int = 0
    interrupted: int = 0
    worst_wall: tuple[float, str] = (0.0, "")
    worst_cpu: tuple[float, str] = (0.0, "")

    def lines(self) -> list[str]:
        kinds = ", ".join(f"{name} {count}" for name, count in sorted(self.steps.items()))
        wall_s, wall_step = self.worst_wall
        cpu_s, cpu_step = self.worst_cpu
        return [
            f"steps {sum(self.steps.values())}: {kinds}",
            f"not possible at the time: {sum(self.skipped.values())}",
            f"checks {self.checks}, starts {self.starts}",
            f"requests {self.begun}: answered {self.answered}, interrupted {self.interrupted}",
            f"worst gap between turns: {wall_s * 1000:.0f} ms after {wall_step},"
            f" of CPU {cpu_s * 1000:.0f} ms after {cpu_step}",
        ]


class Session:
    """The app, its clients, and what was done.

    Args:
        seed: Decides all that is random.
        folder: Where the history and other files go.
    """

    monitor: Monitor

    def __init__(self, seed: int, folder: Path) -> None:
        self.random = Random(seed)
        self.folder = folder
        self.history = folder / "history.sqlite"
        self.totals = Totals()
        self.done: list[str] = []
        self.clients = Clients()
        self._paths = 0
        self._endpoints = 0
        self._records_before = 0  # in the history, of earlier runs
        self._make_files()

    def _start_app(self) -> None:
        keep = self.random.choice((15, 60, 100_000))
        options = ["--listen", "tcp:0:interface=127.0.0.1", "--keep", str(keep)]
        options += ["--delay", "30", "--history", str(self.history)]
        self._note(f"start {' '.join(options)}")
        self.totals.starts += 1
        self.clients = Clients()
        self.log_read = 0
        self.urls = 0
        self.arrived: list[tuple[int, str]] = []
        self.is_listen_failed = False
        self.has_file_message: bool | None = False  # None if that is not known
        self.is_leaving_dismissed = False
        self.expected_filter: str | None = ""
        self.seen: dict[str, Any] = {}
        self.monitor = Monitor(*options, environment=self._environment())
        self.url = self.monitor.url()
        self._wait_for(lambda: self.ask("waiting") == [], "the app answers")
        self.look()

    def _environment(self) -> dict[str, str]:
        names = ("XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_CACHE_HOME", "XDG_RUNTIME_DIR")
        found = {"QT_QPA_PLATFORM": "offscreen"}
        for name in names:
            place = self.folder / name.lower()
            place.mkdir(mode=0o700, exist_ok=True)
            found[name] = str(place)
        return found

    def ask(self, function: str, *arguments: object) -> Any:
        step = self.done[-1] if self.done else "start"
        listed = "".join(f", {argument!r}" for argument in arguments)
        return self.monitor.ask(f"{INSIDE}({step!r}, {function!r}{listed})")

    def _note(self, step: str) -> None:
        self.done.append(step)

    def _make_files(self) -> None:
        (self.folder / "junk.bin").write_bytes(self.random.randbytes(20_000))
        (self.folder / "empty.jsonl").write_text("")
        (self.folder / "lines.jsonl").write_text('{"a": 1}\n[]\nnothing\n' * 300)

    def look(self) -> None:
        """See what the app says now."""
        self.seen = self.ask("snapshot", len(self.arrived))
        self.arrived += [(number, path) for number, path in self.seen["arrived"]]
        if self.seen["url"]:
            self.url = self.seen["url"]
        self.totals.worst_wall = max(self.totals.worst_wall, tuple(self.seen["worst_wall"]))
        self.totals.worst_cpu = max(self.totals.worst_cpu, tuple(self.seen["worst_cpu"]))

    def _settle(self) -> None:
        """Wait until the server does what it was asked for."""

        def stands() -> bool:
            self.look()
            return self.seen["state"] in ("stopped", "listening")

        self._wait_for(stands, "the server stands")

    def _path(self) -> str:
        self._paths += 1
        return f"/r/{self._paths}"

    def _said(self, detail: object) -> None:
        self.done[-1] += f" {detail}"

    @staticmethod
    def _certain(waiting: list[Any]) -> list[tuple[int, str, float]]:
        return [(number, path, left) for number, path, left in waiting if left > CERTAIN_S]

    @staticmethod
    def _wait(condition: Callable[[], object], seconds: float) -> bool:
        until_s = time.monotonic() + seconds
        while not condition():
            if time.monotonic() > until_s:
                return False
            time.sleep(0.02)
        return True

    def _wait_for(self, condition: Callable[[], object], what: str) -> None:
        if not self._wait(condition, QUIET_S):
            raise Wrong(f"not in time: {what}")
