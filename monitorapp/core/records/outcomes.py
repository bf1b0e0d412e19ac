"""The outcomes of interrupted requests."""

from __future__ import annotations

from collections import Counter

from monitorapp.core.record.identity import RequestId
from monitorapp.core.record.interruption import Interruption
from monitorapp.core.record.outcome import Outcome, RequestOutcome
from monitorapp.core.records.store import DEFAULT_KEEP
from monitorapp.core.signal import Signal


class Outcomes:
    """Keeps the outcomes of the newest requests that were interrupted, and counts all.

    Args:
        keep: How many outcomes are kept; the oldest go first.

    Attributes:
        changed: Emitted with a request whose outcome was known and has changed.

    Raises:
        ValueError: `keep` is less than 1.
    """

    def __init__(self, keep: int = DEFAULT_KEEP) -> None:
        if keep < 1:
            raise ValueError(f"At least 1 outcome must be kept, not {keep}.")
        self._keep = keep
        self._known: dict[tuple[str, int], RequestOutcome] = {}
        self._counts: Counter[Outcome] = Counter()
        self.changed: Signal[[RequestId]] = Signal()

    def __len__(self) -> int:
        return len(self._known)

    def note(self, request: RequestId, outcome: RequestOutcome) -> None:
        """Take what has become known of a request."""
        self._counts[outcome.outcome] += 1
        before = self._known.get(request)
        if before is not None:
            self._counts[before.outcome] -= 1
        elif len(self._known) == self._keep:
            del self._known[next(iter(self._known))]
        self._known[request] = outcome
        if before is not None:
            self.changed.emit(request)

    def of(self, interruption: Interruption) -> RequestOutcome | None:
        """Return the outcome of the request that was interrupted; None if none is known."""
        # As equal as its identity, and made sooner: all rows can be asked for at once.
        return self._known.get((interruption.origin, interruption.request_number))

    def count(self, outcome: Outcome) -> int:
        """Return how many requests had this outcome, also of those no longer kept."""
        return self._counts[outcome]
