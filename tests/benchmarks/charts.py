"""What a chart costs: to import, to keep and to draw, beside other ways to draw it.

Run `python -m tests.benchmarks.charts`, with a display or QT_QPA_PLATFORM=offscreen. It measures
pyqtgraph too, if that is installed.
"""

from __future__ import annotations

import importlib.util
import subprocess
import sys
import time

from PyQt5.QtWidgets import QApplication

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
__import__(sys.argv[1])
took_ms, used_ms = 1000 * (time.perf_counter() - begun), 1000 * (time.process_time() - used)
print(f"{took_ms:6.1f} ms, {used_ms:6.1f} ms of CPU, {kept_mb() - before_mb:5.1f} MB")
"""


def main() -> None:
    """Print what the libraries cost, then what the pane costs."""
    for library in ("PyQt5.QtChart", "pyqtgraph"):
        if importlib.util.find_spec(library) is not None:
            command = [sys.executable, "-c", _IMPORT, library]
            for _ in range(3):
                done = subprocess.run(command, capture_output=True, text=True, check=True)
                print(f"import {library:14} {done.stdout.strip()}")
    measure_pane()


def measure_pane() -> None:
    """Print the CPU time of drawing ten minutes of figures again and again."""
    from monitorapp.core.statistics.rates import WINDOW_S, Rates
    from monitorapp.ui.rate.pane import RatePane

    application = QApplication([])
    now_s = [1.8e9]
    rates = Rates(lambda: now_s[0])
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
        application.processEvents()  # the figures are taken over
        application.processEvents()  # and painted
    took_ms = 1000 * (time.process_time() - begun) / UPDATES
    share = took_ms * FRAMES_A_SECOND / 1000
    print(
        f"both charts of the rate pane, {WINDOW_S} s: {took_ms:.1f} ms of CPU an update,"
        f" {share:.1%} of a core at {FRAMES_A_SECOND} a second"
    )
    begun = time.process_time()
    for number in range(UPDATES):
        if number % FRAMES_A_SECOND == 0:
            pass_second()
        pane.refresh()
        application.processEvents()
        application.processEvents()
    share = (time.process_time() - begun) / UPDATES * FRAMES_A_SECOND
    print(f"the same as time goes, with figures once a second: {share:.1%}")


if __name__ == "__main__":
    main()
