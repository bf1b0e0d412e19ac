from __future__ import annotations

from hypothesis import given

from monitorapp.core.record.codec import NAMES
from monitorapp.core.record.details import (
    IMPOSSIBLE_TIME,
    record_details,
    request_details,
    shown,
    story_details,
    traceback_details,
)
from monitorapp.core.record.interruption import Interruption
from monitorapp.core.record.story import NO_FRAMES, SHOWN_CHARACTERS
from tests.factory import record, records


def test_the_request_has_its_parameters_and_headers() -> None:
    text = request_details(record(uri="/a?x=1&x=%0A2&empty="))
    assert "Method   GET" in text
    assert "  x      1\n  x      \\n2\n  empty" in text
    assert "  Host        localhost\n  User-Agent  curl/8.0" in text


def test_a_request_that_is_not_known_says_so() -> None:
    assert "not known" in request_details(record(method=""))


def test_the_story_has_no_traceback_and_no_raise() -> None:
    assert "Traceback" not in story_details(record())
    assert story_details(record(began_s=1e300)) == IMPOSSIBLE_TIME


def test_a_failure_without_frames_says_why() -> None:
    assert traceback_details(record()).endswith(NO_FRAMES)
    assert NO_FRAMES not in traceback_details(record(has_frames=True))


def test_what_is_shown_is_cut_with_a_note() -> None:
    assert shown("a\n\tb") == "a\n\tb"
    assert shown("a" * 1001).startswith("a" * 1000 + "… (1 more character)\n\nNot all")
    assert len(shown("a\n" * SHOWN_CHARACTERS)) < SHOWN_CHARACTERS + 100
    assert shown("\u202e\u2028").startswith("\\u202e\\u2028")


@given(records())
def test_no_record_makes_them_raise(interruption: Interruption) -> None:
    for details in (story_details, request_details, traceback_details, record_details):
        text = shown(details(interruption))
        assert len(text) < SHOWN_CHARACTERS + 100
    lines = record_details(interruption).split("\n")
    assert [line.partition(" = ")[0] for line in lines] == list(NAMES)
