"""Addresses of clients: the one place where they are written and read."""

from __future__ import annotations

import ipaddress
from collections.abc import Callable
from functools import lru_cache
from typing import Final, NamedTuple

_SOCKET: Final = "unix"
_SOCKET_PATH: Final = f"{_SOCKET}:"
_UNNAMED_SOCKET: Final = "unix socket"
_HOSTS: Final = 4_096


class ClientAddress(NamedTuple):
    """Where a request came from. Its text is `HOST:PORT`, with an IPv6 address in brackets.

    Attributes:
        host: IP address without brackets, or a name; `unix:PATH` or `unix socket` for a socket
            of the same machine; empty if it is not known.
        port: Port number; None if there is none, or it is not known.
    """

    host: str
    port: int | None = None

    def __str__(self) -> str:
        if self.port is None:
            return self.host
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"

    @classmethod
    def parse(cls, text: str) -> ClientAddress:
        """Return the address that a text names; what is not an address is taken for a name."""
        host = host_of(text)
        port = "" if host == text else text.rpartition(":")[2]
        # int() would take other digits, signs, and numbers that are no port.
        is_port = port.isascii() and port.isdigit() and len(port) < 6
        return cls(host, int(port) if is_port else None)

    @classmethod
    def of_socket(cls, path: str) -> ClientAddress:
        """Return the address of a UNIX socket; the path of a client's is nearly always empty."""
        return cls(_SOCKET_PATH + path if path else _UNNAMED_SOCKET)

    @property
    def order(self) -> tuple[int, int, int, str]:
        """What addresses are sorted by: IPv4 and IPv6 by their numbers, then names."""
        address = _ip_address(self.host)
        if address is None:
            return 9, 0, 0, str(self).lower()
        return address.version, int(address), self.port or 0, ""


def host_of(client: str) -> str:
    """Return the host of a client's address: without its port, and without brackets.

    It is `ClientAddress.parse(client).host`, for callers that need it of many.
    """
    host, colon, _ = client.rpartition(":")
    if colon and ":" not in host and host != _SOCKET:  # nearly always
        return host
    if host[:1] == "[" and host[-1] == "]":
        return host[1:-1]
    if not colon or client.startswith(_SOCKET_PATH):
        return client
    return client.strip("[]")  # an IPv6 address without a port, as other servers log it


def is_socket(client: str) -> bool:
    """Return whether a client's address, or the host of one, is a UNIX socket."""
    return client == _UNNAMED_SOCKET or client.startswith(_SOCKET_PATH)


def is_ip_address(host: str) -> bool:
    """Return whether a host is named by its IPv4 or IPv6 address."""
    return _ip_address(host) is not None


def within(network: str) -> Callable[[str], bool]:
    """Return a test of whether a client's address is in a network.

    Args:
        network: Such as `10.0.0.0/8` or `2001:db8::/32`.

    Raises:
        ValueError: It is not a network.
    """
    wanted = ipaddress.ip_network(network, strict=False)

    @lru_cache(maxsize=_HOSTS)
    def has(host: str) -> bool:
        address = _ip_address(host)
        return address is not None and address in wanted

    return lambda client: has(host_of(client))


def _ip_address(host: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        return ipaddress.ip_address(host)
    except ValueError:
        return None
