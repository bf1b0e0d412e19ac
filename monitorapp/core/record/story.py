"""The story of an interrupted response, for its user."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import Final

from monitorapp.core.record.interruption import Interruption
from monitorapp.core.record.outcome import explain_outcome
from monitorapp.core.record.reason import Reason, explain
from monitorapp.core.text.format import grouped, local_time, plural, seconds
from monitorapp.core.text.visible import cut

SHOWN_CHARACTERS: Final = 50_000
"""Longest traceback that is shown; copies have all of it."""

LATE_S: Final = 0.05
"""A loss noticed this much too late is worth a line."""

NO_FRAMES: Final = (
    "The Failure has no frames: none of the server's code was running when the connection ended."
)

_SUMMARIES: Final = {
    Reason.CLOSED: "The client closed the connection",
    Reason.RESET: "The connection was reset",
    Reason.TIMED_OUT: "The connection timed out",
    Reason.ABORTED: "This server dropped the connection",
    Reason.STREAM_RESET: "The client cancelled the request",
    Reason.STOPPING: "The server was stopped",
    Reason.TLS: "The encrypted connection failed",
    Reason.OTHER: "The response was interrupted",
}


class LineKind(Enum):
    """What a line of a story is, which decides how it is drawn."""

    SUMMARY = "summary"
    FACT = "fact"
    TRACEBACK = "traceback"
    NOTE = "note"


@dataclass(frozen=True, slots=True)
class StoryLine:
    """One line of a story.

    Attributes:
        kind: What the line is.
        text: Its text, on one line.
        label: What it is about, such as `Client`; empty if the line above has it.
    """

    kind: LineKind
    text: str
    label: str = ""


def story(interruption: Interruption, *, whole: bool = False) -> list[StoryLine]:
    """Return the story of `interruption` in lines.

    Args:
        interruption: The record, with what is known of its outcome.
        whole: Keep long lines and long tracebacks whole instead of cutting them with a mark.

    Raises:
        ValueError, OverflowError, OSError: No calendar has the time when its wait began.
    """
    lines = [StoryLine(LineKind.SUMMARY, summary(interruption))]
    lines += [StoryLine(LineKind.FACT, text, label) for label, text in facts(interruption)]
    lines += _traceback_lines(interruption, whole=whole)
    if whole:
        return lines
    return [StoryLine(line.kind, cut(line.text), line.label) for line in lines]


def story_text(interruption: Interruption) -> str:
    """Return the whole story as plain text, to be copied.

    Raises:
        ValueError, OverflowError, OSError: No calendar has one of its times.
    """
    row = f"{local_time(interruption.time_s, date=True)}  {_request_line(interruption)}"
    lines = [row.rstrip()]
    for line in story(interruption, whole=True):
        if line.kind is LineKind.TRACEBACK:
            lines.append(f"    {line.text}")
        else:
            lines.append(f"  {line.label}: {line.text}" if line.label else f"  {line.text}")
    return "\n".join(lines) + "\n"


def summary(interruption: Interruption) -> str:
    """Return one sentence on what happened."""
    sentence = _SUMMARIES[interruption.reason]
    if interruption.waited_s is not None:
        sentence += f" after {seconds(interruption.waited_s)}"
    if interruption.delay_s is None:
        return sentence + "."
    sentence += f" of a delay of {seconds(interruption.delay_s)}"
    remaining_s = interruption.remaining_s
    if remaining_s is None:
        return sentence + "."
    if remaining_s < 0:
        return f"{sentence}; the answer was overdue by {seconds(-remaining_s)}."
    return f"{sentence}; {seconds(remaining_s)} were left."


def _request_line(interruption: Interruption) -> str:
    return " ".join(filter(None, (interruption.method, interruption.uri, interruption.version)))


def facts(interruption: Interruption) -> list[tuple[str, str]]:
    """Return what is known of the request, as pairs of a label and a text.

    There are as many of them whatever is known of the outcome of a request that is known.
    """
    facts = []
    if interruption.method:
        number = interruption.request_number
        which = f"  (request {grouped(number)})" if number else ""  # another server counts none
        facts.append(("Request", _request_line(interruption) + which))
    else:
        facts.append(("Request", "not known: it was logged outside the handling of any request"))
    if interruption.began_s is not None:
        began = local_time(interruption.began_s, date=True)
        facts.append(("Wait began", f"{began}{_where(interruption)}"))
    if interruption.late_s > LATE_S:
        late = seconds(interruption.late_s)
        facts.append(
            ("Noticed late", f"the server was busy: it may have ended up to {late} earlier")
        )
    if interruption.awaited:
        state = "cancelled" if interruption.cancelled else "not cancelled when this was logged"
        facts.append(("Waited for", f"the delayed call {interruption.awaited}, {state}"))
    if interruption.client:
        facts.append(("Client", interruption.client))
    if interruption.tries > 1:
        times = plural(interruption.tries, "time")
        facts.append(("Tries", f"it gave up on this path {times} in a row"))
    facts += interruption.headers
    if interruption.method and (interruption.request_number or interruption.headers_sent):
        facts.append(("Response", _response(interruption)))
    facts.append(("Reason", f"{interruption.reason.value}. {explain(interruption.reason)}"))
    number, outcome = interruption.request_number, interruption.written_outcome
    if number or outcome is not None:
        facts.append(("Outcome", explain_outcome(outcome, number)))
    return facts


def _where(interruption: Interruption) -> str:
    if not interruption.began_in:
        return ""
    place = f" ({interruption.began_at})" if interruption.began_at else ""
    return f" in {interruption.began_in}{place}"


def _response(interruption: Interruption) -> str:
    if not interruption.headers_sent:
        return "nothing was written"
    if not interruption.bytes_written:
        return "headers were written, no body"
    return f"headers and {plural(interruption.bytes_written, 'byte')} of the body were written"


def _traceback_lines(interruption: Interruption, *, whole: bool) -> list[StoryLine]:
    text = interruption.traceback
    left_out = 0
    if not whole and len(text) > SHOWN_CHARACTERS:
        left_out = len(text) - SHOWN_CHARACTERS
        text = text[:SHOWN_CHARACTERS]
    lines = [
        StoryLine(LineKind.TRACEBACK, line, "" if index else "Traceback")
        for index, line in enumerate(text.split("\n"))
    ]
    if left_out:
        more = plural(left_out, "more character is", "more characters are")
        note = f"{more} not shown; a copy of the row is complete."
        lines.append(StoryLine(LineKind.NOTE, note))
    if not interruption.has_frames:
        lines.append(StoryLine(LineKind.NOTE, NO_FRAMES))
    return lines
