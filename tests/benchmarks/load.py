"""Load from another process, on loopback, and the servers it goes to."""

from __future__ import annotations

import json
import os
import select
import socket
import statistics
import struct
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

SERVE = Path(__file__).with_name("serve.py")
GET = b"GET /load HTTP/1.1\r\nHost: localhost\r\n\r\n"
END = b"Sorry to keep you waiting."
RST = struct.pack("ii", 1, 0)


class Served:
    """A server in a process of its own."""

    def __init__(self, *arguments: str, log: str = os.devnull) -> None:
        with Path(log).open("wb") as file:
            self.process = subprocess.Popen(
                [sys.executable, str(SERVE), *arguments],
                stdout=subprocess.PIPE,
                stderr=file,
                text=True,
            )
        assert self.process.stdout
        ports = self.process.stdout.readline().split()
        if len(ports) != 2:
            raise RuntimeError(f"the server did not start: {arguments}")
        self.port, self._status_port = map(int, ports)

    def status(self) -> dict[str, Any]:
        """Return its counters."""
        with socket.create_connection(("127.0.0.1", self._status_port)) as connection:
            data = b""
            while chunk := connection.recv(4096):
                data += chunk
        status: dict[str, Any] = json.loads(data)
        return status

    def wait_for(self, wanted: Any, seconds: float = 40.0) -> dict[str, Any]:
        """Wait until the counters satisfy a condition; return them."""
        deadline = time.monotonic() + seconds
        while not wanted(status := self.status()):
            if time.monotonic() > deadline:
                raise TimeoutError(str(status))
            time.sleep(0.05)
        return status

    def close(self) -> None:
        """End it."""
        self.process.terminate()
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        assert self.process.stdout
        self.process.stdout.close()


@contextmanager
def served(*arguments: str, log: str = os.devnull) -> Iterator[Served]:
    """Serve until the block ends."""
    server = Served(*arguments, log=log)
    try:
        yield server
    finally:
        server.close()


@dataclass
class Answers:
    """What clients got: how many answers a second, and how long each took."""

    per_second: float
    latencies_s: list[float]

    def latency_ms(self, quantile: float) -> float:
        """Return a quantile of the latencies, in milliseconds."""
        ordered = sorted(self.latencies_s)
        return ordered[min(len(ordered) - 1, int(quantile * len(ordered)))] * 1000


def ask(port: int, connections: int, seconds: float, pause_s: float = 0.0) -> Answers:
    """Ask on all connections, each again as soon as it has its answer (or `pause_s` later)."""
    poller = select.epoll()
    sockets = {}
    for _ in range(connections):
        client = connect(port)
        client.sendall(GET)
        sockets[client.fileno()] = client
        poller.register(client, select.EPOLLIN)
    asked = dict.fromkeys(sockets, time.perf_counter())
    latencies = []
    began = time.perf_counter()
    until = began + seconds
    now = began
    while now < until:
        for number, _ in poller.poll(1.0):
            if sockets[number].recv(65536).endswith(END):
                now = time.perf_counter()
                latencies.append(now - asked[number])
                if pause_s:
                    time.sleep(pause_s)
                asked[number] = time.perf_counter()
                sockets[number].sendall(GET)
        now = time.perf_counter()
    for client in sockets.values():
        client.close()
    poller.close()
    return Answers(len(latencies) / (now - began), latencies)


def connect(port: int) -> socket.socket:
    """Return a new connection; ports are many, as each address of 127/8 has its own."""
    return socket.create_connection(("127.0.0.1", port), timeout=60)


def leave(client: socket.socket, *, reset: bool) -> None:
    """Close a connection with FIN, or with RST."""
    if reset:
        client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RST)
    client.close()


def median(values: list[float]) -> float:
    """Return the median."""
    return statistics.median(values)


def table(head: list[str], rows: list[list[str]]) -> str:
    """Return a Markdown table."""
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)
