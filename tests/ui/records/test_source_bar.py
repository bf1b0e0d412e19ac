from __future__ import annotations

import pytest
from PyQt5.QtWidgets import QProgressBar, QPushButton
from pytestqt.qtbot import QtBot

from monitorapp.core.records.store import InterruptionStore
from monitorapp.core.source.held import HeldSource
from monitorapp.core.source.live import LiveSource
from monitorapp.core.source.source import Progress
from monitorapp.ui.records.source_bar import SourceBar
from monitorapp.ui.widgets.elided_label import ElidedLabel
from tests.factory import record
from tests.ui.table.shown import child


class Searched(HeldSource):
    """A source that is as far as it is set to be."""

    now = Progress(0.0)

    @property
    def progress(self) -> Progress:
        return self.now


@pytest.fixture
def bar(qtbot: QtBot) -> SourceBar:
    bar = SourceBar()
    qtbot.addWidget(bar)
    return bar


@pytest.fixture
def source() -> Searched:
    store = InterruptionStore(1_000)
    for _ in range(1_000):
        store.add(record())
    return Searched("History: <b>all</b> runs", store)


def title(bar: SourceBar) -> str:
    label: ElidedLabel = child(bar, ElidedLabel, "past_label")
    return label.text()


def test_the_live_source_needs_no_bar(bar: SourceBar, source: Searched) -> None:
    assert bar.isHidden()
    bar.show_source(source)
    assert bar.isVisible()
    bar.show_source(LiveSource(InterruptionStore()))
    assert bar.isHidden()


def test_it_says_what_is_shown_and_leads_back(
    qtbot: QtBot, bar: SourceBar, source: Searched
) -> None:
    bar.show_source(source)
    assert title(bar) == "History: <b>all</b> runs"
    source.now = Progress(1.0, is_cut=True)
    bar.show_source(source)
    assert title(bar) == "History: <b>all</b> runs (only the newest 1,000)"
    with qtbot.waitSignal(bar.left):
        child(bar, QPushButton, "past_back_button").click()


def test_the_progress_of_a_search_that_takes_long_is_shown(
    qtbot: QtBot, bar: SourceBar, source: Searched
) -> None:
    progress: QProgressBar = child(bar, QProgressBar, "past_progress")
    bar.show_source(source)
    assert not progress.isVisible()
    qtbot.waitUntil(progress.isVisible)
    source.now = Progress(0.5)
    bar.show_source(source)
    assert progress.value() == progress.maximum() // 2
    source.now = Progress(1.0)
    bar.show_source(source)
    assert not progress.isVisible()


def test_the_progress_of_a_short_search_is_never_shown(bar: SourceBar, source: Searched) -> None:
    bar.show_source(source)
    source.now = Progress(1.0)
    bar.show_source(source)
    assert not bar._timer.isActive()
    assert not child(bar, QProgressBar, "past_progress").isVisible()


def test_a_long_title_does_not_widen_the_window(bar: SourceBar) -> None:
    bar.show_source(HeldSource("File: " + "x" * 190, InterruptionStore()))
    assert bar.minimumSizeHint().width() < 400
