"""A campaign, and what the server records of it."""

from __future__ import annotations

from dataclasses import replace
from random import Random
from typing import Any, Final

from twisted.internet.defer import Deferred
from twisted.internet.interfaces import IDelayedCall

from monitorapp.core.campaign import agents
from monitorapp.core.campaign.plan import CampaignPlan, Leaving
from monitorapp.core.campaign.summary import CampaignCounts, CampaignSummary
from monitorapp.core.campaign.target import parse_target
from monitorapp.core.records.store import InterruptionStore
from monitorapp.core.text.format import plural
from monitorapp.web.campaign._tally import ServerTally
from monitorapp.web.campaign.campaign import Campaign
from monitorapp.web.campaign.client import request_bytes
from monitorapp.web.campaign.endpoints import client_endpoint
from monitorapp.web.request.tracker import RequestTracker
from monitorapp.web.server.descriptors import DescriptorBudget

GRACE_S: Final = 2.0
"""How long nothing must have been recorded of the last clients, once they are gone, in seconds."""


class CampaignRun:
    """Runs a campaign and counts what the server records of it, to compare the two.

    The server's side is known by the User-Agent of the requests, which no other run has.

    Args:
        reactor: Connects and schedules.
        plan: What is sent.
        own_url: The URL of this app's server; empty if it does not listen.
        store: Takes the server's records.
        tracker: Knows the server's requests.
        budget: How many connections the process can open; None if there is no limit.
        token: Distinguishes the requests of this run from all others.
        seed: What the patience of the clients is drawn from.

    Attributes:
        agent: The User-Agent of the requests.
        is_own: Whether they go to this app's own server.
        notice: What is not done as planned, in one sentence; empty if all is.

    Raises:
        ValueError: The plan cannot be carried out; the message says why.
    """

    def __init__(
        self,
        reactor: Any,
        plan: CampaignPlan,
        own_url: str,
        store: InterruptionStore,
        tracker: RequestTracker,
        budget: DescriptorBudget | None,
        token: str,
        seed: int,
    ) -> None:
        if not (plan.target.strip() or own_url):
            raise ValueError("The server does not listen. Start it, or name another one.")
        target = parse_target(plan.target.strip() or own_url, plan.path)
        self.is_own = bool(own_url) and target.is_at(own_url)
        self.agent = f"{agents.CAMPAIGN}/{token}"
        self.notice = ""
        if plan.leaving is Leaving.HALF_CLOSE and target.scheme == "https":
            raise ValueError("TLS has no half-close. Choose another way to leave.")
        self._reactor = reactor
        self._seed = seed
        self._tally = ServerTally(store, tracker, self.agent) if self.is_own else None
        self._campaign = Campaign(
            reactor,
            self._within(budget, plan),
            client_endpoint(reactor, target, is_own=self.is_own),
            request_bytes(target, self.agent),
            Random(seed),
        )
        self._ended: Deferred[CampaignSummary] = Deferred()
        self._grace: IDelayedCall | None = None
        self._is_stopped = False

    @property
    def counts(self) -> CampaignCounts:
        """The counts of its requests."""
        return self._campaign.counts

    def start(self) -> Deferred[CampaignSummary]:
        """Begin.

        Returns:
            A Deferred that fires when all clients have ended and the server has ended and recorded
            their requests, or nothing more was recorded of them for `GRACE_S`.
        """
        if self._tally is not None:
            self._tally.changed.connect(self._take_change)
            self._tally.start()
        self._campaign.start().addCallback(self._take_end)
        return self._ended

    def cancel(self) -> None:
        """Send no more, and reset the connections of the clients that wait."""
        self._campaign.cancel()

    def stop(self) -> None:
        """Cancel, and do not wait for the server."""
        self._is_stopped = True
        self.cancel()
        if self._grace is not None:
            self._finish()

    def _within(self, budget: DescriptorBudget | None, plan: CampaignPlan) -> CampaignPlan:
        """Return the plan with no more clients at a time than there are descriptors for."""
        if budget is None:
            return plan
        # Client and server use one each.
        most = max(1, budget.connections // 2 if self.is_own else budget.connections)
        if min(plan.at_once, plan.count) <= most:
            return plan
        self.notice = (
            f"Only {plural(most, 'request')} at a time: the process may open"
            f" {plural(budget.limit, 'file')}, and each client and its"
            " server use one. Raise the limit (ulimit -n) and start again."
        )
        return replace(plan, at_once=most)

    def _take_change(self) -> None:
        if self._grace is None:
            return
        if self._summary().is_settled:
            self._finish()
        else:
            self._grace.reset(GRACE_S)

    def _take_end(self, _: None) -> None:
        if self._is_stopped or self._summary().is_settled:
            self._finish()
        else:
            self._grace = self._reactor.callLater(GRACE_S, self._finish)

    def _finish(self) -> None:
        grace, self._grace = self._grace, None
        if grace is not None and grace.active():
            grace.cancel()
        if self._tally is not None:
            self._tally.stop()
        self._ended.callback(self._summary())

    def _summary(self) -> CampaignSummary:
        return CampaignSummary(
            counts=self.counts,
            server=None if self._tally is None else self._tally.counts,
            agent=self.agent,
            seed=self._seed,
        )
