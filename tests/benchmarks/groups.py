"""Whether the window stutters while thousands of groups grow.

Run `python -m tests.benchmarks.groups`, with a display or QT_QPA_PLATFORM=offscreen.
"""

from __future__ import annotations

import argparse
import statistics
import time
from dataclasses import replace

from PyQt5.QtCore import QSettings, QTimer
from PyQt5.QtWidgets import QAction, QApplication

from monitorapp.core.record.interruption import Interruption
from monitorapp.core.records.store import InterruptionStore
from monitorapp.ui.settings import Settings
from monitorapp.ui.window.main_window import MainWindow
from tests.benchmarks.table import Gaps, record, until

GROUPS = 5_000


def main() -> None:
    """Add records to a grouped window; print the gaps of a timer."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--rate", type=int, default=2_000)
    parser.add_argument("--seconds", type=float, default=20)
    options = parser.parse_args()
    application = QApplication([])
    application.setQuitOnLastWindowClosed(False)
    store = InterruptionStore(options.rows)
    window = MainWindow(store, Settings(QSettings("/nonexistent", QSettings.Format.IniFormat)))
    window.resize(1080, 640)
    for number in range(options.rows):
        store.add(grouped(number))
    window.findChild(QAction, "group_by_path_action").trigger()
    window.show()
    for row in (4, 2, 0):
        window.table_pane.groups_view.groups_model.set_open(row, True)
    application.processEvents()
    began_s, added = time.perf_counter(), 0

    def feed() -> None:
        nonlocal added
        wanted = int((time.perf_counter() - began_s) * options.rate)
        for number in range(added, wanted):
            store.add(grouped(options.rows + number))
        added = wanted

    feeder = QTimer()
    feeder.timeout.connect(feed)
    feeder.start(5)
    gaps = Gaps()
    gaps.start()
    until(lambda: time.perf_counter() - began_s >= options.seconds)
    gaps.stop()
    print(
        f"{options.rows:,} rows in {GROUPS:,} groups, 3 open, {options.rate:,} a second: gap of a"
        f" 16 ms timer: median {statistics.median(gaps.gaps_ms):.0f} ms,"
        f" 99 % {gaps.percentile(99):.0f} ms, worst {max(gaps.gaps_ms):.0f} ms"
    )
    window.close()


def grouped(number: int) -> Interruption:
    """Return a record that belongs to one of the groups."""
    return replace(record(number), uri=f"/{number * 7 % GROUPS}/x", time_s=time.time())


if __name__ == "__main__":
    main()
