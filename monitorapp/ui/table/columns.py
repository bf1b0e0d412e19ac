"""The columns of the table of interrupted responses."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import Final

from monitorapp.core.record.client import ClientAddress
from monitorapp.core.record.interruption import Interruption
from monitorapp.core.record.outcome import RequestOutcome
from monitorapp.core.text.visible import cut
from monitorapp.ui.widgets.cells import UNKNOWN, reason_text, seconds_text, time_text
from monitorapp.ui.widgets.columns import RIGHT, Column

OutcomeOf = Callable[[Interruption], RequestOutcome | None]
"""Returns what is known of the outcome of a request, which its record does not have."""

_CLIENTS: Final = 16_384


def interruption_columns(outcome_of: OutcomeOf) -> tuple[Column[Interruption], ...]:
    """Return the columns in their first order.

    Text is sorted without regard to case, and clients by their addresses as numbers.
    """
    return (
        Column(
            key="time",
            title="Time",
            explanation=(
                "When the interruption was logged: local time, with milliseconds;\n"
                "the month and the day, if it was not today."
            ),
            sample="00-00 00:00:00",
            text=lambda one: time_text(one.time_s),
            sort_key=lambda one: one.time_s,
        ),
        Column(
            key="method",
            title="Method",
            explanation="HTTP method of the request",
            sample="OPTIONS",
            text=lambda one: cut(one.method) or UNKNOWN,
            sort_key=lambda one: one.method.lower() or None,
        ),
        Column(
            key="path",
            title="Path",
            explanation="What was requested: the path with its query",
            sample="/a/path/of/usual/length?with=a&query=0",
            fills=True,
            text=lambda one: cut(one.uri) or UNKNOWN,
            sort_key=lambda one: one.uri.lower() or None,
        ),
        Column(
            key="client",
            title="Client",
            explanation="Address and port that the request came from",
            sample="192.168.100.10:65535",
            text=lambda one: cut(one.client) or UNKNOWN,
            sort_key=lambda one: _client_key(one.client),
        ),
        Column(
            key="waited",
            title="Waited",
            explanation=(
                "How long the client had waited when the connection ended.\n"
                "The bar behind it is the share of the delay."
            ),
            sample="100.000 s",
            alignment=RIGHT,
            text=lambda one: seconds_text(one.waited_s),
            sort_key=lambda one: one.waited_s,
            share=waited_share,
        ),
        Column(
            key="delay",
            title="Delay",
            explanation="The delay that this response was given when its request came",
            sample="100.000 s",
            alignment=RIGHT,
            text=lambda one: seconds_text(one.delay_s),
            sort_key=lambda one: one.delay_s,
        ),
        Column(
            key="reason",
            title="Reason",
            explanation=(
                "Why the response was interrupted; and which try of the client this was,\n"
                "if it asked for the same path again within 30 s of giving up\n"
                "and can be told from other clients"
            ),
            sample="closed by the client · try 3",
            text=reason_text,
            sort_key=lambda one: one.reason.value,
        ),
        Column(
            key="outcome",
            title="Outcome",
            explanation=(
                "What became of the work after the disconnect: cancelled cleanly, still running,"
                "\nkept running for so long, or finished the response after the disconnect"
            ),
            sample="kept running, 2.000 s",
            text=lambda one: _outcome_text(outcome_of(one)),
            sort_key=lambda one: _outcome_key(outcome_of(one)),
            can_change=True,
        ),
    )


def waited_share(interruption: Interruption) -> float:
    """Return how much of its delay the client had waited, from 0 to 1; 0 if not known."""
    waited_s, delay_s = interruption.waited_s, interruption.delay_s
    if waited_s is None or delay_s is None or not (delay_s > 0 and waited_s > 0):
        return 0.0
    share = waited_s / delay_s
    return min(share, 1.0) if share == share else 0.0  # infinite of infinite is NaN


def _outcome_text(known: RequestOutcome | None) -> str:
    return UNKNOWN if known is None else known.text


def _outcome_key(known: RequestOutcome | None) -> tuple[str, float] | None:
    return None if known is None else (known.outcome.value, known.wasted_s)


@lru_cache(maxsize=_CLIENTS)
def _client_key(client: str) -> tuple[int, int, int, str] | None:
    return ClientAddress.parse(client).order if client else None
