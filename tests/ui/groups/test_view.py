from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, cast

import pytest
from PyQt5.QtCore import QPoint, QSettings, Qt
from PyQt5.QtTest import QTest
from PyQt5.QtWidgets import QAction, QMenu, QTableView, QWidget
from pytestqt.modeltest import ModelTester

from monitorapp.core.record.reason import Reason
from monitorapp.core.records.groups import Grouping
from monitorapp.core.records.store import InterruptionStore
from monitorapp.ui.groups._delegate import triangle_rect
from monitorapp.ui.groups._model import NEWEST, GroupsModel
from monitorapp.ui.groups.columns import COLUMNS
from monitorapp.ui.groups.view import GroupsView
from monitorapp.ui.settings import Settings
from monitorapp.ui.widgets.columns import Sorting, section_of
from monitorapp.ui.widgets.header import ColumnHeader
from monitorapp.ui.window.main_window import MainWindow
from tests.factory import record
from tests.ui.table.shown import child

Hold = Callable[[QWidget], None]
TEST: Any = QTest  # its stub has its functions as methods
NOW_S = 1_800_000_000.0


@pytest.fixture
def store() -> InterruptionStore:
    store = InterruptionStore(200)
    for number in range(60):
        add(store, number)
    return store


def add(store: InterruptionStore, number: int) -> None:
    path = "/often" if number % 3 else "/seldom"
    store.add(record(number=number, uri=f"{path}?{number}", time_s=NOW_S + number, waited_s=number))


@pytest.fixture
def model(qapp: object, store: InterruptionStore) -> GroupsModel:
    model = GroupsModel(lambda: NOW_S + 60)
    model.group(store, Grouping.PATH)
    return model


def texts(model: GroupsModel, key: str) -> list[str]:
    section = section_of(COLUMNS, key)
    return [model.index(row, section).data() for row in range(model.rowCount())]


def test_the_model_is_a_good_one(
    qtmodeltester: ModelTester, model: GroupsModel, store: InterruptionStore
) -> None:
    model.set_open(0, True)
    qtmodeltester.check(model)
    store.clear()
    model.refresh()
    qtmodeltester.check(model)


def test_groups_say_what_is_in_them(model: GroupsModel) -> None:
    assert texts(model, "group") == ["/often", "/seldom"]
    assert texts(model, "count") == ["40", "20"]
    assert texts(model, "median") == ["30.000 s", "28.500 s"]
    assert texts(model, "largest") == ["59.000 s", "57.000 s"]


def test_an_open_group_has_its_newest_rows(model: GroupsModel, store: InterruptionStore) -> None:
    model.set_open(0, True)
    assert model.rowCount() == 2 + NEWEST + 1
    assert model.index(1, 0).data() == "127.0.0.1:50000  GET /often?59"
    assert model.index(NEWEST + 1, 0).data() == "and 20 older"
    add(store, 61)
    model.refresh()
    assert model.index(1, 0).data() == "127.0.0.1:50000  GET /often?61"
    assert model.index(NEWEST + 1, 0).data() == "and 21 older"
    model.set_open(0, False)
    assert model.rowCount() == 2


def test_groups_are_sorted(model: GroupsModel) -> None:
    model.sort(section_of(COLUMNS, "count"), Qt.SortOrder.AscendingOrder)
    assert texts(model, "group") == ["/seldom", "/often"]
    model.sort(section_of(COLUMNS, "last"), Qt.SortOrder.DescendingOrder)
    assert texts(model, "group") == ["/often", "/seldom"]


def test_without_a_grouping_nothing_is_heard(model: GroupsModel, store: InterruptionStore) -> None:
    model.group(None, None)
    assert model.rowCount() == 0
    assert not store.added


# In the window


@pytest.fixture
def window(hold: Hold, store: InterruptionStore, tmp_path: Path) -> MainWindow:
    settings = QSettings(str(tmp_path / "s.ini"), QSettings.Format.IniFormat)
    window = MainWindow(store, Settings(settings))
    hold(window)
    window.resize(1000, 600)
    window.show()
    return window


def group_by(window: MainWindow, name: str) -> GroupsView:
    child(window, QAction, f"group_by_{name}_action").trigger()
    return window.table_pane.groups_view


def press(view: GroupsView, key: Qt.Key) -> None:
    TEST.keyClick(view, key)


