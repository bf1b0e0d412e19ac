"""The web server that can be started and stopped as often as one likes."""

from __future__ import annotations

import functools
from collections.abc import Generator
from typing import Any, Final

from twisted.internet import defer
from twisted.internet.defer import Deferred, DeferredLock, inlineCallbacks
from twisted.internet.interfaces import IListeningPort
from twisted.web.resource import IResource
from twisted.web.server import Site

from monitorapp.web.connections import OpenConnections
from monitorapp.web.endpoint import parse_endpoint, server_url
from monitorapp.web.request import TrackedRequest
from monitorapp.web.tracker import RequestTracker

CLOSE_TIMEOUT_S: Final = 1.0
"""How long `WebServer.stop` waits for its connections to go."""


class WebServer:
    """Serves a resource on one endpoint at a time, every request of it tracked.

    Calls of `start` and `stop` are carried out one after the other, in their order.

    Args:
        reactor: Listens and schedules.
        root: The resource at `/`.
        tracker: Registers the requests.
    """

    def __init__(self, reactor: Any, root: IResource, tracker: RequestTracker) -> None:
        self._reactor = reactor
        self._tracker = tracker
        site = Site(
            root,
            requestFactory=functools.partial(TrackedRequest, tracker=tracker),
            reactor=reactor,
        )
        self._connections = OpenConnections(site)
        self._port: IListeningPort | None = None
        self._url = ""
        self._turn = DeferredLock()

    @property
    def is_listening(self) -> bool:
        """Whether clients can connect."""
        return self._port is not None

    @property
    def url(self) -> str:
        """The URL under which the server can be reached, or was when it last listened."""
        return self._url

    def start(self, endpoint: str) -> Deferred[str]:
        """Listen on an endpoint string; stop listening elsewhere first.

        Returns:
            A Deferred of the server's URL. It fails with
            `monitorapp.web.endpoint.EndpointError` if the string is malformed, and with
            `twisted.internet.error.CannotListenError` if the system refuses.
        """
        return self._turn.run(self._start, endpoint)

    def stop(self) -> Deferred[None]:
        """Stop listening and drop all connections.

        The requests that wait are interrupted, and reported, before the Deferred fires.
        """
        return self._turn.run(self._stop)

    @inlineCallbacks
    def _start(self, endpoint: str) -> Generator[Deferred[Any], Any, str]:
        parsed = parse_endpoint(self._reactor, endpoint)
        yield self._stop()
        self._port = yield parsed.listen(self._connections)
        self._url = server_url(self._port.getHost(), secure=endpoint.startswith("ssl:"))
        return self._url

    @inlineCallbacks
    def _stop(self) -> Generator[Deferred[Any], Any, None]:
        port, self._port = self._port, None
        if port is None:
            return
        self._tracker.is_stopping = True
        try:
            stopped = port.stopListening()
            if stopped is not None:
                yield stopped
            closed = self._connections.abort_all()
            yield closed.addTimeout(CLOSE_TIMEOUT_S, self._reactor)
        except defer.TimeoutError:
            pass  # what still hangs is reported when the reactor disconnects all
        finally:
            self._tracker.is_stopping = False
