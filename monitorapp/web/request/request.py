"""The request that knows its own story."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any, Final

from twisted.internet import error
from twisted.internet.address import IPv4Address, IPv6Address, UNIXAddress
from twisted.internet.defer import Deferred
from twisted.internet.interfaces import IAddress
from twisted.python.failure import Failure
from twisted.web import resource, server
from twisted.web.resource import IResource

from monitorapp.core.record.interruption import RequestFacts
from monitorapp.core.record.reason import Reason
from monitorapp.core.request.current import current_request
from monitorapp.core.request.ended import EndedRequest
from monitorapp.core.request.waiting import WaitingRequest
from monitorapp.core.text.visible import visible
from monitorapp.web.request.aftermath import Aftermath
from monitorapp.web.request.awaited import AwaitedCall, Notification, function_name
from monitorapp.web.request.reasons import reason_of
from monitorapp.web.request.tracker import RequestTracker

RECORDED_HEADERS: Final = ("Host", "User-Agent", "Referer")

LEFT: Final = frozenset({Reason.CLOSED, Reason.RESET, Reason.STREAM_RESET})
"""The reasons that are a client's own doing. One that timed out may have lost its network."""


class TrackedRequest(server.Request):
    """A request that is registered while it is handled, and is the current one meanwhile.

    It is the current request (see `monitorapp.core.request.current`) while it is rendered
    and while the loss of its connection is told to those who wait for it.

    Attributes:
        number: Running number from 1, in the order in which handling began; 0 before that.
        delay_s: The delay of the response in seconds. A resource may set it; otherwise it is
            read off the delayed call that the response waits for. It follows if that is
            rescheduled.
    """

    number = 0
    delay_s: float | None = None

    def __init__(self, channel: Any, *args: Any, tracker: RequestTracker, **kwargs: Any) -> None:
        super().__init__(channel, *args, **kwargs)
        self._tracker = tracker
        self._began_s = 0.0
        self._began_monotonic_s = 0.0
        self._lost_monotonic_s: float | None = None
        self._lost_s = 0.0
        self._late_s = 0.0
        self._resource: IResource | None = None
        self._awaited: AwaitedCall | None = None
        self._interruption_claimed = False
        self._left = False
        self._aftermath: Aftermath | None = None

    def process(self) -> None:
        """Register the request and render its resource."""
        self._began_s = self._tracker.clock.seconds()
        self._began_monotonic_s = self._tracker.monotonic()
        self.number = self._tracker.begin(self)
        if self._tracker.begun:
            self._tracker.begun.emit(self.requestHeaders)
        token = current_request.set(self)
        try:
            super().process()
        finally:
            current_request.reset(token)

    def render(self, resrc: IResource) -> None:
        """Render `resrc`, and keep it in mind: its method is looked up if it is asked for."""
        self._resource = resrc
        super().render(resrc)

    def notifyFinish(self) -> Deferred[None]:
        """Return a Deferred that fires when the response is finished or interrupted.

        See `twisted.web.http.Request.notifyFinish`. This one can tell what it will cancel.
        """
        notification = Notification()
        self.notifications.append(notification)
        return notification

    def finish(self) -> None:
        """Finish the response, and count it."""
        if self.delay_s is None and not self._disconnected:
            call = self._find_awaited(made=True)
            if call is not None:
                self.delay_s = max(0.0, call.call.getTime() - self._began_s)
        try:
            super().finish()
        except RuntimeError:
            if self._aftermath is not None:
                self._aftermath.crashed()
            raise
        self._tracker.answered(self)

    def write(self, data: bytes) -> None:
        """Write a part of the response; note it if that is work for nobody."""
        if self._aftermath is not None:
            self._aftermath.worked()
        super().write(data)

    def connectionLost(self, reason: Failure) -> None:
        """Tell those who wait for this request that its connection is gone."""
        if not self._tracker.is_waiting(self):
            super().connectionLost(reason)
            return
        timing = self._tracker.timing
        self._lost_monotonic_s = timing.read_time_s
        self._late_s = timing.read_uncertainty_s
        self._lost_s = self._tracker.clock.seconds()
        self._aftermath = Aftermath(self._tracker, self.number, self._lost_monotonic_s)
        self._awaited = self._find_awaited()
        self._left = not self._tracker.is_stopping and reason_of(reason) in LEFT
        token = current_request.set(self)
        try:
            super().connectionLost(reason)
        finally:
            current_request.reset(token)
            self._tracker.interrupted(self)
            self._aftermath.begin(self._awaited)

    def waiting_facts(self) -> WaitingRequest:
        """Return what is known of the request while it waits."""
        awaited = self._find_awaited()
        due_s = awaited.call.getTime() if awaited is not None else None
        delay_s = self.delay_s
        if delay_s is None and due_s is not None:
            delay_s = max(0.0, due_s - self._began_s)
        return WaitingRequest(
            number=self.number,
            uri=visible(self.uri),
            client=format_address(self.getClientAddress()),
            waited_s=max(0.0, self._tracker.monotonic() - self._began_monotonic_s),
            delay_s=delay_s,
            remaining_s=due_s - self._tracker.clock.seconds() if due_s is not None else None,
            bytes_written=self.sentLength,
            headers_sent=bool(self.startedWriting),
            is_watched=any(
                not isinstance(notification, Notification) or notification.is_watched
                for notification in self.notifications
            ),
        )

    def set_due(self, due_s: float) -> bool:
        """Make what the request waits for come at a time, in seconds since the epoch.

        It comes at once if that is past. Return False if it is not known what it waits for.
        """
        awaited = self._find_awaited()
        if awaited is None:
            return False
        now_s = self._tracker.clock.seconds()
        due_s = max(due_s, now_s)
        awaited.call.reset(due_s - now_s)
        self.delay_s = max(0.0, due_s - self._began_s)
        return True

    def set_delay(self, delay_of: Callable[[], float]) -> bool:
        """Give the request another delay, in seconds; it is measured from when it began."""
        if self._find_awaited() is None:
            return False  # so that no delay is drawn in vain
        return self.set_due(self._began_s + delay_of())

    def extend(self, seconds: float) -> bool:
        """Make the request wait longer; return False if it is not known what it waits for."""
        awaited = self._find_awaited()
        return awaited is not None and self.set_due(awaited.call.getTime() + seconds)

    def abort(self) -> bool:
        """Drop the client; return whether there was one."""
        channel: Any = self.channel
        if channel is None:
            return False
        if not hasattr(channel, "abortConnection"):  # HTTP/1
            channel.transport.abortConnection()
            return True
        channel.abortConnection()  # of an HTTP/2 stream: the others go on
        if self.channel is channel:  # such a stream is forgotten, and nobody is told
            self.connectionLost(Failure(error.ConnectionAborted()))
        return True

    @property
    def is_logged(self) -> bool:
        """Whether the interruption has a record."""
        return self._interruption_claimed

    def claim_interruption(self) -> bool:
        """Return True the first time only: an interrupted request gets one record."""
        first = not self._interruption_claimed
        self._interruption_claimed = True
        if first and self._aftermath is not None and not self._tracker.is_waiting(self):
            self._tracker.logged_late()
        return first

    def is_stopping(self) -> bool:
        """Return whether the request ends because the server stops."""
        return self._tracker.is_stopping

    def ended(self) -> EndedRequest:
        """Return how long the client waited, and who ended its wait; for a request that ended."""
        end_s = self._lost_monotonic_s
        is_answered = end_s is None
        if end_s is None:
            end_s = self._tracker.monotonic()
        return EndedRequest(
            number=self.number,
            time_s=self._tracker.clock.seconds(),
            path=visible(self.uri.partition(b"?")[0]),
            client=format_address(self.getClientAddress()),
            began_s=self._began_s,
            waited_s=max(0.0, end_s - self._began_monotonic_s),
            delay_s=self._delay()[0],
            left=self._left,
            answered=is_answered,
            agent=visible(self.getHeader(b"user-agent") or b""),
        )

    def facts(self) -> RequestFacts:
        """Return what is known of the request, up to the loss of its connection."""
        end_s = self._lost_monotonic_s
        if end_s is None:
            end_s = self._tracker.monotonic()
        delay_s, remaining_s = self._delay()
        began_in, began_at = self._began()
        return RequestFacts(
            request_number=self.number,
            method=visible(self.method),
            uri=visible(self.uri),
            version=visible(self.clientproto),
            client=format_address(self.getClientAddress()),
            began_s=self._began_s,
            waited_s=max(0.0, end_s - self._began_monotonic_s),
            delay_s=delay_s,
            remaining_s=remaining_s,
            late_s=self._late_s,
            bytes_written=self.sentLength,
            headers_sent=bool(self.startedWriting),
            began_in=began_in,
            began_at=began_at,
            awaited=self._awaited.name if self._awaited else "",
            cancelled=self._awaited.was_cancelled if self._awaited else False,
            headers=self._recorded_headers(),
        )

    def _find_awaited(self, *, made: bool = False) -> AwaitedCall | None:
        """Return the call that the response waits for, or the one that has just been made."""
        for notification in self.notifications:
            if not isinstance(notification, Notification):
                continue
            call = notification.awaited_call(made=made)
            if call is not None:
                return call
        return None

    def _began(self) -> tuple[str, str]:
        """Return the name of the method that rendered, and the `FILE:LINE` where it stands."""
        if self._resource is None:
            return "", ""
        method = render_method(self._resource, self.method)
        code = getattr(method, "__code__", None)
        where = f"{code.co_filename}:{code.co_firstlineno}" if code is not None else ""
        return function_name(method), visible(where)

    def _delay(self) -> tuple[float | None, float | None]:
        """Return the delay of the response and what was left of it, in seconds."""
        if self._awaited is None:
            return self.delay_s, None
        due_s = self._awaited.call.getTime()
        delay_s = self.delay_s
        if delay_s is None:
            delay_s = max(0.0, due_s - self._began_s)
        return delay_s, due_s - self._lost_s

    def _recorded_headers(self) -> tuple[tuple[str, str], ...]:
        recorded = []
        for name in RECORDED_HEADERS:
            values = self.requestHeaders.getRawHeaders(name.encode())
            if values:
                recorded.append((name, visible(b", ".join(values))))
        return tuple(recorded)


def render_method(resrc: IResource, method: bytes) -> Callable[..., object]:
    """Return the method of a resource that renders an HTTP method, unwrapped.

    `Resource.render_HEAD` only hands over to `render_GET`, so that one is returned.
    """
    names = [f"render_{method.decode('latin-1')}"]
    if method == b"HEAD":
        names.append("render_GET")
    for name in names:
        found = getattr(resrc, name, None)
        if (
            callable(found)
            and getattr(found, "__func__", None) is not resource.Resource.render_HEAD
        ):
            return _unwrapped(found)
    return _unwrapped(resrc.render)


def _unwrapped(method: Callable[..., object]) -> Callable[..., object]:
    unwrapped: Callable[..., object] = inspect.unwrap(method)
    return unwrapped


def format_address(address: IAddress) -> str:
    """Return an address as a person writes it, such as `127.0.0.1:8080` or `[::1]:8080`."""
    if isinstance(address, IPv4Address):
        return f"{address.host}:{address.port}"
    if isinstance(address, IPv6Address):
        return f"[{address.host}]:{address.port}"
    if isinstance(address, UNIXAddress):
        return f"unix:{visible(address.name)}" if address.name else "unix socket"
    return visible(str(address))
