"""Files of every earlier version, as that version wrote them."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

DATA = Path(__file__).resolve().parents[1] / "data"


@pytest.fixture(params=sorted(path.name for path in DATA.iterdir()))
def files(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """A copy of the files of one version: opening a history changes it."""
    return Path(shutil.copytree(DATA / request.param, tmp_path / request.param))
