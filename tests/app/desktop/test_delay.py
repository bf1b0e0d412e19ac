from __future__ import annotations

from PyQt5.QtWidgets import QAction, QCheckBox, QLabel

from monitorapp.app.desktop.delay import DelayPresenter
from monitorapp.core.chance.distribution import Fixed
from monitorapp.core.delay.sweep import SweepDelay
from tests.app.desktop.desk import ENDPOINT, Desk
from tests.app.memory import connect


def present(desk: Desk) -> DelayPresenter:
    services = desk.services
    return DelayPresenter(
        services.delay, services.tracker, services.ticker, desk.window.delay_bar, desk.window
    )


def test_the_delay_of_the_server_is_shown_and_changed(desk: Desk) -> None:
    desk.services.delay.plan = Fixed(7)
    presenter = present(desk)
    assert desk.window.delay_bar.delay_s == 7
    desk.child(QAction, "delay_preset_1_action").trigger()
    assert desk.services.delay.plan == Fixed(1)
    del presenter


def test_requests_that_wait_get_a_new_delay_as_well(desk: Desk) -> None:
    presenter = present(desk)
    desk.services.server.start(ENDPOINT)
    clients = [connect(desk.reactor).get() for _ in range(2)]
    desk.child(QCheckBox, "also_waiting_check").setChecked(True)
    desk.child(QAction, "delay_preset_1_action").trigger()
    assert desk.status == "2 waiting requests have a new delay"
    desk.reactor.advance(1)
    assert all(b"Sorry to keep you waiting." in client.received for client in clients)
    del presenter


def test_a_sweep_is_followed(desk: Desk) -> None:
    desk.services.delay.plan = SweepDelay(first_s=0, last_s=10, over_s=100)
    presenter = present(desk)
    desk.services.ticker.start()
    desk.reactor.advance(50)
    assert desk.child(QLabel, "delay_now").text() == "now 5.0 s"
    del presenter
