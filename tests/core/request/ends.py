"""Ends of requests for tests."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from monitorapp.core.record.client import ClientAddress
from monitorapp.core.request.ended import RequestEnd


class HeadersOf:
    """Headers of a request as they came, by their names in lower case."""

    def __init__(self, values: Mapping[bytes, Sequence[bytes]]) -> None:
        self._values = values

    def getRawHeaders(self, name: bytes) -> Sequence[bytes] | None:
        return self._values.get(name.lower())


def end(client: str = "192.0.2.1:5", agent: bytes | None = None, **facts: Any) -> RequestEnd:
    """Return the end of a request with these facts; the others are usual ones."""
    host, port = ClientAddress.parse(client)
    values: dict[str, Any] = {
        "origin": "a-process",
        "number": 7,
        "method": b"GET",
        "uri": b"/a?b",
        "version": b"HTTP/1.1",
        "host": host,
        "port": port,
        "headers": HeadersOf({b"user-agent": [agent]} if agent is not None else {}),
        "began_s": 1_000.0,
        "waited_s": 1.5,
        "delay_s": 5.0,
        "bytes_written": 0,
        "headers_sent": False,
    }
    return RequestEnd(**{**values, **facts})
