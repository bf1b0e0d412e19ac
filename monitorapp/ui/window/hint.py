"""The text of an empty table: why there is no row, and how to get one."""

from __future__ import annotations

from typing import Final

PATIENCE_S: Final = 1.0
"""How long a request that is sent to be interrupted waits at most, in seconds."""

NO_DELAY: Final = "No response can be interrupted without a delay. Choose one above 0 s."


def patience_s(delay_s: float, typical_s: float) -> float:
    """Return how long a request waits that is to be interrupted before its delay is over.

    Args:
        delay_s: The delay to expect now, in seconds; a sweep begins at 0.
        typical_s: The median of the delays, in seconds, for that case.

    Returns:
        Seconds; 0 if no request can be interrupted.
    """
    return min(PATIENCE_S, (delay_s or typical_s) / 2)


def impatient_command(address: str, patience_s: float) -> str:
    """Return a curl command that asks the server and gives up after so many seconds.

    Args:
        address: URL of the server, or `unix:` and a path.
        patience_s: How long it waits, in seconds.
    """
    patience = f"{patience_s:.3g}"
    if address.startswith("unix:"):
        path = address.removeprefix("unix:")
        return f"curl -m {patience} --unix-socket {path} http://localhost/"
    insecure = "-k " if address.startswith("https:") else ""
    return f"curl {insecure}-m {patience} {address}"


def empty_hint(
    *, of_source: str, hides_rows: bool, address: str, patience_s: float
) -> tuple[str, str]:
    """Return a sentence for an empty table, and a command that changes it, or an empty text.

    Args:
        of_source: A sentence about a source other than the live one; empty if it is live.
        hides_rows: Whether a filter hides all rows that there are.
        address: Where the server listens; empty if it does not.
        patience_s: How long a request waits that is to be interrupted, in seconds; 0 if none can.
    """
    if of_source:
        return of_source, ""
    if hides_rows:
        return "No row matches the filter.", ""
    if not address:
        return "The server does not listen. Press Start to produce rows.", ""
    if patience_s == 0:
        return NO_DELAY, ""
    return (
        "No interrupted responses yet. Press Interrupt one, or let a client give up:",
        impatient_command(address, patience_s),
    )
