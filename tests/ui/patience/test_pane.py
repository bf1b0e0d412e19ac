from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PyQt5.QtCore import Qt
from PyQt5.QtWidgets import QApplication, QComboBox, QLabel, QMainWindow, QScrollArea
from pytestqt.qtbot import QtBot

from monitorapp.core.chance.distribution import Exponential, Fixed
from monitorapp.core.filter.language import parse_filter
from monitorapp.core.request.store import EndStore
from monitorapp.core.statistics.wording import NO_EVENT
from monitorapp.ui.charts.chart import Chart
from monitorapp.ui.patience.pane import DRAWN, PatiencePane
from monitorapp.ui.widgets.theme import Colours, ColourScheme
from tests.core.source.threads import Threads
from tests.core.statistics.test_waits import counted, ended
from tests.ui.charts.seen import counts_below, names, texts
from tests.ui.table.shown import child


@pytest.fixture
def pane(qtbot: QtBot) -> Iterator[PatiencePane]:
    window = QMainWindow()
    qtbot.addWidget(window)
    pane = PatiencePane(window)
    window.addDockWidget(Qt.DockWidgetArea.RightDockWidgetArea, pane)
    window.resize(500, 600)
    window.show()
    yield pane
    window.close()


def text(pane: PatiencePane) -> str:
    label: QLabel = child(pane, QLabel, "patience_text")
    assert label.textFormat() == Qt.TextFormat.PlainText
    return label.text()


def chart(pane: PatiencePane) -> Chart:
    found: Chart = child(pane, Chart, "patience_chart")
    return found


def test_it_says_what_is_missing(pane: PatiencePane) -> None:
    pane.set_source(EndStore(), lambda: parse_filter(""))
    assert text(pane) == NO_EVENT
    assert texts(chart(pane)) == ["No client has left by itself yet."]


def test_it_estimates_for_the_present_delay(pane: PatiencePane) -> None:
    pane.set_source(counted(), lambda: parse_filter(""))
    pane.set_plan(Fixed(3.0))
    assert "about 42 % will leave" in text(pane)
    pane.set_plan(Exponential(3.0))
    assert "At the present delay (exponential" in text(pane)
    assert chart(pane).reading(3.0) == "3.00 s\nall requests: 58.1 %"


def test_the_axes_have_units_and_the_delay_is_marked(pane: PatiencePane) -> None:
    pane.set_source(counted(), lambda: parse_filter(""))
    pane.set_plan(Fixed(3.0))
    seen = texts(chart(pane))
    assert {"Still waiting (%) by time waited", "0", "100", "0 s", "5 s", "delay"} <= set(seen)
    assert names(chart(pane)) == []  # one group needs no legend
    pane.set_plan(Fixed(30.0))  # longer than any client has waited
    assert {"delay", "30 s"} <= set(texts(chart(pane)))


def test_a_long_text_scrolls_and_leaves_room_for_the_curve(pane: PatiencePane) -> None:
    patience = EndStore()
    for number in range(40):
        patience.add(ended(f"/path/{number % 4}", "10.0.0.1:1", number / 10, number % 3 > 0))
    pane.set_source(patience, lambda: parse_filter(""))
    child(pane, QComboBox, "patience_comparison").setCurrentIndex(2)
    for _ in range(2):
        QApplication.processEvents()
    label: QLabel = child(pane, QLabel, "patience_text")
    area: QScrollArea = child(pane, QScrollArea, "patience_text_area")
    assert label.height() > area.height() > 40
    assert chart(pane).height() >= 100
    child(pane, QComboBox, "patience_comparison").setCurrentIndex(0)
    for _ in range(2):
        QApplication.processEvents()
    assert label.height() <= area.height()
    bar = area.verticalScrollBar()
    assert bar is not None
    assert not bar.isVisible()


def test_news_is_shown_in_time_and_only_when_it_is_seen(pane: PatiencePane) -> None:
    patience = counted()
    pane.set_source(patience, lambda: parse_filter(""))
    before = text(pane)
    patience.add(ended("/", "10.0.0.1:1", 0.1, True))
    pane.hide()
    pane.refresh()
    assert text(pane) == before
    assert not pane._timer.isActive()
    pane.show()
    assert text(pane) != before
    assert pane._timer.isActive()


