"""The outcomes of the requests of this run."""

from __future__ import annotations

from collections import Counter
from typing import Final

from monitorapp.core.record.interruption import RequestFacts
from monitorapp.core.record.outcome import Outcome, RequestOutcome
from monitorapp.core.records.store import DEFAULT_KEEP
from monitorapp.core.signal import Signal

# One object for each outcome that nothing was wasted in: nearly all are such.
_PLAIN: Final = {outcome: RequestOutcome(outcome) for outcome in Outcome}


class Outcomes:
    """Keeps the outcomes of the newest requests that were interrupted, and counts all.

    A request that has been answered is only counted.

    Args:
        since_s: When this run began, in seconds since the epoch. Requests that began before
            are of another run, even if they have the number of one of this run.
        keep: How many outcomes are kept; the oldest go first.

    Attributes:
        changed: Emitted with the number of a request whose outcome was known and
            has changed.

    Raises:
        ValueError: `keep` is less than 1.
    """

    def __init__(self, since_s: float = 0.0, keep: int = DEFAULT_KEEP) -> None:
        if keep < 1:
            raise ValueError(f"At least 1 outcome must be kept, not {keep}.")
        self._since_s = since_s
        self._keep = keep
        self._known: dict[int, RequestOutcome] = {}
        self._counts: Counter[Outcome] = Counter()
        self.changed: Signal[[int]] = Signal()

    def __len__(self) -> int:
        return len(self._known)

    def note(self, number: int, outcome: Outcome, wasted_s: float) -> None:
        """Take what has become known of the request with this number."""
        self._counts[outcome] += 1
        if outcome is Outcome.ANSWERED:
            return
        before = self._known.get(number)
        if before is not None:
            self._counts[before.outcome] -= 1
        elif len(self._known) == self._keep:
            del self._known[next(iter(self._known))]
        self._known[number] = RequestOutcome(outcome, wasted_s) if wasted_s else _PLAIN[outcome]
        if before is not None:
            self.changed.emit(number)

    def of(self, facts: RequestFacts) -> RequestOutcome | None:
        """Return the outcome of the request with these facts; None if none is known."""
        if facts.began_s is None or facts.began_s < self._since_s:
            return None
        return self._known.get(facts.request_number)

    def count(self, outcome: Outcome) -> int:
        """Return how many requests had this outcome, also of those no longer kept."""
        return self._counts[outcome]
