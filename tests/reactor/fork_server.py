"""Runs each script with a reactor of its own, in a process of its own.

There can be one reactor in a process. The processes are forked from one that has imported all
there is to import, which takes 10 ms instead of 400. Each of them ends as every interpreter does,
so whatever Qt says about a bad end is heard.

Each line on standard input is a job in JSON. Its answer is two lines: the number of the process
when it has begun, and its exit code when it has ended.
"""

from __future__ import annotations

import gc
import importlib
import json
import os
from dataclasses import asdict, dataclass
from typing import Any

import twisted.internet.tcp  # noqa: F401  before the fork
from PyQt5.QtWidgets import QApplication
from twisted.internet.main import installReactor
from twisted.logger import globalLogBeginner

from monitorapp import reactor as reactors
from tests.reactor.scripting import note_fault


@dataclass(frozen=True)
class Job:
    """One run of a script.

    Attributes:
        reactor: The name of the class of the reactor.
        module: The module of the script.
        script: The name of the function, which is called with the reactor.
        arguments: What else it is called with.
        stdout: The file for what it says.
        stderr: The file for what Python, Qt and Twisted say.
    """

    reactor: str
    module: str
    script: str
    arguments: list[Any]
    stdout: str
    stderr: str

    def line(self) -> str:
        """Return the job as it is sent."""
        return json.dumps(asdict(self)) + "\n"

    def run(self) -> None:
        """Run the script in this process."""
        for path, number in ((os.devnull, 0), (self.stdout, 1), (self.stderr, 2)):
            file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_TRUNC, 0o600)
            os.dup2(file, number)
            os.close(file)
        script = getattr(importlib.import_module(self.module), self.script)
        application = QApplication(["test"])
        reactor = getattr(reactors, self.reactor)()
        installReactor(reactor)
        beginner: Any = globalLogBeginner  # whose observers are typed too narrowly
        beginner.beginLoggingTo([note_fault], redirectStandardIO=False, discardBuffer=True)
        script(reactor, *self.arguments)
        del application


def serve() -> Job | None:
    """Fork a process for each job, until standard input ends; return the job in the new one."""
    while line := os.read(0, 65536):
        job = Job(**json.loads(line))
        importlib.import_module(job.module)  # for the jobs to come as well
        gc.freeze()  # its end need not look through what it shares with this process
        process = os.fork()
        if not process:
            return job
        print(process, flush=True)
        _, status = os.waitpid(process, 0)
        print(os.waitstatus_to_exitcode(status), flush=True)
    return None


if __name__ == "__main__":
    job = serve()
    if job:
        job.run()
