"""What a campaign of impatient clients does, as a user plans it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import Final

from monitorapp.core.chance.distribution import Distribution
from monitorapp.core.text.format import grouped

MAX_REQUESTS: Final = 1_000_000
MAX_AT_ONCE: Final = 20_000


class Leaving(Enum):
    """What a client does once its patience is over. The value is what the user reads."""

    CLOSE = "close (FIN)"
    RESET = "reset (RST)"
    HALF_CLOSE = "half-close"
    SLOW_READ = "read slowly"
    WAIT = "wait for the answer"


@dataclass(frozen=True, slots=True, kw_only=True)
class CampaignPlan:
    """What a campaign does.

    Attributes:
        target: The URL of a server, as typed; empty for this app's own.
        path: What is asked for, path and query.
        count: How many requests are sent.
        at_once: How many of them are open at a time, at most.
        leaving: What a client does once its patience is over.
        patience: How long clients wait; the pauses of clients that read slowly.
        seed: Makes the random patience the same each time; None to have another each time.

    Raises:
        ValueError: A number is not possible; the message says why.
    """

    target: str = ""
    path: str = "/"
    count: int
    at_once: int
    leaving: Leaving
    patience: Distribution
    seed: int | None = None

    def __post_init__(self) -> None:
        if not 1 <= self.count <= MAX_REQUESTS:
            raise ValueError(
                f"From 1 to {grouped(MAX_REQUESTS)} requests can be sent,"
                f" not {grouped(self.count)}."
            )
        if not 1 <= self.at_once <= MAX_AT_ONCE:
            raise ValueError(
                f"From 1 to {grouped(MAX_AT_ONCE)} requests can be open at a time,"
                f" not {grouped(self.at_once)}."
            )
