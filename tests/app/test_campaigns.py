from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from twisted.internet.testing import StringTransportWithDisconnection

from monitorapp.app.campaigns import Campaigns
from monitorapp.core.campaign.plan import CampaignPlan, Leaving
from monitorapp.core.campaign.summary import CampaignSummary
from monitorapp.core.chance.distribution import Fixed
from monitorapp.web.campaign.run import GRACE_S, CampaignRun
from tests.app.memory import AppReactor, make_services

OTHER = "http://192.0.2.1/"
PLAN = CampaignPlan(count=2, at_once=2, target=OTHER, leaving=Leaving.CLOSE, patience=Fixed(1))


class Watched:
    def __init__(self) -> None:
        self.reactor = AppReactor()
        self.services = make_services(self.reactor)
        self.campaigns: Campaigns = self.services.campaigns
        self.begun: list[CampaignRun] = []
        self.ended: list[CampaignSummary] = []
        self.campaigns.began.connect(self.begun.append)
        self.campaigns.ended.connect(self.ended.append)

    def connect(self) -> None:
        self.reactor.advance(0)
        for _, _, factory, _, _ in self.reactor.tcpClients:
            protocol: Any = factory.buildProtocol(None)
            transport = StringTransportWithDisconnection()
            transport.protocol = protocol
            protocol.makeConnection(transport)
        self.reactor.tcpClients.clear()
        self.reactor.advance(0)


def test_one_begins_is_counted_and_ends() -> None:
    watched = Watched()
    watched.campaigns.start(PLAN)
    assert len(watched.begun) == 1
    watched.connect()
    counts = watched.campaigns.counts
    assert counts is not None
    assert counts.waiting == 2
    watched.reactor.advance(1)
    assert watched.ended[0].counts.interrupted == 2
    assert watched.campaigns.counts is None
    watched.campaigns.start(PLAN)
    assert watched.begun[1].agent != watched.begun[0].agent


def test_there_is_only_one_at_a_time() -> None:
    watched = Watched()
    watched.campaigns.start(PLAN)
    with pytest.raises(ValueError, match="Another campaign is still running"):
        watched.campaigns.start(PLAN)
    assert len(watched.begun) == 1


def test_a_plan_that_cannot_be_carried_out_begins_nothing() -> None:
    watched = Watched()
    own = replace(PLAN, target="")
    with pytest.raises(ValueError, match="The server does not listen"):
        watched.campaigns.start(own)
    assert watched.begun == []
    watched.services.server.start("tcp:8080:interface=127.0.0.1")
    watched.campaigns.start(own)
    assert watched.begun[0].is_own


def test_it_is_cancelled_and_stopped() -> None:
    watched = Watched()
    watched.campaigns.cancel()
    watched.campaigns.stop()
    watched.services.server.start("tcp:8080:interface=127.0.0.1")
    watched.campaigns.start(replace(PLAN, target="", count=9, leaving=Leaving.WAIT))
    watched.connect()
    watched.campaigns.cancel()
    assert watched.ended == []  # the server may still record them
    watched.campaigns.stop()
    assert watched.ended[0].counts.asked == 2
    watched.reactor.advance(GRACE_S)
    assert len(watched.ended) == 1
