"""What took longest, and what went wrong, while much is tried."""

from __future__ import annotations

import time
import traceback
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

MOST_WRONG = 5


class Worst:
    """Measures each try.

    Attributes:
        problems: What went wrong, with what was tried.
    """

    def __init__(self) -> None:
        self.problems: list[str] = []
        self._counts: Counter[str] = Counter()
        self._wall: dict[str, tuple[float, str]] = {}
        self._cpu_s: dict[str, float] = {}
        self._began = (0.0, 0.0)
        self._tried: object = None

    @contextmanager
    def time(self, what: str, tried: object, *expected: type[Exception]) -> Iterator[None]:
        """Measure what is done; note an exception that is none of the expected ones."""
        self._tried = tried
        self._began = time.perf_counter(), time.thread_time()
        try:
            yield
        except expected:
            self._counts[f"{what}: refused"] += 1
        except Exception:
            self.wrong(f"{what}: {_short(tried)}\n{traceback.format_exc()}")
        self.lap(what)

    def lap(self, what: str) -> None:
        """Take what was done until now for a try of its own."""
        now = time.perf_counter(), time.thread_time()
        wall_s, cpu_s = now[0] - self._began[0], now[1] - self._began[1]
        if wall_s > self._wall.get(what, (0.0, ""))[0]:
            self._wall[what] = wall_s, _short(self._tried)
        self._cpu_s[what] = max(cpu_s, self._cpu_s.get(what, 0.0))
        self._began = now

    def count(self, what: str, count: int = 1) -> None:
        self._counts[what] += count

    def wrong(self, problem: str) -> None:
        self._counts["WRONG"] += 1
        if len(self.problems) < MOST_WRONG:
            self.problems.append(problem)

    def lines(self) -> list[str]:
        lines = [f"{what}: {count:,}" for what, count in sorted(self._counts.items())]
        for what, (wall_s, tried) in sorted(self._wall.items()):
            cpu_ms = self._cpu_s[what] * 1000
            lines.append(f"{what}: worst {wall_s * 1000:.1f} ms, of CPU {cpu_ms:.1f} ms: {tried}")
        return lines + self.problems


def _short(tried: object) -> str:
    text = ascii(tried)
    return text if len(text) < 160 else f"{text[:160]}... ({len(text):,} characters)"