def test_rows_are_grouped_and_no_longer(window: MainWindow) -> None:
    view = group_by(window, "path")
    assert view.isVisible()
    assert not window.view.isVisible()
    group_by(window, "none")
    assert window.view.isVisible()


def test_what_matches_the_filter_is_grouped(window: MainWindow) -> None:
    view = group_by(window, "path")
    window.filter_bar.set_expression("path:seldom")
    assert texts(view.groups_model, "group") == ["/seldom"]


def test_keys_open_groups_and_lead_to_rows(window: MainWindow) -> None:
    view = group_by(window, "path")
    view.setCurrentIndex(view.groups_model.index(0, 0))
    press(view, Qt.Key.Key_Right)
    assert view.groups_model.is_open(0)
    assert view.currentIndex().row() == 0
    press(view, Qt.Key.Key_Down)
    press(view, Qt.Key.Key_Down)
    press(view, Qt.Key.Key_Left)
    assert not view.groups_model.is_open(0)
    assert view.currentIndex().row() == 0
    press(view, Qt.Key.Key_Return)
    press(view, Qt.Key.Key_Down)
    press(view, Qt.Key.Key_Return)
    assert window.view.isVisible()
    current = window.view.currentIndex()
    assert current.siblingAtColumn(2).data() == "/often?59"


def test_what_is_older_is_shown_in_the_table(window: MainWindow) -> None:
    view = group_by(window, "fingerprint")
    view.groups_model.set_open(0, True)
    view.setCurrentIndex(view.groups_model.index(NEWEST + 1, 0))
    press(view, Qt.Key.Key_Return)
    assert window.view.isVisible()
    assert window.filter_bar.expression == ('path="/often" reason="closed by the client" render=""')
    assert window.table_pane.shown_count == 40


def test_the_mouse_opens_a_group_at_its_triangle(window: MainWindow) -> None:
    view = group_by(window, "path")
    cell = view.visualRect(view.groups_model.index(1, 0))
    place = triangle_rect(cell).center()
    TEST.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert view.groups_model.is_open(1)


def test_the_place_stays_while_groups_come(window: MainWindow, store: InterruptionStore) -> None:
    store.clear()
    for number in range(100):
        store.add(record(uri=f"/{number:03}", time_s=NOW_S + number))
    view = group_by(window, "path")
    view.sortByColumn(section_of(COLUMNS, "group"), Qt.SortOrder.AscendingOrder)
    view.verticalScrollBar().setValue(50)  # type: ignore[union-attr]
    view.setCurrentIndex(view.groups_model.index(55, 0))
    top = view.groups_model.index(view.indexAt(QPoint(30, 5)).row(), 0).data()
    for number in range(10):
        store.add(record(uri=f"/000{number}", reason=Reason.RESET))
    view.groups_model.refresh()
    assert view.groups_model.rowCount() == 110
    assert view.currentIndex().data() == "/055"
    assert view.groups_model.index(view.indexAt(QPoint(30, 5)).row(), 0).data() == top


def test_a_grouping_is_kept(window: MainWindow, store: InterruptionStore, hold: Hold) -> None:
    group_by(window, "client")
    other = MainWindow(store, window._settings)
    hold(other)
    other.show()
    assert other.table_pane.groups_view.isVisible()
    menu: QMenu = child(other, QMenu, "group_by_menu")
    assert [action.isChecked() for action in menu.actions()] == [False, False, True, False]


def test_the_columns_of_each_table_are_kept(
    window: MainWindow, store: InterruptionStore, hold: Hold
) -> None:
    def headers(window: MainWindow) -> list[ColumnHeader]:
        waiting = child(window, QTableView, "waiting_view")
        views = (window.view, window.table_pane.groups_view, waiting)
        return [cast(ColumnHeader, view.horizontalHeader()) for view in views]

    for place, header in enumerate(headers(window)):
        header.moveSection(3, place)
    headers(window)[1].set_sorting(Sorting("first"))
    window.save_state()
    other = MainWindow(store, window._settings)
    hold(other)
    assert [header.logicalIndex(place) for place, header in enumerate(headers(other))] == [3, 3, 3]
    assert headers(other)[1].sorting == Sorting("first")


def test_groups_are_painted(window: MainWindow) -> None:
    view = group_by(window, "path")
    view.groups_model._wall = lambda: NOW_S + 60
    without = view.grab().toImage()
    view.groups_model._wall = lambda: NOW_S + 6_000
    view.groups_model.refresh()
    assert view.grab().toImage() != without  # the course moved out of sight
