"""A source of tests."""

from __future__ import annotations

from monitorapp.core.filter.language import Filter
from monitorapp.core.records.matching import FixedInterruptions, Interruptions
from monitorapp.core.records.stars import Stars
from monitorapp.core.signal import Signal
from monitorapp.core.source.source import Progress
from tests.factory import record


class Searched:
    """A source that finds what a test lets it find."""

    title = "Searched"
    is_live = False

    def __init__(self) -> None:
        self.changed: Signal[[]] = Signal()
        self.progressed: Signal[[]] = Signal()
        self.failed: Signal[[str]] = Signal()
        self.stars = Stars()
        self.records: Interruptions = FixedInterruptions([], self.stars)
        self.progress = Progress(0.0)
        self.filters: list[str] = []

    def set_filter(self, filter_: Filter) -> None:
        self.filters.append(filter_.expression)

    def seen_values(self, field: str) -> list[str]:
        return [f"/{field}-of-it"]

    def close(self) -> None:
        """Nothing is running."""

    def find(self, share: float, *uris: str) -> None:
        found = [record(uri=uri) for uri in uris]
        self.records = FixedInterruptions(found, self.stars)
        self.changed.emit()
        self.report(Progress(share))

    def report(self, progress: Progress) -> None:
        self.progress = progress
        self.progressed.emit()
