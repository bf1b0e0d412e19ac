"""History files, and exports, for tests."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import pytest

from monitorapp.core.history import reader
from monitorapp.core.history.limits import HistoryLimits
from monitorapp.core.history.writer import HistoryWriter
from monitorapp.core.record.interruption import Interruption
from monitorapp.core.source import run
from monitorapp.core.transfer.export import export_steps


def write_run(path: Path, interruptions: Iterable[Interruption]) -> None:
    """Add a run with these records to a history file."""
    writer = HistoryWriter(path, lambda state: None, HistoryLimits(days=36_500))
    for interruption in interruptions:
        writer.add(interruption)
    assert writer.close(20.0)


def write_file(path: Path, interruptions: list[Interruption]) -> None:
    """Export records to a file that can be read again."""
    for _ in export_steps(path, interruptions, "records of a test"):
        pass


def take_small_steps(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let searches report after every few records."""
    monkeypatch.setattr(reader, "CHUNK", 3)
    monkeypatch.setattr(reader, "SCANNED", 3)
    monkeypatch.setattr(run, "REPORT_INTERVAL_S", 0.0)
