from __future__ import annotations

from typing import Any, cast

import pytest
from PyQt5.QtCore import QPoint
from PyQt5.QtWidgets import QAction, QApplication, QLineEdit, QListView, QMenu, QWidget
from pytestqt.qtbot import QtBot

from monitorapp.core.record.interruption import Interruption
from monitorapp.core.record.outcome import Outcome, RequestOutcome
from monitorapp.core.record.reason import Reason
from monitorapp.core.records.matching import FixedInterruptions
from monitorapp.core.records.store import InterruptionStore
from monitorapp.core.source.held import HeldSource
from monitorapp.core.source.live import LiveSource
from monitorapp.core.source.source import Progress
from monitorapp.ui.editor.source import SourceEditor
from monitorapp.ui.records.pane import TablePane
from monitorapp.ui.settings import Settings
from monitorapp.ui.table._delegate import InterruptionDelegate
from monitorapp.ui.table.model import InterruptionsModel
from monitorapp.ui.widgets.columns import Sorting
from tests.factory import record
from tests.ui.records.searched import Searched
from tests.ui.table.shown import child, section


def uris(pane: TablePane) -> list[str]:
    pane.view.jump_to_newest()
    return [one.uri for one in pane.shown()]


def group_names(pane: TablePane) -> list[str]:
    model = pane.groups_view.groups_model
    model.refresh()
    return [model.index(row, 0).data() for row in range(model.rowCount())]


def bar(pane: TablePane) -> QWidget:
    found: QWidget = child(pane, QWidget, "past_bar")
    return found


def menu_actions(pane: TablePane) -> dict[str, QAction]:
    menu: QMenu = child(pane, QMenu, "row_menu")
    return {action.objectName(): action for action in menu.actions()}


# The source


def test_it_begins_with_its_first_source(pane: TablePane, store: InterruptionStore) -> None:
    assert pane.shown() == list(store)
    assert pane.shown_count == 60
    assert bar(pane).isHidden()
    store.add(record(uri="/new"))
    assert uris(pane)[-1] == "/new"


def test_another_source_takes_the_place_of_all_rows(
    qtbot: QtBot, pane: TablePane, store: InterruptionStore
) -> None:
    source = Searched()
    pane.filter_bar.set_expression("/x")
    with qtbot.waitSignals([pane.source_changed, pane.counted]):
        pane.set_source(source)
    assert pane.source is source
    assert pane.shown_count == 0
    assert source.filters == ["/x"]  # it was asked once
    assert bar(pane).isVisible()
    source.find(0.5, "/x/1")
    assert uris(pane) == ["/x/1"]
    source.find(1.0, "/x/0", "/x/1")
    assert uris(pane) == ["/x/0", "/x/1"]
    store.add(record(uri="/x/live"))
    assert uris(pane) == ["/x/0", "/x/1"]


def test_a_source_that_is_no_longer_shown_is_not_heard(
    pane: TablePane, store: InterruptionStore, searched: Searched
) -> None:
    live = LiveSource(store)
    pane.set_source(live)
    searched.find(1.0, "/late")
    assert "/late" not in uris(pane)
    assert bar(pane).isHidden()
    assert not searched.changed
    assert not searched.progressed
    pane.set_source(Searched())
    assert not live.changed
    assert not live.progressed


def test_each_filter_goes_to_the_source_once(pane: TablePane, searched: Searched) -> None:
    pane.filter_bar.set_expression("a")
    pane.filter_bar.set_expression("a ")  # the same
    pane.filter_bar.set_expression("ab")
    assert searched.filters == ["", "a", "ab"]


def test_an_empty_table_says_why(qtbot: QtBot, pane: TablePane, searched: Searched) -> None:
    assert pane.empty_text == "Searching…"
    with qtbot.waitSignal(pane.source_changed):
        searched.find(1.0)
    assert pane.empty_text == "No records."
    pane.filter_bar.set_expression("x")
    assert pane.empty_text == "No record matches."
    searched.report(Progress(problem="The file is damaged."))
    assert pane.empty_text == "The records could not be read."


def test_what_is_marked_changes_with_the_rows(pane: TablePane, store: InterruptionStore) -> None:
    delegate = pane.view.itemDelegate()
    assert isinstance(delegate, InterruptionDelegate)
    pane.filter_bar.set_expression("often")
    assert delegate.marks is not None
    assert delegate.marks.of(pane.shown()[0]) == {"path": ((1, 6),)}
    searched = Searched()
    pane.set_source(searched)
    before = delegate.marks
    pane.filter_bar.set_expression("waited>1s")
    assert delegate.marks is before  # as the rows are still the same
    searched.find(0.5, "/often")
    assert delegate.marks is None


