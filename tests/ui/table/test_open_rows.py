"""The row arithmetic against a list of all rows."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitorapp.ui.table._open_rows import OpenRows

STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("extend"), st.integers(0, 6), st.just(0)),
        st.tuples(st.just("trim"), st.integers(0, 6), st.just(0)),
        st.tuples(st.just("open"), st.integers(0, 30), st.integers(1, 5)),
        st.tuples(st.just("close"), st.integers(0, 30), st.just(0)),
    ),
    min_size=5,
    max_size=60,
)


class NaiveRows:
    """Every row written out."""

    def __init__(self) -> None:
        self.serials: list[int] = []
        self.end = 0
        self.open: dict[int, int] = {}

    def rows(self) -> list[tuple[int, int]]:
        return [
            (serial, line)
            for serial in self.serials
            for line in range(self.open.get(serial, 0) + 1)
        ]

    def extend(self, count: int) -> None:
        self.serials += range(self.end, self.end + count)
        self.end += count

    def trim(self, count: int) -> None:
        for serial in self.serials[:count]:
            self.open.pop(serial, None)
        del self.serials[:count]


@given(st.integers(0, 20), STEPS)
def test_every_row_is_what_a_list_of_all_rows_says(
    first: int, steps: list[tuple[str, int, int]]
) -> None:
    rows, naive = OpenRows(), NaiveRows()
    rows.extend(first)
    naive.extend(first)
    for step, number, lines in steps:
        if step == "extend":
            rows.extend(number)
            naive.extend(number)
        elif step == "trim":
            count = min(number, len(naive.serials))
            before = len(naive.rows())
            counted = rows.rows_of_head(count)
            rows.trim(count)
            naive.trim(count)
            assert counted == before - len(naive.rows())
        elif naive.serials:
            serial = naive.serials[number % len(naive.serials)]
            if step == "open" and serial not in naive.open:
                rows.open(serial, lines)
                naive.open[serial] = lines
            elif step == "close" and serial in naive.open:
                rows.close(serial)
                del naive.open[serial]
        expected = naive.rows()
        assert len(rows) == len(expected)
        assert [rows.locate(row) for row in range(len(rows))] == expected
        assert [rows.row(serial) for serial in naive.serials] == [
            row for row, (_, line) in enumerate(expected) if line == 0
        ]
        assert rows.open_serials == tuple(sorted(naive.open))
        assert rows.open_count == len(naive.open)
        assert [rows.lines(serial) for serial in naive.serials] == [
            naive.open.get(serial, 0) for serial in naive.serials
        ]


def test_what_is_not_there_is_refused() -> None:
    rows = OpenRows()
    rows.extend(5)
    rows.trim(2)
    rows.open(3, 2)
    for serial in (-1, 0, 1, 5):
        with pytest.raises(IndexError):
            rows.row(serial)
    for row in (-1, 5):
        with pytest.raises(IndexError):
            rows.locate(row)
    with pytest.raises(IndexError):
        rows.open(1, 1)
    with pytest.raises(ValueError, match="Record 3"):
        rows.open(3, 2)
    with pytest.raises(ValueError, match="Record 4"):
        rows.open(4, 0)
    with pytest.raises(ValueError, match="Record 4"):
        rows.close(4)
