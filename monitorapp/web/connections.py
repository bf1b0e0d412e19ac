"""The open connections of a server."""

from __future__ import annotations

from twisted.internet.defer import Deferred
from twisted.internet.interfaces import IProtocolNegotiationFactory
from twisted.protocols.policies import ProtocolWrapper, WrappingFactory
from twisted.python.failure import Failure
from twisted.web.server import Site
from zope.interface import implementer


class Connection(ProtocolWrapper):
    """One open connection, with or without a request."""

    factory: OpenConnections

    def connectionLost(self, reason: Failure) -> None:
        """Tell the requests of this connection, and only then those who wait for its end."""
        super().connectionLost(reason)
        self.factory.connection_lost()


@implementer(IProtocolNegotiationFactory)
class OpenConnections(WrappingFactory):
    """Wraps a Site and knows its open connections.

    Args:
        site: The site that speaks on the connections.
    """

    protocol = Connection
    wrappedFactory: Site

    def __init__(self, site: Site) -> None:
        super().__init__(site)
        self._closed: list[Deferred[None]] = []

    def acceptableProtocols(self) -> list[bytes]:
        """Return the protocols that the site offers over TLS, the preferred first."""
        protocols: list[bytes] = self.wrappedFactory.acceptableProtocols()
        return protocols

    def abort_all(self) -> Deferred[None]:
        """Drop all connections.

        Returns:
            A Deferred that fires when the last one is gone and all its requests know it.
        """
        closed: Deferred[None] = Deferred()
        if not self.protocols:
            closed.callback(None)
            return closed
        self._closed.append(closed)
        for connection in list(self.protocols):
            connection.abortConnection()
        return closed

    def connection_lost(self) -> None:
        """Say that a connection is gone and its requests know it."""
        if not self.protocols:
            self._closed, closed = [], self._closed
            for deferred in closed:
                deferred.callback(None)