def test_the_user_leads_back(qtbot: QtBot, pane: TablePane, searched: Searched) -> None:
    with qtbot.waitSignal(pane.source_left):
        pane._source_bar.left.emit()
    assert pane.source is searched  # who chooses sources decides


def test_rows_stay_open_and_current_while_more_is_found(
    pane: TablePane, searched: Searched
) -> None:
    first = record(uri="/first")
    searched.records = FixedInterruptions([first], searched.stars)
    searched.changed.emit()
    pane.view.go_to(0)
    pane.view.open_current()
    searched.records = FixedInterruptions([record(uri="/older"), first], searched.stars)
    searched.changed.emit()
    current = pane.view.currentIndex()
    assert current.siblingAtColumn(section("path")).data() == "/first"
    assert pane._model.is_open(current.row())


def test_rows_stay_sorted_whatever_the_source(pane: TablePane, store: InterruptionStore) -> None:
    pane._model.set_sorting(Sorting("waited"))
    assert [one.number for one in pane.shown()] == [*range(59, -1, -1)]
    other = InterruptionStore(9)
    for waited_s in (3.0, 1.0, 2.0):
        other.add(record(waited_s=waited_s))
    pane.set_source(HeldSource("Other", other))
    assert [one.waited_s for one in pane.shown()] == [1.0, 2.0, 3.0]


def test_stars_are_those_of_the_source(pane: TablePane, searched: Searched) -> None:
    searched.find(1.0, "/a")
    pane.view.go_to(0)
    pane.view.star_selection()
    (one,) = searched.records
    assert one in searched.stars


def test_values_are_offered_that_the_source_has_seen(
    qtbot: QtBot, pane: TablePane, searched: Searched
) -> None:
    pane.activateWindow()
    box: QLineEdit = child(pane, QLineEdit, "filter_box")
    box.setFocus()
    qtbot.keyClicks(box, "path:/")
    popup = next(one for one in map(_offered, _popups()) if one)
    assert popup == ["path:/path-of-it"]
    for one in _popups():
        one.hide()


def _popups() -> list[QListView]:
    tops = QApplication.topLevelWidgets()
    return [top for top in tops if isinstance(top, QListView) and top.isVisible()]


def _offered(popup: QListView) -> list[str]:
    model: Any = popup.model()
    return [model.index(row, 0).data() for row in range(model.rowCount())]


# Groups


def test_groups_are_those_of_the_source(pane: TablePane, searched: Searched) -> None:
    child(pane, QAction, "group_by_path_action").trigger()
    assert group_names(pane) == []
    searched.find(0.5, "/a?1", "/a?2", "/b")
    assert group_names(pane) == ["/a", "/b"]
    searched.find(1.0, "/c")
    assert group_names(pane) == ["/c"]


def test_groups_go_on_with_what_comes(pane: TablePane, store: InterruptionStore) -> None:
    child(pane, QAction, "group_by_path_action").trigger()
    pane.filter_bar.set_expression("-seldom")
    store.add(record(uri="/new"))
    assert group_names(pane) == ["/often", "/new"]
    child(pane, QAction, "group_by_none_action").trigger()
    assert pane.view.isVisible()
    assert len(uris(pane)) == 41


def test_all_of_a_group_and_one_of_it_are_found_in_the_table(pane: TablePane) -> None:
    child(pane, QAction, "group_by_path_action").trigger()
    row = pane.groups_view.groups_model.row(0)
    assert row is not None
    pane.groups_view.chosen.emit(row.group.newest)
    assert pane.view.currentIndex().siblingAtColumn(section("path")).data() == "/often?59"
    child(pane, QAction, "group_by_path_action").trigger()
    pane.groups_view.all_wanted.emit(row.group)
    assert pane.filter_bar.expression == 'path="/often"'
    assert pane.shown_count == 40


@pytest.mark.parametrize("by", ["fingerprint", "client", "path"])
def test_all_of_a_group_are_its_rows_and_no_others(
    pane: TablePane, store: InterruptionStore, by: str
) -> None:
    store.clear()
    for uri in (
        "",
        "/",
        "/item/1",
        "/item/1?x",
        "/item/11",
        "/Item/1",
        '/a "b"',
        "/item/1?y=/item",
    ):
        for client in ("", "10.0.0.1:5", "10.0.0.10:5", "[2001:db8::1]:5", "unix socket"):
            for began_in in ("", "A.render_GET", "AA.render_GET"):
                for reason in (Reason.RESET, Reason.STREAM_RESET):
                    store.add(
                        record(uri=uri, client=client, began_in=began_in, reason=reason, number=7)
                    )
    child(pane, QAction, f"group_by_{by}_action").trigger()
    groups = [pane.groups_view.groups_model.row(0)]
    while groups[-1] is not None:
        groups.append(pane.groups_view.groups_model.row(len(groups)))
    assert len(groups) > 4
    for row in filter(None, groups):
        child(pane, QAction, f"group_by_{by}_action").trigger()
        pane.filter_bar.set_expression("")
        pane.groups_view.all_wanted.emit(row.group)
        assert pane.shown() == list(row.group.interruptions), pane.filter_bar.expression


