"""What this app's server does with the requests of one campaign."""

from __future__ import annotations

from twisted.web.http_headers import Headers

from monitorapp.core.campaign.summary import ServerCounts
from monitorapp.core.record.interruption import Interruption
from monitorapp.core.records.store import InterruptionStore
from monitorapp.core.request.ended import RequestEnd
from monitorapp.core.signal import Signal
from monitorapp.web.request.tracker import RequestTracker


class ServerTally:
    """Counts the requests that have one User-Agent, as the server begins, ends and records them.

    They are counted as that happens, so that it does not matter how many records are kept.

    Args:
        store: Takes the server's records.
        tracker: Knows the server's requests.
        agent: The User-Agent.

    Attributes:
        changed: Emitted after each change of the counts.
    """

    def __init__(self, store: InterruptionStore, tracker: RequestTracker, agent: str) -> None:
        self.changed: Signal[[]] = Signal()
        self._store = store
        self._tracker = tracker
        self._agent = agent
        self._raw_agent = [agent.encode("ascii")]
        self._reached = 0
        self._answered = 0
        self._interrupted = 0
        self._recorded = 0

    @property
    def counts(self) -> ServerCounts:
        """The counts so far."""
        return ServerCounts(
            reached=self._reached,
            answered=self._answered,
            interrupted=self._interrupted,
            recorded=self._recorded,
        )

    def start(self) -> None:
        """Begin to count."""
        self._tracker.begun.connect(self._take_begun)
        self._tracker.ended.connect(self._take_ended)
        self._store.added.connect(self._take_record)

    def stop(self) -> None:
        """Stop counting."""
        self._tracker.begun.disconnect(self._take_begun)
        self._tracker.ended.disconnect(self._take_ended)
        self._store.added.disconnect(self._take_record)

    def _take_begun(self, headers: Headers) -> None:
        if headers.getRawHeaders(b"User-Agent") == self._raw_agent:
            self._reached += 1
            self.changed.emit()

    def _take_ended(self, end: RequestEnd) -> None:
        if end.header("User-Agent") == self._agent:
            self._answered += end.answered
            self._interrupted += not end.answered
            self.changed.emit()

    def _take_record(self, interruption: Interruption) -> None:
        if interruption.header("User-Agent") == self._agent:
            self._recorded += 1
            self.changed.emit()
