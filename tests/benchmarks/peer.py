"""How fast a burst of log records is shown: by this table, and by cutelog, side by side.

Both get the same stream over a socket, 4 bytes of length and a pickled dictionary a record, as
`logging.handlers.SocketHandler` sends it. Run with a display (or `xvfb-run -a`), and the Python of
an environment in which cutelog and PyQt5 are installed:

    python -m tests.benchmarks.peer --cutelog-python /path/to/venv/bin/python
"""

from __future__ import annotations

import argparse
import logging
import os
import pickle
import socket
import struct
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

from tests.benchmarks.load import median, table

# Each prints its port, then how many seconds the burst took and the longest gap of a timer.
OURS = """
import pickle, struct, sys
from PyQt5.QtCore import QTimer
from PyQt5.QtNetwork import QHostAddress, QTcpServer
from PyQt5.QtWidgets import QApplication
from PyQt5.QtCore import QSettings
from monitorapp.core.record.interruption import Interruption
from monitorapp.core.records.store import InterruptionStore
from monitorapp.core.text.visible import visible, visible_lines
from monitorapp.core.record.reason import Reason
from monitorapp.ui.window.main_window import MainWindow
from monitorapp.ui.settings import Settings
from tests.benchmarks.peer import Watch
app = QApplication(sys.argv[:1])
count = int(sys.argv[1])
store = InterruptionStore(1_000_000)
window = MainWindow(store, Settings(QSettings("/nonexistent", QSettings.Format.IniFormat)))
window.show()
server = QTcpServer()
server.listen(QHostAddress.LocalHost)
pending = bytearray()
def read():
    pending.extend(bytes(connection.readAll()))
    place = 0
    while len(pending) - place >= 4:
        length = struct.unpack_from(">L", pending, place)[0]
        if len(pending) - place - 4 < length:
            break
        values = pickle.loads(pending[place + 4 : place + 4 + length])
        place += 4 + length
        text = visible(values["msg"])
        store.add(Interruption(
            number=len(store), time_s=values["created"], reason=Reason.CLOSED,
            failure_type=visible(values["name"]), message=text, traceback=visible_lines(text),
            has_frames=False, uri=text, client=visible(values["threadName"])))
    del pending[:place]
def accept():
    global connection
    connection = server.nextPendingConnection()
    connection.readyRead.connect(read)
    read()
server.newConnection.connect(accept)
watch = Watch(app, lambda: window.view.model().rowCount(), count)
print(server.serverPort(), flush=True)
app.exec_()
"""
THEIRS = """
import sys
sys.path.insert(0, sys.argv[2])
count = int(sys.argv[1])
sys.argv[1:] = []
from qtpy.QtWidgets import QApplication
from cutelog.config import ROOT_LOG, CONFIG, parse_cmdline
import cutelog.resources
from cutelog.main_window import MainWindow
app = QApplication(sys.argv[:1])
parse_cmdline(ROOT_LOG)
CONFIG.set_overrides({"listen_host": "127.0.0.1", "listen_port": 0})
window = MainWindow(ROOT_LOG, app)
from tests.benchmarks.peer import Watch
def shown():
    tabs = list(window.loggers_by_name.values())
    return max((tab.record_model.rowCount() for tab in tabs), default=0)
watch = Watch(app, shown, count)
print(window.server.serverPort(), flush=True)
app.exec_()
"""


class Watch:
    """Prints the longest gap of a timer when so many records are shown, and ends the app."""

    def __init__(self, app: object, shown: object, count: int) -> None:
        qt = sys.modules.get("PyQt5.QtCore")
        assert qt is not None
        self._app, self._shown, self._count = app, shown, count
        self._last_s, self._worst_s = time.perf_counter(), 0.0
        self._timer = qt.QTimer()
        self._timer.timeout.connect(self._tick)
        self._timer.start(16)

    def _tick(self) -> None:
        now_s = time.perf_counter()
        shown: int = self._shown()  # type: ignore[operator]
        if shown:
            self._worst_s = max(self._worst_s, now_s - self._last_s)
        self._last_s = now_s
        if shown >= self._count:
            print(self._worst_s, flush=True)
            self._timer.stop()
            self._app.quit()  # type: ignore[attr-defined]


def burst(count: int) -> bytes:
    """Return so many records as they are sent."""
    parts = []
    for number in range(count):
        record = logging.LogRecord(
            f"web.site{number % 7}",
            logging.ERROR,
            "demo.py",
            61,
            f"Async response demo interrupted response /reports/{number % 97}?page={number}",
            None,
            None,
        )
        content = pickle.dumps(record.__dict__)
        parts.append(struct.pack(">L", len(content)) + content)
    return b"".join(parts)


def measure(python: str, program: str, count: int, sent: bytes, folder: str) -> tuple[float, float]:
    """Return records a second and the longest gap in milliseconds."""
    environment = os.environ | {"HOME": folder, "PYTHONPATH": str(Path.cwd())}
    with subprocess.Popen(
        [python, "-c", program, str(count), str(Path.cwd())],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        env=environment,
    ) as process:
        assert process.stdout is not None
        port = int(process.stdout.readline())
        time.sleep(1)
        began_s = time.perf_counter()
        with socket.create_connection(("127.0.0.1", port)) as connection:
            sender = threading.Thread(target=connection.sendall, args=(sent,))
            sender.start()
            gap_s = float(process.stdout.readline())
            took_s = time.perf_counter() - began_s
            sender.join()
        process.wait(60)
    return count / took_s, gap_s * 1000


def main() -> None:
    """Send the burst to both, turn by turn; print a table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--cutelog-python", required=True)
    parser.add_argument("--records", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    sent = burst(options.records)
    rates: dict[str, list[float]] = {"this app": [], "cutelog": []}
    gaps: dict[str, list[float]] = {"this app": [], "cutelog": []}
    with tempfile.TemporaryDirectory() as folder:
        for _ in range(options.rounds):
            for name, python, program in (
                ("this app", sys.executable, OURS),
                ("cutelog", options.cutelog_python, THEIRS),
            ):
                rate, gap_ms = measure(python, program, options.records, sent, folder)
                rates[name].append(rate)
                gaps[name].append(gap_ms)
    rows = [[name, f"{median(rates[name]):,.0f}", f"{max(gaps[name]):,.0f} ms"] for name in rates]
    print(table(["shown by", "records/s in a burst", "longest gap of a 16 ms timer"], rows))
    print(f"ratio {median(rates['this app']) / median(rates['cutelog']):.0f}")


if __name__ == "__main__":
    main()
