from __future__ import annotations

import datetime
import os
import subprocess
import sys
from collections.abc import Iterator

import pytest
from PyQt5.QtCore import Qt
from PyQt5.QtGui import QFont
from PyQt5.QtWidgets import QApplication, QDockWidget, QMainWindow
from pytestqt.qtbot import QtBot

from monitorapp.ui.charts.chart import Chart
from monitorapp.ui.charts.series import Axes, LineColour, Steps
from monitorapp.ui.widgets.theme import dark_palette, light_palette
from tests.ui.charts.agreement import SIZES, check_layout, check_stairs, check_ticks, stairs_chart
from tests.ui.charts.seen import names, tick_labels

pytestmark = pytest.mark.slow

BEGAN_S = datetime.datetime(2026, 11, 24, 9, 59, 47).timestamp()
PATHS = [f"/a/rather/long/path/that/goes/on/and/on/and/on/{number}" for number in range(4)]


@pytest.fixture
def stairs(qtbot: QtBot) -> Chart:
    chart = stairs_chart()
    qtbot.addWidget(chart)
    chart.resize(400, 200)
    chart.show()
    return chart


def time_chart(qtbot: QtBot, lines: list[Steps], span_s: float) -> Chart:
    chart = Chart("times", "Times", Axes("Per second", x_is_time=True, y_is_whole=True), "Nothing")
    qtbot.addWidget(chart)
    chart.set_lines(lines, (BEGAN_S, BEGAN_S + span_s))
    chart.show()
    return chart


@pytest.mark.parametrize("size", SIZES)
def test_all_agrees_right_after_a_resize(stairs: Chart, size: tuple[int, int]) -> None:
    stairs.resize(*size)
    check_stairs(stairs)
    QApplication.processEvents()
    check_stairs(stairs)


def test_all_agrees_in_another_font(stairs: Chart) -> None:
    for points in (6, 20):
        stairs.setFont(QFont(stairs.font().family(), points))
        check_stairs(stairs)


@pytest.mark.parametrize("scale", ["1.5", "2"])
def test_all_agrees_at_other_scale_factors(scale: str) -> None:
    environment = {**os.environ, "QT_SCALE_FACTOR": scale}
    command = [sys.executable, "-m", "tests.ui.charts.agreement"]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert done.stdout.strip() == f"agrees at {float(scale)}", done.stderr


@pytest.mark.parametrize("span_s", [3, 60, 100, 600, 86_400])
@pytest.mark.parametrize("width", [200, 300, 700, 1500])
@pytest.mark.parametrize("top", [0, 7, 3_000_000])
def test_times_and_counts_agree(qtbot: QtBot, span_s: float, width: int, top: int) -> None:
    edges = [BEGAN_S, BEGAN_S + span_s / 2, BEGAN_S + span_s]
    lines = [
        Steps("Answered", edges, [0, top], LineColour.BLUE),
        Steps("Interrupted", edges, [top, 0], LineColour.ORANGE),
    ]
    chart = time_chart(qtbot, lines, span_s)
    chart.resize(width, 200)
    chart.grab()
    check_layout(chart)
    day = datetime.datetime.fromtimestamp(BEGAN_S).date()
    seconds = {}
    for label in tick_labels(chart, "bottom"):
        time = datetime.datetime.combine(day, datetime.time.fromisoformat(label.text))
        at_s = time.timestamp() - BEGAN_S
        seconds[label.text] = at_s if at_s >= 0 else at_s + 86_400
    labels = [label.text for label in tick_labels(chart, "left")]
    counts = {label: int(label.replace(",", "")) for label in labels}
    check_ticks(chart, seconds, counts)


@pytest.mark.parametrize("width", [150, 300, 700, 1500])
def test_long_names_leave_room_for_the_curves(qtbot: QtBot, width: int) -> None:
    coloured = zip(PATHS, LineColour, strict=True)
    lines = [Steps(path, [0, 1], [1], colour) for path, colour in coloured]
    chart = Chart("groups", "Groups", Axes("Still waiting (%) by time waited"), "Nothing")
    qtbot.addWidget(chart)
    chart.set_lines(lines, (0, 1))
    chart.resize(width, 220)
    chart.show()
    chart.grab()
    check_layout(chart)
    assert len(names(chart)) == 4
    assert (names(chart) == PATHS) == (width >= 700)


@pytest.fixture
def docked(qtbot: QtBot) -> Iterator[tuple[QMainWindow, QDockWidget, Chart]]:
    window = QMainWindow()
    qtbot.addWidget(window)
    window.resize(900, 500)
    chart = stairs_chart()
    dock = QDockWidget()
    dock.setWidget(chart)
    window.addDockWidget(Qt.DockWidgetArea.RightDockWidgetArea, dock)
    window.show()
    QApplication.processEvents()
    yield window, dock, chart
    window.close()


def test_all_agrees_while_docked_and_undocked(
    docked: tuple[QMainWindow, QDockWidget, Chart],
) -> None:
    window, dock, chart = docked
    check_stairs(chart)
    window.resizeDocks([dock], [220], Qt.Orientation.Horizontal)
    check_stairs(chart)
    QApplication.processEvents()
    check_stairs(chart)
    dock.setFloating(True)
    check_stairs(chart)
    dock.resize(640, 320)
    check_stairs(chart)
    window.addDockWidget(Qt.DockWidgetArea.BottomDockWidgetArea, dock)
    dock.setFloating(False)
    check_stairs(chart)
    QApplication.processEvents()
    check_stairs(chart)


def test_all_agrees_right_after_other_colours(stairs: Chart) -> None:
    lines = [Steps(name, [0, 10], [20]) for name in ("One", "Another", "A third")]
    stairs.set_lines(lines, (0.0, 10.0))
    for palette in (dark_palette(), light_palette()):
        stairs.setPalette(palette)
        stairs.grab()
        check_layout(stairs)


def test_all_agrees_when_another_chart_needs_more_room(stairs: Chart) -> None:
    for left_px in (200, 20):
        stairs.set_least_left_px(left_px)
        check_stairs(stairs)


def test_the_smallest_chart_has_labels_that_can_be_read(qtbot: QtBot) -> None:
    chart = Chart("small", "Small", Axes("A rather long title"), "Nothing")
    qtbot.addWidget(chart)
    chart.set_lines([Steps(name, [0, 1], [1]) for name in ("Answered", "Interrupted")], (0, 1))
    for width in (80, 120, 200):
        chart.resize(width, chart.minimumSizeHint().height())
        chart.show()
        chart.grab()
        check_layout(chart)


def test_all_agrees_when_hidden_while_it_was_resized(stairs: Chart) -> None:
    stairs.hide()
    stairs.resize(900, 300)
    stairs.set_lines([Steps("Stairs", [0, 5, 10], [20, 80])], (0.0, 10.0))
    stairs.show()
    check_stairs(stairs)
