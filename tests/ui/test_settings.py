from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from PyQt5.QtCore import QByteArray, QSettings
from PyQt5.QtWidgets import QApplication

from monitorapp.core.chance.distribution import Fixed
from monitorapp.core.delay.delay import DelayPlan
from monitorapp.core.history.limits import HistoryLimits
from monitorapp.ui.settings import Settings
from monitorapp.ui.widgets.theme import Colours
from tests.core.delay.strategies import PLANS


@pytest.fixture
def path(tmp_path: Path, qapp: QApplication) -> Path:
    return tmp_path / "monitorapp.ini"


def opened(path: Path) -> Settings:
    return Settings(QSettings(str(path), QSettings.Format.IniFormat))


def test_nothing_is_remembered_at_first(path: Path) -> None:
    settings = opened(path)
    assert settings.geometry is None
    assert settings.window_state is None
    assert settings.table_state is None
    assert settings.delay_s is None
    assert settings.problem() is None


def test_what_was_set_is_there_in_the_next_run(path: Path) -> None:
    settings = opened(path)
    settings.geometry = QByteArray(b"\x00geometry\xff")
    settings.window_state = QByteArray(b"panes")
    settings.table_state = QByteArray(b"table")
    settings.groups_state = QByteArray(b"groups")
    settings.waiting_state = QByteArray(b"waiting")
    settings.delay_s = 0.1
    assert settings.problem() is None
    del settings
    settings = opened(path)
    assert settings.geometry == QByteArray(b"\x00geometry\xff")
    assert settings.window_state == QByteArray(b"panes")
    assert settings.table_state == QByteArray(b"table")
    assert settings.groups_state == QByteArray(b"groups")
    assert settings.waiting_state == QByteArray(b"waiting")
    assert settings.delay_s == 0.1


def test_the_colours_are_remembered_and_nonsense_is_the_desktop_s(path: Path) -> None:
    assert opened(path).colours is Colours.SYSTEM
    settings = opened(path)
    settings.colours = Colours.DARK
    assert settings.problem() is None
    del settings
    assert opened(path).colours is Colours.DARK
    path.write_text("[window]\ncolours=plaid\n")
    assert opened(path).colours is Colours.SYSTEM


@pytest.mark.parametrize(
    "text", ["", "nan", "-1", "3601", "0,5", "x", "@Invalid()", '"a, b"', "1e999"]
)
def test_a_broken_delay_is_none(path: Path, text: str) -> None:
    path.write_text(f"[delay]\nlast_s={text}\n")
    assert opened(path).delay_s is None


@pytest.mark.parametrize("delay_s", [float("nan"), -1, 3601])
def test_an_impossible_delay_is_not_kept(path: Path, delay_s: float) -> None:
    settings = opened(path)
    settings.delay_s = 2
    settings.delay_s = delay_s
    assert settings.delay_s == 2


@given(plan=PLANS)
@hypothesis_settings(max_examples=30)
def test_the_plan_of_the_delays_is_remembered(path: Path, plan: DelayPlan) -> None:
    settings = opened(path)
    settings.delay_plan = plan
    assert settings.problem() is None
    del settings
    assert opened(path).delay_plan == plan


@pytest.mark.parametrize(
    "text", ["", "5", "{}", "@Invalid()", '{"kind": "uniform"}', '{"kind": "sweep", "over_s": 0}']
)
def test_a_broken_plan_is_the_last_fixed_delay(path: Path, text: str) -> None:
    settings = opened(path)
    assert settings.delay_plan == Fixed(5)
    settings.delay_s = 3
    assert settings.delay_plan == Fixed(3)
    QSettings(str(path), QSettings.Format.IniFormat).setValue("delay/plan", text)
    assert opened(path).delay_plan == Fixed(3)


@pytest.mark.parametrize(
    "text", ["", "5", "[]", "{", "@Invalid()", "[" * 100_000, '{"a":' * 100_000]
)
def test_broken_filters_and_fields_are_none(path: Path, text: str) -> None:
    kept = QSettings(str(path), QSettings.Format.IniFormat)
    for key in ("table/filters", "clients/campaign", "delay/plan"):
        kept.setValue(key, text)
    settings = Settings(kept)
    assert settings.filters == {}
    assert settings.campaign == {}
    assert settings.delay_plan == Fixed(5)


@pytest.mark.parametrize(
    "value", ["text", "1", "@Variant(\\0\\0\\0\\x7f\\0\\0\\0\\xePyQt_PyObject)", "a, b"]
)
def test_a_broken_state_is_none(path: Path, value: str) -> None:
    path.write_text(f"[window]\ngeometry={value}\nstate={value}\n[table]\nstate={value}\n")
    settings = opened(path)
    assert settings.geometry is None
    assert settings.table_state is None


@hypothesis_settings(max_examples=50)
@given(content=st.binary(max_size=200), whole=st.booleans(), number=st.integers(0, 10**9))
def test_a_damaged_file_never_raises(
    tmp_path: Path, qapp: QApplication, content: bytes, whole: bool, number: int
) -> None:
    # QSettings keeps files it has seen in memory by name, so each example has its own.
    path = tmp_path / f"{number}-{len(list(tmp_path.iterdir()))}.ini"
    path.write_bytes(content if whole else b"[delay]\nlast_s=" + content)
    settings = opened(path)
    assert settings.geometry is None or isinstance(settings.geometry, QByteArray)
    assert 0 <= settings.delay_plan.typical_s <= 3600
    delay_s = settings.delay_s
    assert delay_s is None or 0 <= delay_s <= 3600
    settings.delay_s = 3
    assert settings.delay_s == 3
    assert str(path) in (settings.problem() or str(path))


def test_a_file_that_cannot_be_written_is_reported_and_does_not_raise(
    tmp_path: Path, qapp: QApplication
) -> None:
    (tmp_path / "file").write_text("")
    settings = opened(tmp_path / "file" / "monitorapp.ini")
    settings.delay_s = 3
    settings.geometry = QByteArray(b"geometry")
    problem = settings.problem() or ""
    assert "cannot be written" in problem
    assert "monitorapp.ini" in problem
    assert settings.delay_s == 3


def test_the_persons_own_settings_are_an_ini_file(tmp_path: Path, qapp: QApplication) -> None:
    QSettings.setPath(QSettings.Format.IniFormat, QSettings.Scope.UserScope, str(tmp_path))
    settings = Settings.for_user()
    settings.delay_s = 4
    assert settings.problem() is None
    assert "last_s=4.0" in (tmp_path / "monitorapp" / "monitorapp.ini").read_text()


def test_what_the_history_keeps_is_kept(path: Path) -> None:
    assert opened(path).history_limits == HistoryLimits()
    settings = opened(path)
    settings.history_limits = HistoryLimits(7, 20)
    assert settings.problem() is None
    assert opened(path).history_limits == HistoryLimits(7, 20)


@pytest.mark.parametrize(("days", "megabytes"), [("x", "5"), ("0", "5"), ("5", "-1"), ("5", "")])
def test_broken_limits_are_the_default(path: Path, days: str, megabytes: str) -> None:
    path.write_text(f"[history]\ndays={days}\nmegabytes={megabytes}\n")
    assert opened(path).history_limits == HistoryLimits()
