from __future__ import annotations

import pytest
from PyQt5.QtWidgets import QAction, QTableView

from monitorapp.app.desktop.waiting import WaitingPresenter
from tests.app.desktop.desk import ENDPOINT, Desk
from tests.app.memory import connect


@pytest.fixture
def presenter(desk: Desk) -> WaitingPresenter:
    desk.services.server.start(ENDPOINT)
    pane = desk.window.panes.waiting
    pane.show()
    services = desk.services
    return WaitingPresenter(services.tracker, services.delay, pane, desk.window.show_status)


def select_all(desk: Desk) -> None:
    desk.window.panes.waiting.refresh()
    desk.child(QTableView, "waiting_view").selectAll()


@pytest.mark.usefixtures("presenter")
def test_requests_are_finished(desk: Desk) -> None:
    client = connect(desk.reactor).get()
    select_all(desk)
    desk.child(QAction, "waiting_finish_now_action").trigger()
    desk.reactor.advance(0)
    assert b"Sorry to keep you waiting." in client.received
    assert desk.status == ""


@pytest.mark.usefixtures("presenter")
def test_their_clients_are_dropped(desk: Desk) -> None:
    client = connect(desk.reactor).get()
    select_all(desk)
    desk.child(QAction, "waiting_abort_action").trigger()
    assert client.transport.disconnected


@pytest.mark.usefixtures("presenter")
def test_they_wait_longer_by_the_delay(desk: Desk) -> None:
    client = connect(desk.reactor).get()
    select_all(desk)
    desk.child(QAction, "waiting_extend_action").trigger()
    desk.reactor.advance(9.9)
    assert client.received == b""
    desk.reactor.advance(0.2)
    assert client.received


@pytest.mark.usefixtures("presenter")
def test_those_that_ended_meanwhile_are_counted(desk: Desk) -> None:
    clients = [connect(desk.reactor).get() for _ in range(3)]
    select_all(desk)
    for client in clients[:2]:
        client.leave()
    desk.child(QAction, "waiting_finish_now_action").trigger()
    assert desk.status.startswith("2 of 3: ended meanwhile")
