"""install()."""

from __future__ import annotations

import select
import subprocess
import sys
from pathlib import Path

import pytest

from tests.waits import WAIT_S

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        pytest.param(
            [],
            "QtEPollReactor",
            marks=pytest.mark.skipif(not hasattr(select, "epoll"), reason="no epoll"),
        ),
        (["without epoll"], "QtNotifierReactor"),
    ],
)
def test_install_picks_one(arguments: list[str], expected: str) -> None:
    ended = subprocess.run(
        [sys.executable, "-m", "tests.reactor.installing", *arguments],
        capture_output=True,
        text=True,
        timeout=WAIT_S,
        cwd=ROOT,
    )
    assert (ended.stdout, ended.stderr) == (f"{expected}\n", "")
