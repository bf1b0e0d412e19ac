"""The outcomes of interrupted requests."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import Final

from monitorapp.core.record.identity import RequestId
from monitorapp.core.record.interruption import Interruption
from monitorapp.core.record.outcome import Outcome, RequestOutcome
from monitorapp.core.signal import Signal

KEPT: Final = 100_000


class Outcomes:
    """Knows the outcomes of interrupted requests, and counts those that it notes.

    It is asked for every record, wherever that comes from: it keeps the outcomes of the newest
    requests of this process, and of others it knows what their records have.

    Args:
        keep: How many outcomes are kept; the oldest go first.

    Attributes:
        became_known: Emitted with a request of whose outcome nothing was known.
        changed: Emitted with a request whose outcome was known and has changed.

    Raises:
        ValueError: `keep` is less than 1.
    """

    def __init__(self, keep: int = KEPT) -> None:
        if keep < 1:
            raise ValueError(f"At least 1 outcome must be kept, not {keep}.")
        self._keep = keep
        self._known: dict[tuple[str, int], RequestOutcome] = {}
        self._counts: Counter[Outcome] = Counter()
        self.became_known: Signal[[RequestId]] = Signal()
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
        (self.became_known if before is None else self.changed).emit(request)

    def of(self, interruption: Interruption) -> RequestOutcome | None:
        """Return the outcome of the request that was interrupted; None if none is known."""
        # As equal as its identity, and made sooner: all rows can be asked for at once.
        known = self._known.get((interruption.origin, interruption.request_number))
        return interruption.written_outcome if known is None else known

    def words_of(self, interruption: Interruption) -> str:
        """Return the value of that outcome, which the filter looks for; empty if none is known."""
        known = self._known.get((interruption.origin, interruption.request_number))
        outcome = interruption.outcome if known is None else known.outcome
        return "" if outcome is None else outcome.value

    def applied(self, interruption: Interruption) -> Interruption:
        """Return the record with what is known of its outcome by now, to be read as a whole."""
        known = self._known.get((interruption.origin, interruption.request_number))
        return interruption if known is None else _with(interruption, known)

    def written(self, interruption: Interruption) -> Interruption:
        """Return the same, to be written to a file."""
        known = self._known.get((interruption.origin, interruption.request_number))
        return interruption if known is None else _with(interruption, known.as_written)

    def count(self, outcome: Outcome) -> int:
        """Return how many requests had this outcome, also of those no longer kept."""
        return self._counts[outcome]


def _with(interruption: Interruption, known: RequestOutcome) -> Interruption:
    return replace(interruption, outcome=known.outcome, wasted_s=known.wasted_s)
