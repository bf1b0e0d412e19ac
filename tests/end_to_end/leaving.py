"""Real clients over every transport, which leave in every way a client can."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import ssl
import struct
import subprocess
from pathlib import Path
from urllib.parse import urlsplit

from h2.config import H2Configuration
from h2.connection import H2Connection
from h2.events import Event, SettingsAcknowledged, StreamEnded

from tests.end_to_end.monitor import GET
from tests.waits import WAIT_S

ENDPOINTS = {
    "tcp": "tcp:0:interface=127.0.0.1",
    "unix": "unix:{folder}/web",
    "tls": "ssl:0:interface=127.0.0.1:privateKey={folder}/server.pem",
    "http2": "ssl:0:interface=127.0.0.1:privateKey={folder}/server.pem",
}
"""What a server has to listen on for each transport; the folder has the certificate."""


class Peer:
    """A client that asks over one of the transports and waits.

    Args:
        transport: One of `ENDPOINTS`.
        url: Where the server listens.
        path: What is asked for.
    """

    def __init__(self, transport: str, url: str, path: str) -> None:
        self.socket = _connected(url)
        self._http2: H2Connection | None = None
        if transport in ("tls", "http2"):
            self.socket = _encrypted(self.socket, "h2" if transport == "http2" else "http/1.1")
        if transport == "http2":
            self._http2 = H2Connection(H2Configuration(client_side=True))
            self._http2.initiate_connection()
            headers = {
                ":method": "GET",
                ":path": path,
                ":scheme": "https",
                ":authority": "localhost",
            }
            self._http2.send_headers(1, list(headers.items()), end_stream=True)
            self.flush()
            # What is unread when a client leaves makes a reset of it.
            self._read_until(SettingsAcknowledged)
        else:
            self.socket.sendall(GET % path.encode())

    def flush(self) -> None:
        assert self._http2 is not None
        self.socket.sendall(self._http2.data_to_send())

    def fin(self) -> None:
        """Close the connection, over TLS without a closing alert."""
        self.socket.close()

    def rst(self) -> None:
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.socket.close()

    def kill(self) -> None:
        """Have the process that owns the connection killed."""
        descriptor = self.socket.detach()
        owner = subprocess.Popen(["sleep", "1000"], pass_fds=[descriptor])
        os.close(descriptor)
        owner.send_signal(signal.SIGKILL)
        owner.wait(WAIT_S)

    def half_close(self) -> None:
        """Say that nothing more will be sent; the socket stays open until it is closed."""
        self.socket.shutdown(socket.SHUT_WR)

    def close_notify(self) -> None:
        """Leave TLS in the orderly way."""
        assert isinstance(self.socket, ssl.SSLSocket)
        with contextlib.suppress(OSError):
            self.socket.unwrap()
        self.socket.close()

    def garbage(self) -> None:
        """Send what is no TLS."""
        self.socket = socket.socket(fileno=self.socket.detach())
        self.socket.sendall(b"GET / HTTP/1.1\r\n\r\n")

    def rst_stream(self) -> None:
        """Cancel the stream; the connection stays."""
        assert self._http2 is not None
        self._http2.reset_stream(1, error_code=8)
        self.flush()

    def goaway(self) -> None:
        """Say that no more streams will come; the connection stays."""
        frame = struct.pack(">IBI", 8 << 8 | 7, 0, 0) + struct.pack(">II", 0, 0)
        self.socket.sendall(frame)  # h2 could read no answer after its own

    def goaway_fin(self) -> None:
        self.goaway()
        self.fin()

    def answered(self) -> None:
        """Read until the answer to the stream is there."""
        self._read_until(StreamEnded)

    def dropped(self) -> None:
        """Read until the server ends the connection, and close this end, too."""
        with contextlib.suppress(OSError):
            if self._http2 is not None:
                self.socket.recv(65_536)  # its GOAWAY
            else:
                while self.socket.recv(65_536):
                    pass
        self.socket.close()

    def _read_until(self, kind: type[Event]) -> None:
        assert self._http2 is not None
        events: list[Event] = []
        while not any(isinstance(event, kind) for event in events):
            data = self.socket.recv(65_536)
            assert data, "the server has ended the connection"
            events = self._http2.receive_data(data)
            self.flush()


def _connected(url: str) -> socket.socket:
    if url.startswith("unix:"):
        connected = socket.socket(socket.AF_UNIX)
        connected.settimeout(WAIT_S)
        connected.connect(str(Path(url.removeprefix("unix:"))))
        return connected
    parts = urlsplit(url)
    return socket.create_connection((parts.hostname, parts.port), timeout=WAIT_S)


def _encrypted(plain: socket.socket, protocol: str) -> ssl.SSLSocket:
    context = ssl.create_default_context()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    context.set_alpn_protocols([protocol])
    # The session tickets of TLS 1.3 would be unread, and whoever closes then, resets.
    context.maximum_version = ssl.TLSVersion.TLSv1_2
    encrypted = context.wrap_socket(plain, server_hostname="localhost")
    assert encrypted.selected_alpn_protocol() in (protocol, None)
    return encrypted
