"""What the fixtures of `windows.py` do for a test that forgets its window."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.waits import WAIT_S

FORGOTTEN = Path(__file__).with_name("forgotten_windows.py")


@pytest.mark.slow
def test_forgotten_windows_crash_nothing_and_are_named() -> None:
    ended = subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", str(FORGOTTEN)],
        capture_output=True,
        text=True,
        timeout=WAIT_S,
        cwd=FORGOTTEN.parents[1],
    )
    assert ended.returncode == 1, ended.stdout + ended.stderr
    assert "4 passed, 1 error" in ended.stdout
    assert "ERROR at teardown of test_a_window_nobody_closes" in ended.stdout
    assert "never given to qtbot.addWidget: View 'forgotten'" in ended.stdout
