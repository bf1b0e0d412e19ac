"""Campaigns of impatient clients, one after the other."""

from __future__ import annotations

import secrets
from typing import Any

from monitorapp.app.uncaught import report_failure
from monitorapp.core.campaign.plan import CampaignPlan
from monitorapp.core.campaign.summary import CampaignCounts, CampaignSummary
from monitorapp.core.records.store import InterruptionStore
from monitorapp.core.signal import Signal
from monitorapp.web.campaign.run import CampaignRun
from monitorapp.web.request.tracker import RequestTracker
from monitorapp.web.server.descriptors import descriptor_budget
from monitorapp.web.server.server import WebServer


class Campaigns:
    """Carries out plans of campaigns, against the app's own server or another one.

    Args:
        reactor: Connects and schedules.
        server: The app's own server.
        store: Takes the records of the server.
        tracker: Notifies of the answers of the server.

    Attributes:
        began: Emitted with a `CampaignRun` right before it sends its first request.
        ended: Emitted with the `CampaignSummary` of one that has ended.
    """

    def __init__(
        self,
        reactor: Any,
        server: WebServer,
        store: InterruptionStore,
        tracker: RequestTracker,
    ) -> None:
        self.began: Signal[[CampaignRun]] = Signal()
        self.ended: Signal[[CampaignSummary]] = Signal()
        self._reactor = reactor
        self._server = server
        self._store = store
        self._tracker = tracker
        self._run: CampaignRun | None = None

    @property
    def counts(self) -> CampaignCounts | None:
        """The counts of the present campaign's requests; None if there is none."""
        return None if self._run is None else self._run.counts

    def start(self, plan: CampaignPlan) -> None:
        """Begin a campaign.

        Raises:
            ValueError: The plan cannot be carried out; the message says why.
        """
        if self._run is not None:
            raise ValueError("Another campaign is still running.")
        self._run = CampaignRun(
            self._reactor,
            plan,
            self._server.url if self._server.is_listening else "",
            self._store,
            self._tracker,
            descriptor_budget(),
            token=secrets.token_hex(4),
            seed=secrets.randbelow(2**31) if plan.seed is None else plan.seed,
        )
        self.began.emit(self._run)
        self._run.start().addCallback(self._end).addErrback(report_failure)

    def cancel(self) -> None:
        """Send no more requests of the present campaign, and reset its connections."""
        if self._run is not None:
            self._run.cancel()

    def stop(self) -> None:
        """Cancel, and do not wait for the records of the server."""
        if self._run is not None:
            self._run.stop()

    def _end(self, summary: CampaignSummary) -> None:
        self._run = None
        self.ended.emit(summary)
