"""Arbitrary ended requests."""

from __future__ import annotations

from hypothesis import strategies as st

from monitorapp.core.record.reason import Reason
from monitorapp.core.request.columns import EndColumns, Gathering
from monitorapp.core.request.ended import RequestEnd
from tests.core.request.ends import end


def ends() -> st.SearchStrategy[RequestEnd]:
    """Return a strategy of ends of requests, some of which have much in common."""
    return st.builds(
        end,
        client=st.sampled_from(
            ["10.0.0.1:5", "10.0.0.2:5", "[2001:db8::1]:9", "unix:/run/a", "unix socket"]
        ),
        agent=st.sampled_from([None, b"curl/8.5", b"Python-httpx/0.27", b"\xff\x1b"]),
        method=st.sampled_from([b"GET", b"POST"]),
        uri=st.sampled_from([b"/", b"/a", b"/A?b", b"/item/1?x=/a", b"/item/12", b"/\x00", b"*"]),
        reason=st.none() | st.sampled_from(Reason),
        began_s=st.floats(0, 4e9),
        waited_s=st.floats(0, 1e5) | st.sampled_from([0.0, 1.0, 5.0]),
        delay_s=st.none() | st.floats(0, 1e5) | st.sampled_from([0.0, 5.0]),
        bytes_written=st.integers(0, 2**62),
        headers_sent=st.booleans(),
    )


def columns(max_size: int = 40) -> st.SearchStrategy[EndColumns]:
    """Return a strategy of the same as columns, of which there are some."""

    def gathered(found: list[RequestEnd]) -> EndColumns:
        gathering = Gathering("a-process")
        gathering.add(found)
        return gathering.columns

    return st.lists(ends(), min_size=1, max_size=max_size).map(gathered)


def rows(found: EndColumns) -> list[tuple[object, ...]]:
    """Return rows of columns as plain values; a delay that is none as -1."""
    texts = [[found.texts[name][code] for code in codes] for name, codes in found.codes.items()]
    delays = [-1.0 if delay != delay else delay for delay in found.delay_s]
    numbers = (found.ended_s, found.waited_s, delays, found.bytes_written, found.had_query)
    return list(zip(*texts, *numbers, strict=True))
