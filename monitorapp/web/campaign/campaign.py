"""Many clients that ask, wait and give up, on the reactor of the server."""

from __future__ import annotations

from functools import partial
from random import Random
from typing import Any, Final

from twisted.internet.defer import Deferred
from twisted.internet.endpoints import (
    HostnameEndpoint,
    TCP4ClientEndpoint,
    TCP6ClientEndpoint,
    UNIXClientEndpoint,
    wrapClientTLS,
)
from twisted.internet.interfaces import IAddress, IDelayedCall, IStreamClientEndpoint
from twisted.internet.protocol import Factory
from twisted.python.failure import Failure

from monitorapp.core.campaign.plan import CampaignPlan, Leaving
from monitorapp.core.campaign.summary import CampaignCounts
from monitorapp.core.campaign.target import CampaignTarget, is_address
from monitorapp.web.campaign.client import CampaignClient, Outcome

STARTS_A_TURN: Final = 50
"""How many clients begin to connect in one turn of the reactor, so that turns stay short."""

FAILURES_IN_A_ROW: Final = 100
"""After so many clients that could not connect, one after the other, no more are sent."""

CONNECT_TIMEOUT_S: Final = 10.0


class Campaign:
    """Sends the requests of a plan, so many at a time, each from a client of its own.

    Args:
        reactor: Connects and schedules.
        plan: What is sent, and how its clients leave.
        endpoint: Where each client connects.
        request: The request as each client sends it.
        random: Draws how long each client waits.
    """

    def __init__(
        self,
        reactor: Any,
        plan: CampaignPlan,
        endpoint: IStreamClientEndpoint,
        request: bytes,
        random: Random,
    ) -> None:
        self._reactor = reactor
        self._plan = plan
        self._endpoint = endpoint
        self._request = request
        self._random = random
        self._ended: Deferred[None] = Deferred()
        self._unsent = plan.count
        self._next: IDelayedCall | None = None
        self._connecting: set[Deferred[Any]] = set()
        self._clients: set[CampaignClient] = set()
        self._asked = 0
        self._outcomes = dict.fromkeys(Outcome, 0)
        self._failed = 0
        self._failed_in_a_row = 0
        self._problem = ""
        self._is_cancelled = False

    @property
    def counts(self) -> CampaignCounts:
        """How its requests stand."""
        return CampaignCounts(
            planned=self._plan.count,
            asked=self._asked,
            answered=self._outcomes[Outcome.ANSWERED],
            interrupted=self._outcomes[Outcome.INTERRUPTED],
            dropped=self._outcomes[Outcome.DROPPED],
            failed=self._failed,
            problem=self._problem,
        )

    def start(self) -> Deferred[None]:
        """Begin to send.

        Returns:
            A Deferred that fires when the last client has ended.
        """
        self._go_on()
        return self._ended

    def cancel(self) -> None:
        """Send no more, and reset the connections of the clients that wait."""
        self._is_cancelled = True
        self._unsent = 0
        for connecting in list(self._connecting):
            connecting.cancel()
        for client in list(self._clients):
            client.abort()
        self._go_on()

    def _send_some(self) -> None:
        self._next = None
        free = self._plan.at_once - self._open()
        for _ in range(min(free, self._unsent, STARTS_A_TURN)):
            if self._unsent:  # failures that come at once may have ended it
                self._send_one()
        self._go_on()

    def _go_on(self) -> None:
        if self._unsent:
            if self._next is None and self._open() < self._plan.at_once:
                self._next = self._reactor.callLater(0, self._send_some)
            return
        if self._next is not None:
            self._next.cancel()
            self._next = None
        if not self._open() and not self._ended.called:
            self._ended.callback(None)

    def _open(self) -> int:
        return len(self._connecting) + len(self._clients)

    def _send_one(self) -> None:
        self._unsent -= 1
        plan = self._plan
        is_patient = plan.leaving is Leaving.WAIT
        patience_s = 0.0 if is_patient else plan.patience.sample_s(self._random)
        client = CampaignClient(self._reactor, self._request, plan.leaving, patience_s)
        client.asked.addCallback(self._count_asked)
        connecting: Deferred[Any] = self._endpoint.connect(_OneClient(client))
        self._connecting.add(connecting)
        connecting.addBoth(partial(self._take_connected, connecting, client))
        connecting.addErrback(self._take_failure)
        connecting.addBoth(lambda _: self._go_on())

    def _take_connected(
        self,
        connecting: Deferred[Any],
        client: CampaignClient,
        result: CampaignClient | Failure,
    ) -> Deferred[None] | Failure:
        self._connecting.discard(connecting)
        if isinstance(result, Failure):
            return result
        self._clients.add(client)
        return client.ended.addBoth(partial(self._take_ended, client))

    def _take_ended(self, client: CampaignClient, outcome: Outcome | Failure) -> Failure | None:
        self._clients.discard(client)
        if isinstance(outcome, Failure):
            return outcome
        self._outcomes[outcome] += 1
        return None

    def _count_asked(self, _: None) -> None:
        self._asked += 1
        self._failed_in_a_row = 0

    def _take_failure(self, failure: Failure) -> None:
        if self._is_cancelled:
            return  # it never asked
        self._failed += 1
        self._failed_in_a_row += 1
        self._problem = failure.getErrorMessage()
        if self._failed_in_a_row >= FAILURES_IN_A_ROW:
            self._unsent = 0


class _OneClient(Factory):
    """Hands out one client, without a word in the log."""

    noisy = False

    def __init__(self, client: CampaignClient) -> None:
        self._client = client

    def buildProtocol(self, addr: IAddress | None) -> CampaignClient:
        """Return the client."""
        return self._client


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


def request_bytes(target: CampaignTarget, agent: str) -> bytes:
    """Return the request that asks a target for its path, once.

    Args:
        target: The server and the path.
        agent: The value of the User-Agent header.
    """
    return (
        f"GET {target.path} HTTP/1.1\r\nHost: {target.authority}\r\nUser-Agent: {agent}\r\n"
        "Connection: close\r\n\r\n"
    ).encode("ascii")


def _tls_options(host: str, *, is_own: bool) -> Any:
    try:
        from twisted.internet.ssl import CertificateOptions, optionsForClientTLS
    except ImportError as error:
        raise ValueError(
            "Requests to https:// need TLS. Install it: pip install 'Twisted[tls]'."
        ) from error
    return CertificateOptions() if is_own else optionsForClientTLS(host)
