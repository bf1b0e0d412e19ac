"""A campaign of impatient clients in the real app: does the server record each of them?

The clients' patience is log-normal with a median of 2 s; the delay is 3 s, or exponential with that
mean. All is done by one process, window included. Then the app says how patient clients are. Run
with `python -m tests.benchmarks.campaign`.
"""

from __future__ import annotations

import argparse
import os
import re
import time
from tempfile import TemporaryDirectory

from tests.end_to_end.monitor import Monitor, running

LAG = re.compile(r"worst ([\d,.]+) ms")
LONGEST_S = 600
PLANS = (
    "find('main_window').delay_bar.plan_changed.emit("
    "__import__('monitorapp.core.chance.distribution', fromlist=['*'])"
)


def main() -> None:
    """Run one campaign for each way to leave; print what came of it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--requests", type=int, default=5_000)
    parser.add_argument("--at-once", type=int, default=1_000)
    parser.add_argument("--delay", type=float, default=3.0)
    parser.add_argument("--exponential", action="store_true", help="the delay is only the mean")
    parser.add_argument("--leaving", nargs="+", default=["close", "reset", "half_close"])
    options = parser.parse_args()
    with TemporaryDirectory() as folder:
        for variable in ("XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_CACHE_HOME"):
            os.environ[variable] = folder
        with running("--delay", str(options.delay)) as monitor:
            monitor.url()
            monitor.ask("click('patience_action')")
            if options.exponential:
                monitor.ask(f"{PLANS}.Exponential({options.delay}))")
            for leaving in options.leaving:
                measure(monitor, leaving, options.requests, options.at_once)


def measure(monitor: Monitor, leaving: str, requests: int, at_once: int) -> None:
    """Run a campaign and print its summary, its time and the reactor's worst lag meanwhile."""
    fields = {
        "count": requests,
        "at_once": at_once,
        "leaving": leaving,
        "patience": "log_normal",
        "median_s": 2.0,
        "spread": 2.0,
        "seed": 1,
    }
    monitor.ask(f"find('campaign_form').set_fields({fields!r})")
    began = time.monotonic()
    monitor.ask("click('client_start')")
    worst_ms = 0.0
    while monitor.ask("find('client_start').text()") != "&Start":
        found = LAG.search(monitor.ask("find('counter_lag').text()"))
        if found:
            worst_ms = max(worst_ms, float(found.group(1).replace(",", "")))
        if time.monotonic() - began > LONGEST_S:
            raise TimeoutError(leaving)
        time.sleep(0.1)
    took_s = time.monotonic() - began
    print(f"{leaving}: {took_s:.1f} s, reactor at most {worst_ms:g} ms late")
    for line in monitor.ask("find('client_summary').toPlainText()").splitlines():
        print(f"    {line}")
    time.sleep(1.5)  # until the estimate is made anew
    for line in monitor.ask("find('patience_text').text()").splitlines():
        print(f"    {line}")


if __name__ == "__main__":
    main()
