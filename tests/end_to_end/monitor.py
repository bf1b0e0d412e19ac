"""The real app as a process, and real clients against it."""

from __future__ import annotations

import json
import queue
import re
import signal
import socket
import struct
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any, cast
from urllib.parse import urlsplit

from tests.end_to_end import driver
from tests.forks import ForkServer
from tests.waits import WAIT_S

LIBRARIES = (
    "PyQt5.QtSvg",
    "PyQt5.QtTest",
    "PyQt5.QtWidgets",
    "lark",
    "qt5reactor.core",
    "sqlite3",
    "twisted.internet.ssl",
    "twisted.web.client",
    "twisted.web.server",
)
"""What the app imports of others, and what takes long."""

WAITING_CLIENT = Path(__file__).with_name("waiting_client.py")
GET = b"GET %s HTTP/1.1\r\nHost: localhost\r\nUser-Agent: probe/1\r\n\r\n"


@cache
def fork_server() -> ForkServer:
    """Return the one server for all; `fork_server().close()` ends it."""
    return ForkServer(*LIBRARIES)


class Monitor:
    """The app in a process of its own.

    Args:
        arguments: The command line.
        environment: Variables besides those of this process.
        descriptors: How many file descriptors the process may have at a time.
    """

    def __init__(
        self,
        *arguments: str,
        environment: dict[str, str] | None = None,
        descriptors: int | None = None,
    ) -> None:
        server = fork_server()
        self.process = server.start(driver.run, arguments, descriptors, environment=environment)
        self.log: list[str] = []
        self._answers: queue.Queue[str] = queue.Queue()
        self._threads = [
            threading.Thread(target=self._read_log),
            threading.Thread(target=self._read_answers),
        ]
        for thread in self._threads:
            thread.start()

    def _read_log(self) -> None:
        for line in self.process.stderr:
            self.log.append(line.rstrip("\n"))

    def _read_answers(self) -> None:
        for line in self.process.stdout:
            self._answers.put(line)

    def url(self) -> str:
        """Wait until it listens; return its address."""
        found = self.wait_for_log(r"^Listening on (\S+)$")
        return found.group(1)

    def wait_for_log(self, pattern: str) -> re.Match[str]:
        deadline = time.monotonic() + WAIT_S
        while time.monotonic() < deadline:
            for line in list(self.log):
                found = re.search(pattern, line)
                if found:
                    return found
            if self.process.poll() is not None and not self._threads[0].is_alive():
                break
            time.sleep(0.01)
        raise AssertionError(f"{pattern!r} is not in the log:\n" + "\n".join(self.log))

    def ask(self, expression: str) -> Any:
        """Return the value of an expression in the GUI thread of the app."""
        self.process.stdin.write(json.dumps(expression) + "\n")
        self.process.stdin.flush()
        try:
            answer = json.loads(self._answers.get(timeout=WAIT_S))
        except queue.Empty:
            self.process.send_signal(signal.SIGABRT)  # so that it says where it hangs
            self.wait()
            raise AssertionError(f"no answer to {expression!r}:\n" + "\n".join(self.log)) from None
        if "error" in answer:
            raise AssertionError(f"{expression}: {answer['error']}")
        return answer["value"]

    def wait_until(self, expression: str, value: object) -> None:
        """Wait until an expression has a value."""
        deadline = time.monotonic() + WAIT_S
        while (seen := self.ask(expression)) != value:
            if time.monotonic() > deadline:
                raise AssertionError(f"{expression} is {seen!r} and not {value!r}")
            time.sleep(0.02)

    def wait_for_counts(self, *texts: str) -> None:
        """Wait until the counters show these."""
        names = ("counter_waiting", "counter_answered", "counter_interrupted")
        self.wait_until(f"[find(name).text() for name in {names}]", list(texts))

    def counts(self) -> tuple[str, str, str]:
        names = ("counter_waiting", "counter_answered", "counter_interrupted")
        texts = self.ask(f"[find(name).text() for name in {names}]")
        return cast(tuple[str, str, str], tuple(texts))

    def end(self, sign: int = signal.SIGTERM) -> tuple[int, float]:
        """End it with a signal; return its exit code and how long that took, in seconds."""
        began = time.monotonic()
        self.process.send_signal(sign)
        return self.wait(), time.monotonic() - began

    def wait(self) -> int:
        code = self.process.wait(WAIT_S)
        for thread in self._threads:
            thread.join(WAIT_S)
        return code

    def close(self) -> None:
        """End it in the orderly way, if it has not ended yet.

        Raises:
            AssertionError: If it ends badly.
        """
        try:
            if self.process.returncode is None:
                code, _ = self.end()
                assert code == 0, "\n".join(self.log)
        finally:
            self.kill()

    def kill(self) -> None:
        self.process.kill()
        self.wait()
        self.process.close()


@contextmanager
def running(
    *arguments: str, environment: dict[str, str] | None = None, descriptors: int | None = None
) -> Iterator[Monitor]:
    """Run the app on a free port until the block ends."""
    if "--listen" not in arguments:
        arguments = ("--listen", "tcp:0:interface=127.0.0.1", *arguments)
    monitor = Monitor(*arguments, environment=environment, descriptors=descriptors)
    try:
        yield monitor
    except BaseException:
        monitor.kill()
        raise
    monitor.close()


class Client:
    """A client with a socket of its own, which can leave in every way a client can."""

    def __init__(self, url: str, path: bytes = b"/") -> None:
        parts = urlsplit(url)
        self.socket = socket.create_connection((parts.hostname, parts.port or 0), timeout=WAIT_S)
        self.socket.sendall(GET % path)

    def close(self) -> None:
        """Leave in an orderly way: FIN."""
        self.socket.close()

    def reset(self) -> None:
        """Leave without a word: RST."""
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.socket.close()

    def half_close(self) -> None:
        """Close the sending side, and keep reading."""
        self.socket.shutdown(socket.SHUT_WR)

    def answer(self) -> bytes:
        """Read one whole answer of the demo, and leave."""
        data = b""
        while not data.endswith(b"Sorry to keep you waiting."):
            chunk = self.socket.recv(65536)
            if not chunk:
                break
            data += chunk
        self.socket.close()
        return data


def start_client_process(url: str) -> subprocess.Popen[str]:
    """Start a client in a process that asks and waits, to be killed."""
    process = subprocess.Popen(
        [sys.executable, "-S", str(WAITING_CLIENT), "127.0.0.1", str(urlsplit(url).port)],
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout
    process.stdout.readline()
    process.stdout.close()
    return process
