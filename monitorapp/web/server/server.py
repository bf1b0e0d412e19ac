"""The web server, which can be started and stopped any number of times."""

from __future__ import annotations

import errno
import functools
import os
from collections.abc import Generator
from typing import Any, Final

from twisted.internet import defer, tcp
from twisted.internet.address import UNIXAddress
from twisted.internet.defer import Deferred, DeferredLock, inlineCallbacks, maybeDeferred
from twisted.internet.error import CannotListenError
from twisted.internet.interfaces import IDelayedCall, IListeningPort
from twisted.web.resource import IResource
from twisted.web.server import Site

from monitorapp.core.signal import Signal
from monitorapp.web.request.request import TrackedRequest
from monitorapp.web.request.tracker import RequestTracker
from monitorapp.web.server._access_line import AccessLine
from monitorapp.web.server.connections import OpenConnections
from monitorapp.web.server.descriptors import DescriptorBudget, descriptor_budget
from monitorapp.web.server.endpoint import (
    cannot_serve,
    has_port,
    parse_endpoint,
    server_url,
    with_port,
)
from monitorapp.web.server.transport import (
    DEFAULT_VANISHED_AFTER_S,
    notice_vanished_clients,
    raise_backlog,
    remember_ends,
)

CLOSE_TIMEOUT_S: Final = 1.0
"""How long `WebServer.stop` waits for its connections to go."""

LEAVE_IDLE_S: Final = 0.1
"""How long connections that seem idle are kept when the server listens elsewhere."""

CALM_S: Final = 5.0
"""How long there must be enough file descriptors before a shortage counts as over."""


