"""Processes that are forked from one that has imported what takes long to import.

A test that needs a process of its own, because there is one reactor and one application in a
process, would spend most of its time on imports. These start within some milliseconds, are apart
from each other like any others, and end as every interpreter does: whatever Qt says about a bad
end is heard.
"""

from __future__ import annotations

import faulthandler
import gc
import importlib
import json
import os
import select
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO, Any

from tests.waits import WAIT_S

ROOT = Path(__file__).resolve().parents[1]


class ForkServer:
    """The process from which the others are forked.

    Args:
        modules: What it imports, by their names.
    """

    def __init__(self, *modules: str) -> None:
        self._socket, theirs = socket.socketpair()
        self._bytecode = tempfile.TemporaryDirectory(prefix="bytecode")
        with theirs:
            self._process = subprocess.Popen(
                [
                    sys.executable,
                    "-m",
                    "tests.forks",
                    self._bytecode.name,
                    str(theirs.fileno()),
                    *modules,
                ],
                stdin=subprocess.DEVNULL,
                pass_fds=[theirs.fileno()],
                cwd=ROOT,
                start_new_session=True,  # an interrupt of the tests is none of the processes
            )

    def start(
        self,
        function: Callable[..., None],
        *arguments: object,
        environment: Mapping[str, str] | None = None,
    ) -> ForkedProcess:
        """Call a function in a new process.

        Args:
            function: One of a module.
            arguments: What it is called with: anything that JSON has.
            environment: Variables besides those of this process.
        """
        job = _Job(
            function.__module__,
            function.__name__,
            list(arguments),
            os.environ | (environment or {}),
        )
        given, stdin = os.pipe(), os.pipe()
        answers = [os.pipe() for _ in range(3)]  # standard output and error, and the status
        theirs = [given[0], stdin[0], *(write for _, write in answers)]
        socket.send_fds(self._socket, [b"."], theirs)
        for number in theirs:
            os.close(number)
        with os.fdopen(given[1], "w") as pipe:
            json.dump(asdict(job), pipe)
        return ForkedProcess(stdin[1], *(read for read, _ in answers))

    def close(self) -> None:
        """End the server; the processes go on."""
        self._socket.close()
        self._process.wait(WAIT_S)
        self._bytecode.cleanup()


class ForkedProcess:
    """A process that was forked, with as much of the interface of a `Popen` as is needed."""

    def __init__(self, stdin: int, stdout: int, stderr: int, status: int) -> None:
        self.stdin: IO[str] = os.fdopen(stdin, "w")
        self.stdout: IO[str] = os.fdopen(stdout)
        self.stderr: IO[str] = os.fdopen(stderr)
        self._status = os.fdopen(status, "rb", buffering=0)
        self.pid = int(self._status.readline())
        self.returncode: int | None = None

    def poll(self) -> int | None:
        """Return the exit code, or None while it runs."""
        return self._wait(0)

    def wait(self, timeout_s: float) -> int:
        """Wait until it has ended; return the exit code, below 0 for that of a signal.

        Raises:
            TimeoutError: If it runs on.
        """
        code = self._wait(timeout_s)
        if code is None:
            raise TimeoutError(f"the process has not ended after {timeout_s} s")
        return code

    def _wait(self, timeout_s: float) -> int | None:
        if self.returncode is None and select.select([self._status], [], [], timeout_s)[0]:
            self.returncode = int(self._status.readline())
        return self.returncode

    def send_signal(self, number: int) -> None:
        if self.poll() is None:
            os.kill(self.pid, number)

    def kill(self) -> None:
        self.send_signal(signal.SIGKILL)

    def close(self) -> None:
        """Close the streams."""
        for stream in (self.stdin, self.stdout, self.stderr, self._status):
            stream.close()


@dataclass(frozen=True)
class _Job:
    module: str
    function: str
    arguments: list[Any]
    environment: dict[str, str]

    def run(self) -> None:
        os.environ.clear()
        os.environ.update(self.environment)
        faulthandler.enable()
        signal.signal(signal.SIGINT, signal.default_int_handler)  # ignored in a background job
        getattr(importlib.import_module(self.module), self.function)(*self.arguments)


def _serve(client: socket.socket) -> _Job | None:
    """Fork a process for each that is asked for; return in each of them with its job."""
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody waits for those that wait
    while numbers := socket.recv_fds(client, 1, 5)[1]:
        if not os.fork():
            client.close()
            return _fork_and_wait(*numbers)
        for number in numbers:
            os.close(number)
    return None


def _fork_and_wait(job: int, stdin: int, stdout: int, stderr: int, status: int) -> _Job:
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    process = os.fork()
    if process:
        for number in (job, stdin, stdout, stderr):
            os.close(number)
        os.write(status, b"%d\n" % process)
        code = os.waitstatus_to_exitcode(os.waitpid(process, 0)[1])
        os.write(status, b"%d\n" % code)
        os._exit(0)
    os.close(status)
    for number, standard in ((stdin, 0), (stdout, 1), (stderr, 2)):
        os.dup2(number, standard)
        os.close(number)
    with os.fdopen(job) as pipe:
        return _Job(**json.load(pipe))


def _main(bytecode: str, client: str, *modules: str) -> None:
    sys.pycache_prefix, sys.dont_write_bytecode = bytecode, False  # for the modules yet to come
    for module in modules:
        importlib.import_module(module)
    gc.freeze()  # their end need not look through what they share with this process
    job = _serve(socket.socket(fileno=int(client)))
    if job:
        job.run()


if __name__ == "__main__":
    _main(*sys.argv[1:])
