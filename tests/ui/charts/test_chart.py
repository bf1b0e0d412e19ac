from __future__ import annotations

from pathlib import Path
from xml.etree import ElementTree

import pytest
from PyQt5.QtCore import QEvent, QPoint, QPointF, QRectF, Qt
from PyQt5.QtGui import QColor, QContextMenuEvent, QHelpEvent, QImage, QKeyEvent, QMouseEvent
from PyQt5.QtWidgets import QAction, QApplication, QFileDialog, QMenu
from pytestqt.qtbot import QtBot

from monitorapp.ui.charts.chart import Chart, ChartFileError
from monitorapp.ui.charts.series import Axes, LineColour, Steps
from monitorapp.ui.widgets.theme import dark_palette, light_palette
from tests.ui.charts.seen import (
    colours,
    image_of,
    middle,
    names,
    other_labels,
    place_of,
    plot_rect,
    reading,
    readings,
    texts,
    tick_labels,
    view_of,
    viewport_of,
)

HOSTILE = "<b>bold</b>\u202e\x00<img src=x>&amp;{0}" + "x" * 5_000


def make_chart(qtbot: QtBot, axes: Axes | None = None) -> Chart:
    chart = Chart("test_chart", "Test", axes or Axes("Requests", x_unit="s"), "Nothing <b>yet</b>.")
    qtbot.addWidget(chart)
    chart.resize(360, 200)
    chart.setPalette(light_palette())
    chart.show()
    return chart


@pytest.fixture
def chart(qtbot: QtBot) -> Chart:
    return make_chart(qtbot)


def point_at(chart: Chart, place: QPoint) -> None:
    move = QMouseEvent(
        QEvent.Type.MouseMove,
        QPointF(place),
        Qt.MouseButton.NoButton,
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
    )
    QApplication.sendEvent(viewport_of(chart), move)


def label_texts(chart: Chart, side: str) -> list[str]:
    chart.grab()  # all is laid out
    return [label.text for label in tick_labels(chart, side)]


def test_an_empty_chart_is_explained(chart: Chart) -> None:
    assert texts(chart) == ["Nothing <b>yet</b>."]
    chart.set_lines([Steps("a", [], [])], (0, 1))
    assert texts(chart) == ["Nothing <b>yet</b>."]
    chart.set_lines([Steps("a", [0, 1], [1])], (0, 1))
    assert "Nothing <b>yet</b>." not in texts(chart)
    chart.set_lines([], (0, 1))
    assert texts(chart) == ["Nothing <b>yet</b>."]


def test_axes_fit_the_lines_from_zero(chart: Chart) -> None:
    chart.set_lines([Steps("a", [0, 2, 4, 10], [30, 91, 70])], (0, 10))
    assert {label_texts(chart, "left")[place] for place in (0, -1)} == {"0", "100"}
    assert {label_texts(chart, "bottom")[place] for place in (0, -1)} == {"0 s", "10 s"}
    assert "Requests" in texts(chart)
    assert "a" not in texts(chart)  # one line needs no legend


def test_a_band_counts_for_the_height(chart: Chart) -> None:
    chart.set_lines([Steps("a", [0, 1], [1], band=([0], [40]))], (0, 1))
    assert label_texts(chart, "left")[-1] == "40"


def test_counts_have_no_fractions(qtbot: QtBot) -> None:
    chart = make_chart(qtbot, Axes("Requests", y_is_whole=True))
    chart.set_lines([Steps("a", [0, 50, 100], [0, 1])], (0, 100))
    assert label_texts(chart, "left") == ["0", "1"]


@pytest.mark.parametrize(
    ("top", "label"),
    [(0.0004, "0.0004"), (0.02, "0.020"), (20_000, "20,000"), (4e9, "4,000,000,000")],
)
def test_numbers_are_written_out(chart: Chart, top: float, label: str) -> None:
    chart.set_lines([Steps("a", [0, 1], [top])], (0, 1))
    assert label_texts(chart, "left")[-1] == label
    assert not [text for text in texts(chart) if "x0" in text or "e-" in text or "k" in text]


