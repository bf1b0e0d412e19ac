from __future__ import annotations

from typing import Any

import pytest
from PyQt5.QtWidgets import QLabel, QPlainTextEdit, QPushButton
from twisted.internet.testing import StringTransportWithDisconnection

from monitorapp.app.desktop.campaign import CampaignPresenter
from monitorapp.app.ticker import TICK_S
from monitorapp.web.campaign.run import GRACE_S
from tests.app.desktop.desk import ENDPOINT, Desk


@pytest.fixture
def presenter(desk: Desk) -> CampaignPresenter:
    desk.services.ticker.start()
    pane = desk.window.panes.clients
    pane.show()
    pane.form.set_fields(
        {"count": 3, "at_once": 3, "leaving": "close", "patience": "fixed", "fixed_s": 1}
    )
    return CampaignPresenter(desk.services.campaigns, desk.services.ticker, pane)


def connect_all(desk: Desk) -> None:
    desk.reactor.advance(0)
    for _, _, factory, _, _ in desk.reactor.tcpClients:
        protocol: Any = factory.buildProtocol(None)
        transport = StringTransportWithDisconnection()
        transport.protocol = protocol
        protocol.makeConnection(transport)
    desk.reactor.tcpClients.clear()


@pytest.mark.usefixtures("presenter")
def test_what_cannot_be_done_is_said(desk: Desk) -> None:
    desk.child(QPushButton, "client_start").click()
    problem = desk.child(QLabel, "client_problem")
    assert problem.text().startswith("The server does not listen.")
    assert desk.child(QPushButton, "client_start").text() == "&Start"


@pytest.mark.usefixtures("presenter")
def test_it_is_started_followed_and_summed_up(desk: Desk) -> None:
    desk.services.server.start(ENDPOINT)
    start = desk.child(QPushButton, "client_start")
    start.click()
    assert start.text() == "&Cancel"
    connect_all(desk)
    desk.reactor.advance(TICK_S)
    assert desk.child(QLabel, "client_counts").text().startswith("3 waiting")
    desk.reactor.advance(1)
    desk.reactor.advance(GRACE_S)
    assert start.text() == "&Start"
    summary = desk.child(QPlainTextEdit, "client_summary").toPlainText()
    assert summary.startswith("Asked 3: 0 answered, 3 interrupted.")


@pytest.mark.usefixtures("presenter")
def test_it_is_cancelled(desk: Desk) -> None:
    desk.services.server.start(ENDPOINT)
    start = desk.child(QPushButton, "client_start")
    start.click()
    connect_all(desk)
    start.click()
    assert not start.isEnabled()
    desk.reactor.advance(GRACE_S)
    assert start.text() == "&Start"
    assert start.isEnabled()
