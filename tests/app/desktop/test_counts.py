from __future__ import annotations

from PyQt5.QtWidgets import QLabel

from monitorapp.app.desktop.counts import CountsPresenter
from monitorapp.app.ticker import TICK_S
from monitorapp.core.record.identity import RequestId
from monitorapp.core.record.outcome import Outcome, RequestOutcome
from tests.app.desktop.desk import ENDPOINT, Desk
from tests.app.memory import connect


def test_each_tick_shows_the_present_counts(desk: Desk) -> None:
    services = desk.services
    presenter = CountsPresenter(
        services.tracker, services.store.outcomes, desk.reactor.lag, services.ticker, desk.window
    )
    services.server.start(ENDPOINT)
    services.ticker.start()
    clients = [connect(desk.reactor).get() for _ in range(3)]
    clients[0].leave()
    services.store.outcomes.note(RequestId("x", 99), RequestOutcome(Outcome.CRASHED, 1.0))
    desk.reactor.lag.record(0.25, desk.reactor.seconds())
    assert desk.child(QLabel, "counter_waiting").text() == "Waiting 0"
    desk.reactor.advance(TICK_S)
    texts = {
        name: desk.child(QLabel, name).text()
        for name in ("counter_waiting", "counter_interrupted", "counter_outcomes", "rows_kept")
    }
    assert texts == {
        "counter_waiting": "Waiting 2",
        "counter_interrupted": "Interrupted 1 (100 %)",
        "counter_outcomes": "Finished late 1",
        "rows_kept": "1 row",
    }
    assert "250 ms" in desk.child(QLabel, "counter_lag").text()
    del presenter
