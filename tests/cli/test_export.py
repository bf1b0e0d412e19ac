from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from monitorapp.core.history.file import open_history
from monitorapp.core.history.writer import HistoryWriter
from monitorapp.core.transfer.export import export_steps
from monitorapp.core.transfer.reading import Imported, import_steps
from tests.factory import record
from tests.waits import WAIT_S

pytestmark = pytest.mark.slow

MAIN = Path(__file__).resolve().parents[2] / "main.py"


def export(*arguments: object) -> subprocess.CompletedProcess[str]:
    environment = {key: value for key, value in os.environ.items() if key != "DISPLAY"}
    environment["QT_QPA_PLATFORM"] = "no such platform"  # neither a window nor Qt is needed
    return subprocess.run(
        [sys.executable, str(MAIN), "export", *map(str, arguments)],
        capture_output=True,
        text=True,
        env=environment,
        timeout=WAIT_S,
    )


def test_the_history_is_exported_by_a_filter(tmp_path: Path) -> None:
    history, out = tmp_path / "h", tmp_path / "out.jsonl"
    kept = [record(number=number, time_s=1.79e9, uri=f"/{number}") for number in range(30)]
    writer = HistoryWriter(history, lambda _: None)
    writer.start()
    for one in kept:
        writer.add(one)
    assert writer.close(20)
    done = export(out, "--history", history, "--filter", "path:/2")
    assert (done.returncode, done.stdout) == (0, "")
    assert done.stderr == f"11 records written to {out}\n"
    imported = Imported()
    list(import_steps(out, imported))
    assert imported.interruptions == [one for one in kept if one.uri.startswith("/2")]


@pytest.mark.parametrize("name", ["h.jsonl", "h.csv"])
def test_a_history_is_never_written_over(tmp_path: Path, name: str) -> None:
    history = tmp_path / name
    open_history(history).close()
    content = history.read_bytes()
    done = export(history, "--history", history)
    assert done.returncode == 1
    assert "is a database" in done.stderr
    assert history.read_bytes() == content


def test_a_file_is_converted(tmp_path: Path) -> None:
    source, out = tmp_path / "in.jsonl", tmp_path / "out.html"
    list(export_steps(source, [record()], ""))
    source.write_text(source.read_text() + "broken\n")
    done = export(out, "--from", source)
    assert done.returncode == 0
    assert "1 of 2 lines of in.jsonl could not be read" in done.stderr
    assert out.read_text().startswith("<!DOCTYPE html>")


def test_what_is_wrong_is_reported(tmp_path: Path) -> None:
    for arguments, code, sentence in (
        ([tmp_path / "x.txt"], 2, "ends in one of"),
        ([tmp_path / "x.csv", "--filter", "waited>soon"], 2, "--filter: A duration looks like"),
        ([tmp_path / "x.csv", "--filter", "waited:1s"], 2, "--filter: Write waited>1s or"),
        ([tmp_path / "x.csv", "--filter", "color:red"], 2, "--filter: There is no field"),
        ([tmp_path / "x.csv", "--history", "none"], 2, "there is no history to export"),
        ([tmp_path / "x.csv", "--from", tmp_path / "none"], 1, "No such file"),
        ([tmp_path / "x.csv"], 1, "history.sqlite cannot be opened"),
    ):
        done = export(*arguments)
        assert done.returncode == code, done.stderr
        assert sentence in done.stderr
        assert "Traceback" not in done.stderr
        assert list(tmp_path.glob("x.*")) == []
