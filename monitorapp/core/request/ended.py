"""How the handling of a request ended."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple, Protocol

from monitorapp.core.record.client import ClientAddress
from monitorapp.core.record.failure import FailureText
from monitorapp.core.record.identity import RequestId
from monitorapp.core.record.interruption import Interruption
from monitorapp.core.record.reason import Reason
from monitorapp.core.text.visible import visible

LEFT: Final = frozenset({Reason.CLOSED, Reason.RESET, Reason.STREAM_RESET})
"""The reasons that are a client's own doing. One that timed out may have lost its network."""

RECORDED_HEADERS: Final = ("Host", "User-Agent", "Referer")


class RawHeaders(Protocol):
    """The headers of a request, as they came; `twisted.web.http_headers.Headers` are such."""

    def getRawHeaders(self, name: bytes) -> Sequence[bytes] | None:  # noqa: D102
        ...


# No frozen dataclass, which takes several times as long to make: each answered request has one.
class RequestEnd(NamedTuple):
    """How the handling of a request ended: it was answered, or its connection was lost.

    It is made once, when that happens. The record of an interruption, the statistics of waits
    and the outcome of the work all begin with it. It holds what came over the network as it
    came, and its text is made when it is asked for, as hardly anything is asked of requests
    that were answered. It keeps no request, connection, frame or Failure alive.

    For a statistic of patience `left` is the event; every other end is censored: it
    only shows that the client would have waited at least so long.

    Attributes:
        origin: Names the process that served the request, see `RequestId`.
        number: Running number of the request in that process, from 1.
        method: HTTP method.
        uri: Path and query as requested.
        version: Protocol version, such as `HTTP/1.1`.
        host: Host of the client, see `ClientAddress`.
        port: Port of the client; None if it has none.
        headers: The request's headers.
        began_s: When its handling began, in seconds since the epoch.
        waited_s: How long the client waited, in seconds.
        delay_s: The delay that the response was given, in seconds; None if it had none. Of a
            request that was answered it is known only if it was given here, or by a resource
            that says so.
        bytes_written: Bytes of the response's body that were written.
        headers_sent: Whether the response's headers were written.
        reason: Why it was interrupted; None if it was answered.
        remaining_s: How much of the delay was left, in seconds, negative if it was overdue; None
            if no delayed call is known that the response waited for.
        late_s: How much earlier the client may have left, in seconds, because the server was too
            busy to look; 0 if it was noticed in time.
        began_in: Name of the render method; empty if the request was answered.
        began_at: Where that method is defined, `FILE:LINE`.
        awaited: Name of the delayed call that the response waited for; empty if none is known.
    """

    origin: str
    number: int
    method: bytes
    uri: bytes
    version: bytes
    host: str
    port: int | None
    headers: RawHeaders
    began_s: float
    waited_s: float
    delay_s: float | None
    bytes_written: int
    headers_sent: bool
    reason: Reason | None = None
    remaining_s: float | None = None
    late_s: float = 0.0
    began_in: str = ""
    began_at: str = ""
    awaited: str = ""

    @property
    def identity(self) -> RequestId:
        """Which request it was, among those of all processes."""
        return RequestId(self.origin, self.number)

    @property
    def answered(self) -> bool:
        """Whether the response was finished."""
        return self.reason is None

    @property
    def left(self) -> bool:
        """Whether the client left by itself.

        It was not answered, nor dropped by this server or by a user, nor lost with the network.
        """
        return self.reason in LEFT

    @property
    def raw_path(self) -> bytes:
        """What was requested, without the query."""
        return self.uri.partition(b"?")[0]

    @property
    def path(self) -> str:
        """The same, made visible."""
        return visible(self.raw_path)

    @property
    def client(self) -> str:
        """Address of the client, `HOST:PORT`."""
        return str(ClientAddress(self.host, self.port))

    def header(self, name: str) -> str:
        """Return the values of a header of the request, made visible; empty if it had none."""
        return visible(b", ".join(self.headers.getRawHeaders(name.encode()) or ()))

    def record(
        self,
        failure: FailureText,
        *,
        number: int,
        time_s: float,
        reason: Reason,
        cancelled: bool,
    ) -> Interruption:
        """Return the record of this end, of which a Failure was logged.

        Args:
            failure: What is kept of that Failure.
            number: Running number of the record.
            time_s: When it was logged, in seconds since the epoch.
            reason: Why the response was interrupted: its own reason, if it has one.
            cancelled: Whether the delayed call that it waited for had been cancelled by then.
        """
        return Interruption(
            origin=self.origin,
            request_number=self.number,
            method=visible(self.method),
            uri=visible(self.uri),
            version=visible(self.version),
            client=self.client,
            began_s=self.began_s,
            waited_s=self.waited_s,
            delay_s=self.delay_s,
            remaining_s=self.remaining_s,
            late_s=self.late_s,
            bytes_written=self.bytes_written,
            headers_sent=self.headers_sent,
            began_in=self.began_in,
            began_at=self.began_at,
            awaited=self.awaited,
            cancelled=cancelled,
            headers=tuple(self._recorded_headers()),
            number=number,
            time_s=time_s,
            reason=reason,
            failure_type=failure.type_name,
            message=failure.message,
            traceback=failure.traceback,
            has_frames=failure.has_frames,
        )

    def _recorded_headers(self) -> Iterator[tuple[str, str]]:
        for name in RECORDED_HEADERS:
            if self.headers.getRawHeaders(name.encode()):
                yield name, self.header(name)
