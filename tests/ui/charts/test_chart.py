from __future__ import annotations

from pathlib import Path
from xml.etree import ElementTree

import pytest
from monitorapp.ui.charts.file import ChartFileError
from monitorapp.ui.charts.lines import Band, Line, LineColour, corners
from monitorapp.ui.charts.view import ChartView
from PyQt5.QtCore import QPoint, Qt
from PyQt5.QtGui import QColor, QImage
from PyQt5.QtWidgets import QAction, QApplication, QFileDialog, QGraphicsSimpleTextItem, QWidget
from pytestqt.qtbot import QtBot

from monitorapp.ui.charts.chart import Chart
from monitorapp.ui.widgets.theme import dark_palette, light_palette

HOSTILE = "<b>bold</b>\u202e\x00<img src=x>&amp;" + "x" * 5_000


@pytest.fixture
def chart(qtbot: QtBot) -> Chart:
    chart = Chart("test_chart", "Test")
    qtbot.addWidget(chart)
    chart.resize(360, 200)
    chart.setPalette(light_palette())
    chart.set_axes("Waited (s)", "Requests")
    chart.show()
    return chart


def view(chart: Chart) -> ChartView:
    return chart.findChild(ChartView)


def viewport(chart: Chart) -> QWidget:
    port = view(chart).viewport()
    assert port is not None
    return port


def texts(chart: Chart) -> list[str]:
    chart.flush()
    scene = view(chart).scene()
    assert scene is not None
    return [
        item.text()
        for item in scene.items()
        if isinstance(item, QGraphicsSimpleTextItem) and item.isVisible() and item.text()
    ]


def middle(chart: Chart) -> QPoint:
    chart.flush()
    drawn = view(chart).chart()
    assert drawn is not None
    return drawn.plotArea().center().toPoint()


def colours(chart: Chart) -> set[str]:
    chart.flush()
    image = chart.grab().toImage()
    return {
        QColor(image.pixel(x, y)).name()
        for x in range(image.width())
        for y in range(image.height())
    }


def test_nothing_to_draw_is_said(chart: Chart) -> None:
    chart.set_empty_text("Nothing <b>yet</b>.")
    assert texts(chart) == ["Nothing <b>yet</b>."]
    chart.set_lines([Line("a", [], [])])
    assert texts(chart) == ["Nothing <b>yet</b>."]


def test_axes_fit_the_lines_from_zero(chart: Chart) -> None:
    chart.set_lines([Line("a", [2, 4, 10], [30, 70, 91])])
    shown = texts(chart)
    assert {"0", "100", "Requests", "Waited (s)"} <= set(shown)
    assert "a" not in shown  # one line needs no legend


def test_band_counts_for_the_height(chart: Chart) -> None:
    chart.set_lines([Line("a", [0, 1], [1, 1])])
    chart.set_bands([Band([0, 1], [0, 0], [40, 30])])
    assert "40" in texts(chart)


def test_counts_have_no_fractions(chart: Chart) -> None:
    chart.set_axes("", "Requests", y_is_whole=True)
    chart.set_lines([Line("a", [0, 100], [0, 1])])
    assert "1" in texts(chart)
    assert not [text for text in texts(chart) if "." in text]


def test_names_are_plain_short_and_visible(chart: Chart) -> None:
    chart.set_lines([Line(HOSTILE, [0, 1], [1, 2]), Line("/b", [0, 1], [1, 2])])
    (name,) = [text for text in texts(chart) if text.startswith("<b>")]
    assert len(name) < 200
    assert "/b" in texts(chart)
    reading = chart.reading(0.5)
    assert "<b>bold</b>\\u202e\\x00" in reading
    assert len(reading) < 400


def test_steps_hold_and_lines_read_the_nearest_point() -> None:
    step = Line("s", [0, 10], [1, 2], step=True)
    assert [step.value_at(x) for x in (-1, 0, 9.9, 10, 11)] == [None, 1, 1, 2, None]
    line = Line("l", [0, 10], [1, 2])
    assert [line.value_at(x) for x in (0, 4, 6)] == [1, 1, 2]
    assert [(point.x(), point.y()) for point in corners([0, 1, 2, 3], [5, 5, 7, 7], True)] == [
        (0, 5),
        (2, 5),
        (2, 7),
        (3, 7),
    ]


def test_mouse_reads_and_clicks(chart: Chart, qtbot: QtBot) -> None:
    chart.set_lines([Line("a", [0, 10], [1, 2], step=True)])
    place = middle(chart)
    qtbot.mouseMove(viewport(chart), QPoint(place.x() - 1, place.y()))
    view(chart).pointed.emit(view(chart).mapToScene(place))
    (read,) = [text for text in texts(chart) if text.startswith("Waited (s) ")]
    assert read.endswith("\na: 1")
    with qtbot.waitSignal(chart.clicked_at, timeout=1000) as clicked:
        qtbot.mouseClick(viewport(chart), Qt.MouseButton.LeftButton, pos=place)
    assert clicked.args is not None
    assert clicked.args[0] == pytest.approx(5, abs=0.1)
    view(chart).left.emit()
    assert not [text for text in texts(chart) if text.startswith("Waited (s) ")]