class WebServer:
    """Serves a resource on one endpoint at a time, every request of it tracked.

    Calls of `start` and `stop` are carried out one after the other, in their order.

    Args:
        reactor: Listens and schedules.
        root: The resource at `/`.
        tracker: Registers the requests.
        vanished_after_s: How long a client may be silent to the kernel before its connection
            is given up, in seconds; 0 for ever.

    Attributes:
        crowded: Emitted with the limit of file descriptors when there are none left for new
            clients, which then wait to be accepted, and with None when there are again.
        leaving: Emitted with whether clients still wait where the server listened before.
    """

    def __init__(
        self,
        reactor: Any,
        root: IResource,
        tracker: RequestTracker,
        vanished_after_s: float = DEFAULT_VANISHED_AFTER_S,
    ) -> None:
        self.crowded: Signal[[int | None]] = Signal()
        self.leaving: Signal[[bool]] = Signal()
        self._reactor = reactor
        self._tracker = tracker
        self._vanished_after_s = vanished_after_s
        site = Site(
            root,
            requestFactory=functools.partial(TrackedRequest, tracker=tracker),
            logFormatter=AccessLine(tracker.wall),
            reactor=reactor,
        )
        self._connections = OpenConnections(site, reactor)
        self._connections.counted.connect(self._admit)
        self._budget: DescriptorBudget | None = None
        self._is_full = False
        self._is_crowded = False
        self._calm: IDelayedCall | None = None
        self._port: Any = None  # an IListeningPort, nearly always a tcp.Port
        self._endpoint = ""
        self._is_leaving = False
        self._is_closing_idle = False
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
        """Listen on an endpoint string; then stop listening elsewhere.

        Clients that wait there stay connected until they are answered. If it fails, the server
        listens where it did.

        Returns:
            A Deferred of the server's URL. It fails with
            `monitorapp.web.server.endpoint.EndpointError` if the string is malformed, and with
            `twisted.internet.error.CannotListenError` if the system refuses.
        """
        return self._turn.run(self._start, endpoint)

    def stop(self) -> Deferred[None]:
        """Stop listening and drop all connections.

        The requests that wait are interrupted, and reported, before the Deferred fires.
        """
        return self._turn.run(self._stop)

    def drop_leaving(self) -> None:
        """Drop the clients that still wait where the server listened before."""
        self._connections.abort_leaving()

    @inlineCallbacks
    def _start(self, endpoint: str) -> Generator[Deferred[Any], Any, str]:
        if self._port is not None and endpoint == self._endpoint:
            return self._url
        parsed = parse_endpoint(self._reactor, endpoint)
        old = self._port
        try:
            port = yield parsed.listen(self._connections)
        except CannotListenError as error:
            if old is None or not _is_in_the_way(old, error):
                raise
            port = yield self._take_over(endpoint)
            old = None
        if not IListeningPort.providedBy(port):
            raise cannot_serve(endpoint)
        self._use(port, endpoint)
        if old is not None:
            yield self._leave(old)
        return self._url

    @inlineCallbacks
    def _take_over(self, endpoint: str) -> Generator[Deferred[Any], Any, Any]:
        """Listen on an endpoint that the present port is in the way of; return the new port.

        If that fails, the server listens where it did.
        """
        old, before = self._port, self._endpoint
        if has_port(before):  # which may have been any free one
            before = with_port(before, old.getHost().port)
        self._port = None
        yield self._leave(old)
        try:
            port = yield parse_endpoint(self._reactor, endpoint).listen(self._connections)
        except Exception:
            again = yield parse_endpoint(self._reactor, before).listen(self._connections)
            self._use(again, before)
            raise
        return port

    def _use(self, port: Any, endpoint: str) -> None:
        self._port, self._endpoint = port, endpoint
        self._budget = descriptor_budget()
        self._is_full = False
        if isinstance(port, tcp.Port):
            self._admit(len(self._connections.protocols))
            if isinstance(port.getHost(), UNIXAddress):  # of this machine: none vanishes
                remember_ends(port)
            else:
                notice_vanished_clients(port, self._vanished_after_s)
            if "backlog=" not in endpoint:
                raise_backlog(port)
        if not self._is_full:
            self._report_crowded(None)
        self._url = server_url(port.getHost(), secure=endpoint.startswith(("ssl:", "tls:")))

    def _leave(self, port: Any) -> Deferred[None]:
        """Stop listening on a port; its clients stay until they are answered."""
        if isinstance(port, tcp.Port) and not self._is_full:
            port.doRead()  # whoever is in its queue waits as well
        stopped: Deferred[None] = maybeDeferred(port.stopListening)
        self._connections.let_go()
        # What they have sent already is read first.
        self._reactor.callLater(LEAVE_IDLE_S, self._close_idle)
        return stopped

    def _close_idle(self) -> None:
        """Close the connections of former ports that have nothing left to answer."""
        self._is_closing_idle = False
        is_leaving = self._connections.close_idle()
        if is_leaving != self._is_leaving:
            self._is_leaving = is_leaving
            if is_leaving:
                self._tracker.ended.connect(self._close_idle_soon)
                self._connections.counted.connect(self._close_idle_soon)
            else:
                self._tracker.ended.disconnect(self._close_idle_soon)
                self._connections.counted.disconnect(self._close_idle_soon)
            self.leaving.emit(is_leaving)

    def _close_idle_soon(self, _: object) -> None:
        """Close them once what has just ended is over for its connection, too."""
        if not self._is_closing_idle:
            self._is_closing_idle = True
            self._reactor.callLater(0, self._close_idle)

    def _admit(self, connections: int) -> None:
        """Accept no more clients than there are file descriptors for.

        Out of descriptors, Twisted accepts clients only to drop them. Leave them in the backlog.
        """
        budget, port = self._budget, self._port
        if budget is None or not isinstance(port, tcp.Port):
            return
        port.numberAccepts = min(port.numberAccepts, budget.accepts)  # it grows by itself
        if not self._is_full and connections >= budget.connections:
            self._is_full = True
            port.stopReading()
            self._report_crowded(budget.limit)
        elif self._is_full and connections < budget.connections - budget.accepts:
            self._is_full = False
            port.startReading()
            self._calm = self._reactor.callLater(CALM_S, self._report_crowded, None)

    def _report_crowded(self, limit: int | None) -> None:
        """Report once when a shortage begins, and once when it has been over for a while."""
        if self._calm is not None and self._calm.active():
            self._calm.cancel()
        self._calm = None
        if self._is_crowded != (limit is not None):
            self._is_crowded = limit is not None
            self.crowded.emit(limit)

    @inlineCallbacks
    def _stop(self) -> Generator[Deferred[Any], Any, None]:
        port, self._port = self._port, None
        if port is None:
            return
        self._is_full = False
        self._report_crowded(None)
        self._tracker.is_stopping = True
        try:
            stopped = port.stopListening()
            if stopped is not None:
                yield stopped
            closed = self._connections.abort_all()
            yield closed.addTimeout(CLOSE_TIMEOUT_S, self._reactor)
        except defer.TimeoutError:
            pass  # requests that still wait are reported when the reactor disconnects all
        finally:
            self._tracker.is_stopping = False


def _is_in_the_way(port: Any, error: CannotListenError) -> bool:
    """Return whether a listening port may be the reason why another one cannot listen."""
    address = port.getHost()
    if isinstance(address, UNIXAddress):
        return isinstance(error.port, str | bytes) and os.fsencode(error.port) == address.name
    is_in_use = getattr(error.socketError, "errno", None) == errno.EADDRINUSE
    return is_in_use and bool(error.port == getattr(address, "port", None))
