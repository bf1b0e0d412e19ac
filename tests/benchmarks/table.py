"""How fast the live table takes records, and whether the window stutters meanwhile.

Run by hand, with a display (or `xvfb-run -a`):

    python tests/benchmarks/table.py --seconds 10

It prints a Markdown table. With `--sorted` it measures but one thing: records that come while
the table is sorted by how long was waited.
"""

from __future__ import annotations

import argparse
import gc
import os
import statistics
import sys
import time
import tracemalloc
from collections.abc import Callable
from typing import cast

from PyQt5.QtCore import QEventLoop, QSettings, Qt, QTimer
from PyQt5.QtWidgets import QApplication

from monitorapp.core.filter.language import parse_filter
from monitorapp.core.record.interruption import Interruption
from monitorapp.core.record.reason import Reason
from monitorapp.core.records.matching import SearchIndex
from monitorapp.core.records.store import InterruptionStore
from monitorapp.ui.settings import Settings
from monitorapp.ui.table.model import InterruptionsModel
from monitorapp.ui.widgets.columns import Sorting
from monitorapp.ui.window.main_window import MainWindow

TICK_MS = 16
FILTER = "path:/reports/ waited>2.5s"
TRACEBACK = (
    "Traceback (most recent call last):\n"
    "Failure: twisted.internet.error.ConnectionDone: Connection was closed cleanly."
)


def record(number: int) -> Interruption:
    """Return a record like those of a running server."""
    waited_s = number % 5000 / 1000
    return Interruption(
        number=number,
        time_s=1_800_000_000 + number / 1000,
        reason=Reason.CLOSED,
        failure_type="twisted.internet.error.ConnectionDone",
        message="Connection was closed cleanly.",
        traceback=TRACEBACK,
        has_frames=False,
        request_number=number,
        method="GET",
        uri=f"/reports/{number % 97}?page={number % 13}",
        version="HTTP/1.1",
        client=f"127.0.0.1:{30_000 + number % 20_000}",
        began_s=1_800_000_000 + number / 1000 - waited_s,
        waited_s=waited_s,
        delay_s=5.0,
        remaining_s=5.0 - waited_s,
        began_in="DelayedResource.render_GET",
        began_at="monitorapp/web/demo.py:61",
        awaited="DelayedResource.answer",
        cancelled=True,
    )


class Gaps:
    """Measures how far apart the ticks of a timer are, in milliseconds."""

    def __init__(self) -> None:
        self.gaps_ms: list[float] = []
        self._last_s = 0.0
        self._timer = QTimer()
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._tick)

    def start(self) -> None:
        """Begin to measure."""
        self._last_s = time.perf_counter()
        self._timer.start(TICK_MS)

    def stop(self) -> None:
        """End it; what is going on counts as the last gap."""
        self._timer.stop()
        self._tick()

    def percentile(self, share: int) -> float:
        """Return the gap that `share` per cent of all gaps do not pass."""
        return statistics.quantiles(self.gaps_ms, n=100, method="inclusive")[share - 1]

    def _tick(self) -> None:
        now_s = time.perf_counter()
        self.gaps_ms.append((now_s - self._last_s) * 1000)
        self._last_s = now_s


def shown_table(keep: int) -> tuple[InterruptionStore, InterruptionsModel, MainWindow]:
    """Return a store with a visible window, in which a filter is set that half of them match."""
    store = InterruptionStore(keep)
    window = MainWindow(store, Settings(QSettings("/nonexistent", QSettings.Format.IniFormat)))
    window.resize(1080, 640)
    window.filter_bar.set_expression(FILTER)
    window.show()
    QApplication.processEvents()
    return store, cast(InterruptionsModel, window.view.model()), window


def until(done: Callable[[], bool]) -> None:
    """Run the event loop until `done`."""
    while not done():
        QApplication.processEvents(QEventLoop.ProcessEventsFlag.WaitForMoreEvents)


def full_speed(count: int, keep: int, batch: int) -> tuple[float, Gaps]:
    """Make and add records, `batch` a turn of the event loop; return records a second."""
    store, model, window = shown_table(keep)
    gaps = Gaps()
    gaps.start()
    began_s = time.perf_counter()
    for start in range(0, count, batch):
        for number in range(start, min(start + batch, count)):
            store.add(record(number))
        QApplication.processEvents()
    model.flush()
    QApplication.processEvents()
    took_s = time.perf_counter() - began_s
    gaps.stop()
    window.close()
    return count / took_s, gaps


