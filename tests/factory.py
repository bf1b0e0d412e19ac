"""Records for tests, chosen and arbitrary."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from monitorapp.core.record.interruption import Interruption
from monitorapp.core.record.outcome import Outcome
from monitorapp.core.record.reason import Reason


def record(**facts: Any) -> Interruption:
    """Return a record with these facts; the others are usual ones."""
    values: dict[str, Any] = {
        "number": 1,
        "time_s": 1_700_000_000.25,
        "reason": Reason.CLOSED,
        "failure_type": "twisted.internet.error.ConnectionDone",
        "message": "Connection was closed cleanly.",
        "traceback": "Traceback (most recent call last):\nConnection was closed cleanly.",
        "has_frames": False,
        "origin": "a-process",
        "request_number": 7,
        "method": "GET",
        "uri": "/slow?x=1",
        "version": "HTTP/1.1",
        "client": "127.0.0.1:50000",
        "began_s": 1_699_999_999.25,
        "waited_s": 1.0,
        "delay_s": 5.0,
        "remaining_s": 4.0,
        "headers": (("Host", "localhost"), ("User-Agent", "curl/8.0")),
    }
    return Interruption(**{**values, **facts})


def numbered(number: int, **facts: Any) -> Interruption:
    """Return a record with a time and a path of its own, and with these facts."""
    own = {"number": number, "time_s": 1_800_000_000.25 + number, "uri": f"/path/{number}?a=b"}
    return record(**{**own, **facts})


def records() -> st.SearchStrategy[Interruption]:
    """Return a strategy of arbitrary records."""
    seconds = st.floats(-1e12, 1e12)
    maybe = st.none() | seconds
    text = st.text(max_size=30)
    return st.builds(
        Interruption,
        number=st.integers(0, 2**62),
        time_s=seconds,
        reason=st.sampled_from(Reason),
        failure_type=text,
        message=text,
        traceback=text,
        has_frames=st.booleans(),
        tries=st.integers(1, 2**62),
        origin=text,
        request_number=st.integers(0, 2**62),
        method=text,
        uri=text,
        version=text,
        client=text,
        began_s=maybe,
        waited_s=maybe,
        delay_s=maybe,
        remaining_s=maybe,
        late_s=seconds,
        bytes_written=st.integers(0, 2**62),
        headers_sent=st.booleans(),
        began_in=text,
        began_at=text,
        awaited=text,
        cancelled=st.booleans(),
        outcome=st.none() | st.sampled_from([one for one in Outcome if one is not Outcome.RUNNING]),
        wasted_s=seconds,
        headers=st.lists(st.tuples(text, text), max_size=3).map(tuple),
    )
