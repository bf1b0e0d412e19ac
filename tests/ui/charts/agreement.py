"""Whether labels, grid and curves of a chart agree; also a program, for other scale factors."""

from __future__ import annotations

import itertools
from collections.abc import Mapping

from PyQt5.QtCore import QRect, QRectF
from PyQt5.QtWidgets import QApplication

from monitorapp.ui.charts.chart import Chart
from monitorapp.ui.charts.series import Axes, Steps
from monitorapp.ui.widgets.theme import light_palette
from tests.ui.charts.seen import (
    grid,
    image_of,
    longest_run,
    names,
    other_labels,
    place_of,
    plot_rect,
    tick_labels,
)

BLUE = "#0072b2"
SIZES = [(300, 130), (300, 400), (700, 150), (1500, 200)]


def check_layout(chart: Chart) -> None:
    """Check that all labels can be read: none is cut and none is on another."""
    ticks = [*tick_labels(chart, "left"), *tick_labels(chart, "bottom")]
    assert ticks
    legend = set(names(chart))
    heads = [label for label in other_labels(chart) if label.rect.bottom() < plot_rect(chart).top()]
    assert legend <= {label.text for label in heads}
    whole = QRectF(chart.rect())
    for label in (*ticks, *heads):
        assert whole.contains(label.rect), (label, whole)
    for one, other in itertools.combinations([*ticks, *heads], 2):
        assert not one.rect.intersects(other.rect), (one, other)
    plot = plot_rect(chart)
    assert whole.contains(plot)
    for label in heads:
        assert not plot.intersects(label.rect), label
    for side in ("bottom", "left"):
        if plot.height() > 2 * ticks[0].rect.height():
            assert len(tick_labels(chart, side)) == len(grid(chart, side))


def check_ticks(chart: Chart, x_of: Mapping[str, float], y_of: Mapping[str, float]) -> None:
    """Check that the labels stand at the grid, and both where the view box says.

    Args:
        chart: Is drawn.
        x_of: What the labels of the x axis mean, counted from the left end of the axis.
        y_of: The same for the y axis.
    """
    plot = plot_rect(chart)
    for side, meaning in (("bottom", x_of), ("left", y_of)):
        for label in tick_labels(chart, side):
            x, y = (meaning[label.text], 0.0) if side == "bottom" else (0.0, meaning[label.text])
            place, centre = place_of(chart, x, y), label.rect.center()
            at, middle = (place.x(), centre.x()) if side == "bottom" else (place.y(), centre.y())
            assert any(abs(at - line) < 0.01 for line in grid(chart, side)), label
            is_moved = side == "bottom" and not (
                label.rect.width() / 2 < at < chart.width() - label.rect.width() / 2 - 2
            )
            assert is_moved or abs(at - middle) <= 1, (label, at, middle)
            assert plot.adjusted(-1, -1, 1, 1).contains(place)


def stairs_chart() -> Chart:
    """Return a chart of one line with a step from 20 to 80 at 5 s, of 10 s."""
    chart = Chart("stairs", "Stairs", Axes("Height", x_unit="s", y_high=100.0), "Nothing")
    chart.setPalette(light_palette())
    chart.set_lines([Steps("Stairs", [0, 5, 10], [20, 80])], (0.0, 10.0))
    return chart


def check_stairs(chart: Chart) -> None:
    """Check that the step of `stairs_chart` is painted where the axes say 5 s, 20 and 80."""
    image = image_of(chart)
    scale = image.devicePixelRatio()
    check_layout(chart)
    seconds, heights = (
        {label.text: float(label.text.removesuffix(" s")) for label in tick_labels(chart, side)}
        for side in ("bottom", "left")
    )
    check_ticks(chart, seconds, heights)
    plot = plot_rect(chart)
    inner = QRect(
        round(scale * (plot.left() + 4)),
        round(scale * plot.top()),
        round(scale * (plot.width() - 8)),
        round(scale * plot.height()),
    )
    riser = longest_run(image, BLUE, across=False, within=inner)
    assert abs(riser / scale - place_of(chart, 5, 0).x()) <= 1.5
    left, right = QRect(inner), QRect(inner)
    left.setRight(riser - 5)
    right.setLeft(riser + 5)
    for half, height in ((left, 20), (right, 80)):
        row = longest_run(image, BLUE, across=True, within=half)
        assert abs(row / scale - place_of(chart, 0, height).y()) <= 1.5


def main() -> None:
    """Check a chart at all sizes, right after it got them."""
    application = QApplication([])
    chart = stairs_chart()
    chart.show()
    application.processEvents()
    for width, height in SIZES:
        chart.resize(width, height)
        check_stairs(chart)
    print("agrees at", chart.devicePixelRatioF())


if __name__ == "__main__":
    main()
