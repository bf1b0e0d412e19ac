"""A row for each record, whoever begins and stops to listen to the store meanwhile."""

from __future__ import annotations

from typing import Any, cast

from PyQt5.QtWidgets import QLineEdit
from twisted.internet.testing import StringTransportWithDisconnection

from monitorapp.app.desktop.campaign import CampaignPresenter
from monitorapp.core.campaign.plan import CampaignPlan, Leaving
from monitorapp.core.campaign.summary import CampaignSummary
from monitorapp.core.chance.distribution import Fixed
from monitorapp.ui.table.model import InterruptionsModel
from monitorapp.web.campaign.run import CampaignRun
from tests.app.desktop.desk import ENDPOINT, Desk
from tests.app.memory import connect

CLIENTS = 100
PLAN = CampaignPlan(count=CLIENTS, at_once=CLIENTS, leaving=Leaving.CLOSE, patience=Fixed(1))


def test_a_filter_is_typed_and_cleared_a_hundred_times_during_a_campaign(
    desk: Desk,
) -> None:
    services, reactor = desk.services, desk.reactor
    presenter = CampaignPresenter(services.campaigns, services.ticker, desk.window.panes.clients)
    begun: list[CampaignRun] = []
    summaries: list[CampaignSummary] = []
    services.campaigns.began.connect(begun.append)
    services.campaigns.ended.connect(summaries.append)
    services.server.start(ENDPOINT)
    services.campaigns.start(PLAN)
    leave_all(desk)
    asked = [
        connect(reactor).get(b"/%d" % number, b"User-Agent: %s\r\n" % begun[0].agent.encode())
        for number in range(CLIENTS)
    ]
    # The last record ends the campaign, which then no longer listens to the store: while the
    # store emits it, and before the table has its turn.
    box = desk.child(QLineEdit, "filter_box")
    for number, client in enumerate(asked):
        box.setText("path:/" if number % 2 else "nowhere")
        if number % 3 == 0:
            box.clear()
        client.leave()
        box.clear()
    reactor.advance(0)
    assert [summary.agrees for summary in summaries] == [True]
    assert len(services.store) == CLIENTS
    model = cast(InterruptionsModel, desk.window.view.model())
    model.flush()
    rows = [model.interruption(row) for row in range(model.rowCount())]
    assert rows == list(services.store)
    box.setText("path:/")
    assert model.rowCount() == CLIENTS
    del presenter


def leave_all(desk: Desk) -> None:
    """Let all clients of the campaign connect, wait and give up."""
    reactor = desk.reactor
    for _ in range(CLIENTS):
        reactor.advance(0)
    for _, _, factory, _, _ in reactor.tcpClients:
        protocol: Any = factory.buildProtocol(None)
        transport = StringTransportWithDisconnection()
        transport.protocol = protocol
        protocol.makeConnection(transport)
    assert len(reactor.tcpClients) == CLIENTS
    reactor.advance(0)
    reactor.advance(1)
