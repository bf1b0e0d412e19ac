"""Requests of odd bytes against the real server, over TCP and over TLS."""

from __future__ import annotations

import contextlib
import select
import socket
import ssl
import struct
import time
from pathlib import Path
from random import Random
from typing import Any, Final
from urllib.parse import urlsplit

from h2.config import H2Configuration
from h2.connection import H2Connection

from monitorapp.core.record.interruption import INTERRUPTED_MESSAGE
from tests.end_to_end.certificate import server_certificate
from tests.end_to_end.monitor import Monitor, fork_server
from tests.endurance.log import bad_lines
from tests.endurance.session import INSIDE
from tests.endurance.worst import Worst
from tests.waits import WAIT_S

AT_ONCE: Final = 60
TLS_SHARE: Final = 0.1
SENT_S: Final = 0.2
"""How long a client tries to send, and to read, what there is."""

METHODS: Final = (b"GET", b"HEAD", b"POST", b"PUT", b"OPTIONS", b"CONNECT", b"get", b"\xff", b"G T")
TARGETS: Final = (
    b"/",
    b"*",
    b"/a?b=c",
    b"/%00%zz",
    b"/\xff\x80",
    b"//" * 50,
    b"http://localhost/",
    b"/" + b"a" * 15_000,
    b"localhost:80",
    b"",
    b"/\x00",
    b"/a b",
    b"/<b>",
    b"?",
    b"#",
)
VERSIONS: Final = (
    b"HTTP/1.1",
    b"HTTP/1.0",
    b"HTTP/0.9",
    b"HTTP/2.0",
    b"http/1.1",
    b"HTTP/1.1 ",
    b"",
    b"X",
)
HEADERS: Final = (
    b"Host: localhost",
    b"Host:",
    b"Host: a\r\nHost: b",
    b"Content-Length: 3",
    b"Content-Length: -1",
    b"Content-Length: 99999999999999999999",
    b"Content-Length: 3\r\nContent-Length: 4",
    b"Transfer-Encoding: chunked",
    b"Transfer-Encoding: gzip",
    b"Expect: 100-continue",
    b"Connection: close",
    b"Connection: upgrade\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQAAP__",
    b"Cookie: a=b; \xff=\x00;;",
    b"Authorization: Basic !!!!",
    b"User-Agent: \x1b[31m\xe2\x80\xae",
    b"A" * 20_000,
    b"X: " + b"y" * 15_000,
    b" folded: yes",
    b"\tx",
    b": empty",
    b"No colon",
    b"X: a\r\n b\r\n\tc",
    b"\x00: \x00",
    b"Range: bytes=9-1",
    b"Content-Type: multipart/form-data; boundary=x",
    b"Content-Type: application/x-www-form-urlencoded",
)
BODIES: Final = (
    b"",
    b"abc",
    b"3\r\nabc\r\n0\r\n\r\n",
    b"ffffffffffffffff\r\n",
    b"-1\r\n",
    b"3;x=\xff\r\nabc\r\n0\r\nT: 1\r\n\r\n",
    b"--x\r\nContent-Disposition: form-data; name=a\r\n\r\n1\r\n--x--",
    b"a=b&c=%zz&&=\xff",
    b"\r\n" * 500,
)


def payload(dice: Random) -> bytes:
    """Return what a client sends."""
    kind = dice.random()
    if kind < 0.1:
        return dice.randbytes(dice.choice((1, 20, 3_000)))
    if kind < 0.2:
        return http2(dice)
    if kind < 0.25:
        return b"\x16\x03\x01" + dice.randbytes(dice.choice((2, 200)))
    data = b"".join(request(dice) for _ in range(dice.choice((1, 1, 1, 2, 20))))
    if dice.random() < 0.4:
        data = mutated(dice, data)
    return data


def request(dice: Random) -> bytes:
    parts = [dice.choice(METHODS[:3] * 3 + METHODS), dice.choice(TARGETS[:3] * 3 + TARGETS)]
    line = b" ".join([*parts, dice.choice(VERSIONS[:1] * 9 + VERSIONS)])
    count = dice.choice((0, 1, 1, 2, 4, 600) if dice.random() < 0.02 else (0, 1, 2, 4))
    headers = [dice.choice(HEADERS[:1] * 9 + HEADERS) for _ in range(count)]
    return b"\r\n".join([line, *headers, b"", dice.choice(BODIES[:1] * 9 + BODIES)])


def http2(dice: Random) -> bytes:
    """Return an HTTP/2 preface with valid and mutated frames."""
    connection = H2Connection(H2Configuration(client_side=True, validate_outbound_headers=False))
    connection.initiate_connection()
    for number in range(1, 2 * dice.randint(0, 4), 2):
        headers = [(":method", dice.choice(("GET", "POST"))), (":path", dice.choice(("/", "/a?b")))]
        headers += [
            (":scheme", "https"),
            (":authority", "localhost"),
            ("x", "y" * dice.choice((1, 999))),
        ]
        connection.send_headers(number, headers, end_stream=dice.random() < 0.7)
        if dice.random() < 0.3:
            connection.reset_stream(number)
    if dice.random() < 0.3:
        connection.ping(dice.randbytes(8))
    data = connection.data_to_send()
    return mutated(dice, data, least=24) if dice.random() < 0.6 else data


