"""Fixtures of the table's tests."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from pytestqt.qtbot import QtBot

from tests.ui.table.shown import Table


@pytest.fixture
def make_table(qtbot: QtBot) -> Iterator[Callable[..., Table]]:
    tables = []

    def make(keep: int = 1000, rows: int = 0) -> Table:
        table = Table(keep)
        tables.append(table)
        qtbot.addWidget(table.view)
        table.add(rows)
        return table

    yield make
    tables.clear()
