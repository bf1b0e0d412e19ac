from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PyQt5.QtCore import QItemSelectionModel, Qt
from PyQt5.QtWidgets import QLabel, QTableView, QWidget
from pytestqt.modeltest import ModelTester
from pytestqt.qtbot import QtBot

from monitorapp.ui.waiting._model import NO_ERRBACK, WaitingModel
from monitorapp.ui.waiting.columns import COLUMNS
from monitorapp.ui.waiting.pane import WaitingPane
from tests.ui.waiting.source import Source


def make_model(source: Source) -> WaitingModel:
    model = WaitingModel()
    model.set_source(source)
    model.refresh(0, 10)
    return model


Hold = Callable[[QWidget], None]


def make_pane(hold: Hold, source: Source) -> tuple[WaitingPane, QTableView]:
    pane = WaitingPane()
    hold(pane)
    pane.set_source(source)
    pane.resize(800, 300)
    pane.show()
    pane.refresh()
    view = pane.findChild(QTableView, "waiting_view")
    assert view is not None
    return pane, view


def cells(model: WaitingModel, row: int) -> dict[str, str]:
    return {
        column.key: str(model.index(row, section).data()) for section, column in enumerate(COLUMNS)
    }


def test_a_row_shows_its_request(qtmodeltester: ModelTester) -> None:
    source = Source([12_345])
    model = make_model(source)
    facts = {
        "number": "12,345",
        "path": "/12345?<b>",
        "client": "192.0.2.7:51234",
        "waited": "1.2 s",
        "delay": "3.8 s of 5.000 s",
        "written": "1,234",
        "headers": "sent",
        "watched": "yes",
    }
    shown = cells(model, 0)
    assert {key: shown[key] for key in facts} == facts
    assert source.asked == [12_345]
    source.waiting = []
    model._shown.clear()
    assert cells(model, 0)["path"] == "\N{EN DASH}"
    qtmodeltester.check(model)


def test_a_request_without_an_errback_is_marked_and_explained() -> None:
    source = Source([1])
    source.has_errback = False
    source.remaining_s = None
    model = make_model(source)
    assert cells(model, 0)["watched"] == "no errback"
    assert cells(model, 0)["delay"] == "\N{EN DASH}"
    assert model.index(0, 0).data(Qt.ItemDataRole.ToolTipRole) == NO_ERRBACK


@given(st.lists(st.sets(st.integers(1, 200), max_size=200), max_size=6))
def test_the_rows_are_those_that_wait(steps: list[set[int]]) -> None:
    source = Source()
    model = make_model(source)
    shown = 0
    changes: list[int] = []
    model.rowsInserted.connect(lambda _, first, last: changes.append(last - first + 1))
    model.rowsRemoved.connect(lambda _, first, last: changes.append(first - last - 1))
    model.modelReset.connect(lambda: changes.append(model.rowCount() - shown - sum(changes)))
    for numbers in steps:
        changes.clear()
        source.waiting = sorted(numbers)
        model.refresh(0, 10)
        assert [model.number(row) for row in range(model.rowCount())] == source.waiting
        assert shown + sum(changes) == len(source.waiting)
        shown = len(source.waiting)


def test_a_hidden_pane_asks_nothing(qtbot: QtBot, hold: Hold) -> None:
    source = Source(range(1, 10_001))
    pane, view = make_pane(hold, source)
    model = view.model()
    assert model is not None
    assert model.rowCount() == 10_000
    qtbot.waitUntil(lambda: len(source.asked) > 0)
    assert max(source.asked) < 100  # only what is seen
    assert pane._timer.isActive()
    pane.hide()
    assert not pane._timer.isActive()


@pytest.mark.parametrize("name", ["finish", "abort", "extend"])
def test_actions_are_for_what_is_selected(qtbot: QtBot, hold: Hold, name: str) -> None:
    source = Source([3, 5, 8])
    pane, view = make_pane(hold, source)
    action = getattr(pane, f"{name}_action")
    assert not action.isEnabled()
    flags = QItemSelectionModel.SelectionFlag
    selection = view.selectionModel()
    model = view.model()
    assert selection is not None
    assert model is not None
    for row in (0, 2):  # selectRow() would heed a modifier key of an earlier test
        selection.select(model.index(row, 0), flags.Select | flags.Rows)  # type: ignore[call-overload]
    assert action.isEnabled()
    with qtbot.waitSignal(getattr(pane, f"{name}_requested")) as caught:
        action.trigger()
    assert caught.args == [(3, 8)]
    source.waiting = [5]
    pane.refresh()
    assert pane.selected_numbers() == ()
    assert not action.isEnabled()


def test_the_selection_survives_when_many_rows_go_at_once(hold: Hold) -> None:
    source = Source(range(1, 301))
    pane, view = make_pane(hold, source)
    view.selectAll()
    source.waiting = list(range(2, 301, 2))
    pane.refresh()
    assert pane.selected_numbers() == tuple(source.waiting)
    source.waiting = list(range(301, 400))
    pane.refresh()
    assert pane.selected_numbers() == ()
    source.waiting = list(range(301, 400, 2))
    pane.refresh()  # with nothing selected
    assert pane.selected_numbers() == ()


def test_the_count_is_shown_in_words(hold: Hold) -> None:
    source = Source()
    pane, _ = make_pane(hold, source)
    label = pane.findChild(QLabel, "waiting_count")
    assert label is not None
    texts = []
    for count in (0, 1, 1_000):
        source.waiting = list(range(1, count + 1))
        pane.refresh()
        texts.append(label.text())
    assert texts == ["No request waits.", "1 request waits.", "1,000 requests wait."]