def paced(
    rate: int,
    seconds: float,
    rows: int,
    keep: int,
    open_rows: int,
    follow: bool,
    sorting: Sorting | None = None,
) -> tuple[Gaps, int]:
    """Add `rate` records a second on top of `rows`; return the gaps and how many came."""
    store, model, window = shown_table(keep)
    for number in range(rows):
        store.add(record(number))
    model.flush()
    step = max(1, 200 // max(1, open_rows))
    for offset in range(open_rows):  # those that are shown, and older ones
        model.set_open(model.row_at(model.end_serial - 1 - offset * step), True)
    if follow:
        window.view.jump_to_newest()
    model.set_sorting(sorting)
    gaps = Gaps()
    began_s = time.perf_counter()
    added = 0

    def feed() -> None:
        nonlocal added
        wanted = int(min(time.perf_counter() - began_s, seconds) * rate)
        for number in range(rows + added, rows + wanted):
            store.add(record(number))
        added = wanted

    feeder = QTimer()
    feeder.setTimerType(Qt.TimerType.PreciseTimer)
    feeder.timeout.connect(feed)
    feeder.start(5)
    gaps.start()
    until(lambda: time.perf_counter() - began_s >= seconds)
    gaps.stop()
    feeder.stop()
    window.close()
    return gaps, added


def bytes_a_row(count: int) -> tuple[float, float]:
    """Return the bytes that the table adds to a kept record, and those of the record."""
    gc.collect()
    tracemalloc.start()
    records = [record(number) for number in range(count)]
    store = InterruptionStore(count)
    for one in records:
        store.add(one)
    del records
    gc.collect()
    kept, _ = tracemalloc.get_traced_memory()
    model = InterruptionsModel(store)
    index = SearchIndex(store)
    gc.collect()
    with_table, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert model.record_count == count == len(index.matching(parse_filter("")))
    return (with_table - kept) / count, kept / count


def enqueue_ns(count: int) -> float:
    """Return how long the model takes to hear of one record, in nanoseconds."""
    records = [record(number) for number in range(count)]
    silent, heard = InterruptionStore(count), InterruptionStore(count)
    model = InterruptionsModel(heard)
    took_s = []
    for store in (silent, heard):
        began_s = time.perf_counter()
        for one in records:
            store.add(one)
        took_s.append(time.perf_counter() - began_s)
    model.detach()
    return (took_s[1] - took_s[0]) / count * 1e9


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--records", type=int, default=100_000, help="records at full speed")
    parser.add_argument("--batch", type=int, default=500, help="records a turn of the event loop")
    parser.add_argument("--rate", type=int, default=2_000, help="records a second when paced")
    parser.add_argument("--seconds", type=float, default=10, help="how long it is paced")
    parser.add_argument("--rows", type=int, default=90_000, help="rows before that")
    parser.add_argument("--keep", type=int, default=100_000, help="rows that are kept")
    parser.add_argument("--open", type=int, default=20, help="open rows")
    parser.add_argument("--sorted", action="store_true", help="only sorted by Waited")
    options = parser.parse_args()

    application = QApplication(sys.argv[:1])
    application.setQuitOnLastWindowClosed(False)
    lines = [
        f"Platform {application.platformName()}, {os.cpu_count()} processors.",
        "",
        "| what | records/s | gap of a 16 ms timer: median | 99 % | worst |",
        "|---|---|---|---|---|",
    ]

    def report(what: str, rate: float, gaps: Gaps) -> None:
        median, most = statistics.median(gaps.gaps_ms), gaps.percentile(99)
        figures = f"{median:.0f} ms | {most:.0f} ms | {max(gaps.gaps_ms):.0f} ms"
        lines.append(f"| {what} | {rate:,.0f} | {figures} |")

    if options.sorted:
        sorting = Sorting("waited", descending=True)
        gaps, added = paced(
            options.rate, options.seconds, options.keep, options.keep, options.open, False, sorting
        )
        what = f"paced, on {options.keep:,} rows sorted by Waited, {options.open} open"
        report(what, added / options.seconds, gaps)
        print("\n".join(lines))
        return
    for keep, note in ((options.records, ""), (options.records // 10, ", 9 of 10 evicted")):
        rate, gaps = full_speed(options.records, keep, options.batch)
        report(f"{options.records:,} at full speed{note}", rate, gaps)
    for follow in (True, False):
        gaps, added = paced(
            options.rate, options.seconds, options.rows, options.keep, options.open, follow
        )
        where = "following" if follow else "held, stories in sight"
        what = f"paced, on {options.rows:,} rows, {options.open} open, {where}"
        report(what, added / options.seconds, gaps)

    table_bytes, record_bytes = bytes_a_row(options.records)
    lines += [
        "",
        f"Bytes a row: {table_bytes:.0f} for the table and what is searched,"
        f" {record_bytes:.0f} for its record.",
        f"To hear of a record takes the table {enqueue_ns(options.records):.0f} ns.",
    ]
    print("\n".join(lines))


if __name__ == "__main__":
    main()
