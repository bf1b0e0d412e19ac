"""What a row of the requests that wait shows."""

from __future__ import annotations

from dataclasses import dataclass

from monitorapp.core.request.waiting import WaitingRequest


@dataclass(frozen=True, slots=True)
class WaitingRow:
    """A request that waited at the last refresh.

    Attributes:
        number: Its running number.
        request: What is known of it now; None if it has ended since.
    """

    number: int
    request: WaitingRequest | None
