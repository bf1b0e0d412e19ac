"""The requests that wait for their answers now."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from monitorapp.core.record.identity import RequestId


@dataclass(frozen=True, slots=True, kw_only=True)
class WaitingRequest:
    """What is known of a request that waits, at one moment.

    Attributes:
        identity: Which request it is.
        uri: Path and query as requested, made visible.
        client: Address of the client, `HOST:PORT`.
        waited_s: How long it has waited, in seconds.
        delay_s: The delay that its response is given, in seconds; None if it has none.
        remaining_s: How much of that is left, in seconds, negative if it is overdue; None if no
            delayed call is known that it waits for.
        bytes_written: Bytes of the response's body written so far.
        headers_sent: Whether the response's headers were written already.
        has_errback: Whether an errback is notified when its client leaves.
    """

    identity: RequestId
    uri: str
    client: str
    waited_s: float
    delay_s: float | None
    remaining_s: float | None
    bytes_written: int
    headers_sent: bool
    has_errback: bool

    @property
    def share(self) -> float | None:
        """How much of the delay is over, from 0 to 1; None if the end is not known."""
        if self.delay_s is None or self.remaining_s is None:
            return None
        if self.delay_s <= 0 or self.remaining_s <= 0:
            return 1.0
        return max(0.0, 1.0 - self.remaining_s / self.delay_s)


class WaitingRequests(Protocol):
    """The requests that wait in this process, where each has a running number."""

    def numbers(self) -> Sequence[int]:
        """Return the numbers of the requests that wait, in ascending order."""
        ...

    def facts(self, number: int) -> WaitingRequest | None:
        """Return what is known of one of them now; None if it does not wait."""
        ...
