"""How clients reach a target: over TCP, TLS or a Unix socket."""

from __future__ import annotations

from typing import Any, Final

from twisted.internet.endpoints import (
    HostnameEndpoint,
    TCP4ClientEndpoint,
    TCP6ClientEndpoint,
    UNIXClientEndpoint,
    wrapClientTLS,
)
from twisted.internet.interfaces import IStreamClientEndpoint

from monitorapp.core.campaign.target import CampaignTarget, is_address

CONNECT_TIMEOUT_S: Final = 10.0


def client_endpoint(reactor: Any, target: CampaignTarget, *, is_own: bool) -> IStreamClientEndpoint:
    """Return the endpoint at which clients reach a target.

    Args:
        reactor: Connects.
        target: The server.
        is_own: Whether it is the server of this app, whose certificate is not doubted.

    Raises:
        ValueError: TLS is not installed; the message says what to do.
    """
    host, port = target.host, target.port
    endpoint: Any
    if target.scheme == "unix":
        return UNIXClientEndpoint(reactor, host, timeout=CONNECT_TIMEOUT_S)
    if not is_address(host):
        endpoint = HostnameEndpoint(reactor, host, port, timeout=CONNECT_TIMEOUT_S)
    elif ":" in host:
        endpoint = TCP6ClientEndpoint(reactor, host, port, timeout=CONNECT_TIMEOUT_S)
    else:
        endpoint = TCP4ClientEndpoint(reactor, host, port, timeout=CONNECT_TIMEOUT_S)
    if target.scheme == "https":
        return wrapClientTLS(_tls_options(host, is_own=is_own), endpoint)
    return endpoint  # type: ignore[no-any-return]


def _tls_options(host: str, *, is_own: bool) -> Any:
    try:
        from twisted.internet.ssl import CertificateOptions, optionsForClientTLS
    except ImportError as error:
        raise ValueError(
            "Requests to https:// need TLS. Install it: pip install 'Twisted[tls]'."
        ) from error
    return CertificateOptions() if is_own else optionsForClientTLS(host)
