from __future__ import annotations

import pytest

from monitorapp.core.filter.columns import ColumnFilter
from monitorapp.core.filter.language import EVERYTHING, Filter, parse_filter
from monitorapp.core.record.client import ClientAddress
from monitorapp.core.record.reason import Reason
from monitorapp.core.request.ended import RequestEnd
from monitorapp.core.request.store import EndStore
from monitorapp.core.statistics.survival import Waits
from monitorapp.core.statistics.waits import COMPARED, Comparison, compare
from monitorapp.core.statistics.wording import NO_EVENT, patience_text
from tests.core.request.ends import end


def ended(path: str, client: str, waited_s: float, left: bool) -> RequestEnd:
    reason = Reason.CLOSED if left else None
    return end(client, uri=path.encode(), waited_s=waited_s, reason=reason)


def counted() -> EndStore:
    patience = EndStore()
    for number in range(60):
        path = "/slow" if number % 3 else "/fast"
        client = f"10.0.0.{number % 2}:{number}"
        patience.add(ended(path, client, number / 10, left=number % 4 != 0))
    return patience


def groups(
    patience: EndStore, comparison: Comparison, filter_: Filter = EVERYTHING
) -> list[tuple[str, Waits]]:
    compared = compare(patience.blocks(), comparison, ColumnFilter(filter_))
    assert compared is not None
    return compared.groups


def sizes(patience: EndStore, comparison: Comparison, expression: str = "") -> dict[str, int]:
    found = groups(patience, comparison, parse_filter(expression))
    return {name: len(waits) for name, waits in found}


def test_clients_are_compared_by_what_is_asked_for() -> None:
    patience = counted()
    assert patience.changes == 60
    assert sizes(patience, Comparison.ALL) == {"all requests": 60}
    assert sizes(patience, Comparison.PATH) == {"/slow": 40, "/fast": 20}
    assert sizes(patience, Comparison.CLIENT) == {"10.0.0.0": 30, "10.0.0.1": 30}
    filtered = sizes(patience, Comparison.FILTER, "path:fast client:10.0.0.1")
    assert filtered == {"of the filter": 10, "all others": 50}


def test_only_the_largest_are_compared() -> None:
    patience = EndStore()
    for number in range(10):
        for _ in range(number + 1):
            patience.add(ended(f"/{number}", "10.0.0.1:1", 1.0, True))
    assert sizes(patience, Comparison.PATH) == {f"/{9 - place}": 10 - place for place in range(4)}
    assert COMPARED == 4


def test_paths_that_look_alike_are_one_path() -> None:
    patience = EndStore()
    for raw in (b"/a\x00", b"/a\\x00", b"/a\\x00?query"):
        patience.add(end(uri=raw))
    assert sizes(patience, Comparison.PATH) == {r"/a\x00": 3}


@pytest.mark.parametrize("host", ["[2001:db8::1]", "unix:/run/x:y"])
def test_clients_of_all_kinds_are_distinguished(host: str) -> None:
    patience = EndStore()
    patience.add(end(f"{host}:5"))
    patience.add(end("10.0.0.1:5"))
    name = ClientAddress.parse(f"{host}:5").host
    assert sizes(patience, Comparison.CLIENT) == {name: 1, "10.0.0.1": 1}
    assert sizes(patience, Comparison.FILTER, f'client:"{name}"')["of the filter"] == 1


def test_the_estimate_in_words() -> None:
    text = patience_text(groups(counted(), Comparison.ALL), [3.0], "fixed, 3 s")
    assert text.splitlines() == [
        "At the present delay (fixed, 3 s) about 42 % will leave (30\N{EN DASH}56 %).",
        "Half have left after 3.5 s (2.6 to 4.3 s).",
        "A quarter have left after 1.9 s (1 to 2.7 s);"
        " three quarters have left after 5 s (4.3 to 5.5 s).",
        "45 left, 15 were answered or ended otherwise; intervals of 95 %.",
    ]


def test_a_delay_that_nobody_has_seen_is_reported() -> None:
    text = patience_text(groups(counted(), Comparison.ALL), [30.0], "fixed, 30 s")
    assert "No client has waited longer than 5.9 s so far." in text


def test_groups_are_compared_in_words() -> None:
    patience = counted()
    text = patience_text(groups(patience, Comparison.CLIENT), [3.0], "fixed, 3 s")
    assert text.startswith("10.0.0.0:\n    At the present delay")
    assert "No significant difference (log-rank test, p = " in text
    for number in range(50):
        patience.add(ended("/slow", "10.0.0.0:1", 20 + number / 10, True))
    text = patience_text(groups(patience, Comparison.CLIENT), [3.0], "fixed, 3 s")
    assert text.endswith("They differ (log-rank test, p < 0.001).")


def test_without_events_there_is_no_estimate() -> None:
    patience = EndStore()
    assert patience_text(groups(patience, Comparison.ALL), [1.0], "") == NO_EVENT
    patience.add(ended("/", "10.0.0.1:1", 1.0, False))
    assert patience_text(groups(patience, Comparison.ALL), [1.0], "") == NO_EVENT
    patience.add(ended("/other", "10.0.0.1:1", 2.0, True))
    text = patience_text(groups(patience, Comparison.PATH), [1.0], "fixed")
    assert "0 left, 1 was answered or ended otherwise: that is 0 % (0\N{EN DASH}97 %" in text
