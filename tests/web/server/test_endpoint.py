from __future__ import annotations

import contextlib
import errno
import os
import socket

import pytest
from hypothesis import given
from hypothesis import strategies as st
from twisted.internet.address import IPv4Address, IPv6Address, UNIXAddress
from twisted.internet.error import CannotListenError

from monitorapp.web.server.endpoint import (
    DEFAULT_ENDPOINT,
    EndpointError,
    complete_endpoint,
    explain_listen_error,
    parse_endpoint,
    server_url,
    with_port,
)


@pytest.mark.parametrize(
    "text",
    [
        "tcp:8080",
        "tcp:0:interface=127.0.0.1",
        "tcp:port=80",
        "tcp6:80",
        "unix:/tmp/x",
        DEFAULT_ENDPOINT,
    ],
)
def test_endpoint_strings_are_read(text: str) -> None:
    assert parse_endpoint(None, text) is not None


@pytest.mark.parametrize(
    "text",
    [
        "",
        "8080",
        "tcp",
        "tcp:",
        "tcp:http",
        "tcp:-1",
        "tcp:65536",
        "tcp:80:colour=red",
        "udp:80",
        "tcp:٣",
        "stdio:",
        "stdio",
        "systemd:domain=INET:index=0",
    ],
)
def test_malformed_ones_get_one_clear_sentence_with_an_example(text: str) -> None:
    with pytest.raises(EndpointError) as caught:
        parse_endpoint(None, text)
    message = str(caught.value)
    assert DEFAULT_ENDPOINT in message
    assert "\n" not in message
    assert len(message) < 250


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("8080", "tcp:8080:interface=127.0.0.1"),
        (" 0\n", "tcp:0:interface=127.0.0.1"),
        ("99999", "tcp:99999:interface=127.0.0.1"),
        (" tcp:8080 ", "tcp:8080"),
        ("٣", "٣"),
        ("", ""),
    ],
)
def test_a_port_alone_is_one_of_this_machine(typed: str, meant: str) -> None:
    assert complete_endpoint(typed) == meant


def test_what_cannot_serve_says_so() -> None:
    with pytest.raises(EndpointError, match="'stdio:' cannot serve HTTP: no client can connect"):
        parse_endpoint(None, "stdio:")
    with pytest.raises(EndpointError, match="systemd has passed no such socket"):
        parse_endpoint(None, "systemd:domain=INET:index=0")


@given(st.text(max_size=80))
def test_no_text_raises_anything_else(text: str) -> None:
    with contextlib.suppress(EndpointError):
        parse_endpoint(None, text)


@given(st.integers(0, 65535), st.integers(0, 65535), st.sampled_from(["", ":interface=::1"]))
def test_the_port_can_be_replaced(old: int, new: int, rest: str) -> None:
    rest = rest.replace(":1", "\\:1").replace("::", "\\:\\:") if rest else rest
    assert with_port(f"tcp:{old}{rest}", new) == f"tcp:{new}{rest}"
    assert with_port(f"tcp:port={old}{rest}", new) == f"tcp:port={new}{rest}"
    assert with_port("tcp:interface=127.0.0.1:port=1", new) == f"tcp:port={new}:interface=127.0.0.1"


def test_an_endpoint_without_a_port_has_none_to_replace() -> None:
    with pytest.raises(EndpointError):
        with_port("unix:/tmp/x", 1)


@pytest.mark.parametrize(
    ("number", "part"),
    [
        (errno.EADDRINUSE, "port 8080 is in use by another program"),
        (errno.EACCES, "no permission for port 8080"),
        (errno.EADDRNOTAVAIL, "does not have the address"),
        (errno.EMFILE, "Too many open files"),
    ],
)
def test_the_system_s_no_is_explained(number: int, part: str) -> None:
    error = CannotListenError("127.0.0.1", 8080, OSError(number, os.strerror(number)))
    assert part in explain_listen_error(error, "tcp:8080")


@pytest.mark.parametrize("number", [socket.EAI_NONAME, socket.EAI_AGAIN])
def test_a_name_without_an_address_is_explained(number: int) -> None:
    cause = socket.gaierror(number, "Name or service not known")
    endpoint = "tcp:8080:interface=no.such.name"
    for error in (CannotListenError("no.such.name", 8080, cause), cause):
        text = explain_listen_error(error, endpoint)
        assert text.startswith(f"Cannot listen: the name in {endpoint!r} has no address")
    unknown = CannotListenError("a", 1, OSError(-7, "It is odd"))
    assert "Unknown error" not in explain_listen_error(unknown, endpoint)
    assert "It is odd" in explain_listen_error(unknown, endpoint)


def test_a_unix_socket_in_use_is_explained() -> None:
    text = explain_listen_error(
        CannotListenError(None, b"/run/x", "Cannot acquire lock"), "unix:/run/x"
    )
    assert text == (
        "Cannot listen: /run/x is in use by another program. Stop it, or use another endpoint."
    )


def test_other_errors_are_reported_as_they_are() -> None:
    assert "boom" in explain_listen_error(RuntimeError("boom"), "tcp:8080")
    assert "No such file" in explain_listen_error(
        CannotListenError(None, "/no/x", OSError(errno.ENOENT, "No such file or directory")),
        "unix:/no/x",
    )


@pytest.mark.parametrize(
    ("address", "secure", "url"),
    [
        (IPv4Address("TCP", "127.0.0.1", 8080), False, "http://127.0.0.1:8080/"),
        (IPv4Address("TCP", "0.0.0.0", 80), False, "http://127.0.0.1:80/"),
        (IPv6Address("TCP", "::", 8080), True, "https://[::1]:8080/"),
        (UNIXAddress(b"/run/x"), False, "unix:/run/x"),
    ],
)
def test_the_url_is_one_that_works_from_here(address: IPv4Address, secure: bool, url: str) -> None:
    assert server_url(address, secure=secure) == url
