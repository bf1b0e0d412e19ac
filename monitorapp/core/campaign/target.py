"""Where the requests of a campaign go."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass
from typing import Final
from urllib.parse import quote, urlsplit

from monitorapp.core.text.visible import cut, visible

_PORTS: Final = {"http": 80, "https": 443}
_LOOPBACK_NAME: Final = "localhost"
_KEPT_IN_PATHS: Final = "/?&=%:+,;@!$'()*~[]-._"


@dataclass(frozen=True, slots=True, kw_only=True)
class CampaignTarget:
    """A server, and what it is asked for.

    Attributes:
        scheme: `http`, `https` or `unix`.
        host: Name or address, in ASCII; for `unix` the path of the socket.
        port: The port; 0 for `unix`.
        path: Path and query, in ASCII.
    """

    scheme: str
    host: str
    port: int
    path: str

    @property
    def authority(self) -> str:
        """The value of the Host header (RFC 9110, section 7.2)."""
        if self.scheme == "unix":
            return _LOOPBACK_NAME
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == _PORTS[self.scheme] else f"{host}:{self.port}"

    @property
    def origin(self) -> str:
        """The server's URL, without a path of it."""
        if self.scheme == "unix":
            return f"unix:{self.host}"
        return f"{self.scheme}://{self.authority}/"

    def is_at(self, url: str) -> bool:
        """Return whether this is the server at `url`, under whichever loopback name."""
        try:
            other = parse_target(url)
        except ValueError:
            return False
        return (self.scheme, self.port) == (other.scheme, other.port) and (
            self.host == other.host
            or (self.scheme != "unix" and _is_loopback(self.host) and _is_loopback(other.host))
        )


def parse_target(url: str, path: str = "/") -> CampaignTarget:
    """Return the target that a user typed.

    Args:
        url: The URL of a server, such as `http://127.0.0.1:8080/`; `unix:PATH` for a socket.
        path: What it is asked for; if this is only `/`, a path in `url` counts.

    Raises:
        ValueError: Requests cannot be sent there; the message says why.
    """
    url = url.strip()
    if url.startswith("unix:") and url != "unix:":
        return CampaignTarget(
            scheme="unix", host=url.removeprefix("unix:"), port=0, path=_request_target(path)
        )
    shown = cut(visible(url), 60)
    try:
        parts = urlsplit(url)
        port = parts.port
        host = parts.hostname or ""
    except ValueError as error:
        raise ValueError(f"'{shown}' is not a URL: {error}.") from error
    if parts.scheme not in _PORTS or not host:
        raise ValueError(
            "Requests can be sent to addresses such as http://127.0.0.1:8080/ or https://…,"
            f" not to '{shown}'."
        )
    if parts.username is not None:
        raise ValueError("A client has no name and password to send. Leave them out of the URL.")
    if path.strip() in ("", "/"):
        path = parts.path + (f"?{parts.query}" if parts.query else "")
    return CampaignTarget(
        scheme=parts.scheme,
        host=_ascii_host(host),
        port=_PORTS[parts.scheme] if port is None else port,
        path=_request_target(path),
    )


def is_target(url: str) -> bool:
    """Return whether requests can be sent to the server at `url`."""
    try:
        parse_target(url)
    except ValueError:
        return False
    return True


def is_address(host: str) -> bool:
    """Return whether `host` is an IP address, and needs no look-up."""
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


def _request_target(path: str) -> str:
    """Return a path that is valid in a request line, whatever was typed."""
    quoted = quote(path.strip(), safe=_KEPT_IN_PATHS, errors="replace")
    return quoted if quoted.startswith("/") else f"/{quoted}"


def _ascii_host(host: str) -> str:
    try:
        name = host.encode("ascii" if is_address(host) else "idna").decode("ascii")
    except UnicodeError as error:
        raise ValueError(f"'{cut(visible(host), 60)}' is not a host name.") from error
    if not all(character.isalnum() or character in "-._:" for character in name):
        raise ValueError(f"'{cut(visible(host), 60)}' is not a host name.")
    return name


def _is_loopback(host: str) -> bool:
    return host == _LOOPBACK_NAME or (is_address(host) and ipaddress.ip_address(host).is_loopback)
