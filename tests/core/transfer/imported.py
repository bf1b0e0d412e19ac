"""Reading of files that are imported."""

from __future__ import annotations

from pathlib import Path

from monitorapp.core.transfer.reading import Imported, import_steps


def read(path: Path) -> Imported:
    imported = Imported()
    shares = list(import_steps(path, imported))
    assert all(0 <= share <= 1 for share in shares)
    assert shares == sorted(shares)
    return imported


def written(tmp_path: Path, *lines: str | bytes) -> Path:
    path = tmp_path / "in.jsonl"
    path.write_bytes(
        b"".join((line.encode() if isinstance(line, str) else line) + b"\n" for line in lines)
    )
    return path
