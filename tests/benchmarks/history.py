"""The history: how soon a killed app had written, how fast it is searched, what starting costs.

Run `python -m tests.benchmarks.history`, with a display or QT_QPA_PLATFORM=offscreen.
"""

from __future__ import annotations

import argparse
import random
import signal
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

from monitorapp.core.filter.language import parse_filter
from monitorapp.core.history.limits import HistoryLimits
from monitorapp.core.history.reader import read_newest, read_runs, search
from monitorapp.core.history.writer import HistoryWriter
from tests.benchmarks.load import median, table
from tests.core.history.killing import kill_writers
from tests.end_to_end.monitor import Client, running
from tests.factory import record

EXPRESSIONS = ("", "p/500", "path:/p/99?", "client:10.0.7.", "-p waited>2s or p/3", "nowhere")
CLIENTS = 4
ENDLESS = HistoryLimits(days=36_500, megabytes=1_000_000)

# Prints a line when the window is painted for the first time, and ends.
STARTER = """
import sys
from monitorapp.ui.window.main_window import MainWindow
def painted(self, event):
    print("painted", flush=True)
    self.close()
MainWindow.paintEvent = painted
sys.argv[1:] = ["--listen", "tcp:0:interface=127.0.0.1", "--history", sys.argv[1]]
from monitorapp.cli.parser import main
main()
"""


def main() -> None:
    """Measure all of it; print tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=100)
    parser.add_argument("--pairs", type=int, default=200)
    parser.add_argument("--records", type=int, default=1_000_000)
    parser.add_argument("--starts", type=int, default=9)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        if options.kills:
            kill(Path(folder), options.kills)
        if options.pairs:
            kill_pairs(Path(folder), options.pairs)
        if options.records:
            full = Path(folder) / "full.sqlite"
            fill(full, options.records)
            look(full)
            start(Path(folder) / "empty.sqlite", full, options.starts)


def kill(folder: Path, kills: int) -> None:
    """Kill the app at random points of a stream of interruptions; look what the file lacks."""
    chosen = random.Random(1)
    lost_ages_s, sent, kept = [0.0], 0, 0
    for number in range(kills):
        file = folder / f"killed-{number}.sqlite"
        with running("--delay", "30", "--history", str(file)) as monitor:
            left = stream(monitor.url(), 0.3 + 1.2 * chosen.random())
            killed_s = time.monotonic()
            monitor.process.send_signal(signal.SIGKILL)
            monitor.wait()
        found = {interruption.uri for interruption in read_newest(file, 10**6)}
        assert read_runs(file)[0].count == len(found)
        lost_ages_s += [killed_s - left_s for path, left_s in left if path not in found]
        sent += len(left)
        kept += len(found)
    print(
        f"{kills} kills: {sent:,} clients left, {kept:,} records kept, every file opened;"
        f" the oldest that was lost was {max(lost_ages_s) * 1000:.0f} ms old"
    )


def kill_pairs(folder: Path, pairs: int) -> None:
    """Kill two writers of one file, one of which trims it, at random points of a stream."""
    chosen = random.Random(1)
    all_killed = [
        kill_writers(
            folder / f"pair-{number}.sqlite",
            0.8 + 0.6 * chosen.random(),
            0.2 * chosen.random(),
            swap=chosen.random() < 0.5,
        )
        for number in range(pairs)
    ]
    lost_s = sorted(killed.oldest_lost_s for killed in all_killed)
    print(
        f"{pairs} kills of two writers: {sum(killed.added for killed in all_killed):,} records"
        f" added, {sum(killed.kept for killed in all_killed):,} kept, every file opened;"
        f" {sum(killed.foreign for killed in all_killed)} with a foreign field,"
        f" {sum(killed.dangling for killed in all_killed)} dangling;"
        f" the oldest that was lost was {lost_s[-1] * 1000:.0f} ms old,"
        f" in the median {median(lost_s) * 1000:.0f} ms"
    )


def stream(url: str, duration_s: float) -> list[tuple[str, float]]:
    """Interrupt requests until the time is over; return each path and when its client left."""
    left: list[tuple[str, float]] = []
    until_s = time.monotonic() + duration_s

    def interrupt(name: int) -> None:
        count = 0
        while time.monotonic() < until_s:
            count += 1
            path = f"/{name}/{count}"
            client = Client(url, path.encode())
            client.close()
            left.append((path, time.monotonic()))
            time.sleep(0.002)

    threads = [threading.Thread(target=interrupt, args=(name,)) for name in range(CLIENTS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return left


def fill(path: Path, count: int) -> None:
    """Write so many records."""
    writer = HistoryWriter(path, lambda _: None, ENDLESS)
    began_s = time.monotonic()
    writer.start()
    for number in range(count):
        writer.add(
            record(
                number=number,
                time_s=time.time() - (count - number) * 0.1,
                uri=f"/p/{number % 997}?q={number}",
                client=f"10.0.{number % 50}.{number % 250}:{number % 60_000}",
                waited_s=number % 10 / 3,
            )
        )
        if number % 10_000 == 0:
            while writer._added.qsize() > 20_000:  # the writer shall not fall behind for good
                time.sleep(0.01)
    assert writer.close(600)
    took_s = time.monotonic() - began_s
    print(
        f"{count:,} records written in {took_s:.1f} s, {count / took_s:,.0f} a second,"
        f" {path.stat().st_size / count:.0f} bytes each"
    )


def look(path: Path) -> None:
    """Search with each expression until the end."""
    rows = []
    for expression in EXPRESSIONS:
        firsts_ms = []
        for _ in range(5):
            began_s = time.monotonic()
            for _, found in search(path, parse_filter(expression)):
                if found:
                    break
            firsts_ms.append((time.monotonic() - began_s) * 1000)
        began_s = time.monotonic()
        count = sum(len(found) for _, found in search(path, parse_filter(expression)))
        rows.append(
            [
                expression or "(all)",
                f"{count:,}",
                f"{median(firsts_ms):.0f}" if count else "none",
                f"{time.monotonic() - began_s:.1f}",
            ]
        )
    print(table(["filter", "found", "first ms", "all s"], rows))


def start(empty: Path, full: Path, starts: int) -> None:
    """Start the app with either history, turn by turn, until its window is painted."""
    took_s: dict[Path, list[float]] = {empty: [], full: []}
    for _ in range(starts):
        for path, mine_s in took_s.items():
            began_s = time.monotonic()
            with subprocess.Popen(
                [sys.executable, "-c", STARTER, str(path)],
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
            ) as process:
                assert process.stdout is not None
                assert process.stdout.readline() == b"painted\n"
                mine_s.append(time.monotonic() - began_s)
    ours, theirs = median(took_s[full]), median(took_s[empty])
    print(
        f"first painted window: {theirs * 1000:.0f} ms with no history,"
        f" {ours * 1000:.0f} ms with the full one: {ours / theirs:.2f}"
    )


if __name__ == "__main__":
    main()
