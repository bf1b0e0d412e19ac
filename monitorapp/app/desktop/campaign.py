"""Joins the campaigns of impatient clients and their pane."""

from __future__ import annotations

from monitorapp.app.campaigns import Campaigns
from monitorapp.app.ticker import Ticker
from monitorapp.core.campaign.plan import CampaignPlan
from monitorapp.ui.clients.pane import ClientPane
from monitorapp.web.campaign.run import CampaignRun


class CampaignPresenter:
    """Starts and cancels campaigns as the user asks, and shows their counts.

    Args:
        campaigns: Carries them out.
        ticker: Emits when the counts are to be read.
        pane: Plans and shows them.
    """

    def __init__(self, campaigns: Campaigns, ticker: Ticker, pane: ClientPane) -> None:
        self._campaigns = campaigns
        self._pane = pane
        pane.start_requested.connect(self._start)
        pane.cancel_requested.connect(campaigns.cancel)
        campaigns.began.connect(self._show_begun)
        campaigns.ended.connect(pane.show_summary)
        ticker.ticked.connect(self._show_counts)

    def _start(self, plan: CampaignPlan) -> None:
        try:
            self._campaigns.start(plan)
        except ValueError as problem:
            self._pane.show_problem(str(problem))

    def _show_begun(self, campaign: CampaignRun) -> None:
        self._pane.begin(campaign.agent, campaign.notice, is_own=campaign.is_own)

    def _show_counts(self) -> None:
        counts = self._campaigns.counts
        if counts is not None:
            self._pane.show_counts(counts)
