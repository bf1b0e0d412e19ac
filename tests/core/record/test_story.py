from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitorapp.core.record.interruption import Interruption
from monitorapp.core.record.reason import Reason
from monitorapp.core.record.story import (
    NO_FRAMES,
    SHOWN_CHARACTERS,
    LineKind,
    facts,
    story,
    story_text,
    summary,
)
from monitorapp.core.text.visible import CELL_CHARACTERS
from tests.factory import record


def interruption(**facts: Any) -> Interruption:
    known: dict[str, Any] = {
        "traceback": "Traceback (most recent call last):\nFailure: ConnectionDone: closed",
        "request_number": 12,
        "uri": "/report?year=2026",
        "client": "127.0.0.1:51234",
        "waited_s": 1.004,
        "remaining_s": 3.996,
        "began_in": "DelayedResource.render_GET",
        "began_at": "demo.py:42",
        "awaited": "DelayedResource.answer",
        "cancelled": True,
        "headers": (("User-Agent", "curl/8.5"),),
    }
    return record(**{**known, **facts})


def test_the_summary_is_the_sentence_a_colleague_would_say() -> None:
    assert summary(interruption()) == (
        "The client closed the connection after 1.004 s of a delay of 5.000 s; 3.996 s were left."
    )
    assert summary(interruption(remaining_s=-0.25)).endswith("overdue by 0.250 s.")
    assert summary(interruption(delay_s=None)) == "The client closed the connection after 1.004 s."
    assert (
        summary(interruption(reason=Reason.STOPPING, waited_s=None, delay_s=None, remaining_s=None))
        == "The server was stopped."
    )


@pytest.mark.parametrize("reason", Reason)
def test_every_reason_has_a_summary(reason: Reason) -> None:
    assert summary(interruption(reason=reason)).endswith("were left.")


def test_the_story_tells_who_what_where_and_why() -> None:
    text = story_text(interruption())
    for part in (
        "GET /report?year=2026 HTTP/1.1",
        "request 12",
        "DelayedResource.render_GET (demo.py:42)",
        "the delayed call DelayedResource.answer, cancelled",
        "127.0.0.1:51234",
        "User-Agent: curl/8.5",
        "nothing was written",
        "closed by the client",
        "ConnectionDone",
        NO_FRAMES,
    ):
        assert part in text


def test_a_loss_noticed_late_says_so() -> None:
    assert "up to 0.120 s earlier" in story_text(interruption(late_s=0.12))
    assert "earlier" not in story_text(interruption(late_s=0.05))


def test_an_unknown_request_is_said_to_be_unknown() -> None:
    unknown = Interruption(
        number=1,
        time_s=0.0,
        reason=Reason.OTHER,
        failure_type="",
        message="",
        traceback="",
        has_frames=True,
    )
    assert "Request: not known" in story_text(unknown)


@given(
    st.text(st.characters(exclude_categories=["Cc", "Cs"]), max_size=3000),
    st.text(st.characters(exclude_categories=["Cs"]), max_size=3000),
)
def test_shown_lines_are_short_and_the_copy_is_whole(uri: str, traceback: str) -> None:
    one = interruption(uri=uri, traceback=traceback)
    for line in story(one):
        assert "\n" not in line.text
        assert len(line.text) < CELL_CHARACTERS + 40
    text = story_text(one)
    assert uri in text
    assert all(line in text for line in traceback.split("\n"))


def test_a_long_traceback_is_cut_and_says_so() -> None:
    traceback = "\n".join(f'  File "x.py", line {number}' for number in range(5000))
    one = interruption(traceback=traceback, has_frames=True)
    shown = story(one)
    assert sum(len(line.text) for line in shown if line.kind is LineKind.TRACEBACK) <= (
        SHOWN_CHARACTERS
    )
    assert shown[-1].kind is LineKind.NOTE
    assert "more characters are not shown" in shown[-1].text
    assert "line 4999" in story_text(one)


def test_of_a_request_of_another_server_nothing_is_said_that_is_not_known() -> None:
    labels = dict(facts(record(method="GET", uri="/a", version="HTTP/1.1", request_number=0)))
    assert labels["Request"] == "GET /a HTTP/1.1"
    assert "Response" not in labels
