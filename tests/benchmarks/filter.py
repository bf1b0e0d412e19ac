"""How long a letter typed into the filter takes until the table shows what matches.

Run `python -m tests.benchmarks.filter`, with a display or QT_QPA_PLATFORM=offscreen.
"""

from __future__ import annotations

import statistics
import time

from PyQt5.QtCore import QSettings
from PyQt5.QtWidgets import QApplication

from monitorapp.core.record.reason import Reason
from monitorapp.core.records.store import InterruptionStore
from monitorapp.ui.settings import Settings
from monitorapp.ui.window.main_window import MainWindow
from tests.factory import record

RECORDS = 100_000
TYPED = (
    "slow 9",
    "path:/report/9",
    "client:10.0.0.0/16",
    "waited>5s",
    "fast or -reset 77",
    "/9.*7/",
)


def main() -> None:
    application = QApplication([])
    store = InterruptionStore(RECORDS)
    window = MainWindow(store, Settings(QSettings("/nonexistent", QSettings.Format.IniFormat)))
    window.show()
    for number in range(RECORDS):
        store.add(
            record(
                number=number,
                time_s=1.8e9 + number,
                uri=f"/{'slow' if number % 3 else 'report'}/{number}",
                client=f"10.0.{number % 200}.{number % 250}:{number % 60_000}",
                waited_s=number % 10,
                reason=list(Reason)[number % 3],
            )
        )
    application.processEvents()
    window.filter_bar.set_expression("first")  # the grammar is read
    took_ms = []
    for typed in TYPED:
        mine = []
        for length in range(1, len(typed) + 1):
            begun = time.perf_counter()
            window.filter_bar.set_expression(typed[:length])
            while window.table_pane.source.progress.share < 1:  # on a slow or busy machine
                application.processEvents()
            window.grab()
            mine.append((time.perf_counter() - begun) * 1000)
        took_ms += mine
        print(f"{typed:20} median {statistics.median(mine):5.1f} ms, worst {max(mine):5.1f} ms")
    print(f"{'all':20} median {statistics.median(took_ms):5.1f} ms, worst {max(took_ms):5.1f} ms")


if __name__ == "__main__":
    main()