def test_names_are_plain_short_and_visible(chart: Chart) -> None:
    chart.resize(3_000, 200)
    chart.set_lines([Steps(HOSTILE, [0, 1], [1]), Steps("/b", [0, 1], [2])], (0, 1))
    begin = "<b>bold</b>\\u202e\\x00<img src=x>"
    (name,) = [name for name in names(chart) if name.startswith(begin)]
    assert len(name) < 200
    assert "/b" in texts(chart)
    read = chart.reading(0.5)
    assert "<b>bold</b>\\u202e\\x00" in read
    assert len(read) < 400


def test_values_hold_until_the_next_edge() -> None:
    steps = Steps("s", [0, 10, 20], [1, 2])
    assert [steps.value_at(x) for x in (-1, 0, 9.9, 10, 20, 21)] == [None, 1, 1, 2, 2, None]
    assert Steps("s", [], []).value_at(0) is None
    assert Steps("s", [0, 5, 5], [1, 0]).value_at(5) == 0  # the last one may be of no length


def test_values_are_read_with_their_units(qtbot: QtBot) -> None:
    chart = make_chart(qtbot, Axes("Lag (ms)", x_unit="s", y_unit="ms"))
    chart.set_lines([Steps("Lag", [0, 10], [1.25])], (0, 10))
    assert chart.reading(2.5) == "2.50 s\nLag: 1.25 ms"


def test_mouse_reads_and_clicks(chart: Chart, qtbot: QtBot) -> None:
    chart.set_lines([Steps("a", [0, 10], [1])], (0, 10))
    place = middle(chart)
    point_at(chart, place)
    assert reading(chart).endswith(" s\na: 1")
    with qtbot.waitSignal(chart.clicked_at) as clicked:
        qtbot.mouseClick(viewport_of(chart), Qt.MouseButton.LeftButton, pos=place)
    assert clicked.args is not None
    assert clicked.args[0] == pytest.approx(5, abs=0.1)
    point_at(chart, QPoint(2, 2))
    assert reading(chart) == ""
    point_at(chart, place)
    QApplication.sendEvent(view_of(chart), QEvent(QEvent.Type.Leave))
    assert reading(chart) == ""


def test_what_is_read_stands_within_the_chart(chart: Chart) -> None:
    chart.set_lines([Steps(HOSTILE, [0, 10], [1]), Steps("b", [0, 10], [2])], (0, 10))
    for x in (plot_rect(chart).left() + 1, plot_rect(chart).right() - 1):
        point_at(chart, QPoint(round(x), middle(chart).y()))
        assert reading(chart).endswith("b: 2")
        (label,) = readings(chart)
        assert QRectF(chart.rect()).contains(label.rect)
        assert label.rect.width() < 0.6 * chart.width()


def test_a_drag_and_a_click_beside_the_plot_are_no_clicks(chart: Chart, qtbot: QtBot) -> None:
    chart.set_lines([Steps("a", [0, 10], [1])], (0, 10))
    place, port = middle(chart), viewport_of(chart)
    with qtbot.assertNotEmitted(chart.clicked_at):
        qtbot.mouseClick(port, Qt.MouseButton.LeftButton, pos=QPoint(2, 2))
        qtbot.mouseClick(port, Qt.MouseButton.MiddleButton, pos=place)


def test_a_click_takes_the_focus_for_the_keys(chart: Chart, qtbot: QtBot) -> None:
    chart.set_lines([Steps("a", [0, 4, 10], [1, 2])], (0, 10))
    chart.clearFocus()
    chart.activateWindow()
    qtbot.mouseClick(viewport_of(chart), Qt.MouseButton.LeftButton, pos=middle(chart))
    assert QApplication.focusWidget() is chart


def test_keys_read_and_click(chart: Chart, qtbot: QtBot) -> None:
    chart.set_lines([Steps("a", [0, 4, 7, 10], [1, 2, 3])], (0, 10))
    qtbot.keyClick(chart, Qt.Key.Key_Left)
    qtbot.keyClick(chart, Qt.Key.Key_Left)
    with qtbot.waitSignal(chart.clicked_at) as clicked:
        qtbot.keyClick(chart, Qt.Key.Key_Return)
    assert clicked.args == [0]
    qtbot.keyClick(chart, Qt.Key.Key_Right)
    assert chart.accessibleDescription().endswith("a: 2")
    assert reading(chart).endswith("a: 2")
    for _ in range(3):
        qtbot.keyClick(chart, Qt.Key.Key_Right)
    assert chart.accessibleDescription().endswith("a: 3")
    qtbot.keyClick(chart, Qt.Key.Key_Escape)
    assert reading(chart) == ""
    escape = QKeyEvent(QEvent.Type.KeyPress, Qt.Key.Key_Escape, Qt.KeyboardModifier.NoModifier)
    QApplication.sendEvent(chart, escape)
    assert not escape.isAccepted()  # the window may want it


