"""That nothing is used after Qt has deleted it."""

from __future__ import annotations

import gc
import sys
import weakref

import pytest
from PyQt5 import sip
from PyQt5.QtCore import QCoreApplication, QEvent
from PyQt5.QtWidgets import QApplication, QDockWidget, QGraphicsView, QMainWindow
from twisted.internet.task import Clock

from monitorapp.core.filter.language import parse_filter
from monitorapp.core.statistics.rates import Rates
from monitorapp.core.statistics.waits import Patience
from monitorapp.ui.charts.chart import Chart
from monitorapp.ui.patience.pane import PatiencePane
from monitorapp.ui.rate.pane import RatePane
from tests.core.statistics.test_waits import ended

pytestmark = pytest.mark.slow

ROUNDS = 50


@pytest.fixture
def raised(monkeypatch: pytest.MonkeyPatch) -> list[object]:
    found: list[object] = []
    monkeypatch.setattr(sys, "excepthook", lambda _, error, trace: found.append(error))
    monkeypatch.setattr(sys, "unraisablehook", lambda found_: found.append(found_.exc_value))
    return found


def delete_what_waits_for_it() -> None:
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    QApplication.processEvents()


def test_panes_come_and_go_while_figures_wait(qapp: QApplication, raised: list[object]) -> None:
    clock = Clock()
    clock.advance(1.8e9)
    rates, patience = Rates(clock.seconds, clock.seconds), Patience()
    for number in range(ROUNDS):
        rates.record(10 * number, number, 0.001)
        clock.advance(2)
        patience.add(ended(f"/{number % 5}", "10.0.0.1:1", number / 10, number % 3 > 0))
        window = QMainWindow()
        panes: list[QDockWidget] = [RatePane(window), PatiencePane(window)]
        window.show()
        for pane in panes:
            pane.show()
        panes[0].set_rates(rates)
        panes[1].set_source(patience, lambda: parse_filter(""))
        for chart in window.findChildren(Chart):
            chart.set_zoom((1.0, 2.0))
            chart.resize(300 + number, 200)
            chart.clicked_at.emit(5.0)
        if number % 3 == 0:
            window.grab()
        if number % 3 == 1:
            window.close()
        if number % 2:
            QApplication.processEvents()
        if number % 5 == 0:
            sip.delete(window)
        else:
            window.deleteLater()
        del window, panes, pane, chart
        if number % 2 == 0:
            gc.collect()
        delete_what_waits_for_it()
        gc.collect()
    assert raised == []


def test_deleted_charts_are_freed(qapp: QApplication, raised: list[object]) -> None:
    seen = []
    for _ in range(5):
        clock = Clock()
        rates = Rates(clock.seconds, clock.seconds)
        clock.advance(9)
        pane = RatePane()
        pane.set_rates(rates)
        pane.show()
        seen += [weakref.ref(plot) for plot in pane.findChildren(QGraphicsView)]
        pane.close()
        pane.deleteLater()
        del pane
    assert len(seen) == 10
    delete_what_waits_for_it()
    gc.collect()
    assert [plot for plot in seen if plot() is not None] == []
    assert raised == []
