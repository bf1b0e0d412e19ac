"""From Twisted's addresses to ours."""

from __future__ import annotations

from typing import Final

from twisted.internet.address import IPv4Address, IPv6Address, UNIXAddress
from twisted.internet.interfaces import IAddress

from monitorapp.core.record.client import ClientAddress
from monitorapp.core.text.visible import visible

_INTERNET: Final = (IPv4Address, IPv6Address)


def host_and_port(address: IAddress) -> tuple[str, int | None]:
    """Return the host and the port of a client, as in a `ClientAddress`; made visible."""
    if isinstance(address, _INTERNET):
        return address.host, address.port
    if isinstance(address, UNIXAddress):
        return ClientAddress.of_socket(visible(address.name or b""))
    return visible(str(address)), None


def client_text(address: IAddress) -> str:
    """Return the address of a client as text."""
    return str(ClientAddress(*host_and_port(address)))
