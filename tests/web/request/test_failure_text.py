from __future__ import annotations

import copy

from hypothesis import example, given
from hypothesis import strategies as st
from twisted.internet import error
from twisted.python.failure import Failure

from monitorapp.web.request._failure_text import failure_text

FORGERY = 'gone\n  File "forged.py", line 1, in nothing'
messages = st.text(st.characters(categories=None), max_size=80) | st.sampled_from(
    ["\n", "\n\n", "\n  ", "E", "Traceback", ": ", "line", FORGERY]
)


def raised(message: str, depth: int) -> Failure:
    """Return a Failure with so many frames, and one more."""
    try:
        if depth:
            raised(message, depth - 1).raiseException()
        raise ValueError(message)
    except ValueError:
        return Failure()


def chained(message: str, depth: int | None) -> Failure:
    """Return a Failure that has a Failure for its exception."""
    inner = Failure(ValueError(message)) if depth is None else raised(message, depth)
    outer = copy.copy(inner)
    outer.value, outer.type = inner, Failure
    return outer


def failures(message: str) -> list[Failure]:
    return [
        Failure(ValueError(message)),
        Failure(error.ConnectionLost(message)),
        raised(message, 0),
        raised(message, 2),
        chained(message, None),
        chained(message, 1),
    ]


@given(st.text(st.characters(codec="ascii", exclude_categories=["C"]), max_size=80))
def test_a_message_of_one_line_is_formatted_as_by_twisted(message: str) -> None:
    for failure in failures(message):
        assert failure_text(failure).traceback == failure.getTraceback().rstrip("\n")


@given(messages)
@example("\n")
@example(FORGERY)
def test_a_message_adds_no_line(message: str) -> None:
    for failure, plain in zip(failures(message), failures("x"), strict=True):
        text = failure_text(failure)
        assert text.traceback.count("\n") == plain.getTraceback().rstrip("\n").count("\n")
        assert "\n" not in text.message
        text.traceback.encode("utf-8")


@given(messages)
def test_the_frames_stay_whatever_the_message_says(message: str) -> None:
    frames = failure_text(raised("x", 2)).traceback.split("\n")[:-1]
    assert failure_text(raised(message, 2)).traceback.split("\n")[:-1] == frames


def test_an_exception_that_cannot_be_written_has_one_line_too() -> None:
    class Silent(Exception):
        def __str__(self) -> str:
            raise ZeroDivisionError

    assert failure_text(Failure(Silent())).traceback.count("\n") == 1
