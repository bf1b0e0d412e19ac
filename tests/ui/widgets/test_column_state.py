from __future__ import annotations

import json

from hypothesis import given
from hypothesis import strategies as st

from monitorapp.ui.widgets._column_state import WIDTHS_PX, ColumnState
from monitorapp.ui.widgets.columns import Sorting

KEYS = st.text(max_size=9)
COLUMNS = st.lists(
    st.tuples(KEYS, st.integers(WIDTHS_PX.start, WIDTHS_PX.stop - 1), st.booleans()),
    max_size=9,
    unique_by=lambda column: column[0],
).map(tuple)


@given(
    st.builds(
        ColumnState, COLUMNS, st.booleans(), st.none() | st.builds(Sorting, KEYS, st.booleans())
    )
)
def test_a_state_is_read_as_it_was_written(state: ColumnState) -> None:
    assert ColumnState.from_bytes(state.to_bytes()) == state


SAVED = (
    b'{"version": 1, "fits": false, "columns": [["method", 200, false], ["path", 120, false],'
    b' ["client", 215, true]], "sort": ["path", true]}'
)


def test_what_earlier_versions_wrote_is_read() -> None:
    assert ColumnState.from_bytes(SAVED) == ColumnState(
        (("method", 200, False), ("path", 120, False), ("client", 215, True)),
        False,
        Sorting("path", descending=True),
    )


def test_a_state_from_before_rows_could_be_sorted_is_read() -> None:
    old = json.loads(SAVED)
    del old["sort"]
    read = ColumnState.from_bytes(json.dumps(old).encode())
    assert read is not None
    assert read.sorting is None


@given(
    st.binary(max_size=60)
    | st.recursive(st.none() | st.integers(), st.lists).map(
        lambda value: json.dumps(value).encode()
    )
)
def test_what_is_no_state_is_none(state: bytes) -> None:
    assert ColumnState.from_bytes(state) is None