def test_what_is_read_follows_new_lines(chart: Chart, qtbot: QtBot) -> None:
    chart.set_lines([Steps("a", [0, 10], [1])], (0, 10))
    qtbot.keyClick(chart, Qt.Key.Key_Left)
    chart.set_lines([Steps("a", [0, 10], [7])], (0, 10))
    assert reading(chart).endswith("a: 7")


def test_no_tooltip_covers_what_is_read(chart: Chart) -> None:
    chart.set_lines([Steps("a", [0, 10], [1])], (0, 10))
    chart.setToolTip("What it shows")
    point_at(chart, middle(chart))
    help_event = QHelpEvent(QEvent.Type.ToolTip, QPoint(9, 9), QPoint(9, 9))
    assert QApplication.sendEvent(chart, help_event)


def test_colours_are_those_of_the_palette(chart: Chart) -> None:
    lines = [Steps("a", [0, 1], [1]), Steps("b", [0, 1], [2], LineColour.ORANGE)]
    chart.set_lines(lines, (0, 1))
    assert {"#ffffff", "#0072b2", "#d55e00"} <= colours(chart)
    chart.setPalette(dark_palette())
    dark = colours(chart)
    assert {dark_palette().base().color().name(), "#6cb8ea", "#ff9a57"} <= dark
    assert not {"#ffffff", "#000000", "#0072b2"} & dark


def test_a_band_is_painted_around_its_line(chart: Chart) -> None:
    chart.set_lines([Steps("a", [0, 1], [50], band=([20], [80]))], (0, 1))
    tint = "#c7e0ee"  # 22 % of the blue on white

    def colour_at(y: float) -> str:
        place = place_of(chart, 0.3, y)
        return QColor(image_of(chart).pixel(round(place.x()), round(place.y()))).name()

    assert [colour_at(y) for y in (25, 50, 70, 90)] == [tint, "#0072b2", tint, "#ffffff"]
    chart.set_lines([Steps("a", [0, 1], [50])], (0, 1))
    assert tint not in colours(chart)


def test_fewer_lines_leave_none_behind(chart: Chart) -> None:
    lines = [Steps("a", [0, 1], [1]), Steps("b", [0, 1], [2], LineColour.ORANGE, ([1], [3]))]
    chart.set_lines(lines, (0, 1))
    assert names(chart) == ["a", "b"]
    chart.set_lines(lines[:1], (0, 1))
    assert "#d55e00" not in colours(chart)
    assert names(chart) == []


@pytest.mark.parametrize("label", ["<i>Delay</i>", "{value} {"])
def test_a_mark_is_labelled(chart: Chart, label: str) -> None:
    chart.set_marker(9.9, label)
    chart.set_lines([Steps("a", [0, 10], [1])], (0, 10))
    assert label in texts(chart)
    chart.set_marker(None)
    assert label not in texts(chart)
    chart.set_marker(2.5)
    assert "2.50 s" in texts(chart)


def test_png_is_a_picture_twice_as_fine(chart: Chart, tmp_path: Path) -> None:
    chart.set_lines([Steps("a", [0, 10], [1])], (0, 10))
    point_at(chart, middle(chart))
    for size in ((360, 200), (333, 217)):
        chart.resize(*size)
        path = tmp_path / "chart.PNG"
        chart.save(path)
        image = QImage(str(path))
        assert (image.width(), image.height()) == (2 * size[0], 2 * size[1])
        assert QColor(image.pixel(1, 1)).name() == "#ffffff"
    place = place_of(chart, 2, 1)
    line = [QColor(image.pixel(round(2 * place.x()), y)).name() for y in range(image.height())]
    assert 3 <= line.count("#0072b2") <= 5