def test_groups_are_compared(pane: PatiencePane) -> None:
    expression = "path:fast"
    pane.set_source(counted(), lambda: parse_filter(expression))
    box: QComboBox = child(pane, QComboBox, "patience_comparison")
    box.setCurrentIndex(1)
    assert "of the filter:" in text(pane)
    assert "all others:" in text(pane)
    assert set(names(chart(pane))) == {"of the filter", "all others"}
    box.setCurrentIndex(3)
    assert "10.0.0.1:" in text(pane)
    assert "log-rank test" in text(pane)


def test_a_filter_says_what_it_cannot_heed(pane: PatiencePane) -> None:
    pane.set_source(counted(), lambda: parse_filter("path:slow type:lost"))
    box: QComboBox = child(pane, QComboBox, "patience_comparison")
    assert "Not heeded" not in text(pane)
    box.setCurrentIndex(1)
    assert "Not heeded, as it cannot be known of answered requests: type:lost." in text(pane)
    assert chart(pane).reading(0).endswith("of the filter: 100 %\nall others: 100 %")
    chart(pane).grab()
    assert [label.text for label in counts_below(chart(pane))[1:]][:1] == ["40"]


def test_an_estimate_that_is_outdated_is_not_made(pane: PatiencePane) -> None:
    threads = Threads()
    pane.set_source(counted(), lambda: parse_filter("path:slow"), threads)
    box: QComboBox = child(pane, QComboBox, "patience_comparison")
    box.setCurrentIndex(1)
    box.setCurrentIndex(3)
    assert len(threads.searches) == 1  # one at a time
    threads.run()
    assert [search.taken for search in threads.searches] == [0, 1]
    assert "10.0.0.1:" in text(pane)


def test_nothing_is_estimated_for_a_pane_that_was_hidden(pane: PatiencePane) -> None:
    threads = Threads()
    pane.set_source(counted(), lambda: parse_filter(""), threads)
    pane.hide()
    threads.run()
    assert [search.taken for search in threads.searches] == [0]
    assert text(pane) == NO_EVENT
    pane.show()
    threads.run()
    assert "about 76 % will leave" in text(pane)


def test_names_of_the_network_are_plain(pane: PatiencePane) -> None:
    patience = EndStore()
    for path in ("/<b>\u202e" + "x" * 5_000, "/y"):
        patience.add(ended(path, "10.0.0.1:1", 1.0, True))
    pane.set_source(patience, lambda: parse_filter(""))
    child(pane, QComboBox, "patience_comparison").setCurrentIndex(2)
    assert "/<b>\\u202exxx" in text(pane)
    assert len(text(pane)) < 2_000


def test_a_long_curve_is_drawn_in_few_steps(pane: PatiencePane) -> None:
    patience = EndStore()
    for number in range(5_000):
        patience.add(ended("/", "10.0.0.1:1", number / 1_000, True))
    pane.set_source(patience, lambda: parse_filter(""))
    edges = {chart(pane).reading(x / 1_000).split()[-2] for x in range(5_000)}
    assert DRAWN / 2 < len(edges) <= DRAWN + 1
    assert chart(pane).reading(0).endswith(": 100 %")
    assert chart(pane).reading(4.999).endswith(": 0 %")


def test_it_can_be_saved_in_light_and_dark(
    pane: PatiencePane, qapp: object, tmp_path: Path
) -> None:
    pane.set_source(counted(), lambda: parse_filter(""))
    scheme = ColourScheme(qapp)  # type: ignore[arg-type]
    for colours in (Colours.DARK, Colours.LIGHT):
        scheme.apply(colours)
        chart(pane).save(tmp_path / f"{colours.value}.png")
    dark, light = (tmp_path / f"{name}.png" for name in ("dark", "light"))
    assert dark.read_bytes() != light.read_bytes()
    scheme.apply(Colours.SYSTEM)
