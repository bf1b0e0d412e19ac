"""What became of the work for a request whose client had left."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import Final

from monitorapp.core.text.format import grouped, seconds

LATE_ERROR: Final = "RuntimeError: Request.finish called on a request after its connection was lost"
"""What Twisted raises when the response of a client that has left is finished."""


class Outcome(Enum):
    """What became of the work for an interrupted request. The value is what the user reads.

    Whatever is read from a file is not `RUNNING`: nobody there knows whether it still is.
    """

    UNKNOWN = "unknown"
    CANCELLED = "cancelled cleanly"
    RUNNING = "still running"
    LAST_SEEN_RUNNING = "still running when last seen"
    WENT_ON = "kept running"
    CRASHED = "finished after disconnect"


@dataclass(frozen=True, slots=True)
class RequestOutcome:
    """The outcome of one request.

    Attributes:
        outcome: What became of its work.
        wasted_s: How long the work is known to have run after the client had left, in
            seconds; 0 if it did not, or has not ended.
    """

    outcome: Outcome
    wasted_s: float = 0.0

    @property
    def text(self) -> str:
        """A few words, for the cell of a table."""
        if self.outcome in (Outcome.WENT_ON, Outcome.CRASHED):
            return f"{self.outcome.value}, {seconds(self.wasted_s)}"
        return str(self.outcome.value)

    @property
    def as_written(self) -> RequestOutcome:
        """What a file says of it, which is read later."""
        return _SEEN if self.outcome is Outcome.RUNNING else self


_SEEN: Final = RequestOutcome(Outcome.LAST_SEEN_RUNNING)


def explain_outcome(known: RequestOutcome | None, request_number: int) -> str:
    """Return what is known of the outcome of a request, in a line for its story."""
    if known is None:
        return "not known: it was not recorded, or so long ago that it is no longer kept"
    wasted = seconds(known.wasted_s)
    if known.outcome is Outcome.CANCELLED:
        return "cancelled cleanly: the delayed call was cancelled when the client left"
    if known.outcome is Outcome.RUNNING:
        return "the work is still running for nobody: the delayed call was not cancelled"
    if known.outcome is Outcome.LAST_SEEN_RUNNING:
        return (
            "the work was still running for nobody when it was last seen;"
            " how it ended was not recorded"
        )
    if known.outcome is Outcome.WENT_ON:
        return f"the work kept running for nobody, for {wasted} after the client had left"
    if known.outcome is Outcome.CRASHED:
        request = f"request {grouped(request_number)}"
        return f"{request} was finished {wasted} after its client had left: {LATE_ERROR}"
    return "not known: nothing has been seen of this request since"
