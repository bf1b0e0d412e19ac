from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.core.history.watched import Watched


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "new folder" / "history.sqlite"


@pytest.fixture
def watched(path: Path) -> Iterator[Watched]:
    watched = Watched(path)
    yield watched
    watched.close()
