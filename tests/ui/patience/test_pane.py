from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PyQt5.QtCore import Qt
from PyQt5.QtWidgets import QComboBox, QLabel, QMainWindow
from pytestqt.qtbot import QtBot

from monitorapp.core.chance.distribution import Exponential, Fixed
from monitorapp.core.filter.language import parse_filter
from monitorapp.core.statistics.waits import Patience
from monitorapp.core.statistics.wording import NO_EVENT
from monitorapp.ui.charts.chart import Chart
from monitorapp.ui.patience.pane import DRAWN, PatiencePane
from monitorapp.ui.widgets.theme import Colours, ColourScheme
from tests.core.statistics.test_waits import counted, ended
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
    found.flush()
    return found


def test_it_says_what_is_missing(pane: PatiencePane) -> None:
    pane.set_source(Patience(), lambda: parse_filter(""))
    assert text(pane) == NO_EVENT


def test_it_estimates_for_the_present_delay(pane: PatiencePane) -> None:
    pane.set_source(counted(), lambda: parse_filter(""))
    pane.set_plan(Fixed(3.0))
    assert "about 42 % will leave" in text(pane)
    pane.set_plan(Exponential(3.0))
    assert "At the present delay (exponential" in text(pane)
    assert "all clients: 58.1" in chart(pane).reading(3.0)


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
    assert len(chart(pane)._lines) == 2
    box.setCurrentIndex(3)
    assert "10.0.0.1:" in text(pane)
    assert "log-rank test" in text(pane)


def test_names_of_the_network_are_plain(pane: PatiencePane) -> None:
    patience = Patience()
    for path in ("/<b>\u202e" + "x" * 5_000, "/y"):
        patience.add(ended(path, "10.0.0.1:1", 1.0, True))
    pane.set_source(patience, lambda: parse_filter(""))
    child(pane, QComboBox, "patience_comparison").setCurrentIndex(2)
    assert "/<b>\\u202exxx" in text(pane)
    assert len(text(pane)) < 2_000


def test_a_long_curve_is_drawn_in_few_steps(pane: PatiencePane) -> None:
    patience = Patience()
    for number in range(5_000):
        patience.add(ended("/", "10.0.0.1:1", number / 1_000, True))
    pane.set_source(patience, lambda: parse_filter(""))
    (line,) = chart(pane)._lines
    assert len(line.x) == DRAWN + 2
    assert line.y[0] == 100
    assert line.y[-1] == 0


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
