"""The table of groups while what it shows comes, goes and is grouped otherwise."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule
from PyQt5 import sip
from PyQt5.QtCore import QPoint, Qt
from PyQt5.QtWidgets import QWidget
from pytestqt.exceptions import capture_exceptions
from pytestqt.modeltest import ModelTester

from monitorapp.core.records.groups import Grouping
from monitorapp.core.records.store import InterruptionStore
from monitorapp.ui.groups._model import GroupsModel
from monitorapp.ui.groups.columns import COLUMNS
from monitorapp.ui.groups.view import GroupsView
from tests.factory import record

pytestmark = pytest.mark.slow

CHANGES = st.integers(0, 50)


class LiveGroups(RuleBasedStateMachine):
    """Does in any order what a store, a timer, a user and Qt do to a table of groups."""

    def __init__(self) -> None:
        super().__init__()
        self.exceptions: list[Any] = []
        self.capture: AbstractContextManager[list[Any]] = capture_exceptions()
        self.exceptions = self.capture.__enter__()  # of slots, and of what Qt calls to paint
        self.number = 0
        self.menus: list[object] = []

    @initialize(keep=st.integers(1, 12), grouping=st.sampled_from(Grouping), is_open=st.booleans())
    def show(self, keep: int, grouping: Grouping, is_open: bool) -> None:
        self.store = InterruptionStore(keep)
        self.view = GroupsView()
        self.view.resize(900, 300)
        self.view.show()
        self.view.menu_wanted.connect(lambda one, _: self.menus.append(one))
        self.model.set_active(False)  # refreshed here, not by time
        self.tester = ModelTester(None)
        self.tester.check(self.model, force_py=True)
        self.add(count=keep, spread=2)
        self.group(grouping)
        if is_open:
            self.open(0, True)

    @property
    def model(self) -> GroupsModel:
        return self.view.groups_model

    @rule(count=st.integers(1, 15), spread=st.integers(1, 4))
    def add(self, count: int, spread: int) -> None:
        """Add some, so that as many of the oldest go, and with them whole groups."""
        for _ in range(count):
            self.number += 1
            kind = self.number // 5 % spread
            waited_s = None if kind == 1 else float(self.number)
            self.store.add(record(uri=f"/{kind}", client=f"10.0.0.{kind}:5", waited_s=waited_s))

    @rule()
    def clear(self) -> None:
        self.store.clear()

    @rule(place=CHANGES, starred=st.booleans())
    def star(self, place: int, starred: bool) -> None:
        kept = list(self.store)
        if kept:
            self.store.stars.set_starred(kept[place % len(kept)], starred)

    @rule(grouping=st.none() | st.sampled_from(Grouping))
    def group(self, grouping: Grouping | None) -> None:
        self.grouping = grouping
        self.model.group(self.store if grouping else None, grouping)
        self.is_as_kept()

    @rule(place=CHANGES, is_open=st.booleans())
    def open(self, place: int, is_open: bool) -> None:
        if self.model.rowCount():
            self.model.set_open(place % self.model.rowCount(), is_open)
            self.is_as_kept()

    @rule(section=st.sampled_from(range(len(COLUMNS))), descending=st.booleans())
    def sort(self, section: int, descending: bool) -> None:
        order = Qt.SortOrder.DescendingOrder if descending else Qt.SortOrder.AscendingOrder
        self.view.sortByColumn(section, order)
        self.is_as_kept()

    @rule()
    def refresh(self) -> None:
        self.model.refresh()
        self.is_as_kept()

    @rule(place=CHANGES)
    def choose(self, place: int) -> None:
        if self.model.rowCount():
            self.view.setCurrentIndex(self.model.index(place % self.model.rowCount(), 0))

    @rule(place=CHANGES)
    def ask_for_menu(self, place: int) -> None:
        shown = place % max(1, min(8, self.model.rowCount()))
        cell = self.view.visualRect(self.model.index(shown, 0))
        self.view.customContextMenuRequested.emit(QPoint(cell.center()))

    @rule()
    def paint(self) -> None:
        assert not self.view.grab().isNull()

    @invariant()
    def every_cell_can_be_asked_for(self) -> None:
        for row in range(self.model.rowCount()):
            shown = self.model.row(row)
            assert shown is not None
            for section, column in enumerate(COLUMNS):
                text = self.model.index(row, section).data()
                assert isinstance(text, str)
                if shown.is_group:
                    assert text or column.bars is not None
                    assert column.sort_key(shown) is not None

    @invariant()
    def nothing_was_raised_in_a_slot(self) -> None:
        assert self.exceptions == []

    def is_as_kept(self) -> None:
        """After a refresh the groups are those of what the store keeps."""
        grouping = self.grouping
        shown: Counter[tuple[str, ...]] = Counter()
        for row in range(self.model.rowCount()):
            found = self.model.row(row)
            if found is not None and found.is_group:
                shown[found.group.key] += len(found.group)
        assert shown == Counter(map(grouping.key, self.store) if grouping else ())

    def teardown(self) -> None:
        sip.delete(self.view)
        self.capture.__exit__(None, None, None)
        assert self.exceptions == []


def test_a_table_of_groups_survives_any_order_of_events(qapp: object) -> None:
    LiveGroups.TestCase.settings = settings(max_examples=25, stateful_step_count=30, deadline=None)
    LiveGroups.TestCase("runTest").runTest()


def test_a_group_that_went_is_painted_until_the_next_refresh(
    hold: Callable[[QWidget], None],
) -> None:
    store = InterruptionStore(2)
    view = GroupsView()
    hold(view)
    view.groups_model.set_active(False)
    store.add(record(uri="/gone"))
    view.groups_model.group(store, Grouping.PATH)
    view.show()
    before = view.grab().toImage()
    for _ in range(2):
        store.add(record(uri="/new"))
    with capture_exceptions() as exceptions:
        assert view.grab().toImage() == before
    assert exceptions == []
    view.groups_model.refresh()
    assert [view.groups_model.index(row, 0).data() for row in range(1)] == ["/new"]