def mutated(dice: Random, data: bytes, least: int = 0) -> bytes:
    for _ in range(dice.choice((1, 1, 3))):
        place = dice.randint(min(least, len(data)), len(data))
        kind = dice.randrange(4)
        if kind == 0:
            data = data[:place] + dice.randbytes(dice.choice((1, 3, 30))) + data[place:]
        elif kind == 1:
            data = data[:place] + data[place + dice.randint(1, 20) :]
        elif kind == 2:
            data = data[:place]
        else:
            data = data[:place] + data[place : place + 200] * 2 + data[place:]
    return data


class Visitor:
    """A client that sends something, reads a little or nothing, and leaves in some way."""

    def __init__(
        self, place: tuple[str, int], dice: Random, context: ssl.SSLContext | None
    ) -> None:
        self.until_s = time.monotonic() + SENT_S * dice.random()
        self._data = memoryview(payload(dice))
        self._way = dice.choice(("close", "reset", "half"))
        self.socket: Any = socket.create_connection(place, timeout=WAIT_S)
        if context is not None:
            with contextlib.suppress(OSError):
                self.socket = context.wrap_socket(self.socket, server_hostname="localhost")
                if self.socket.selected_alpn_protocol() == "h2" and dice.random() < 0.8:
                    self._data = memoryview(http2(dice))
        self.socket.setblocking(False)

    def go_on(self) -> bool:
        """Send and read what can be; return whether it stays."""
        try:
            if self._data:
                self._data = self._data[self.socket.send(self._data) :]
                if not self._data and self._way == "half":
                    self.socket.shutdown(socket.SHUT_WR)
            if not self.socket.recv(65536):
                return False
        except (BlockingIOError, ssl.SSLWantReadError, ssl.SSLWantWriteError):
            pass
        except (OSError, ValueError):
            return False
        return time.monotonic() < self.until_s

    def leave(self) -> None:
        with contextlib.suppress(OSError):
            if self._way == "reset":
                linger = struct.pack("ii", 1, 0)
                self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
            self.socket.close()


def fuzz(count: int, dice: Random, folder: Path, found: Worst) -> None:
    """Send so many, and compare the counts of the server in the end."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    context.set_alpn_protocols(["h2", "http/1.1"])
    file = server_certificate(folder)
    tls = f"ssl:0:interface=127.0.0.1:privateKey={file}"
    for name, listen, number in (
        ("TCP", "tcp:0:interface=127.0.0.1", int(count * (1 - TLS_SHARE))),
        ("TLS", tls, int(count * TLS_SHARE)),
    ):
        options = ("--listen", listen, "--delay", "0.05", "--history", "none", "--keep", "1000")
        monitor = Monitor(*options, environment={"QT_QPA_PLATFORM": "offscreen"})
        try:
            _visit(monitor, name, number, dice, context if name == "TLS" else None, found)
            monitor.close()
        except AssertionError as error:
            found.wrong(f"{name}: {error}")
        finally:
            monitor.kill()
    fork_server().close()
    fork_server.cache_clear()


def _visit(
    monitor: Monitor,
    name: str,
    count: int,
    dice: Random,
    context: ssl.SSLContext | None,
    found: Worst,
) -> None:
    parts = urlsplit(monitor.url())
    place = (parts.hostname or "", parts.port or 0)
    monitor.ask(f"{INSIDE}('{name} requests', 'totals')")
    visitors: list[Visitor] = []
    begun = 0
    while begun < count or visitors:
        while begun < count and len(visitors) < AT_ONCE:
            encrypted = context if dice.random() < 0.5 else None
            with contextlib.suppress(OSError):
                visitors.append(Visitor(place, dice, encrypted))
            begun += 1
        select.select([one.socket for one in visitors], [], [], 0.005)
        staying = []
        for one in visitors:
            if one.go_on():
                staying.append(one)
            else:
                one.leave()
        visitors = staying
    found.count(f"{name} connections", begun)
    deadline = time.monotonic() + WAIT_S
    while True:
        seen = monitor.ask(f"{INSIDE}('{name} requests', 'totals')")
        waiting, answered, interrupted, unlogged = seen["counts"]
        is_right = seen["begun"] == waiting + answered + interrupted
        if is_right and not waiting and not unlogged and interrupted == seen["arrived"]:
            break
        if time.monotonic() > deadline:
            found.wrong(f"{name}: the counts do not agree: {seen}")
            break
        time.sleep(0.1)
    found.count(f"{name} requests begun", seen["begun"])
    found.count(f"{name} answered", answered)
    found.count(f"{name} interrupted", interrupted)
    for what in ("wall", "cpu"):
        seconds, _ = seen[f"worst_{what}"]
        found.count(f"{name} worst gap between turns, {what}, in microseconds", int(seconds * 1e6))
    bad = bad_lines(monitor.log)
    if bad:
        found.wrong(f"{name}: {len(bad)} bad lines in the log:\n" + "\n".join(bad[0]))
    logged = sum(INTERRUPTED_MESSAGE in line for line in monitor.log)
    if logged != interrupted:
        found.wrong(f"{name}: {logged} interruptions in the log, {interrupted} counted")
