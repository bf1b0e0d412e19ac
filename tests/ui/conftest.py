"""Fixtures of the tests with widgets."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TypeVar

import pytest
from PyQt5.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from tests.ui.table.shown import Table

Shown = TypeVar("Shown", bound=QWidget)


@pytest.fixture
def hold(qtbot: QtBot) -> Iterator[Callable[[QWidget], None]]:
    """Keep widgets until the test is over and they have been closed.

    qtbot has weak references only. A visible widget without a reference is destroyed
    whenever garbage is collected, even while it paints itself.
    """
    held: list[QWidget] = []

    def keep(widget: QWidget) -> None:
        qtbot.addWidget(widget)
        held.append(widget)

    yield keep
    held.clear()


@pytest.fixture
def make_table(hold: Callable[[QWidget], None]) -> Callable[..., Table]:
    def make(keep: int = 1000, rows: int = 0) -> Table:
        table = Table(keep)
        hold(table.view)
        table.add(rows)
        return table

    return make
