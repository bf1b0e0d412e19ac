"""What the delegate paints, and the texts of its tooltips."""

from __future__ import annotations

from collections.abc import Callable
from typing import cast

import pytest
from PyQt5.QtCore import QEvent, QItemSelectionModel, QModelIndex, QObject, QPoint, QRect, QSize, Qt
from PyQt5.QtGui import QColor, QHelpEvent, QImage, QPainter, QPaintEvent, QPalette, QTextDocument
from PyQt5.QtWidgets import (
    QApplication,
    QHeaderView,
    QScrollBar,
    QStyle,
    QStyleOptionViewItem,
    QToolTip,
    QWidget,
)
from pytestqt.qtbot import QtBot

from monitorapp.core.record.interruption import Interruption
from monitorapp.core.records.store import InterruptionStore
from monitorapp.core.text.visible import visible
from monitorapp.ui.table._delegate import InterruptionDelegate
from monitorapp.ui.table.model import InterruptionsModel
from monitorapp.ui.table.view import InterruptionsView
from tests.factory import numbered as record
from tests.ui.table.shown import COLUMNS, SECTIONS, section

TABLES = "/" + "<table><tr><td>" * 30
HOSTILE = [
    TABLES,
    "/" + "x" * 16_383,
    "/<img src='file:///etc/hostname'>",
    "/a b  c\x1b[31m\u202eexe.txt\x00",
    "/\ud800&amp;&lt;b&gt;",
    "/" + "\u0301" * 5_000,
    "",
]


Table = Callable[..., InterruptionsView]


@pytest.fixture
def table(qtbot: QtBot, hold: Callable[[QWidget], None]) -> Table:
    """Make visible tables; they live until the test is over."""

    def make(*records: Interruption) -> InterruptionsView:
        store = InterruptionStore()
        for one in records:
            store.add(one)
        view = InterruptionsView()
        hold(view)
        view.setModel(InterruptionsModel(store, view))
        view.resize(1000, 500)
        with qtbot.waitExposed(view):
            view.show()
        return view

    return make


def model_of(view: InterruptionsView) -> InterruptionsModel:
    model = view.model()
    assert isinstance(model, InterruptionsModel)
    return model


def delegate_of(view: InterruptionsView) -> InterruptionDelegate:
    delegate = view.itemDelegate()
    assert isinstance(delegate, InterruptionDelegate)
    return delegate


def viewport_of(view: InterruptionsView) -> QWidget:
    return cast(QWidget, view.viewport())


def header_of(view: InterruptionsView) -> QHeaderView:
    return cast(QHeaderView, view.horizontalHeader())


def option_of(view: InterruptionsView, index: QModelIndex) -> QStyleOptionViewItem:
    option = QStyleOptionViewItem()
    option.initFrom(view)
    option.rect = view.visualRect(index)
    return option


def tooltip(view: InterruptionsView, row: int, column: int) -> str:
    index = model_of(view).index(row, column)
    return delegate_of(view).tooltip(option_of(view, index), index)


def cell_image(view: InterruptionsView, row: int, column: int) -> QImage:
    index = model_of(view).index(row, column)
    return view.grab(view.visualRect(index).translated(viewport_of(view).pos())).toImage()


def plain_text_of(rich_text: str) -> str:
    document = QTextDocument()
    document.setHtml(rich_text)
    return str(document.toPlainText())


@pytest.mark.parametrize("uri", HOSTILE)
@pytest.mark.parametrize("dark", [False, True])
def test_hostile_text_is_painted(table: Table, uri: str, dark: bool) -> None:
    hostile = record(
        1,
        uri=visible(uri),
        method=visible(uri),
        client=visible(uri),
        traceback=uri,
        headers=((visible(uri), visible(uri)),),
    )
    view = table(hostile, record(2))
    if dark:
        palette = QPalette(QColor(40, 40, 40))
        view.setPalette(palette)
    model_of(view).set_open(0, True)
    view.selectAll()
    assert not view.grab().isNull()
    view.clearSelection()
    assert not view.grab().isNull()
    for row in range(model_of(view).rowCount()):
        for column in SECTIONS:
            assert len(tooltip(view, row, column)) < 8_000


