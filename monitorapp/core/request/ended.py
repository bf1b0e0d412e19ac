"""A request whose handling has ended, in any way."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class EndedRequest:
    """How long a client waited, and who ended its wait.

    For a statistic of patience `left` is the event; every other end is censored: all
    that it says is that the client would have waited at least so long.

    Attributes:
        number: Running number of the request, from 1.
        time_s: When it ended, in seconds since the epoch.
        path: What was requested, without the query; made visible.
        client: Address of the client, `HOST:PORT`.
        began_s: When its handling began, in seconds since the epoch.
        waited_s: How long the client waited, in seconds.
        delay_s: The delay that the response was given, in seconds; None if it had none.
        left: Whether the client left by itself, rather than being answered, dropped by this
            server or by a person, or lost with the network.
        answered: Whether the response was finished.
        agent: The User-Agent of the request; empty if it had none.
    """

    number: int
    time_s: float
    path: str
    client: str
    began_s: float
    waited_s: float
    delay_s: float | None
    left: bool
    answered: bool
    agent: str = ""
