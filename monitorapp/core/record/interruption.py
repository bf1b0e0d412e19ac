"""The record of one interrupted response."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from monitorapp.core.record.identity import RequestId
from monitorapp.core.record.outcome import Outcome, RequestOutcome
from monitorapp.core.record.reason import Reason

INTERRUPTED_MESSAGE: Final = "Async response demo interrupted response"
"""The text with which a resource logs the Failure of an interrupted response."""

KEPT_CHARACTERS: Final = 262_144
"""Longest message or traceback that a record keeps."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Interruption:
    """One interrupted response: what is known of its request, and how that ended.

    It is plain text and numbers: nothing in it keeps a request, a connection or a frame alive.
    Text that came over the network has been made visible (see `monitorapp.core.text.visible`).

    Attributes:
        origin: Names the process that served the request, see `RequestId`; empty if not known.
        request_number: Running number of the request in that process, from 1; 0 if not known.
        method: HTTP method, such as `GET`; empty if the request is not known.
        uri: Path and query as requested.
        version: Protocol version, such as `HTTP/1.1`.
        client: Address of the client, `HOST:PORT`, see `monitorapp.core.record.client`.
        began_s: When the handling began, in seconds since the epoch; None if not known.
        waited_s: How long the client had waited, in seconds; None if not known.
        delay_s: The delay that the response was given, in seconds; None if it had none.
        remaining_s: How much of the delay was left, in seconds; negative if it was overdue.
        late_s: How much earlier the client may have left, in seconds, because the server was too
            busy to look; 0 if it was noticed in time.
        bytes_written: Bytes of the response's body written so far.
        headers_sent: Whether the response's headers were written already.
        began_in: Name of the render method, such as `DelayedResource.render_GET`.
        began_at: Where that method is defined, `FILE:LINE`.
        awaited: Name of the delayed call that the response waited for; empty if none is known.
        cancelled: Whether that call had been cancelled.
        headers: Selected request headers, as pairs of name and value.
        number: Running number of the record, from 1.
        time_s: When it was logged, in seconds since the epoch.
        reason: Why the response was interrupted.
        failure_type: Full name of the Failure's exception type.
        message: The Failure's message, on one line.
        traceback: The Failure as Twisted formats it, possibly of many lines.
        has_frames: Whether the traceback names any line of code.
        tries: How many times in a row this client has asked for this path and given up, see
            `monitorapp.core.records.tries`.
        outcome: What had become of the work for the request when this was read from a file, or
            is written to one; None if that is not known. While the request is followed
            `monitorapp.core.records.outcomes` knows more: ask that.
        wasted_s: How long that work had run after the client had left, in seconds.
    """

    origin: str = ""
    request_number: int = 0
    method: str = ""
    uri: str = ""
    version: str = ""
    client: str = ""
    began_s: float | None = None
    waited_s: float | None = None
    delay_s: float | None = None
    remaining_s: float | None = None
    late_s: float = 0.0
    bytes_written: int = 0
    headers_sent: bool = False
    began_in: str = ""
    began_at: str = ""
    awaited: str = ""
    cancelled: bool = False
    headers: tuple[tuple[str, str], ...] = ()
    number: int
    time_s: float
    reason: Reason
    failure_type: str
    message: str
    traceback: str
    has_frames: bool
    tries: int = 1
    outcome: Outcome | None = None
    wasted_s: float = 0.0

    @property
    def identity(self) -> RequestId:
        """Which request this is, among those of all processes."""
        return RequestId(self.origin, self.request_number)

    @property
    def written_outcome(self) -> RequestOutcome | None:
        """Its own `outcome` and `wasted_s`."""
        return None if self.outcome is None else RequestOutcome(self.outcome, self.wasted_s)

    @property
    def key(self) -> tuple[float, str, int]:
        """What tells this record from all others: when it was logged, its origin, its number."""
        return self.time_s, self.origin, self.number

    @property
    def path(self) -> str:
        """The URI without its query."""
        return self.uri.partition("?")[0]

    def header(self, name: str) -> str:
        """Return the value of the selected header `name`, or an empty string."""
        return next((value for key, value in self.headers if key == name), "")