@pytest.mark.parametrize("uri", [visible(uri) for uri in HOSTILE if uri])
def test_a_tooltip_is_the_text_and_nothing_of_it_is_markup(table: Table, uri: str) -> None:
    view = table(record(1, uri=f"{uri}{'-' * 200}"))
    text = tooltip(view, 0, section("path"))
    body = text.removeprefix('<qt><p style="white-space:pre-wrap">').removesuffix("</p></qt>")
    assert body != text
    assert "<" not in body
    assert ">" not in body
    shown = str(model_of(view).data(model_of(view).index(0, section("path"))))
    assert plain_text_of(text) == shown


def test_only_elided_texts_have_a_tooltip(table: Table) -> None:
    view = table(record(1, uri="/short"), record(2, uri="/" + "long" * 100))
    assert [tooltip(view, 0, column) for column in SECTIONS] == [""] * len(COLUMNS)
    assert tooltip(view, 1, section("path"))
    view.setColumnWidth(section("client"), 30)
    assert "127.0.0.1:50000" in tooltip(view, 0, section("client"))


def test_an_elided_story_line_has_a_tooltip_in_each_of_its_cells(table: Table) -> None:
    view = table(record(1, uri="/" + "long" * 100))
    model_of(view).set_open(0, True)
    assert tooltip(view, 1, section("time")) == ""
    for column in SECTIONS:
        assert "longlong" in tooltip(view, 2, column)


def test_the_tooltip_shows_on_the_cell_and_goes_on_another(table: Table, qtbot: QtBot) -> None:
    tables = "/" + "<table><tr><td>" * 3 + "x" * 300
    view = table(record(1, uri=tables), record(2, uri="/"))
    model = model_of(view)
    for row, seen in ((0, True), (1, False)):
        index = model.index(row, section("path"))
        place = view.visualRect(index).center()
        event = QHelpEvent(QHelpEvent.Type.ToolTip, place, viewport_of(view).mapToGlobal(place))
        QApplication.sendEvent(viewport_of(view), event)
        if seen:
            assert plain_text_of(QToolTip.text()) == tables
        else:
            qtbot.waitUntil(lambda: not QToolTip.isVisible())


def test_a_cell_of_a_row_that_is_gone_is_left_alone(table: Table) -> None:
    view = table(record(1))
    model = model_of(view)
    index = model.createIndex(99, 0)
    image = QImage(10, 10, QImage.Format.Format_RGB32)
    painter = QPainter(image)
    delegate_of(view).paint(painter, option_of(view, index), index)
    painter.end()
    assert delegate_of(view).tooltip(option_of(view, index), index) == ""
    assert delegate_of(view).sizeHint(option_of(view, index), index).width() == 0


def test_the_bar_is_as_long_as_the_share_of_the_delay(table: Table) -> None:
    shares = (0.0, 0.25, 1.0, 3.0)
    view = table(*(record(n, waited_s=5.0 * s, uri="/") for n, s in enumerate(shares)))
    blank = cell_image(view, 0, section("waited"))
    lengths = []
    for row in range(len(shares)):
        image = cell_image(view, row, section("waited"))
        line = [image.pixelColor(x, 3) for x in range(image.width())]
        lengths.append(sum(colour != blank.pixelColor(1, 3) for colour in line))
    assert lengths[0] == 0
    assert lengths[1] == pytest.approx(lengths[2] / 4, abs=1)
    assert lengths[2] == lengths[3] < blank.width()


def test_no_delay_has_no_bar(table: Table) -> None:
    view = table(record(1, delay_s=None), record(2, delay_s=0.0), record(3, waited_s=None))
    for row in range(3):
        image = cell_image(view, row, section("waited"))
        assert len({image.pixel(x, 3) for x in range(image.width())}) == 1


def test_a_story_is_painted_alike_whatever_the_columns_are(table: Table) -> None:
    view = table(record(1, uri="/" + "long" * 30))
    model_of(view).set_open(0, True)
    area = QRect(0, view.rowViewportPosition(1), viewport_of(view).width(), view.rowHeight(1) * 6)
    before = viewport_of(view).grab(area).toImage()
    header = header_of(view)
    header.moveSection(0, 5)
    header.moveSection(3, 1)
    header.setSectionHidden(section("client"), True)
    header.resizeSection(section("method"), 200)
    assert viewport_of(view).grab(area).toImage() == before


