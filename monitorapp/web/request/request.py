"""The request that knows its own story."""

from __future__ import annotations

from typing import Any, Final

from twisted.internet.defer import Deferred
from twisted.python.failure import Failure
from twisted.web import http, server
from twisted.web.resource import IResource

from monitorapp.core.record.identity import RequestId
from monitorapp.core.record.reason import Reason
from monitorapp.core.request.current import current_request
from monitorapp.core.request.ended import RequestEnd
from monitorapp.core.request.waiting import WaitingRequest
from monitorapp.core.text.visible import visible
from monitorapp.web.request._address import client_text, host_and_port
from monitorapp.web.request._rendering import place_of_rendering
from monitorapp.web.request._stream import is_of_closed_stream
from monitorapp.web.request.aftermath import Aftermath
from monitorapp.web.request.awaited import AwaitedCall, Notification
from monitorapp.web.request.reasons import reason_of_end
from monitorapp.web.request.tracker import RequestTracker

BAD_TARGET: Final = b"The target of the request is not ASCII."


class TrackedRequest(server.Request):
    """A request that is registered while it is handled, and is the current one meanwhile.

    It is the current request (see `monitorapp.core.request.current`) while it is rendered
    and while those who wait for it are notified that its connection is lost.

    Attributes:
        number: Running number in this process, from 1, in the order in which handling began; 0
            before that.
        began_s: When its handling began, in seconds since the epoch.
        delay_s: The delay of the response in seconds. A resource may set it; otherwise it is
            read off the delayed call that the response waits for. It follows if that is
            rescheduled.
    """

    number = 0
    began_s = 0.0
    delay_s: float | None = None

    # Set on an instance only when needed, which is rare: creating a request has to be cheap.
    _began_monotonic_s = 0.0
    _resource: IResource | None = None
    _awaited: AwaitedCall | None = None
    _loss: RequestEnd | None = None
    _aftermath: Aftermath | None = None
    _interruption_claimed = False

    def __init__(self, channel: Any, *args: Any, tracker: RequestTracker, **kwargs: Any) -> None:
        super().__init__(channel, *args, **kwargs)
        self._tracker = tracker

    def process(self) -> None:
        """Register the request and render its resource."""
        tracker = self._tracker
        self.began_s = tracker.wall()
        self._began_monotonic_s = tracker.monotonic()
        self.number = tracker.begin(self)
        if tracker.begun:
            tracker.begun.emit(self.requestHeaders)
        token = current_request.set(self)
        try:
            super().process()
        finally:
            current_request.reset(token)

    def render(self, resrc: IResource) -> None:
        """Render `resrc`, and remember it: its method is looked up if that is asked for.

        A target that cannot be read as the ASCII that it has to be (RFC 3986) is a bad request.
        Twisted lets it pass, and then fails to name it in its page that refuses a method.
        """
        self._resource = resrc
        try:
            super().render(resrc)
        except UnicodeDecodeError as failed:
            if failed.object != self.uri or self.startedWriting or self.finished:
                raise
            self._refuse()

    def _refuse(self) -> None:
        self.setResponseCode(http.BAD_REQUEST)
        self.responseHeaders.removeHeader(b"Allow")
        self.setHeader(b"Content-Type", b"text/plain")
        self.setHeader(b"Content-Length", b"%d" % len(BAD_TARGET))
        self.write(BAD_TARGET)
        self.finish()

    def notifyFinish(self) -> Deferred[None]:
        """Return a Deferred that fires when the response is finished or interrupted.

        See `twisted.web.http.Request.notifyFinish`. This one knows what it will cancel.
        """
        notification = Notification()
        self.notifications.append(notification)
        return notification

    def finish(self) -> None:
        """Finish the response, and count it."""
        try:
            super().finish()
        except RuntimeError:
            if self._aftermath is not None:
                self._aftermath.crashed()
            raise
        self._tracker.answered(self.number, self._answered)

    def write(self, data: bytes) -> None:
        """Write a part of the response; note it if that is work for nobody."""
        if self._aftermath is not None:
            self._aftermath.worked()
        try:
            super().write(data)
        except Exception as error:
            if not is_of_closed_stream(error):
                raise

    def connectionLost(self, reason: Failure) -> None:
        """Notify those who wait for this request that its connection is gone."""
        tracker = self._tracker
        if not tracker.is_waiting(self.number):
            super().connectionLost(reason)
            return
        lost_s, late_s = tracker.timing.read_time_s, tracker.timing.read_uncertainty_s
        self._awaited = self.awaited_call()
        why = Reason.STOPPING if tracker.is_stopping else reason_of_end(reason, self.channel)
        self._loss = end = self._interrupted(why, lost_s, late_s, self._awaited)
        self._aftermath = Aftermath(
            end.identity, lost_s, tracker.monotonic, tracker.outcome_changed.emit
        )
        token = current_request.set(self)
        try:
            super().connectionLost(reason)
        finally:
            current_request.reset(token)
            tracker.interrupted(end, is_logged=self._interruption_claimed)
            self._aftermath.begin(self._awaited)

    def is_of(self, host: str, agent: str) -> bool:
        """Return whether its client has this host and sent this User-Agent."""
        sent = b", ".join(self.requestHeaders.getRawHeaders(b"user-agent", ()))
        return host_and_port(self.getClientAddress())[0] == host and visible(sent) == agent

    def waited_s(self) -> float:
        """Return how long it has waited, in seconds."""
        return max(0.0, self._tracker.monotonic() - self._began_monotonic_s)

    def waiting_facts(self) -> WaitingRequest:
        """Return what is known of the request while it waits."""
        tracker = self._tracker
        delay_s, remaining_s = self._delay(self.awaited_call())
        return WaitingRequest(
            identity=RequestId(tracker.origin, self.number),
            uri=visible(self.uri),
            client=client_text(self.getClientAddress()),
            waited_s=self.waited_s(),
            delay_s=delay_s,
            remaining_s=remaining_s,
            bytes_written=self.sentLength,
            headers_sent=bool(self.startedWriting),
            has_errback=any(
                not isinstance(notification, Notification) or notification.has_errback
                for notification in self.notifications
            ),
        )

    def awaited_call(self) -> AwaitedCall | None:
        """Return the delayed call that the response waits for; None if none is known."""
        for notification in self.notifications:
            if not isinstance(notification, Notification):
                continue
            call = notification.awaited_call()
            if call is not None:
                return call
        return None

    def claim_interruption(self) -> RequestEnd | None:
        """Return how it ended, or would end now; None from the second time on."""
        if self._interruption_claimed:
            return None
        self._interruption_claimed = True
        tracker = self._tracker
        if self._loss is None:
            reason = Reason.STOPPING if tracker.is_stopping else None
            return self._interrupted(reason, tracker.monotonic())
        if not tracker.is_waiting(self.number):
            tracker.logged_late()
        return self._loss

    def is_cancelled(self) -> bool:
        """Return whether the delayed call that the response waited for is cancelled by now."""
        return self._awaited is not None and self._awaited.was_cancelled

    def _answered(self) -> RequestEnd:
        """Return how its handling ended just now, with an answer."""
        tracker = self._tracker
        host, port = host_and_port(self.getClientAddress())
        return RequestEnd(  # by position, which takes half as long
            tracker.origin,
            self.number,
            self.method,
            self.uri,
            self.clientproto,
            host,
            port,
            self.requestHeaders,
            self.began_s,
            self.waited_s(),
            self.delay_s,
            self.sentLength,
            bool(self.startedWriting),
        )

    def _interrupted(
        self,
        reason: Reason | None,
        lost_s: float,
        late_s: float = 0.0,
        awaited: AwaitedCall | None = None,
    ) -> RequestEnd:
        """Return how its handling ended, at a time of the monotonic clock, without an answer."""
        delay_s, remaining_s = self._delay(awaited)
        began_in = began_at = ""
        if self._resource is not None:
            began_in, began_at = place_of_rendering(self._resource, self.method)
        return self._answered()._replace(
            waited_s=max(0.0, lost_s - self._began_monotonic_s),
            reason=reason,
            delay_s=delay_s,
            remaining_s=remaining_s,
            late_s=late_s,
            began_in=began_in,
            began_at=began_at,
            awaited=awaited.name if awaited is not None else "",
        )

    def _delay(self, awaited: AwaitedCall | None) -> tuple[float | None, float | None]:
        """Return the delay of the response and what is left of it, in seconds."""
        if awaited is None:
            return self.delay_s, None
        remaining_s = awaited.call.getTime() - self._tracker.clock.seconds()
        delay_s = self.delay_s
        if delay_s is None:
            delay_s = max(0.0, self.waited_s() + remaining_s)
        return delay_s, remaining_s
