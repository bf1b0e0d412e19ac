from __future__ import annotations

import contextlib
import errno
import os

import pytest
from hypothesis import given
from hypothesis import strategies as st
from twisted.internet.address import IPv4Address, IPv6Address, UNIXAddress
from twisted.internet.error import CannotListenError

from monitorapp.web.server.endpoint import (
    DEFAULT_ENDPOINT,
    EndpointError,
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
    ],
)
def test_malformed_ones_get_one_clear_sentence_with_an_example(text: str) -> None:
    with pytest.raises(EndpointError) as caught:
        parse_endpoint(None, text)
    message = str(caught.value)
    assert DEFAULT_ENDPOINT in message
    assert "\n" not in message
    assert len(message) < 250


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
