from __future__ import annotations

import math

from hypothesis import given
from hypothesis import strategies as st

from monitorapp.core.record.interruption import Interruption
from monitorapp.core.records.sorting import SortedInterruptions, places_of
from tests.factory import record

VALUES = st.one_of(st.none(), st.sampled_from([0.0, 1.0, 2.0, math.inf, math.nan]), st.floats(0, 5))


def is_known(one: Interruption) -> bool:
    return one.waited_s is not None and not math.isnan(one.waited_s)


@given(st.booleans(), st.lists(st.tuples(st.lists(VALUES, max_size=6), st.integers(0, 9))))
def test_it_is_sorted_as_a_whole_list_would_be(
    descending: bool, steps: list[tuple[list[float | None], int]]
) -> None:
    plain: list[Interruption] = []  # in the order in which they came
    kept = SortedInterruptions(lambda one: one.waited_s, descending, [])
    for values, gone in steps:
        new = [record(waited_s=value) for value in values]
        kept.add(new)
        plain += new
        identities = {id(one) for one in plain[:gone:2]}
        before, plain = plain, [one for one in plain if id(one) not in identities]
        kept.remove(identities)
        del before
        known = sorted(filter(is_known, plain), key=lambda one: one.waited_s or 0.0)
        if descending:
            known.reverse()
        expected = known + [one for one in plain if not is_known(one)]
        ordered = kept.ordered()
        assert list(map(id, ordered)) == list(map(id, expected))
        for place, one in enumerate(ordered):
            found = kept.place(one)
            assert found <= place or not is_known(one)
            assert not is_known(one) or ordered[found].waited_s == one.waited_s
        assert places_of(ordered, {id(one) for one in ordered[1::2]}) == list(
            range(1, len(ordered), 2)
        )