class Paints(QObject):
    """Notes which part of a widget is painted."""

    def __init__(self, widget: QWidget) -> None:
        super().__init__()
        self.area = QRect()
        widget.installEventFilter(self)

    def eventFilter(self, watched: QObject | None, event: QEvent | None) -> bool:
        if isinstance(event, QPaintEvent):
            self.area = self.area.united(event.rect())
        return False


def test_a_story_ends_at_the_right_edge_when_scrolled_sideways(table: Table, qtbot: QtBot) -> None:
    view = table(record(1, uri="/" + "long" * 100))
    model_of(view).set_open(0, True)
    view.setColumnWidth(section("path"), 6000)
    view.doItemsLayout()
    view.repaint()
    assert "longlong" in tooltip(view, 2, section("path"))
    bar = cast(QScrollBar, view.horizontalScrollBar())
    paints = Paints(viewport_of(view))
    bar.setValue(10)
    qtbot.waitUntil(lambda: paints.area == viewport_of(view).rect())
    bar.setValue(bar.maximum())
    assert tooltip(view, 2, section("path")) == ""


def test_the_triangle_is_in_the_leftmost_column(table: Table) -> None:
    view = table(record(1))
    delegate, model = delegate_of(view), model_of(view)

    def has_triangle(column: int) -> bool:
        closed = cell_image(view, 0, column)
        model.set_open(0, True)
        opened = cell_image(view, 0, column)
        model.set_open(0, False)
        return bool(closed != opened)

    view.clearFocus()
    assert [has_triangle(column) for column in SECTIONS] == [True] + [False] * (len(COLUMNS) - 1)
    header_of(view).setSectionHidden(section("time"), True)
    header_of(view).moveSection(header_of(view).visualIndex(section("reason")), 0)
    assert has_triangle(section("reason"))
    assert not has_triangle(section("method"))
    assert delegate.triangle(QRect(50, 10, 100, 20)).top() == 10


@pytest.mark.parametrize(
    "state",
    [
        QStyle.StateFlag.State_Enabled,
        QStyle.StateFlag.State_Enabled | QStyle.StateFlag.State_Active,
        QStyle.StateFlag.State_None,
    ],
)
def test_a_selected_cell_has_the_colours_of_the_palette(table: Table, state: QStyle.State) -> None:
    view = table(record(1, waited_s=None))
    index = model_of(view).index(0, section("waited"))
    group = QPalette.ColorGroup.Disabled
    if state & QStyle.StateFlag.State_Enabled:
        group = QPalette.ColorGroup.Inactive
    if state & QStyle.StateFlag.State_Active:
        group = QPalette.ColorGroup.Active
    option = option_of(view, index)
    option.rect = QRect(0, 0, 100, 24)
    option.showDecorationSelected = True
    view.setEnabled(bool(state & QStyle.StateFlag.State_Enabled))
    option.palette.setColor(group, QPalette.ColorRole.Highlight, QColor("#123456"))
    option.state = state | QStyle.StateFlag.State_Selected
    image = QImage(100, 24, QImage.Format.Format_RGB32)
    image.fill(Qt.GlobalColor.white)
    painter = QPainter(image)
    delegate_of(view).paint(painter, option, index)
    painter.end()
    assert image.pixelColor(QPoint(50, 12)) == QColor("#123456")


def test_the_current_row_shows_the_focus(table: Table, qtbot: QtBot) -> None:
    view = table(record(1), record(2))
    view.activateWindow()
    view.setFocus()
    qtbot.waitUntil(view.hasFocus)
    without = viewport_of(view).grab().toImage()
    selection = cast(QItemSelectionModel, view.selectionModel())
    selection.setCurrentIndex(model_of(view).index(1, 0), selection.SelectionFlag.NoUpdate)
    assert viewport_of(view).grab().toImage() != without
    view.clearFocus()
    assert viewport_of(view).grab().toImage() == without


def test_a_cell_asks_for_the_width_of_its_text(table: Table) -> None:
    view = table(record(1, uri="/" + "x" * 60), record(2, uri="/"))
    model_of(view).set_open(1, True)
    view.resizeColumnToContents(section("path"))
    assert tooltip(view, 0, section("path")) == ""
    view.setColumnWidth(section("path"), view.columnWidth(section("path")) - 12)
    assert tooltip(view, 0, section("path"))
    index = model_of(view).index(2, 0)
    assert delegate_of(view).sizeHint(option_of(view, index), index) == QSize(0, view.rowHeight(0))
