from __future__ import annotations

from typing import cast

from monitorapp.app.desktop.outcomes import OutcomesPresenter
from monitorapp.core.record.identity import RequestId
from monitorapp.core.record.outcome import LATE_ERROR, Outcome, RequestOutcome
from monitorapp.ui.table.model import InterruptionsModel
from monitorapp.ui.widgets.columns import section_of
from tests.app.desktop.desk import ENDPOINT, Desk
from tests.app.memory import connect


def test_outcomes_are_shown_and_late_finishes_are_reported(desk: Desk) -> None:
    services = desk.services
    presenter = OutcomesPresenter(services.tracker, desk.window.show_status)
    services.server.start(ENDPOINT)
    connect(desk.reactor).get().leave()
    desk.reactor.advance(0)
    model = cast(InterruptionsModel, desk.window.view.model())
    model.flush()
    outcome = model.index(0, section_of(model.columns, "outcome"))
    assert outcome.data() == "cancelled cleanly"
    assert desk.status == ""
    services.tracker.outcome_changed.emit(
        RequestId(services.tracker.origin, 1_234), RequestOutcome(Outcome.CRASHED, 2.5)
    )
    assert (
        desk.status == f"Request 1,234 was finished 2.500 s after its client had left: {LATE_ERROR}"
    )
    del presenter
