from __future__ import annotations

import xml.etree.ElementTree as ElementTree

import pytest
from PyQt5.QtCore import QSize
from PyQt5.QtGui import QColor, QIcon, QPalette, QPixmap
from PyQt5.QtWidgets import QApplication

from monitorapp.ui.widgets.icons import app_icon, drawing, icon
from monitorapp.ui.widgets.resources import resource_path

LINE_DRAWINGS = sorted(
    path.stem
    for path in resource_path("monitorapp.svg").parent.glob("*.svg")
    if path.stem != "monitorapp"
)


@pytest.fixture
def palette(qapp: QApplication) -> QPalette:
    palette = QPalette()
    palette.setColor(QPalette.ColorGroup.Active, QPalette.ColorRole.ButtonText, QColor("#102030"))
    palette.setColor(QPalette.ColorGroup.Disabled, QPalette.ColorRole.ButtonText, QColor("#a0b0c0"))
    return palette


def colours(pixmap: QPixmap) -> set[str]:
    """The colours of the pixels that are fully painted."""
    image = pixmap.toImage()
    pixels = (image.pixelColor(x, y) for x in range(image.width()) for y in range(image.height()))
    return {pixel.name() for pixel in pixels if pixel.alpha() == 255}


def test_there_are_the_icons_that_the_window_needs() -> None:
    needed = "start stop copy open-in-browser minus plus clear newest close warning error info"
    assert set(needed.split()) <= set(LINE_DRAWINGS)


@pytest.mark.parametrize("name", LINE_DRAWINGS)
def test_line_drawings_are_of_one_kind_and_take_the_palettes_colours(
    name: str, palette: QPalette
) -> None:
    root = ElementTree.fromstring(resource_path(f"{name}.svg").read_text(encoding="utf-8"))
    assert root.get("viewBox") == "0 0 24 24"
    assert root.get("stroke") == "currentColor"
    made = icon(name, palette)
    assert colours(made.pixmap(QSize(48, 48), QIcon.Mode.Normal)) == {"#102030"}
    assert colours(made.pixmap(QSize(48, 48), QIcon.Mode.Disabled)) == {"#a0b0c0"}


def test_an_icon_is_sharp_at_every_size_and_pixel_ratio(palette: QPalette) -> None:
    sizes = {size.width() for size in icon("plus", palette).availableSizes()}
    assert {16, 24, 32, 48, 64, 96} <= sizes
    assert icon("plus", palette).pixmap(16, 16).devicePixelRatio() == 1


def test_an_icon_in_another_palette_has_another_colour(palette: QPalette) -> None:
    palette.setColor(QPalette.ColorGroup.Active, QPalette.ColorRole.ButtonText, QColor("#ffffff"))
    assert colours(icon("minus", palette).pixmap(48, 48)) == {"#ffffff"}


def test_an_unknown_icon_is_an_error(palette: QPalette) -> None:
    with pytest.raises(FileNotFoundError):
        icon("no-such", palette)


def test_a_drawing_has_the_size_asked_for(qapp: QApplication) -> None:
    assert drawing("info", QColor("red"), 27).size() == QSize(27, 27)


def test_the_app_icon_is_in_colour_small_and_large(qapp: QApplication) -> None:
    for size_px in (16, 256):
        pixmap = app_icon().pixmap(size_px, size_px)
        assert pixmap.width() == size_px
        assert len(colours(pixmap)) > 2
