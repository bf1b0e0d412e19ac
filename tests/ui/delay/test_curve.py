from __future__ import annotations

import math

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from PyQt5.QtCore import QRectF
from PyQt5.QtGui import QColor, QImage, QPainter, QPalette
from PyQt5.QtWidgets import QApplication

from monitorapp.core.chance.distribution import Exponential, Fixed, LogNormal, Uniform
from monitorapp.core.delay.delay import DelayPlan
from monitorapp.core.delay.plans import PLAN_TYPES
from monitorapp.core.delay.sweep import SweepDelay
from monitorapp.ui.delay.curve import axis_end, draw_delay_curve, in_words
from monitorapp.ui.widgets.theme import dark_palette, light_palette
from tests.core.delay.strategies import PLANS

WIDTH, HEIGHT = 90, 26


def drawn(plan: DelayPlan, progress: float, palette: QPalette) -> QImage:
    image = QImage(WIDTH, HEIGHT, QImage.Format.Format_RGB32)
    image.fill(palette.color(QPalette.ColorRole.Window))
    painter = QPainter(image)
    try:
        draw_delay_curve(painter, QRectF(0, 0, WIDTH, HEIGHT), plan, progress, palette)
    finally:
        painter.end()  # or an exception would keep it longer than what it paints on
    return image


def blue_columns(image: QImage) -> list[int]:
    """Return where the curve is: it is the one thing of a strong colour."""
    return [
        x
        for x in range(WIDTH)
        if any(QColor(image.pixel(x, y)).saturation() > 100 for y in range(HEIGHT))
    ]


@pytest.fixture(params=["light", "dark"])
def palette(request: pytest.FixtureRequest, qapp: QApplication) -> QPalette:
    return light_palette() if request.param == "light" else dark_palette()


@pytest.mark.parametrize("plan_type", PLAN_TYPES)
def test_every_kind_is_drawn_differently(palette: QPalette, plan_type: type[DelayPlan]) -> None:
    image = drawn(plan_type(), 0.5, palette)
    assert blue_columns(image)
    others = [drawn(other(), 0.5, palette) for other in PLAN_TYPES if other is not plan_type]
    assert image not in others


@settings(max_examples=60)
@example(Fixed(5e-324), 0.0)
@given(PLANS, st.floats(0, 1))
def test_any_plan_can_be_drawn(plan: DelayPlan, progress: float) -> None:
    for palette in (light_palette(), dark_palette()):
        assert blue_columns(drawn(plan, progress, palette))


@pytest.mark.parametrize(
    "plan",
    [
        Fixed(5),
        Uniform(5, 5),
        Uniform(5, 5.001),
        LogNormal(5, 1),
        LogNormal(5, 1.0001),
    ],
)
def test_hardly_any_spread_is_one_line(palette: QPalette, plan: DelayPlan) -> None:
    columns = blue_columns(drawn(plan, 0, palette))
    assert 1 <= len(columns) <= 4
    assert columns[0] <= 1 + (WIDTH - 2) / 2 <= columns[-1] + 1  # half of an axis to 10 s


def test_the_dot_of_a_sweep_moves(palette: QPalette) -> None:
    images = [drawn(SweepDelay(0, 8, 60), progress, palette) for progress in (0, 0.5, 1)]
    assert images[0] != images[1] != images[2] != images[0]


def test_a_uniform_delay_is_drawn_between_its_limits(palette: QPalette) -> None:
    image = drawn(Uniform(2.5, 9.5), 0, palette)
    high = [x for x in range(WIDTH) if QColor(image.pixel(x, 2)).saturation() > 100]
    assert high[0] == pytest.approx(WIDTH * 2.5 / 10, abs=3)
    assert high[-1] == pytest.approx(WIDTH * 9.5 / 10, abs=3)


@given(st.floats(1e-6, 1e6))
def test_the_axis_ends_at_a_round_number_not_far_off(value: float) -> None:
    end = axis_end(value)
    assert value <= end <= value * 2.5 * (1 + 1e-9)
    mantissa = end / 10 ** math.floor(math.log10(end) + 1e-9)
    assert any(mantissa == pytest.approx(step) for step in (1, 2, 5))


def test_an_axis_is_never_empty() -> None:
    assert axis_end(0) == 1


def test_only_a_sweep_that_goes_on_says_where_it_is() -> None:
    assert in_words(SweepDelay(0, 8, 60), 0.5) == "sweep, 0 to 8 s over 60 s, now 4.0 s"
    assert in_words(SweepDelay(0, 8, 60), 1) == "sweep, 0 to 8 s over 60 s"
    assert in_words(Exponential(2), 0.5) == "exponential, mean 2 s"
