from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from PyQt5.QtCore import QSettings, Qt
from PyQt5.QtWidgets import QDockWidget
from pytestqt.qtbot import QtBot

from monitorapp.core.chance.distribution import Exponential, Fixed, LogNormal, Uniform
from monitorapp.core.delay.sweep import SweepDelay
from monitorapp.core.filter.language import parse_filter
from monitorapp.core.history.limits import HistoryLimits
from monitorapp.core.records.groups import Grouping
from monitorapp.core.records.store import InterruptionStore
from monitorapp.ui.settings import Settings
from monitorapp.ui.widgets.theme import Colours
from monitorapp.ui.window.main_window import MainWindow

PLANS = {
    "plain": Fixed(5.0),
    "fixed": Fixed(0.25),
    "uniform": Uniform(0.5, 7.0),
    "exponential": Exponential(4.75),
    "own": LogNormal(1.25, 3.5),
    "sweep": SweepDelay(0.25, 12.5, 90.0),
}
GROUPINGS = {"fixed": Grouping.PATH, "uniform": Grouping.FINGERPRINT, "own": Grouping.CLIENT}
COLOURS = {"fixed": Colours.LIGHT, "own": Colours.DARK}
LIMITS = {"own": HistoryLimits(36_500, 20), "sweep": HistoryLimits(1, 1_000_000)}
DOCKS = {
    "fixed": {"rate_dock"},
    "uniform": {"patience_dock", "details_dock"},
    "exponential": {"waiting_dock"},
    "own": {"details_dock", "waiting_dock", "client_dock"},
    "sweep": {"client_dock"},
}
FILTERS = {
    "slow ones": "path:/slow waited>1s",
    "a, b; c=d %41 <i>": r'"quoted \\ text" or -/x{2}/ or reason:reset',
    "\N{LATIN SMALL LETTER U WITH DIAERESIS}ml\N{LATIN SMALL LETTER A WITH DIAERESIS}ut"
    " \N{GRINNING FACE}": "agent:curl (time>10:30 or is:starred) client:10.0.0.0/8",
}
CAMPAIGN = {
    "target": "http://10.0.0.1:8080/",
    "path": "/a b?x=%41",
    "count": 1234,
    "at_once": 77,
    "leaving": "reset",
    "patience": "log_normal",
    "seed": 42,
    "fixed_s": 2.5,
    "least_s": 0.5,
    "most_s": 8.0,
    "mean_s": 3.25,
    "median_s": 1.75,
    "spread": 2.25,
}

every_kind = pytest.mark.parametrize("kind", PLANS)


def opened(path: Path) -> Settings:
    return Settings(QSettings(str(path), QSettings.Format.IniFormat))


def table_state(settings: Settings) -> dict[str, Any]:
    assert settings.table_state is not None
    state: dict[str, Any] = json.loads(bytes(settings.table_state))
    return state


@pytest.fixture
def make_window(qtbot: QtBot) -> Iterator[Callable[[Settings], MainWindow]]:
    windows = []

    def make(settings: Settings) -> MainWindow:
        window = MainWindow(InterruptionStore(100), settings)
        windows.append(window)
        qtbot.addWidget(window)
        window.show()
        return window

    yield make
    windows.clear()


@every_kind
def test_settings_are_read(files: Path, qtbot: QtBot, kind: str) -> None:
    settings = opened(files / f"{kind}.ini")
    assert settings.geometry is not None
    assert settings.window_state is not None
    assert settings.delay_plan == PLANS[kind]
    assert settings.grouping is GROUPINGS.get(kind)
    assert settings.colours is COLOURS.get(kind, Colours.SYSTEM)
    assert settings.history_limits == LIMITS.get(kind, HistoryLimits())
    assert settings.filters == (FILTERS if kind == "own" else {})
    assert settings.editor == ('code --goto "{file}:{line}"' if kind == "own" else "")
    if kind == "own":
        assert settings.campaign == CAMPAIGN
    for expression in settings.filters.values():
        assert not parse_filter(expression).is_empty


@every_kind
def test_the_window_is_as_it_was(
    files: Path, make_window: Callable[[Settings], MainWindow], kind: str
) -> None:
    settings = opened(files / f"{kind}.ini")
    table, campaign = table_state(settings), settings.campaign
    window = make_window(settings)
    window.set_delay_plan(settings.delay_plan)
    docks = {dock.objectName(): dock for dock in window.findChildren(QDockWidget)}
    shown = {name for name, dock in docks.items() if not dock.isHidden()}
    assert shown == DOCKS.get(kind, set())
    assert docks["details_dock"].isFloating() == (kind == "uniform")
    if kind == "own":
        assert window.dockWidgetArea(docks["waiting_dock"]) == Qt.DockWidgetArea.TopDockWidgetArea
    window.save_state()
    saved = table_state(settings)
    old = {name for name, _, _ in table["columns"]}
    columns = [column for column in saved["columns"] if column[0] in old]
    assert [(name, hidden) for name, _, hidden in columns] == [
        (name, hidden) for name, _, hidden in table["columns"]
    ]
    assert (saved["fits"], saved["sort"]) == (table["fits"], table["sort"])
    if not table["fits"]:
        stretched = table["columns"][-1]  # takes what is left
        assert [one for one in columns if one[0] != stretched[0]] == table["columns"][:-1]
    assert settings.delay_plan == PLANS[kind]
    assert settings.grouping is GROUPINGS.get(kind)
    assert settings.filters == (FILTERS if kind == "own" else {})
    if "patience" in campaign:  # is called as a delay is, since then
        campaign = {**campaign, "patience": str(campaign["patience"]).replace("_", "-")}
    assert {name: settings.campaign[name] for name in campaign} == campaign
    assert settings.problem() is None
