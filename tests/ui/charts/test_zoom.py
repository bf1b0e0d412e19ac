from __future__ import annotations

import pytest
from PyQt5.QtCore import QEvent, QPoint, QPointF, Qt, QTimer
from PyQt5.QtGui import QMouseEvent, QWheelEvent
from PyQt5.QtWidgets import QAction, QApplication
from pyqtgraph import GraphicsScene
from pytestqt.qtbot import QtBot

from monitorapp.ui.charts.chart import Chart
from monitorapp.ui.charts.series import Axes, Steps
from tests.ui.charts.seen import (
    grid,
    middle,
    names,
    other_labels,
    plot_rect,
    reading,
    span_shown,
    tick_labels,
    viewport_of,
)

SPAN_S = 100.0


@pytest.fixture(autouse=True)
def every_move_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let no move of the mouse be left out because it comes too soon after another."""
    monkeypatch.setattr(GraphicsScene, "_moveEventIsAllowed", lambda _: True)


@pytest.fixture
def chart(qtbot: QtBot) -> Chart:
    """A chart with 1,000 in its first half and 10 in its second."""
    chart = Chart("test_chart", "Test", Axes("Requests", x_unit="s"), "Nothing")
    qtbot.addWidget(chart)
    chart.resize(400, 200)
    chart.show()
    feed(chart, 0.0)
    chart.grab()
    return chart


def feed(chart: Chart, low: float) -> None:
    edges = [low, low + SPAN_S / 2, low + SPAN_S]
    lines = [Steps("a", edges, [1_000, 10]), Steps("b", edges, [0, 0])]
    chart.set_lines(lines, (low, low + SPAN_S))


def turn_wheel(chart: Chart, at: QPoint, turns: int) -> None:
    wheel = QWheelEvent(
        QPointF(at),
        QPointF(viewport_of(chart).mapToGlobal(at)),
        QPoint(),
        QPoint(0, 120 * turns),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(viewport_of(chart), wheel)


def drag(chart: Chart, begin: QPoint, end: QPoint, button: Qt.MouseButton) -> None:
    port = viewport_of(chart)
    for kind, at in (
        (QEvent.Type.MouseButtonPress, begin),
        (QEvent.Type.MouseMove, begin + (end - begin) / 2),
        (QEvent.Type.MouseMove, end),
        (QEvent.Type.MouseButtonRelease, end),
    ):
        held = Qt.MouseButton.NoButton if kind == QEvent.Type.MouseButtonRelease else button
        sent = Qt.MouseButton.NoButton if kind == QEvent.Type.MouseMove else button
        none = Qt.KeyboardModifier.NoModifier
        event = QMouseEvent(kind, QPointF(at), QPointF(port.mapToGlobal(at)), sent, held, none)
        QApplication.sendEvent(port, event)


def ends(chart: Chart) -> tuple[float, float]:
    """Return from where to where the x axis goes, read from the label nearest to its middle."""
    chart.grab()
    plot, span = plot_rect(chart), span_shown(chart)
    place = {label.text: label.rect.center().x() for label in tick_labels(chart, "bottom")}
    text = min(place, key=lambda text: abs(place[text] - plot.center().x()))
    line = min(grid(chart, "bottom"), key=lambda line: abs(line - place[text]))
    value = float(text.removesuffix(" s").replace(",", ""))
    low = value - span * (line - plot.left()) / plot.width()
    return round(low, 1), round(low + span, 1)


def top(chart: Chart) -> str:
    chart.grab()
    return tick_labels(chart, "left")[-1].text


def view_all_action(chart: Chart) -> QAction:
    action: QAction = chart.menu().findChild(QAction, "view_all_action")
    return action


def test_the_wheel_enlarges_what_is_under_it(chart: Chart, qtbot: QtBot) -> None:
    assert ends(chart) == (0, 100)
    with qtbot.waitSignal(chart.zoomed) as zoomed:
        turn_wheel(chart, middle(chart), 10)
    assert zoomed.args is not None
    low, high = zoomed.args[0]
    assert span_shown(chart) == pytest.approx(high - low)
    assert high - low < SPAN_S / 2
    assert low < 50 < high
    assert ends(chart) == (round(low, 1), round(high, 1))


def test_the_y_axis_fits_what_is_seen(chart: Chart) -> None:
    assert top(chart) == "1,000"
    right = QPoint(round(plot_rect(chart).right()) - 1, middle(chart).y())
    turn_wheel(chart, right, 10)
    assert top(chart) == "10"
    turn_wheel(chart, right, -20)
    assert top(chart) == "1,000"


def test_the_wheel_over_the_y_axis_changes_nothing(chart: Chart) -> None:
    turn_wheel(chart, QPoint(10, middle(chart).y()), 5)
    assert span_shown(chart) == SPAN_S
    assert top(chart) == "1,000"


def test_it_cannot_be_made_smaller_than_all_nor_enlarged_without_end(chart: Chart) -> None:
    turn_wheel(chart, middle(chart), -30)
    assert span_shown(chart) == pytest.approx(SPAN_S)
    for _ in range(50):
        turn_wheel(chart, middle(chart), 10)
    assert span_shown(chart) == pytest.approx(SPAN_S / 100)


def test_a_drag_moves_it_up_to_the_ends(chart: Chart, qtbot: QtBot) -> None:
    turn_wheel(chart, middle(chart), 10)
    span = span_shown(chart)
    before = ends(chart)
    with qtbot.assertNotEmitted(chart.clicked_at):
        drag(chart, middle(chart), middle(chart) + QPoint(60, 0), Qt.MouseButton.LeftButton)
    assert ends(chart)[0] < before[0]
    for _ in range(30):
        drag(chart, middle(chart), middle(chart) + QPoint(150, 40), Qt.MouseButton.LeftButton)
    assert ends(chart)[0] == 0
    assert span_shown(chart) == pytest.approx(span)
    assert tick_labels(chart, "left")[0].text == "0"


def test_the_right_button_enlarges_nothing(chart: Chart) -> None:
    drag(chart, middle(chart), middle(chart) + QPoint(90, 0), Qt.MouseButton.RightButton)
    assert span_shown(chart) == SPAN_S


def test_the_legend_stays_and_hides_nothing(chart: Chart, qtbot: QtBot) -> None:
    (label,) = [label for label in other_labels(chart) if label.text == "a"]
    sample = label.rect.center().toPoint() - QPoint(20, 0)
    drag(chart, sample, sample + QPoint(80, 60), Qt.MouseButton.LeftButton)
    qtbot.mouseClick(viewport_of(chart), Qt.MouseButton.LeftButton, pos=sample)
    chart.grab()
    (after,) = [label for label in other_labels(chart) if label.text == "a"]
    assert after.rect == label.rect
    assert names(chart) == ["a", "b"]
    assert top(chart) == "1,000"


def test_a_double_click_shows_all_again_and_is_no_click(chart: Chart, qtbot: QtBot) -> None:
    turn_wheel(chart, middle(chart), 10)
    assert view_all_action(chart).isEnabled()
    with qtbot.assertNotEmitted(chart.clicked_at), qtbot.waitSignal(chart.zoomed) as all_:
        qtbot.mouseClick(viewport_of(chart), Qt.MouseButton.LeftButton, pos=middle(chart))
        qtbot.mouseDClick(viewport_of(chart), Qt.MouseButton.LeftButton, pos=middle(chart))
        qtbot.mouseRelease(viewport_of(chart), Qt.MouseButton.LeftButton, pos=middle(chart))
    assert all_.args == [None]
    assert not chart.findChild(QTimer).isActive()  # with which a click waits
    assert ends(chart) == (0, 100)
    assert not view_all_action(chart).isEnabled()


def test_a_double_click_is_no_click_when_all_is_shown_already(chart: Chart, qtbot: QtBot) -> None:
    with qtbot.assertNotEmitted(chart.clicked_at), qtbot.waitSignal(chart.zoomed):
        qtbot.mouseClick(viewport_of(chart), Qt.MouseButton.LeftButton, pos=middle(chart))
        qtbot.mouseDClick(viewport_of(chart), Qt.MouseButton.LeftButton, pos=middle(chart))
        qtbot.mouseRelease(viewport_of(chart), Qt.MouseButton.LeftButton, pos=middle(chart))
    assert not chart.findChild(QTimer).isActive()


def test_a_click_counts_also_when_it_is_enlarged(chart: Chart, qtbot: QtBot) -> None:
    turn_wheel(chart, middle(chart), 10)
    with qtbot.waitSignal(chart.clicked_at) as clicked:
        qtbot.mouseClick(viewport_of(chart), Qt.MouseButton.LeftButton, pos=middle(chart))
    assert clicked.args is not None
    assert clicked.args[0] == pytest.approx(50, abs=1)


def test_the_menu_shows_all_again(chart: Chart) -> None:
    turn_wheel(chart, middle(chart), 10)
    view_all_action(chart).trigger()
    assert ends(chart) == (0, 100)


def test_what_is_enlarged_stays_while_time_passes(chart: Chart) -> None:
    turn_wheel(chart, middle(chart), 10)
    before = ends(chart)
    feed(chart, 10.0)
    assert ends(chart) == before
    feed(chart, 1_000.0)  # what was seen is no more
    assert ends(chart)[0] == 1_000
    assert span_shown(chart) < SPAN_S / 2


def test_the_end_is_followed_and_so_is_all(chart: Chart) -> None:
    turn_wheel(chart, QPoint(round(plot_rect(chart).right()) - 1, middle(chart).y()), 10)
    span = span_shown(chart)
    assert 99.5 < ends(chart)[1] < 100  # the mouse was a little before the end
    feed(chart, 10.0)
    assert ends(chart)[1] == 110
    assert span_shown(chart) == pytest.approx(span)
    view_all_action(chart).trigger()
    feed(chart, 20.0)
    assert ends(chart) == (20, 120)


def test_keys_read_only_what_is_seen(chart: Chart, qtbot: QtBot) -> None:
    edges = [float(second) for second in range(101)]
    chart.set_lines([Steps("a", edges, edges[:-1])], (0.0, SPAN_S))
    chart.set_zoom((20.0, 30.0))
    for _ in range(20):
        qtbot.keyClick(chart, Qt.Key.Key_Left)
    assert reading(chart).endswith("a: 20")
    chart.set_zoom((50.0, 60.0))
    assert reading(chart) == ""  # its place is not seen
    chart.set_zoom(None)
    assert reading(chart).endswith("a: 20")


def test_a_zoom_can_be_shared(chart: Chart) -> None:
    chart.set_zoom((20.0, 40.0))
    assert ends(chart) == (20, 40)
    chart.set_zoom(None)
    assert ends(chart) == (0, 100)
