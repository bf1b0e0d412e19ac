"""Reactors can only be tested with the real thing: each test runs a process of its own."""

from __future__ import annotations

import select
from collections.abc import Iterator

import pytest

from tests.forks import ForkServer
from tests.reactor import scripting
from tests.reactor.scripting import Arguments, RunScript, Script
from tests.waits import WAIT_S


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if {"run_script", "run_epoll_script"} & set(getattr(item, "fixturenames", ())):
            item.add_marker(pytest.mark.slow)


@pytest.fixture(scope="session")
def reactor_processes() -> Iterator[ForkServer]:
    server = ForkServer("pytest", "twisted.internet.tcp", "tests.reactor.scripting")
    yield server
    server.close()


def runner(server: ForkServer, reactor: str) -> RunScript:
    if reactor == "QtEPollReactor" and not hasattr(select, "epoll"):
        pytest.skip("no epoll")

    def run(
        script: Script[Arguments], *arguments: Arguments.args, **_: Arguments.kwargs
    ) -> list[str]:
        process = server.start(
            scripting.run, reactor, script.__module__, script.__name__, *arguments
        )
        try:
            code = process.wait(WAIT_S)
        except TimeoutError:
            process.kill()
            pytest.fail(f"it hung; what it had said:\n{process.stdout.read()}")
        else:
            assert (code, process.stderr.read()) == (0, "")
            return process.stdout.read().splitlines()
        finally:
            process.close()

    return run


@pytest.fixture(params=["QtEPollReactor", "QtNotifierReactor"])
def run_script(request: pytest.FixtureRequest, reactor_processes: ForkServer) -> RunScript:
    """Runs a script with each of the reactors."""
    return runner(reactor_processes, request.param)


@pytest.fixture
def run_epoll_script(reactor_processes: ForkServer) -> RunScript:
    """Runs a script with what only `QtEPollReactor` does."""
    return runner(reactor_processes, "QtEPollReactor")
