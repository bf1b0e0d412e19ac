from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.end_to_end.monitor import Monitor, running


@pytest.fixture
def monitor() -> Iterator[Monitor]:
    """The app on a free port, with a delay no test waits for."""
    with running("--delay", "30") as monitor:
        yield monitor
