from __future__ import annotations

import pytest
from twisted.internet.address import HostnameAddress, IPv4Address, IPv6Address, UNIXAddress
from twisted.internet.interfaces import IAddress

from monitorapp.web.request._address import client_text


@pytest.mark.parametrize(
    ("address", "text"),
    [
        (IPv4Address("TCP", "192.0.2.1", 80), "192.0.2.1:80"),
        (IPv6Address("TCP", "::1", 80), "[::1]:80"),
        (UNIXAddress(b"/run/x"), "unix:/run/x"),
        (UNIXAddress(b"/run/\x1b"), r"unix:/run/\x1b"),
        (UNIXAddress(None), "unix socket"),
    ],
)
def test_addresses_are_written_as_users_write_them(address: IAddress, text: str) -> None:
    assert client_text(address) == text


def test_unknown_addresses_are_plain_text() -> None:
    assert "\x1b" not in client_text(HostnameAddress(b"\x1b", 1))
