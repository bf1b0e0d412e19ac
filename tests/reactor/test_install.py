"""install()."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from .conftest import ROOT


@pytest.mark.parametrize(
    ("before", "expected"),
    [("", "QtEPollReactor"), ("import select; del select.epoll", "QtNotifierReactor")],
)
def test_install_picks_one(before: str, expected: str) -> None:
    script = f"""{before}
from PyQt5.QtWidgets import QApplication
application = QApplication(["test"])
from qt5reactor.core import QtReactor
from monitorapp.reactor import install
installed = install()
from twisted.internet import error, reactor
assert reactor is installed
assert isinstance(reactor, QtReactor)
try:
    install()
except error.ReactorAlreadyInstalledError:
    print(type(reactor).__name__)
"""
    environment = dict(os.environ, PYTHONPATH=str(ROOT), QT_QPA_PLATFORM="offscreen")
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, env=environment, check=False
    )
    assert (done.stdout, done.stderr) == (f"{expected}\n", "")