def test_a_drag_and_a_click_beside_the_plot_are_no_clicks(chart: Chart, qtbot: QtBot) -> None:
    chart.set_lines([Line("a", [0, 10], [1, 2])])
    place = middle(chart)
    with qtbot.assertNotEmitted(chart.clicked_at):
        qtbot.mouseClick(viewport(chart), Qt.MouseButton.LeftButton, pos=QPoint(2, 2))
        qtbot.mousePress(viewport(chart), Qt.MouseButton.LeftButton, pos=place)
        qtbot.mouseRelease(viewport(chart), Qt.MouseButton.LeftButton, pos=place + QPoint(60, 0))


def test_keys_read_and_click(chart: Chart, qtbot: QtBot) -> None:
    chart.set_lines([Line("a", [0, 4, 10], [1, 2, 3])])
    chart.flush()
    qtbot.keyClick(chart, Qt.Key.Key_Left)
    with qtbot.waitSignal(chart.clicked_at, timeout=1000) as clicked:
        qtbot.keyClick(chart, Qt.Key.Key_Return)
    assert clicked.args == [4]
    assert chart.accessibleDescription().endswith("a: 2")
    qtbot.keyClick(chart, Qt.Key.Key_Right)
    assert chart.accessibleDescription().endswith("a: 3")
    qtbot.keyClick(chart, Qt.Key.Key_Escape)
    assert not [text for text in texts(chart) if "a: " in text]


def test_colours_are_those_of_the_palette(chart: Chart) -> None:
    chart.set_lines([Line("a", [0, 1], [1, 2]), Line("b", [0, 1], [2, 2], LineColour.ORANGE)])
    light = colours(chart)
    assert {"#ffffff", "#0072b2", "#d55e00"} <= light
    chart.setPalette(dark_palette())
    dark = colours(chart)
    assert {dark_palette().base().color().name(), "#6cb8ea", "#ff9a57"} <= dark
    assert "#0072b2" not in dark


def test_marker_is_labelled(chart: Chart) -> None:
    chart.set_lines([Line("a", [0, 10], [1, 2])])
    chart.set_marker(9.9, "<i>Delay</i>")
    assert "<i>Delay</i>" in texts(chart)
    chart.set_marker(None)
    assert "<i>Delay</i>" not in texts(chart)


def test_png_is_a_picture(chart: Chart, tmp_path: Path) -> None:
    chart.set_lines([Line("a", [0, 10], [1, 2])])
    path = tmp_path / "chart.PNG"
    chart.save(path)
    image = QImage(str(path))
    assert (image.width(), image.height()) == (720, 400)
    assert QColor(image.pixel(1, 1)).name() == "#ffffff"


def test_svg_is_well_formed_and_plain(chart: Chart, tmp_path: Path) -> None:
    chart.set_lines([Line(HOSTILE, [0, 10], [1, 2]), Line("b", [0, 10], [1, 2])])
    path = tmp_path / "chart.svg"
    chart.save(path)
    root = ElementTree.fromstring(path.read_bytes())
    written = "".join(root.itertext())
    assert "<b>bold" in written
    assert not [element for element in root.iter() if element.tag.endswith(("}b", "}img"))]
    assert [element for element in root.iter() if element.tag.endswith("}polyline")]


def test_what_cannot_be_saved_is_said_in_a_sentence(chart: Chart, tmp_path: Path) -> None:
    with pytest.raises(ChartFileError, match=r"saved as \.png or \.svg: a\.gif is neither"):
        chart.save(tmp_path / "a.gif")
    with pytest.raises(ChartFileError, match=r"not saved to .*\(No such file or directory\)"):
        chart.save(tmp_path / "missing" / "a.svg")


def test_menu_asks_where_and_tells_how_it_went(chart: Chart, qtbot: QtBot, tmp_path: Path) -> None:
    chart.set_lines([Line("a", [0, 10], [1, 2])])
    chart.menu().findChild(QAction, "save_svg_action").trigger()
    dialog = chart.findChild(QFileDialog)
    assert dialog.defaultSuffix() == "svg"
    with qtbot.waitSignal(chart.told, timeout=1000) as told:
        dialog.fileSelected.emit(str(tmp_path / "chart.svg"))
    assert told.args is not None
    assert told.args[0].startswith("Saved ")
    with qtbot.waitSignal(chart.told, timeout=1000) as told:
        dialog.fileSelected.emit(str(tmp_path / "no" / "chart.svg"))
    assert told.args is not None
    assert "choose another place" in told.args[0]
    dialog.close()


def test_smallest_size_and_one_point_are_drawn(chart: Chart) -> None:
    chart.set_lines([Line("a", [5], [0])])
    chart.resize(1, 1)
    QApplication.processEvents()
    assert not chart.grab().isNull()
