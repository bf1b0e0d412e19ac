"""Real clients, and what each of them knows of its requests."""

from __future__ import annotations

import contextlib
import enum
import select
import socket
import struct
import subprocess
import sys
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

from monitorapp.web.hosting.demo import ANSWER
from tests.end_to_end.monitor import GET
from tests.waits import WAIT_S

KILLED: Final = """
import signal, socket, sys
family, address, path = sys.argv[1:]
place = address if family == "unix" else (address.split()[0], int(address.split()[1]))
connection = socket.socket(socket.AF_UNIX if family == "unix" else socket.AF_INET)
connection.connect(place)
connection.sendall(b"GET %s HTTP/1.1\\r\\nHost: localhost\\r\\n\\r\\n" % path.encode())
print(flush=True)
signal.pause()
"""


class State(enum.Enum):
    """What the clients know of a request."""

    SENT = "sent"
    ANSWERED = "answered"
    LEFT = "left"


@dataclass
class Asked:
    """A request.

    Attributes:
        path: What was asked for; no other request has it.
        state: What its client knows.
        is_certain: Whether the server must have a record of it: it waited when the client left.
    """

    path: str
    state: State = State.SENT
    is_certain: bool = False


def place_of(url: str) -> tuple[str, str | tuple[str, int]]:
    if url.startswith("unix:"):
        return "unix", url.removeprefix("unix:")
    parts = urlsplit(url)
    return "tcp", (parts.hostname or "", parts.port or 0)


class Connection:
    """A client that asks for some paths on one connection, all at once.

    Args:
        url: Where the server listens.
        asked: What is asked for.
        port: Names where it listened at that time.

    Raises:
        OSError: Nobody listens there.
    """

    def __init__(self, url: str, asked: list[Asked], port: int) -> None:
        self.port = port
        self.asked = asked
        self.answered = 0
        self.is_over = False
        self._tail = b""
        family, place = place_of(url)
        self.socket = socket.socket(socket.AF_UNIX if family == "unix" else socket.AF_INET)
        self.socket.settimeout(WAIT_S)
        try:
            self.socket.connect(place)
            self.socket.sendall(b"".join(GET % one.path.encode() for one in asked))
        except OSError:
            self.socket.close()
            raise
        self.socket.setblocking(False)

    @property
    def waits(self) -> bool:
        return not self.is_over and self.answered < len(self.asked)

    def read(self) -> None:
        """Take what the server has sent until now."""
        while not self.is_over:
            try:
                data = self.socket.recv(65536)
            except BlockingIOError:
                return
            except OSError:
                data = b""
            if not data:
                self.end()
                return
            data = self._tail + data
            count = data.count(ANSWER)
            self._tail = data[-len(ANSWER) + 1 :] if not data.endswith(ANSWER) else b""
            for one in self.asked[self.answered : self.answered + count]:
                one.state = State.ANSWERED
            self.answered += count

    def end(self) -> None:
        """The connection is over, whoever ended it."""
        self.is_over = True
        for one in self.asked[self.answered :]:
            one.state = State.LEFT
        self.socket.close()

    def leave(self, how: str) -> None:
        if how == "half_close":  # the server ends it
            with contextlib.suppress(OSError):
                self.socket.shutdown(socket.SHUT_WR)
            return
        if how == "reset":
            option = struct.pack("ii", 1, 0)
            self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, option)
        self.end()


class Process:
    """A client in a process of its own, which asks, and waits to be killed.

    Raises:
        ConnectionRefusedError: Nobody listens there.
    """

    def __init__(self, url: str, path: str) -> None:
        family, place = place_of(url)
        address = place if isinstance(place, str) else f"{place[0]} {place[1]}"
        self._process = subprocess.Popen(
            [sys.executable, "-S", "-c", KILLED, family, address, path],
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        assert self._process.stdout
        if not self._process.stdout.readline():
            self.kill()
            raise ConnectionRefusedError

    def kill(self) -> None:
        self._process.kill()
        self._process.wait()
        assert self._process.stdout
        self._process.stdout.close()


class Clients:
    """All clients of one run of the app."""

    def __init__(self) -> None:
        self.open: list[Connection] = []
        self.asked: dict[str, Asked] = {}

    def connect(self, url: str, paths: list[str], port: int) -> bool:
        """Ask for paths on one connection; return False if nobody listens."""
        asked = [Asked(path) for path in paths]
        try:
            self.open.append(Connection(url, asked, port))
        except OSError:
            return False
        self.asked |= {one.path: one for one in asked}
        return True

    def begin(self, path: str) -> Asked:
        """Note a request of a client that is not one of `open`."""
        asked = self.asked[path] = Asked(path)
        return asked

    def read(self) -> None:
        """Take what has come for all of them."""
        poll = select.poll()
        by_number = {}
        for one in self.open:
            if not one.is_over:
                by_number[one.socket.fileno()] = one
                poll.register(one.socket, select.POLLIN)
        for number, _ in poll.poll(0):
            by_number[number].read()
        self.open = [one for one in self.open if not one.is_over]

    @property
    def waiting(self) -> int:
        return sum(one.waits for one in self.open)

    def mark_certain(self, waiting: list[tuple[int, str, float]]) -> None:
        """Of these the server must have a record, if their clients go now."""
        for _, path, _ in waiting:
            if path in self.asked:
                self.asked[path].is_certain = True

    def end(self) -> None:
        for one in self.open:
            if not one.is_over:
                one.end()
        self.open.clear()
