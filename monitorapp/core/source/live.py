"""What this app records, as it comes in."""

from __future__ import annotations

from monitorapp.core.records.store import InterruptionStore
from monitorapp.core.source.held import HeldSource
from monitorapp.core.source.source import InSlices


class LiveSource(HeldSource):
    """The records of the app's store; see `Source`."""

    is_live = True

    def __init__(self, store: InterruptionStore, in_slices: InSlices | None = None) -> None:
        super().__init__("Live", store, in_slices)