def test_the_focus_goes_back_to_what_is_seen(pane: TablePane) -> None:
    pane.activateWindow()
    pane.filter_bar.start_editing()
    pane.filter_bar.left.emit()
    assert pane.focusWidget() is pane.view
    child(pane, QAction, "group_by_path_action").trigger()
    pane.filter_bar.start_editing()
    pane.filter_bar.left.emit()
    assert pane.focusWidget() is pane.groups_view


# The filter


def test_a_time_takes_the_place_of_the_one_before(pane: TablePane) -> None:
    pane.show_time(1.8e9 + 10, 1.8e9 + 12)
    assert [one.number for one in pane.shown()] == [10, 11]
    pane.filter_bar.add_term("-seldom")
    pane.show_time(1.8e9 + 20, 1.8e9 + 24)
    assert [one.number for one in pane.shown()] == [20, 22, 23]
    assert pane.filter_bar.expression.count("time>=") == 1


def test_a_star_changes_what_is_shown(pane: TablePane, store: InterruptionStore) -> None:
    pane.filter_bar.set_expression("is:starred")
    assert pane.shown() == []
    chosen = list(store)[7]
    store.stars.set_starred(chosen, True)
    assert pane.shown() == [chosen]


def test_filters_that_are_kept_are_kept(pane: TablePane, app_settings: Settings) -> None:
    pane._saved_filters.changed.emit({"Mine": "path:/often"})
    assert app_settings.filters == {"Mine": "path:/often"}
    pane._saved_filters.chosen.emit("path:/often")
    assert pane.shown_count == 40


# Rows


def test_the_current_row_is_announced(qtbot: QtBot, pane: TablePane) -> None:
    with qtbot.waitSignal(pane.current_changed) as announced:
        pane.view.go_to(3)
    (one,) = announced.args
    assert isinstance(one, Interruption)
    assert one.number == 3


def test_outcomes_are_shown(pane: TablePane) -> None:
    outcomes = pane.source.records.outcomes
    outcomes.note(record().identity, RequestOutcome(Outcome.RUNNING))
    pane.view.go_to(0)
    shown = pane.view.currentIndex().siblingAtColumn(section("outcome")).data()
    assert shown == "still running"


def test_the_menu_of_a_row(pane: TablePane, copied: list[str]) -> None:
    pane.set_base_url("http://localhost:8080/")
    pane.view.go_to(0)
    where = pane.view.visualRect(pane.view.currentIndex()).center()
    pane.view.customContextMenuRequested.emit(where)
    actions = menu_actions(pane)
    assert "mine_action" in actions
    assert not actions["open_source_action"].isEnabled()
    actions["copy_curl_action"].trigger()
    assert "http://localhost:8080/seldom?0" in copied[0]
    actions["not_path_action"].trigger()
    assert pane.filter_bar.expression == 'path!="/seldom"'
    assert "only_outcome_action" not in actions  # nothing is known of it


def test_the_menu_of_a_row_whose_outcome_is_known(pane: TablePane) -> None:
    outcomes = pane.source.records.outcomes
    outcomes.note(record().identity, RequestOutcome(Outcome.WENT_ON, 2.0))
    pane.view.go_to(0)
    where = pane.view.visualRect(pane.view.currentIndex()).center()
    pane.view.customContextMenuRequested.emit(where)
    action = menu_actions(pane)["only_outcome_action"]
    assert "outcome" in action.text()
    assert "kept running" in action.text()
    action.trigger()
    assert pane.filter_bar.expression == 'outcome="kept running"'
    assert pane.shown_count == 60
    outcomes.note(record().identity, RequestOutcome(Outcome.CANCELLED))
    cast(InterruptionsModel, pane.view.model()).flush()
    assert pane.shown_count < 60


def test_there_is_no_menu_beside_the_rows(pane: TablePane, searched: Searched) -> None:
    pane.view.customContextMenuRequested.emit(QPoint(50, 300))
    assert pane.findChild(QMenu, "row_menu") is None


def test_the_source_of_a_row_is_opened_in_the_editor(
    pane: TablePane, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[Interruption] = []
    monkeypatch.setattr(SourceEditor, "can_open", lambda *_: True)
    monkeypatch.setattr(SourceEditor, "open", lambda _, one: opened.append(one))
    shown = pane.shown()
    pane.groups_view.menu_wanted.emit(shown[4], pane.mapToGlobal(QPoint(9, 9)))
    menu_actions(pane)["open_source_action"].trigger()
    assert opened == [shown[4]]
