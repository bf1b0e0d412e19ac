from __future__ import annotations

import ipaddress

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from monitorapp.core.record.client import (
    ClientAddress,
    host_of,
    is_ip_address,
    is_socket,
    within,
)

ports = st.integers(0, 65_535)
hosts = st.ip_addresses().map(str) | st.from_regex(r"[a-z][a-z0-9.-]{0,30}", fullmatch=True)
addresses = st.builds(ClientAddress, hosts, ports) | st.builds(
    ClientAddress.of_socket, st.text(max_size=20)
)


@given(addresses)
def test_what_is_written_can_be_read(address: ClientAddress) -> None:
    assert ClientAddress.parse(str(address)) == address


@given(st.text(max_size=30))
@example("[")
@example("[]:")
@example("10.0.0.1:\N{SUPERSCRIPT TWO}")
@example("10.0.0.1:" + "9" * 5_000)
def test_any_text_has_a_host_and_an_order(text: str) -> None:
    address = ClientAddress.parse(text)
    assert address.host == host_of(text)
    assert address.host in text
    assert isinstance(address.order, tuple)
    is_socket(text)


@pytest.mark.parametrize(
    ("text", "host", "port"),
    [
        ("10.0.0.1:80", "10.0.0.1", 80),
        ("10.0.0.1", "10.0.0.1", None),
        ("[::1]:80", "::1", 80),
        ("[::1]", "::1", None),
        ("2001:db8::1", "2001:db8::1", None),
        ("example.org:8080", "example.org", 8080),
        ("example.org:http", "example.org", None),
        ("unix:/run/x:80", "unix:/run/x:80", None),
        ("unix socket", "unix socket", None),
        ("", "", None),
    ],
)
def test_a_client_has_a_host(text: str, host: str, port: int | None) -> None:
    assert ClientAddress.parse(text) == (host, port)


@pytest.mark.parametrize(
    ("text", "expected"),
    [("unix:/run/x", True), ("unix socket", True), ("unix.example.org:1", False), ("", False)],
)
def test_sockets_of_the_same_machine_are_known(text: str, expected: bool) -> None:
    assert is_socket(text) is expected


@given(st.lists(st.builds(ClientAddress, st.ip_addresses(v=4).map(str), ports), max_size=8))
def test_addresses_are_in_the_order_of_their_numbers(addresses: list[ClientAddress]) -> None:
    expected = sorted(addresses, key=lambda one: (ipaddress.ip_address(one.host), one.port))
    assert sorted(addresses, key=lambda one: one.order) == expected


def test_names_come_after_addresses() -> None:
    texts = ["b.example:1", "unix socket", "[::1]:1", "A.example:1", "9.0.0.1:2", "10.0.0.1:1"]
    ordered = sorted(texts, key=lambda text: ClientAddress.parse(text).order)
    assert ordered == [
        "9.0.0.1:2",
        "10.0.0.1:1",
        "[::1]:1",
        "A.example:1",
        "b.example:1",
        "unix socket",
    ]


@given(st.ip_addresses(), st.ip_addresses(), st.integers(0, 32), ports)
def test_a_network_has_its_addresses(
    address: ipaddress.IPv4Address | ipaddress.IPv6Address,
    other: ipaddress.IPv4Address | ipaddress.IPv6Address,
    bits: int,
    port: int,
) -> None:
    is_inside = within(f"{other}/{bits}")
    network = ipaddress.ip_network(f"{other}/{bits}", strict=False)
    assert is_inside(str(ClientAddress(str(other), port)))
    assert is_inside(str(ClientAddress(str(address), port))) == (address in network)
    assert not is_inside("example.org:1")


def test_what_is_no_network_is_refused() -> None:
    with pytest.raises(ValueError, match="99"):
        within("10.0.0.0/99")


@given(st.ip_addresses())
def test_addresses_are_distinguished_from_names(
    address: ipaddress.IPv4Address | ipaddress.IPv6Address,
) -> None:
    assert is_ip_address(str(address))
    assert not is_ip_address(f"{address}.example")
