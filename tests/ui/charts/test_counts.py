"""The numbers below the axis of a chart."""

from __future__ import annotations

import itertools
from collections.abc import Callable

import pytest
from PyQt5.QtCore import QRectF
from PyQt5.QtGui import QFont
from PyQt5.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from monitorapp.ui.charts._ticks import count_label
from monitorapp.ui.charts.chart import Chart
from monitorapp.ui.charts.series import Axes, LineColour, Steps
from monitorapp.ui.widgets.theme import dark_palette, light_palette
from tests.ui.charts.agreement import check_layout
from tests.ui.charts.seen import (
    Label,
    colours,
    counts_below,
    grid,
    names,
    plot_rect,
    tick_labels,
)

TITLE = "How many:"


def counting(qtbot: QtBot, groups: int, most: int = 1_234_567) -> Chart:
    """Return a chart whose counts fall by a thousandth of the most every 10 ms."""
    chart = Chart("counts", "Counts", Axes("Share", x_unit="s", y_high=100.0, counts=TITLE), "")
    qtbot.addWidget(chart)
    chart.setPalette(light_palette())
    chart.set_lines(
        [
            Steps(f"group {number}", [0, 5, 10], [100, 20], colour, count_at=counter(most, number))
            for number, colour in zip(range(groups), LineColour, strict=False)
        ],
        (0.0, 10.0),
    )
    chart.show()
    return chart


def counter(most: int, number: int) -> Callable[[float], int]:
    return lambda x: round(most / (number + 1) * (1 - x / 10))


def rows(labels: list[Label]) -> list[list[Label]]:
    found = itertools.groupby(labels, key=lambda label: label.rect.top())
    return [[*row] for _, row in found]


def check_counts(chart: Chart, groups: int, most: int) -> None:
    chart.grab()
    check_layout(chart)
    title, *of_groups = rows(counts_below(chart))
    assert [label.text for label in title] == [TITLE]
    assert len(of_groups) == groups
    lowest = max(label.rect.bottom() for label in tick_labels(chart, "bottom"))
    whole, plot = QRectF(chart.rect()), plot_rect(chart)
    labels = [*title, *(label for row in of_groups for label in row)]
    for label in labels:
        assert whole.contains(label.rect), label
        assert label.rect.top() >= lowest - 2, label
    for one, other in itertools.combinations(labels, 2):
        assert not one.rect.adjusted(0, 1, 0, -1).intersects(other.rect), (one, other)
    seconds = {
        round((x - plot.left()) / plot.width() * 10, 6): x for x in sorted(grid(chart, "bottom"))
    }
    for number, row in enumerate(of_groups):
        count_at = counter(most, number)
        wanted = [count_label(count_at(x)) for x in seconds]
        assert [label.text for label in row] == wanted
        for label, place in zip(row, seconds.values(), strict=True):
            half = label.rect.width() / 2
            is_moved = not half + 2 < place < chart.width() - half - 2
            assert is_moved or abs(label.rect.center().x() - place) <= 1.5, label


@pytest.mark.parametrize("groups", [1, 2, 4])
@pytest.mark.parametrize("most", [12, 98_765, 1_234_567])
def test_they_stand_under_the_ticks_at_any_size(qtbot: QtBot, groups: int, most: int) -> None:
    chart = counting(qtbot, groups, most)
    for width, height in ((300, 330), (700, 360), (1500, 400), (301, 500)):
        chart.resize(width, height)
        check_counts(chart, groups, most)
        QApplication.processEvents()
        check_counts(chart, groups, most)
    chart.setFont(QFont(chart.font().family(), 14))
    chart.resize(700, 500)
    check_counts(chart, groups, most)


def test_they_have_the_colours_of_their_lines(qtbot: QtBot) -> None:
    chart = counting(qtbot, 2)
    chart.resize(700, 300)
    for palette, place in ((light_palette(), 0), (dark_palette(), 1)):
        chart.setPalette(palette)
        assert {colour.value[place] for colour in (*LineColour,)[:2]} <= colours(chart)


def test_they_go_where_there_is_no_room_for_a_plot(qtbot: QtBot) -> None:
    chart = counting(qtbot, 4)
    chart.resize(300, 130)
    chart.grab()
    assert counts_below(chart) == []
    assert plot_rect(chart).height() > 0 or names(chart)
    chart.resize(300, 400)
    check_counts(chart, 4, 1_234_567)


def test_they_follow_the_zoom_and_new_lines(qtbot: QtBot) -> None:
    chart = counting(qtbot, 1, 1_000)
    chart.resize(700, 300)
    chart.grab()
    chart.set_zoom((0.0, 1.0))
    chart.grab()
    _, row = rows(counts_below(chart))
    assert {label.text for label in row} >= {"1,000", "900"}
    line = Steps("group 0", [0, 5, 10], [100, 20], count_at=lambda x: 7)
    chart.set_lines([line], (0.0, 10.0))
    chart.grab()
    _, row = rows(counts_below(chart))
    assert {label.text for label in row} == {"7"}
    chart.set_lines([Steps("other", [0, 5, 10], [100, 20])], (0.0, 10.0))
    chart.grab()
    assert counts_below(chart) == []


@pytest.mark.parametrize(
    ("count", "label"),
    [
        (0, "0"),
        (99_999, "99,999"),
        (100_000, "100 k"),
        (999_499, "999 k"),
        (999_500, "1 M"),
        (1_234_567, "1.23 M"),
    ],
)
def test_large_counts_are_short(count: int, label: str) -> None:
    assert count_label(count) == label
