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
from tests.ui.charts.seen import names, other_labels, span_shown, texts, tick_labels

BEGAN_S = 1_795_521_600


@pytest.fixture
def clock() -> Clock:
    clock = Clock()
    clock.advance(BEGAN_S)
    return clock


@pytest.fixture
def rates(clock: Clock) -> Rates:
    """Answered 10, 20, 30 and so on; 7 interrupted, and a lag of 0.5 s, in the 31st second."""
    rates = Rates(clock.seconds, clock.seconds)
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


def test_both_charts_have_the_same_time_axis(pane: RatePane) -> None:
    pane.show()
    for width in (300, 700):
        pane.resize(width, 300)
        pane.grab()
        counts, lag = (
            [(label.text, label.rect.x()) for label in tick_labels(chart(pane, name), "bottom")]
            for name in ("rate_chart", "lag_chart")
        )
        assert counts == lag


def test_what_is_enlarged_in_one_chart_is_in_both(pane: RatePane) -> None:
    pane.show()
    for name, other in (("rate_chart", "lag_chart"), ("lag_chart", "rate_chart")):
        chart(pane, name).set_zoom((BEGAN_S + 10.0, BEGAN_S + 20.0))
        chart(pane, name).zoomed.emit((BEGAN_S + 10.0, BEGAN_S + 20.0))
        assert span_shown(chart(pane, other)) == 10
        chart(pane, name).set_zoom(None)
        chart(pane, name).zoomed.emit(None)
        assert span_shown(chart(pane, other)) == 100


def test_what_is_drawn_can_be_named(pane: RatePane) -> None:
    pane.show()
    assert names(chart(pane)) == ["Answered", "Interrupted"]
    assert {"Per second", "0", "1,000"} <= set(texts(chart(pane)))
    assert {"Reactor lag (ms)", "0", "500"} <= set(texts(chart(pane, "lag_chart")))
    for name in ("rate_chart", "lag_chart"):
        assert chart(pane, name).accessibleName()
        assert "click a peak" in chart(pane, name).toolTip()


def test_the_first_second_is_waited_for(qtbot: QtBot, clock: Clock) -> None:
    pane = RatePane()
    qtbot.addWidget(pane)
    rates = Rates(clock.seconds, clock.seconds)
    pane.set_rates(rates)
    pane.show()
    assert texts(chart(pane)) == ["The first second is being counted."]
    clock.advance(1)
    pane.refresh()
    assert "Per second" in texts(chart(pane))


def test_values_of_a_second_are_read(pane: RatePane) -> None:
    pane.show()
    time = datetime.datetime.fromtimestamp(BEGAN_S + 30).strftime("%H:%M:%S")
    reading = chart(pane).reading(BEGAN_S + 30.5)
    assert reading == f"{time}\nAnswered: 310\nInterrupted: 7"
    assert chart(pane, "lag_chart").reading(BEGAN_S + 30.5) == f"{time}\nLag: 500 ms"


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


def test_only_what_is_new_and_seen_is_drawn(
    pane: RatePane, clock: Clock, rates: Rates, monkeypatch: pytest.MonkeyPatch
) -> None:
    pane.show()
    drawn: list[object] = []
    monkeypatch.setattr(Chart, "set_lines", lambda *given: drawn.append(given))
    clock.advance(0.5)
    pane.refresh()
    assert drawn == []  # nothing is new
    pane.hide()
    clock.advance(0.5)
    pane.refresh()
    assert drawn == []
    pane.show()
    assert len(drawn) == 2


@pytest.mark.parametrize("name", ["rate_chart", "lag_chart"])
def test_a_click_near_a_peak_chooses_its_second(pane: RatePane, qtbot: QtBot, name: str) -> None:
    pane.show()
    with qtbot.waitSignal(pane.time_chosen) as chosen:
        chart(pane, name).clicked_at.emit(BEGAN_S + 31.9)
    assert chosen.args == [BEGAN_S + 30, BEGAN_S + 31]


def test_a_click_chooses_by_the_date_that_the_rows_of_that_second_have(
    qtbot: QtBot, clock: Clock
) -> None:
    set_back_s = 0
    rates = Rates(lambda: clock.seconds() - set_back_s, clock.seconds)
    for second in range(20):
        if second == 10:
            set_back_s = 3_600
        rates.record(100 * (second + 1), 0, 0.0)
        clock.advance(1)
    pane = RatePane()
    qtbot.addWidget(pane)
    pane.set_rates(rates)
    pane.show()
    chosen: list[float] = []
    pane.time_chosen.connect(lambda start_s, _: chosen.append(start_s))
    for second in (5, 15):  # the axis goes by the date of now
        chart(pane).set_zoom((BEGAN_S - 3_600.0, BEGAN_S - 3_580.0))
        chart(pane).clicked_at.emit(BEGAN_S - 3_600 + second + 0.5)
    assert chosen == [BEGAN_S + 5, BEGAN_S - 3_600 + 15]


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


def test_mark_goes_when_the_filter_does(pane: RatePane) -> None:
    pane.show()
    time = datetime.datetime.fromtimestamp(BEGAN_S + 30).strftime("%H:%M:%S")
    chart(pane).clicked_at.emit(BEGAN_S + 30.5)
    for name in ("rate_chart", "lag_chart"):
        assert time in [label.text for label in other_labels(chart(pane, name))]
    pane.set_filter("slow")
    assert time not in [label.text for label in other_labels(chart(pane))]
