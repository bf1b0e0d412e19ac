"""What a filter has matched is marked in the cells."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from typing import cast

import pytest
from PyQt5.QtCore import QRect
from PyQt5.QtGui import QColor, QFontMetrics, QPalette
from PyQt5.QtWidgets import QStyle, QStyleOptionViewItem

from monitorapp.core.filter.language import parse_filter
from monitorapp.core.filter.marks import marks_of
from monitorapp.core.record.outcome import Outcome, RequestOutcome
from monitorapp.ui.table._colours import Colours, RowColours
from monitorapp.ui.widgets.cells import MARGIN_PX
from monitorapp.ui.widgets.theme import dark_palette, light_palette
from tests.factory import numbered
from tests.ui.table.shown import Table, section


@pytest.fixture
def table(make_table: Callable[..., Table]) -> Table:
    return make_table()


def colours(table: Table) -> RowColours:
    option = QStyleOptionViewItem()
    option.initFrom(table.view)
    return Colours().of(option)


def mark(table: Table, expression: str, **facts: object) -> None:
    table.store.add(numbered(1, **facts))
    table.model.flush()
    table.view.set_marks(marks_of(parse_filter(expression)))


def marked(table: Table, key: str, row: int = 0) -> list[tuple[int, int]]:
    """Return from where to where a cell is marked, in pixels from its text's beginning."""
    cell = table.view.visualRect(table.model.index(row, section(key)))
    image = table.viewport.grab(cell).toImage()
    height = QFontMetrics(table.view.font()).height()
    y = (image.height() - height) // 2 + height - 1  # where the lines below the marks are
    colour = colours(table).text
    found = [x for x in range(image.width()) if QColor(image.pixel(x, y)) == colour]
    starts = [x for before, x in pairwise([-9, *found]) if x > before + 1]
    ends = [x + 1 for x, after in pairwise([*found, 1 << 20]) if after > x + 1]
    spans = zip(starts, ends, strict=True)  # what is narrower is the end of a letter
    return [(start - MARGIN_PX, end - MARGIN_PX) for start, end in spans if end > start + 2]


def width(table: Table, text: str) -> int:
    return QFontMetrics(table.view.font()).horizontalAdvance(text)


def test_each_part_is_marked_in_its_cell_alone(table: Table) -> None:
    mark(table, "path:ab", uri="/ab/cd/ab", method="AB")
    assert marked(table, "path") == [
        (width(table, "/"), width(table, "/ab")),
        (width(table, "/ab/cd/"), width(table, "/ab/cd/ab")),
    ]
    others = ("method", "client", "waited", "reason", "outcome")
    assert [marked(table, key) for key in others] == [[]] * 5
    table.view.set_marks(None)
    assert marked(table, "path") == []


def test_what_is_elided_has_its_mark_on_the_ellipsis(table: Table) -> None:
    mark(table, "hidden or b", uri="/b" + "c" * 2_000 + "hidden")
    first, last = marked(table, "path")
    assert first == (width(table, "/"), width(table, "/b"))
    room = table.view.columnWidth(section("path")) - 2 * MARGIN_PX
    assert room - 2 * width(table, "c") < last[1] <= room
    assert last[1] - last[0] == width(table, "…")


def test_what_is_elided_in_part_is_marked_to_the_ellipsis(table: Table) -> None:
    mark(table, "path:b", uri="/" + "b" * 2_000)
    ((start, end),) = marked(table, "path")
    room = table.view.columnWidth(section("path")) - 2 * MARGIN_PX
    assert start == width(table, "/")
    assert room - 2 * width(table, "b") < end <= room


def test_a_cell_without_room_for_an_ellipsis_is_marked_at_its_end(table: Table) -> None:
    mark(table, "path:b", uri="/bbb")
    table.view.setColumnWidth(section("path"), 2 * MARGIN_PX + 4)
    room = table.view.columnWidth(section("path")) - 2 * MARGIN_PX
    assert marked(table, "path") == [(room - 3, room)]


def test_what_follows_the_reason_is_not_taken_for_it(table: Table) -> None:
    mark(table, "client try", tries=3)
    start = width(table, "closed by the ")
    assert marked(table, "reason") == [(start, start + width(table, "client"))]


def test_an_outcome_is_marked_once_it_is_known(table: Table) -> None:
    mark(table, "outcome:cancelled or path")
    assert marked(table, "outcome") == []
    one = table.model.interruption(0)
    table.store.outcomes.note(one.identity, RequestOutcome(Outcome.CANCELLED))
    assert marked(table, "outcome") == [(0, width(table, "cancelled"))]


def test_letters_from_right_to_left_are_marked_where_they_are(table: Table) -> None:
    mark(table, "slow", uri="/\u05e9\u05dc\u05d5\u05dd/slow")
    ((start, end),) = marked(table, "path")
    whole = width(table, "/\u05e9\u05dc\u05d5\u05dd/slow")
    assert abs(end - whole) <= 1
    assert abs(end - start - width(table, "slow")) <= 1


def test_lines_of_a_story_are_marked_where_they_are_as_searched(table: Table) -> None:
    mark(table, "reset", traceback="a reset", headers=(("User-Agent", "reset/1"),))
    table.model.set_open(0, True)
    image = table.viewport.grab().toImage()
    shown = {}
    for row in range(1, table.model.rowCount()):
        line = table.model.story_line(row)
        assert line is not None
        rect = table.view.visualRect(table.model.index(row, 0))
        band = QRect(0, rect.top(), 600, rect.height())
        part = image.copy(band)
        is_marked = any(
            QColor(part.pixel(x, y)) == colours(table).mark
            for x in range(part.width())
            for y in range(part.height())
        )
        if is_marked:
            shown[line.label] = line.text
    assert shown == {"User-Agent": "reset/1", "Traceback": "a reset"}


def luminance(colour: QColor) -> float:
    """Return the relative luminance of WCAG 2.1."""
    parts = [
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4
        for part in (colour.redF(), colour.greenF(), colour.blueF())
    ]
    return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]


@pytest.mark.parametrize("palette", [light_palette, dark_palette])
@pytest.mark.parametrize("selected", [False, True])
def test_marked_text_can_be_read(
    qapp: object, palette: Callable[[], QPalette], selected: bool
) -> None:
    option = QStyleOptionViewItem()
    option.palette = palette()
    state = QStyle.StateFlag.State_Enabled | QStyle.StateFlag.State_Active
    if selected:
        state |= QStyle.StateFlag.State_Selected
    option.state = cast(QStyle.State, state)
    row = Colours().of(option)
    lighter, darker = sorted((luminance(row.text), luminance(row.mark)), reverse=True)
    assert (lighter + 0.05) / (darker + 0.05) >= 4.5
