from __future__ import annotations

import datetime
from pathlib import Path

import pytest
from PyQt5.QtCore import QSettings
from pytestqt.qtbot import QtBot
from twisted.internet.task import Clock

from monitorapp.core.records.store import InterruptionStore
from monitorapp.core.statistics.rates import Rates
from monitorapp.ui.charts.chart import Chart
from monitorapp.ui.rate.pane import RatePane
from monitorapp.ui.settings import Settings
from monitorapp.ui.window.main_window import MainWindow
from tests.factory import record

BEGAN_S = 1_795_521_600


@pytest.fixture
def clock() -> Clock:
    clock = Clock()
    clock.advance(BEGAN_S)
    return clock


@pytest.fixture
def rates(clock: Clock) -> Rates:
    """Answered 10, 20, 30 and so on; 7 interrupted, and a lag of 0.5 s, in the 31st second."""
    rates = Rates(clock.seconds)
    answered = 0
    for second in range(100):
        answered += 10 * (second + 1)
        rates.record(answered, 7 if second >= 30 else 0, 0.5 if second == 30 else 0.001)
        clock.advance(1)
    return rates


@pytest.fixture
def pane(qtbot: QtBot, rates: Rates) -> RatePane:
    pane = RatePane()
    qtbot.addWidget(pane)
    pane.set_rates(rates)
    pane.resize(360, 300)
    return pane


def chart(pane: RatePane, name: str = "rate_chart") -> Chart:
    return pane.findChild(Chart, name)


def test_charts_are_made_when_they_are_seen_first(pane: RatePane) -> None:
    assert chart(pane) is None
    pane.show()
    assert chart(pane) is not None


def test_values_of_a_second_are_read(pane: RatePane) -> None:
    pane.show()
    time = datetime.datetime.fromtimestamp(BEGAN_S + 30).strftime("%H:%M:%S")
    reading = chart(pane).reading(BEGAN_S + 30.5)
    assert reading == f"{time}\nAnswered: 310\nInterrupted: 7"
    assert chart(pane, "lag_chart").reading(BEGAN_S + 30.5) == f"{time}\nLag (ms): 500"


def test_the_running_second_waits_until_it_is_over(
    pane: RatePane, rates: Rates, clock: Clock
) -> None:
    pane.show()
    rates.record(1_000_000, 7, 0)
    pane.refresh()
    now_s = clock.seconds()
    assert "Answered: 1,000" in chart(pane).reading(now_s - 0.5)
    clock.advance(1)
    pane.refresh()
    assert "Answered: 949,500" in chart(pane).reading(now_s + 0.5)


def test_nothing_is_drawn_while_it_is_not_seen(
    pane: RatePane, clock: Clock, rates: Rates, monkeypatch: pytest.MonkeyPatch
) -> None:
    pane.show()
    pane.hide()
    drawn: list[object] = []
    monkeypatch.setattr(Chart, "set_lines", lambda *given: drawn.append(given))
    clock.advance(1)
    pane.refresh()
    assert drawn == []
    pane.show()
    assert len(drawn) == 2


@pytest.mark.parametrize("name", ["rate_chart", "lag_chart"])
def test_a_click_near_a_peak_chooses_its_second(pane: RatePane, qtbot: QtBot, name: str) -> None:
    pane.show()
    chart(pane, name).flush()
    with qtbot.waitSignal(pane.time_chosen, timeout=1000) as chosen:
        chart(pane, name).clicked_at.emit(BEGAN_S + 31.9)
    assert chosen.args == [BEGAN_S + 30, BEGAN_S + 31]


def test_a_click_before_the_start_chooses_nothing(pane: RatePane, qtbot: QtBot) -> None:
    pane.show()
    with qtbot.assertNotEmitted(pane.time_chosen):
        chart(pane).clicked_at.emit(BEGAN_S - 20.0)


def test_a_window_filters_by_the_second_that_was_clicked_last(
    qtbot: QtBot, tmp_path: Path, rates: Rates
) -> None:
    store = InterruptionStore(1000)
    for second in range(100):
        store.add(record(number=second, time_s=BEGAN_S + second + 0.25))
    settings = Settings(QSettings(str(tmp_path / "x.ini"), QSettings.Format.IniFormat))
    window = MainWindow(store, settings)
    qtbot.addWidget(window)
    window.panes.rate.set_rates(rates)
    window.show()
    assert not window.panes.rate.isVisible()
    action = window.panes.rate.toggle_action
    assert action is not None
    action.trigger()
    window.filter_bar.set_expression("slow or report or GET")
    for second in (30, 80):
        window.panes.rate.time_chosen.emit(BEGAN_S + second, BEGAN_S + second + 1)
    assert window.filter_bar.expression.count("time>=") == 1
    assert window.filter_bar.expression.startswith("(slow or report or GET) time>=")
    assert window.table_pane.shown_count == 1


def test_mark_goes_when_the_filter_does(pane: RatePane, qtbot: QtBot) -> None:
    pane.show()
    marks: list[float | None] = []
    chart(pane).set_marker = lambda x, label="": marks.append(x)  # type: ignore[method-assign]
    chart(pane).clicked_at.emit(BEGAN_S + 30.5)
    assert marks == [BEGAN_S + 30]
    pane.set_filter("slow")
    assert marks == [BEGAN_S + 30, None]
