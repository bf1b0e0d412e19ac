"""When the drawing library is loaded, and that it leaves the hooks of the app alone."""

from __future__ import annotations

import subprocess
import sys

import pytest

pytestmark = pytest.mark.slow

BEGIN = """
import sys

def hook(kind, error, trace):
    print("hook", error)

sys.excepthook = hook
from PyQt5.QtCore import QSettings, QTimer
from PyQt5.QtWidgets import QApplication
from monitorapp.core.filter.language import parse_filter
from monitorapp.core.records.store import InterruptionStore
from monitorapp.core.statistics.rates import Rates
from monitorapp.core.statistics.waits import Patience
from monitorapp.ui.settings import Settings
from monitorapp.ui.window.main_window import MainWindow

application = QApplication([])
window = MainWindow(InterruptionStore(10), Settings(QSettings(sys.argv[1], QSettings.IniFormat)))
now_s = [1_795_521_600.0]
rates = Rates(lambda: now_s[0], lambda: now_s[0])
window.panes.rate.set_rates(rates)
window.panes.patience.set_source(Patience(), lambda: parse_filter(""))

def loaded():
    application.processEvents()
    window.grab()
    return [name for name in ("numpy", "pyqtgraph") if name in sys.modules]

def close():
    window.close()
    application.processEvents()
"""

SHOW = """
window.show()
print(loaded())
window.panes.rate.toggle_action.trigger()
window.panes.patience.toggle_action.trigger()
print(loaded())
now_s[0] += 5
window.panes.rate.raise_()
application.processEvents()
window.panes.rate.refresh()
print(loaded())
print(sys.excepthook is hook)
QTimer.singleShot(0, lambda: 1 / 0)
application.processEvents()
close()
"""


def run(program: str, *arguments: str) -> list[str]:
    command = [sys.executable, "-W", "error", "-c", program, *arguments]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()


def test_the_window_is_painted_before_the_library_is_loaded(tmp_path: object) -> None:
    assert run(BEGIN + SHOW, f"{tmp_path}/settings.ini") == [
        "[]",  # with the panes closed
        "[]",  # with the panes open, and nothing to draw yet
        "['numpy', 'pyqtgraph']",
        "True",
        "hook division by zero",
    ]


def test_the_app_loads_neither_library_at_its_start() -> None:
    program = "import monitorapp.app.desktop.app, monitorapp.cli.parser, sys; print(*sys.modules)"
    (names,) = run(program)
    assert not {"numpy", "pyqtgraph"} & set(names.split())
