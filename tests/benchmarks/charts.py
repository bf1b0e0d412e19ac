"""What charts cost: to load the library when the first is shown, and to draw them again.

Run `python -m tests.benchmarks.charts`, with a display or QT_QPA_PLATFORM=offscreen.
"""

from __future__ import annotations

import subprocess
import sys
import time
from random import Random

from PyQt5.QtWidgets import QApplication, QComboBox

from monitorapp.core.filter.language import parse_filter
from monitorapp.core.record.reason import Reason
from monitorapp.core.request.store import EndStore
from monitorapp.core.statistics.rates import WINDOW_S, Rates
from monitorapp.core.statistics.waits import Comparison
from monitorapp.ui.patience.pane import PatiencePane
from monitorapp.ui.rate.pane import RatePane
from tests.core.request.ends import end

UPDATES = 300
FRAMES_A_SECOND = 10
_IMPORT = """
import resource, sys, time
from PyQt5.QtWidgets import QApplication
import PyQt5.QtSvg
app = QApplication([])
def kept_mb():
    with open("/proc/self/statm") as statm:
        return int(statm.read().split()[1]) * resource.getpagesize() / 2**20
before_mb, begun, used = kept_mb(), time.perf_counter(), time.process_time()
import pyqtgraph
took_ms, used_ms = 1000 * (time.perf_counter() - begun), 1000 * (time.process_time() - used)
print(f"{took_ms:6.1f} ms, {used_ms:6.1f} ms of CPU, {kept_mb() - before_mb:5.1f} MB")
"""


def main() -> None:
    """Print what the library costs, then what the panes cost."""
    for _ in range(3):
        command = [sys.executable, "-c", _IMPORT]
        done = subprocess.run(command, capture_output=True, text=True, check=True)
        print(f"import pyqtgraph: {done.stdout.strip()}")
    application = QApplication([])
    measure_rate(application)
    measure_patience(application)


def measure_rate(application: QApplication) -> None:
    """Print the CPU time of drawing ten minutes of figures again and again."""
    now_s = [1.8e9]
    rates = Rates(lambda: now_s[0], lambda: now_s[0])
    answered = interrupted = 0

    def pass_second() -> None:
        nonlocal answered, interrupted
        answered += 40 + hash(answered) % 37
        interrupted += hash(answered) % 7
        rates.record(answered, interrupted, 0.001 * (answered % 11))
        now_s[0] += 1

    for _ in range(WINDOW_S + 1):
        pass_second()
    pane = RatePane()
    pane.set_rates(rates)
    pane.resize(360, 300)
    pane.show()
    application.processEvents()
    begun = time.process_time()
    for _ in range(UPDATES):
        pass_second()
        pane.refresh()
        application.processEvents()  # it is painted
    took_ms = 1000 * (time.process_time() - begun) / UPDATES
    share = took_ms * FRAMES_A_SECOND / 1000
    print(
        f"both charts of the rate pane, {WINDOW_S} s: {took_ms:.1f} ms of CPU an update of both,"
        f" {share:.1%} of a core at {FRAMES_A_SECOND} a second"
    )
    begun = time.process_time()
    for number in range(UPDATES):
        if number % FRAMES_A_SECOND == 0:
            pass_second()
        pane.refresh()
        application.processEvents()
    share = (time.process_time() - begun) / UPDATES * FRAMES_A_SECOND
    print(f"the same as time goes, with figures once a second: {share:.1%}")


def _of_four_paths() -> EndStore:
    random = Random(1)
    ends = EndStore()
    for number in range(4_000):
        waited_s = random.lognormvariate(0.7, 0.7)
        reason = Reason.CLOSED if random.random() < 0.7 else None
        uri = f"/path/{number % 4}".encode()
        ends.add(end(uri=uri, waited_s=waited_s, reason=reason))
    return ends


def measure_patience(application: QApplication) -> None:
    """Print the CPU time of estimating, describing and drawing four groups of clients."""
    ends = _of_four_paths()
    pane = PatiencePane()
    pane.set_source(ends, lambda: parse_filter(""))
    box = pane.findChild(QComboBox, "patience_comparison")
    box.setCurrentIndex(box.findData(Comparison.PATH))
    pane.resize(360, 500)
    pane.show()
    application.processEvents()
    begun = time.process_time()
    for _ in range(UPDATES):
        _estimate_again(ends, pane)
        application.processEvents()
    took_ms = 1000 * (time.process_time() - begun) / UPDATES
    begun = time.process_time()
    for _ in range(UPDATES):
        _estimate_again(ends, pane)
    unpainted_ms = 1000 * (time.process_time() - begun) / UPDATES
    print(
        f"the patience of four groups of 1,000: {took_ms:.1f} ms of CPU an update,"
        f" {unpainted_ms:.1f} of them before it is painted"
    )


def _estimate_again(ends: EndStore, pane: PatiencePane) -> None:
    ends.add_earlier([], 0)  # news
    pane._next_s = 0.0
    pane.refresh()


if __name__ == "__main__":
    main()
