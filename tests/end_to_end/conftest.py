from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.end_to_end.monitor import Monitor, fork_server, running

HERE = Path(__file__).parent


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if item.path.is_relative_to(HERE):
            item.add_marker(pytest.mark.slow)


@pytest.fixture
def monitor() -> Iterator[Monitor]:
    """The app on a free port, with a delay no test waits for."""
    with running("--delay", "30") as monitor:
        yield monitor


@pytest.fixture(scope="session", autouse=True)
def end_of_the_fork_server() -> Iterator[None]:
    yield
    if fork_server.cache_info().currsize:
        fork_server().close()
