from __future__ import annotations

from collections import deque

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitorapp.core.interruption import Interruption
from monitorapp.core.reason import Reason
from monitorapp.core.store import InterruptionStore


def record(number: int) -> Interruption:
    return Interruption(
        number=number,
        time_s=float(number),
        reason=Reason.CLOSED,
        failure_type="",
        message="",
        traceback="",
        has_frames=False,
    )


@given(st.integers(1, 5), st.lists(st.sampled_from(["add", "clear"]), max_size=40))
def test_it_keeps_the_newest_and_tells_each_change(keep: int, steps: list[str]) -> None:
    store = InterruptionStore(keep)
    told: list[tuple[str, int]] = []
    store.on_added.append(lambda added: told.append(("added", added.number)))
    store.on_evicted.append(lambda evicted: told.append(("evicted", evicted.number)))
    store.on_cleared.append(lambda: told.append(("cleared", 0)))
    expected: deque[int] = deque(maxlen=keep)
    expected_told = []
    for number, step in enumerate(steps):
        if step == "add":
            if len(expected) == keep:
                expected_told.append(("evicted", expected[0]))
            expected.append(number)
            expected_told.append(("added", number))
            store.add(record(number))
        else:
            expected.clear()
            expected_told.append(("cleared", 0))
            store.clear()
        assert [kept.number for kept in store] == list(expected)
        assert len(store) == len(expected)
    assert told == expected_told


@pytest.mark.parametrize("keep", [0, -1])
def test_a_store_that_keeps_nothing_is_refused(keep: int) -> None:
    with pytest.raises(ValueError, match="At least 1"):
        InterruptionStore(keep)
