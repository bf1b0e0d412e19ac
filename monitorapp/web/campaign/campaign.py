"""Many clients that send a request, wait and give up, on the reactor of the server."""

from __future__ import annotations

from functools import partial
from random import Random
from typing import Any, Final

from twisted.internet.defer import Deferred
from twisted.internet.interfaces import IDelayedCall, IStreamClientEndpoint
from twisted.python.failure import Failure

from monitorapp.core.campaign.plan import CampaignPlan, Leaving
from monitorapp.core.campaign.summary import CampaignCounts
from monitorapp.web.campaign.client import ClientOutcome, ImpatientClient, connect

STARTS_A_TURN: Final = 50
"""How many clients begin to connect in one turn of the reactor, so that turns stay short."""

FAILURES_IN_A_ROW: Final = 100
"""After so many clients that could not connect, one after the other, no more are sent."""


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
        self._clients: set[ImpatientClient] = set()
        self._asked = 0
        self._outcomes = dict.fromkeys(ClientOutcome, 0)
        self._failed = 0
        self._failed_in_a_row = 0
        self._problem = ""
        self._is_cancelled = False

    @property
    def counts(self) -> CampaignCounts:
        """The counts of its requests."""
        return CampaignCounts(
            planned=self._plan.count,
            asked=self._asked,
            answered=self._outcomes[ClientOutcome.ANSWERED],
            interrupted=self._outcomes[ClientOutcome.INTERRUPTED],
            dropped=self._outcomes[ClientOutcome.DROPPED],
            failed=self._failed,
            problem=self._problem,
        )

    def start(self) -> Deferred[None]:
        """Begin to send.

        Returns:
            A Deferred that fires when the last client has ended.
        """
        self._continue()
        return self._ended

    def cancel(self) -> None:
        """Send no more, and reset the connections of the clients that wait."""
        self._is_cancelled = True
        self._unsent = 0
        for connecting in list(self._connecting):
            connecting.cancel()
        for client in list(self._clients):
            client.abort()
        self._continue()

    def _send_some(self) -> None:
        self._next = None
        free = self._plan.at_once - self._open()
        for _ in range(min(free, self._unsent, STARTS_A_TURN)):
            if self._unsent:  # failures that come at once may have ended it
                self._send_one()
        self._continue()

    def _continue(self) -> None:
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
        client = ImpatientClient(self._reactor, self._request, plan.leaving, patience_s)
        client.asked.addCallback(self._count_asked)
        connecting: Deferred[Any] = connect(self._endpoint, client)
        self._connecting.add(connecting)
        connecting.addBoth(partial(self._take_connected, connecting, client))
        connecting.addErrback(self._take_failure)
        connecting.addBoth(lambda _: self._continue())

    def _take_connected(
        self,
        connecting: Deferred[Any],
        client: ImpatientClient,
        result: ImpatientClient | Failure,
    ) -> Deferred[None] | Failure:
        self._connecting.discard(connecting)
        if isinstance(result, Failure):
            return result
        self._clients.add(client)
        return client.ended.addBoth(partial(self._take_ended, client))

    def _take_ended(
        self, client: ImpatientClient, outcome: ClientOutcome | Failure
    ) -> Failure | None:
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
