"""Reactors can only be tested with the real thing: each test runs a process of its own."""

from __future__ import annotations

import os
import queue
import select
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import IO

import pytest

from tests.reactor.fork_server import Job
from tests.reactor.scripting import Arguments, RunScript, Script
from tests.waits import WAIT_S

ROOT = Path(__file__).resolve().parents[2]


class ForkServer:
    """The process from which those of the scripts are forked."""

    def __init__(self, runtime_folder: Path) -> None:
        variables = {"PYTHONPATH": str(ROOT), "XDG_RUNTIME_DIR": str(runtime_folder)}
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.reactor.fork_server"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env=os.environ | variables,
            cwd=ROOT,
            start_new_session=True,  # an interrupt of the tests is none of the scripts
        )
        self._answers: queue.Queue[str] = queue.Queue()
        assert self._process.stdout
        self._reader = threading.Thread(target=self._read, args=(self._process.stdout,))
        self._reader.start()

    def _read(self, stream: IO[str]) -> None:
        for line in stream:
            self._answers.put(line)
        self._answers.put("-1")  # where it has ended all answers have been given

    def run(self, job: Job) -> int:
        """Run a job; return the exit code of its process."""
        assert self._process.stdin
        self._process.stdin.write(job.line())
        self._process.stdin.flush()
        process = int(self._answers.get(timeout=WAIT_S))
        try:
            return int(self._answers.get(timeout=WAIT_S))
        except queue.Empty:
            pass
        os.kill(process, signal.SIGKILL)
        self._answers.get(timeout=WAIT_S)
        pytest.fail(f"it hung; what it had said:\n{Path(job.stdout).read_text()}")

    def close(self) -> None:
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.close()
        self._process.wait(WAIT_S)
        self._reader.join()
        self._process.stdout.close()


@pytest.fixture(scope="session")
def fork_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ForkServer]:
    server = ForkServer(tmp_path_factory.mktemp("runtime"))
    yield server
    server.close()


def runner(server: ForkServer, reactor: str, folder: Path) -> RunScript:
    if reactor == "QtEPollReactor" and not hasattr(select, "epoll"):
        pytest.skip("no epoll")

    def run(
        script: Script[Arguments], *arguments: Arguments.args, **_: Arguments.kwargs
    ) -> list[str]:
        stdout, stderr = folder / "stdout", folder / "stderr"
        names = script.__module__, script.__name__
        code = server.run(Job(reactor, *names, list(arguments), str(stdout), str(stderr)))
        assert (code, stderr.read_text()) == (0, "")
        return stdout.read_text().splitlines()

    return run


@pytest.fixture(params=["QtEPollReactor", "QtNotifierReactor"])
def run_script(
    request: pytest.FixtureRequest, fork_server: ForkServer, tmp_path: Path
) -> RunScript:
    """Runs a script with each of the reactors."""
    return runner(fork_server, request.param, tmp_path)


@pytest.fixture
def run_epoll_script(fork_server: ForkServer, tmp_path: Path) -> RunScript:
    """Runs a script with what only `QtEPollReactor` does."""
    return runner(fork_server, "QtEPollReactor", tmp_path)
