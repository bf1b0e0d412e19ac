"""Endpoint strings: read them, explain what is wrong with them, name their URL."""

from __future__ import annotations

import errno
import os
import socket
from typing import Any, Final

from twisted.internet.address import IPv4Address, IPv6Address, UNIXAddress
from twisted.internet.endpoints import StandardIOEndpoint, serverFromString
from twisted.internet.error import CannotListenError
from twisted.internet.interfaces import IAddress, IStreamServerEndpoint

DEFAULT_ENDPOINT: Final = "tcp:8080:interface=127.0.0.1"
FREE_PORT: Final = 0
"""The port number that lets the system choose."""

_EXAMPLE: Final = f"Write it like {DEFAULT_ENDPOINT}."
_ANY_ADDRESS: Final = {"0.0.0.0": "127.0.0.1", "::": "::1", "": "127.0.0.1"}
_PORT_TYPES: Final = ("tcp", "tcp4", "tcp6", "ssl")
_LOCKED: Final = "Cannot acquire lock"
"""What Twisted says of a Unix socket that another program listens on."""

_LOOPBACK_PORT: Final = "tcp:{}:interface=127.0.0.1"


class EndpointError(ValueError):
    """A malformed endpoint string; the message says why, in one sentence."""


def complete_endpoint(text: str) -> str:
    """Return the endpoint string that a user means: a port number alone is one of this machine."""
    text = text.strip()
    return _LOOPBACK_PORT.format(text) if text.isascii() and text.isdigit() else text


def parse_endpoint(reactor: Any, text: str) -> IStreamServerEndpoint:
    """Return the endpoint that a Twisted server endpoint string describes.

    Args:
        reactor: The reactor that will listen.
        text: Such as `tcp:8080:interface=127.0.0.1`; see
            `twisted.internet.endpoints.serverFromString` for all of them.

    Raises:
        EndpointError: The string is malformed, or of a type that cannot serve HTTP.
    """
    try:
        _check_port(text)
        endpoint: IStreamServerEndpoint = serverFromString(reactor, text)
    except EndpointError:
        raise
    except Exception as error:  # endpoint plugins raise any exception
        if text.startswith("systemd:") and isinstance(error, LookupError):
            detail = "systemd has passed no such socket to this process"
        else:
            detail = str(error).rstrip(".") or type(error).__name__
        raise EndpointError(
            f"{text!r} is not an endpoint to listen on ({detail}). {_EXAMPLE}"
        ) from error
    if isinstance(endpoint, StandardIOEndpoint):  # it would take over this process's streams
        raise cannot_serve(text)
    return endpoint


def cannot_serve(text: str) -> EndpointError:
    """Return the error of an endpoint to which no client can connect."""
    return EndpointError(
        f"{text!r} cannot serve HTTP: no client can connect to such an endpoint. {_EXAMPLE}"
    )


def has_port(text: str) -> bool:
    """Return whether the endpoint is of a type that has a port number."""
    return text.partition(":")[0] in _PORT_TYPES


def with_port(text: str, port: int) -> str:
    """Return the endpoint string `text` with another port.

    Raises:
        EndpointError: The endpoint is of a type without ports.
    """
    if not has_port(text):
        raise EndpointError(f"{text!r} has no port number.")
    kind, *parts = text.split(":")
    if parts and "=" not in parts[0]:
        parts[0] = str(port)
    else:
        parts = [f"port={port}", *(part for part in parts if not part.startswith("port="))]
    return ":".join((kind, *parts))


def explain_listen_error(error: BaseException, text: str) -> str:
    """Return one sentence or two on why listening on the endpoint `text` failed."""
    if isinstance(error, EndpointError):
        return str(error)
    number = None
    cause = error.socketError if isinstance(error, CannotListenError) else error
    if isinstance(cause, socket.gaierror):  # its numbers are none of errno
        return f"Cannot listen: the name in {text!r} has no address on this machine. Use another."
    if isinstance(error, CannotListenError):
        number = getattr(error.socketError, "errno", None)
        name = os.fsdecode(error.port) if isinstance(error.port, bytes) else error.port
        where = f"port {name}" if has_port(text) else str(name)
        if error.socketError == _LOCKED:
            number = errno.EADDRINUSE
        detail = getattr(error.socketError, "strerror", None) or str(error.socketError)
    else:
        number = getattr(error, "errno", None)
        where = text
        detail = str(error) or type(error).__name__
    if number == errno.EADDRINUSE:
        other = "port" if has_port(text) else "endpoint"
        return (
            f"Cannot listen: {where} is in use by another program. Stop it, or use another {other}."
        )
    if number in (errno.EACCES, errno.EPERM):
        return f"Cannot listen: no permission for {where}. Use a port above 1023."
    if number == errno.EADDRNOTAVAIL:
        return (
            f"Cannot listen: this machine does not have the address in {text!r}. Use another one."
        )
    if number is not None and number in errno.errorcode:
        detail = os.strerror(number)
    return f"Cannot listen on {text!r}: {detail.rstrip('.')}. Use another endpoint."


def server_url(address: IAddress, *, secure: bool = False) -> str:
    """Return the URL under which a server that listens on `address` can be reached from here.

    A server that listens on all addresses is named by the loopback address.
    """
    if isinstance(address, UNIXAddress):
        return f"unix:{os.fsdecode(address.name or b'')}"
    if not isinstance(address, IPv4Address | IPv6Address):
        return str(address)
    host = _ANY_ADDRESS.get(address.host, address.host)
    if ":" in host:
        host = f"[{host}]"
    return f"{'https' if secure else 'http'}://{host}:{address.port}/"


def _check_port(text: str) -> None:
    """Refuse port numbers that Twisted would take and then fail to listen on."""
    if not has_port(text):
        return
    _, *parts = text.split(":")
    named = [part[5:] for part in parts if part.startswith("port=")]
    port = named[0] if named else (parts[0] if parts else "")
    if not port.isascii() or not port.isdigit() or int(port) > 65535:
        raise EndpointError(
            f"{port!r} is not a port number: it lies between 0 and 65535. {_EXAMPLE}"
        )