def test_the_legend_of_a_png_is_as_large_as_the_rest(chart: Chart, tmp_path: Path) -> None:
    lines = [Steps(name, [0, 1], [1]) for name in ("First", "Second")]
    chart.set_lines(lines, (0, 1))
    chart.save(tmp_path / "chart.png")
    image = QImage(str(tmp_path / "chart.png"))
    for label in other_labels(chart):
        middle_y = round(2 * label.rect.center().y())
        columns = range(round(2 * label.rect.left()), round(2 * label.rect.right()))
        assert any(image.pixelColor(x, middle_y).lightness() < 100 for x in columns), label


def test_svg_is_well_formed_and_plain(chart: Chart, tmp_path: Path) -> None:
    chart.set_lines([Steps(HOSTILE, [0, 10], [1]), Steps("b", [0, 10], [1])], (0, 10))
    path = tmp_path / "chart.svg"
    chart.save(path)
    root = ElementTree.fromstring(path.read_bytes())
    written = "".join(root.itertext())
    assert "<b>bold" in written
    assert "Test" in written
    assert not [element for element in root.iter() if element.tag.endswith(("}b", "}img"))]


def test_svg_of_times_is_drawn_to_the_second(qtbot: QtBot, tmp_path: Path) -> None:
    chart = make_chart(qtbot, Axes("Per second", x_is_time=True))
    began_s = 1_795_521_600
    edges = range(began_s, began_s + 61)
    values = [second % 2 for second in range(60)]
    chart.set_lines([Steps("a", edges, values)], (edges[0], edges[-1]))
    path = tmp_path / "chart.svg"
    chart.save(path)
    xs = {
        point.split(",")[0]
        for element in ElementTree.fromstring(path.read_bytes()).iter()
        for point in element.get("points", element.get("d", "")).split()
    }
    assert len(xs) > 60


def test_what_cannot_be_saved_is_reported_in_a_sentence(chart: Chart, tmp_path: Path) -> None:
    with pytest.raises(ChartFileError, match=r"saved as \.png or \.svg: a\.gif is neither"):
        chart.save(tmp_path / "a.gif")
    with pytest.raises(ChartFileError, match="there is nothing to draw yet"):
        chart.save(tmp_path / "a.svg")
    chart.set_lines([Steps("a", [0, 10], [1])], (0, 10))
    with pytest.raises(ChartFileError, match=r"not saved to .*\(No such file or directory\)"):
        chart.save(tmp_path / "missing" / "a.svg")


def test_menu_asks_where_and_reports_how_it_went(
    chart: Chart, qtbot: QtBot, tmp_path: Path
) -> None:
    assert not chart.menu().findChild(QAction, "save_svg_action").isEnabled()
    chart.set_lines([Steps("a", [0, 10], [1])], (0, 10))
    chart.menu().findChild(QAction, "save_svg_action").trigger()
    dialog = chart.findChild(QFileDialog)
    assert dialog.defaultSuffix() == "svg"
    with qtbot.waitSignal(chart.status_message) as message:
        dialog.fileSelected.emit(str(tmp_path / "chart.svg"))
    assert message.args is not None
    assert message.args[0].startswith("Saved ")
    with qtbot.waitSignal(chart.status_message) as message:
        dialog.fileSelected.emit(str(tmp_path / "no" / "chart.svg"))
    assert message.args is not None
    assert "choose another place" in message.args[0]
    dialog.close()


def test_the_only_menu_is_its_own(chart: Chart, qtbot: QtBot) -> None:
    chart.set_lines([Steps("a", [0, 10], [1])], (0, 10))
    place = middle(chart)
    qtbot.mouseClick(viewport_of(chart), Qt.MouseButton.RightButton, pos=place)
    assert QApplication.activePopupWidget() is None
    asked = QContextMenuEvent(QContextMenuEvent.Reason.Mouse, place, chart.mapToGlobal(place))
    QApplication.sendEvent(viewport_of(chart), asked)
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, QMenu)
    assert [action.text() for action in menu.actions() if action.text()] == [
        "&View all",
        "Save as &PNG…",
        "Save as &SVG…",
    ]
    menu.close()


def test_smallest_size_and_one_step_are_drawn(chart: Chart) -> None:
    chart.set_lines([Steps("a", [5, 5], [0])], (5, 5))
    for size in ((1, 1), (1, 300), (300, 1), (81, 61)):
        chart.resize(*size)
        QApplication.processEvents()
        assert not chart.grab().isNull()
