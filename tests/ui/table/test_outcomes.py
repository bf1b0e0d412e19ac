from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PyQt5.QtGui import QGuiApplication
from PyQt5.QtWidgets import QWidget
from pytestqt.modeltest import ModelTester
from pytestqt.qtbot import QtBot

from monitorapp.core.filter.language import parse_filter
from monitorapp.core.record.identity import RequestId
from monitorapp.core.record.outcome import Outcome, RequestOutcome
from monitorapp.core.records.outcomes import Outcomes
from monitorapp.core.records.store import InterruptionStore
from monitorapp.core.source.held import HeldSource
from monitorapp.ui.table.model import InterruptionsModel
from monitorapp.ui.table.view import InterruptionsView
from monitorapp.ui.widgets.columns import Sorting
from monitorapp.ui.window.counters import Counters
from tests.factory import numbered as record
from tests.ui.table.shown import section


def request(number: int) -> RequestId:
    return RequestId("a-process", number)


def make_model(outcomes: Outcomes) -> InterruptionsModel:
    store = InterruptionStore()
    store.outcomes = outcomes
    store.add(record(1, origin="a-process", request_number=1))
    store.add(record(2, origin="a-process", request_number=2))
    return InterruptionsModel(store)


def text(model: InterruptionsModel, row: int, column: int = section("outcome")) -> str:
    return str(model.index(row, column).data())


def test_a_cell_shows_the_outcome_as_it_is_known(qtmodeltester: ModelTester) -> None:
    outcomes = Outcomes()
    model = make_model(outcomes)
    qtmodeltester.check(model)
    assert text(model, 0) == "\N{EN DASH}"
    outcomes.note(request(1), RequestOutcome(Outcome.CANCELLED))
    outcomes.note(request(2), RequestOutcome(Outcome.WENT_ON, 1.5))
    assert [text(model, row) for row in (0, 1)] == ["cancelled cleanly", "kept running, 1.500 s"]


def test_a_late_crash_changes_the_cell_and_the_open_story(
    qtbot: QtBot, qtmodeltester: ModelTester
) -> None:
    outcomes = Outcomes()
    outcomes.note(request(1), RequestOutcome(Outcome.UNKNOWN))
    model = make_model(outcomes)
    model.set_open(0, True)
    rows = model.rowCount()

    def line() -> str:
        lines = [text(model, row, 0) for row in range(rows)]
        return next(line for line in lines if line.startswith("Outcome: "))

    assert "not known" in line()
    with qtbot.waitSignal(model.dataChanged):
        outcomes.note(request(1), RequestOutcome(Outcome.CRASHED, 2.0))
    assert line().startswith(
        "Outcome: request 1 was finished 2.000 s after its client had left: Runtime"
    )
    assert model.rowCount() == rows
    assert text(model, 0) == "finished after disconnect, 2.000 s"
    qtmodeltester.check(model)


def test_rows_are_sorted_by_their_outcomes_the_unknown_ones_last(qtbot: QtBot) -> None:
    outcomes = Outcomes()
    model = make_model(outcomes)
    outcomes.note(request(2), RequestOutcome(Outcome.CANCELLED))
    for descending in (False, True):
        model.set_sorting(Sorting("outcome", descending))
        assert [model.interruption(row).number for row in (0, 1)] == [2, 1]
    model.set_sorting(Sorting("outcome"))
    outcomes.note(request(1), RequestOutcome(Outcome.UNKNOWN))
    with qtbot.waitSignal(model.modelReset):
        outcomes.note(request(1), RequestOutcome(Outcome.WENT_ON, 1.0))
        outcomes.note(request(2), RequestOutcome(Outcome.WENT_ON, 2.0))
    assert [model.interruption(row).number for row in (0, 1)] == [1, 2]


def test_a_copy_has_the_outcome(hold: Callable[[QWidget], None]) -> None:
    outcomes = Outcomes()
    outcomes.note(request(2), RequestOutcome(Outcome.CANCELLED))
    view = InterruptionsView()
    hold(view)
    view.setModel(make_model(outcomes))
    view.selectRow(1)
    view.copy_selection()
    clipboard = QGuiApplication.clipboard()
    assert clipboard is not None
    assert "  Outcome: cancelled cleanly" in clipboard.text()


def test_counters_show_only_what_went_wrong(hold: Callable[[QWidget], None]) -> None:
    counters = Counters()
    hold(counters)
    counters.show()
    outcomes, interrupted = counters._outcomes, counters._interrupted
    assert not outcomes.isVisible()
    counters.set_outcomes(3, 1, 2)
    assert outcomes.isVisible()
    assert outcomes.text() == "Kept running 3, Finished late 1"
    assert "2 of them were not logged" in interrupted.toolTip()
    counters.set_outcomes(0, 0, 0)
    assert not outcomes.isVisible()
    assert "logged" not in interrupted.toolTip()


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["add", "note", "note", "note", "flush", "sort"]),
            st.integers(0, 4),
            st.sampled_from(Outcome),
        ),
        max_size=40,
    ),
    st.integers(2, 6),
)
def test_rows_that_come_and_go_with_their_outcomes_are_shown_once(
    qapp: object, steps: list[tuple[str, int, Outcome]], keep: int
) -> None:
    store = InterruptionStore(keep)
    store.outcomes = Outcomes()  # of more requests than there are records
    source = HeldSource("Held", store)
    source.set_filter(parse_filter("-outcome:running"))
    model = InterruptionsModel(source.records)
    for number, (step, ago, outcome) in enumerate(steps):
        if step == "add":
            store.add(record(number, request_number=number))
        elif step == "note":
            store.outcomes.note(request(number - ago), RequestOutcome(outcome))
        elif step == "sort":
            model.set_sorting(None if model.sorting else Sorting("time"))
        else:
            model.flush()
    model.flush()
    shown = [model.interruption(row).number for row in range(model.rowCount())]
    assert sorted(shown) == sorted(one.number for one in source.records)


@pytest.mark.parametrize("sorting", [None, Sorting("time")])
def test_a_row_that_goes_and_comes_again_at_once_stays(
    qapp: object, sorting: Sorting | None
) -> None:
    store = InterruptionStore()
    source = HeldSource("Held", store)
    source.set_filter(parse_filter("-outcome:running"))
    for number in (1, 2, 3):
        store.add(record(number, request_number=number))
    model = InterruptionsModel(source.records)
    model.set_sorting(sorting)
    store.add(record(4, request_number=4))
    for number in (2, 4):
        for outcome in (Outcome.RUNNING, Outcome.CANCELLED, Outcome.RUNNING, Outcome.CANCELLED):
            store.outcomes.note(request(number), RequestOutcome(outcome))
    store.outcomes.note(request(3), RequestOutcome(Outcome.RUNNING))
    model.flush()
    assert sorted(model.interruption(row).number for row in range(3)) == [1, 2, 4]
    assert model.rowCount() == 3
