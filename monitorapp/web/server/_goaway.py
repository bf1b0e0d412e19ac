"""HTTP/2: the GOAWAY of a client, which ends nothing."""

from __future__ import annotations

from typing import Final

_PREFACE_BYTES: Final = 24  # RFC 9113, section 3.4
_HEADER_BYTES: Final = 9  # RFC 9113, section 4.1
_GOAWAY: Final = 7


class GoAwayFilter:
    """Takes the GOAWAY frames out of what a client sends.

    By such a frame a client says that it takes no more streams of the server's (RFC 9113,
    section 6.8); those that it began go on, and it may wait for their answers. Twisted drops the
    connection, and begins no streams. Without the frame each stream gets its answer, or the
    client ends the connection, and that is seen.
    """

    def __init__(self) -> None:
        self._header = b""
        self._left_bytes = _PREFACE_BYTES  # of the frame that is being passed on or dropped
        self._is_dropping = False

    def feed(self, data: bytes) -> bytes:
        """Return what remains of the next piece of a connection; cut however it may be."""
        kept: list[bytes] = []
        place = 0
        while place < len(data):
            if self._left_bytes:
                part = data[place : place + self._left_bytes]
                self._left_bytes -= len(part)
                if not self._is_dropping:
                    kept.append(part)
            else:
                part = data[place : place + _HEADER_BYTES - len(self._header)]
                self._header += part
                if len(self._header) == _HEADER_BYTES:
                    self._begin_frame(kept)
            place += len(part)
        return b"".join(kept)

    def _begin_frame(self, kept: list[bytes]) -> None:
        header, self._header = self._header, b""
        self._left_bytes = int.from_bytes(header[:3], "big")
        self._is_dropping = header[3] == _GOAWAY
        if not self._is_dropping:
            kept.append(header)
