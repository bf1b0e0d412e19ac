from __future__ import annotations

from collections.abc import Iterator

import pytest
from PyQt5.QtGui import QColor, QPalette
from PyQt5.QtWidgets import QApplication

from monitorapp.ui.widgets.theme import Colours, ColourScheme, dark_palette, light_palette


@pytest.fixture
def scheme(qapp: QApplication) -> Iterator[ColourScheme]:
    scheme = ColourScheme(qapp)
    yield scheme
    scheme.apply(Colours.SYSTEM)


def luminance(colour: QColor) -> float:
    """Return the relative luminance, as WCAG 2 defines it."""

    def linear(value: float) -> float:
        return value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4

    red, green, blue = (linear(value) for value in (colour.redF(), colour.greenF(), colour.blueF()))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: QColor, other: QColor) -> float:
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("name", ["light", "dark"])
def test_text_can_be_read_on_its_ground(qapp: QApplication, name: str) -> None:
    palette = dark_palette() if name == "dark" else light_palette()
    role = QPalette.ColorRole
    for text, ground in (
        (role.WindowText, role.Window),
        (role.Text, role.Base),
        (role.Text, role.AlternateBase),
        (role.ButtonText, role.Button),
        (role.ToolTipText, role.ToolTipBase),
        (role.HighlightedText, role.Highlight),
        (role.Link, role.Base),
    ):
        assert contrast(palette.color(text), palette.color(ground)) >= 4.5, (text, ground)


def test_the_desktop_s_colours_come_back(qapp: QApplication, scheme: ColourScheme) -> None:
    before = qapp.palette().color(QPalette.ColorRole.Window)
    scheme.apply(Colours.DARK)
    assert qapp.palette().color(QPalette.ColorRole.Window).lightness() < 80
    scheme.apply(Colours.LIGHT)
    assert qapp.palette().color(QPalette.ColorRole.Window).lightness() > 180
    scheme.apply(Colours.SYSTEM)
    assert qapp.palette().color(QPalette.ColorRole.Window) == before
