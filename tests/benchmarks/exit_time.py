"""How long the app takes to end, with requests waiting and a modal dialog open."""

from __future__ import annotations

import argparse
import signal
import time

from tests.benchmarks.load import median, table
from tests.end_to_end.monitor import Client, running

WAYS = {
    "SIGTERM": lambda monitor: monitor.process.send_signal(signal.SIGTERM),
    "SIGINT": lambda monitor: monitor.process.send_signal(signal.SIGINT),
    "window close": lambda monitor: monitor.ask("find('main_window').close()"),
    "QApplication.quit()": lambda monitor: monitor.ask("QApplication.quit()"),
}
REPORT = "Async response demo interrupted response"


def main() -> None:
    """End the app in each way, several times over; print a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--waiting", type=int, default=50)
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args()
    rows = []
    for name, end in WAYS.items():
        took_s, codes, reports = [], set(), set()
        for _ in range(options.rounds):
            with running("--delay", "30") as monitor:
                url = monitor.url()
                clients = [Client(url) for _ in range(options.waiting)]
                waiting = f"Waiting {options.waiting}"
                monitor.wait_until("find('counter_waiting').text()", waiting)
                monitor.ask("message_box()")
                monitor.wait_until("find('test_box').isVisible()", True)
                began = time.monotonic()
                end(monitor)
                codes.add(monitor.wait())
                took_s.append(time.monotonic() - began)
                reports.add(sum(REPORT in line for line in monitor.log))
                for client in clients:
                    client.socket.close()
        rows.append([name, str(codes), str(reports), f"{median(took_s):.3f}", f"{max(took_s):.3f}"])
    print(table(["way", "exit codes", "reported", "median s", "worst s"], rows))


if __name__ == "__main__":
    main()
