"""Fixtures of the tests with widgets."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

import pytest
from PyQt5.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from tests.ui.table.shown import Table

Shown = TypeVar("Shown", bound=QWidget)


@pytest.fixture
def hold(qtbot: QtBot) -> Callable[[QWidget], None]:
    """Keeps widgets until the test is over, and closes them."""
    return qtbot.addWidget


@pytest.fixture
def make_table(hold: Callable[[QWidget], None]) -> Callable[..., Table]:
    def make(keep: int = 1000, rows: int = 0) -> Table:
        table = Table(keep)
        hold(table.view)
        table.add(rows)
        return table

    return make
