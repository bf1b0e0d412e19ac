"""One request to this app's own server, whose client gives up."""

from __future__ import annotations

from typing import Any

from twisted.internet.defer import Deferred

from monitorapp.core.campaign import agents
from monitorapp.core.campaign.plan import Leaving
from monitorapp.core.campaign.target import parse_target
from monitorapp.web.campaign.client import ClientOutcome, ImpatientClient, connect, request_bytes
from monitorapp.web.campaign.endpoints import client_endpoint


def ask_and_leave(reactor: Any, url: str, patience_s: float) -> Deferred[ClientOutcome]:
    """Send one GET request, and close the connection if there is no answer in time.

    Args:
        reactor: Connects and schedules.
        url: The URL of this app's server, over TCP, TLS or a Unix socket.
        patience_s: How long the client waits once it has asked, in seconds.

    Returns:
        A Deferred of how it ended. It fails if the request cannot be sent, with one of the errors
        of `twisted.internet.error`, or of TLS.

    Raises:
        ValueError: It is not such a URL.
    """
    target = parse_target(url)
    client = ImpatientClient(
        reactor, request_bytes(target, agents.INTERRUPT_ONE), Leaving.CLOSE, patience_s
    )
    connected = connect(client_endpoint(reactor, target, is_own=True), client)
    return connected.addCallback(lambda client: client.ended)
