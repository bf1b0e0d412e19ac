"""Control of a request that waits: give it another delay, or drop its client."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol

from twisted.internet import error
from twisted.python.failure import Failure

from monitorapp.web.request.awaited import AwaitedCall


class SteeredRequest(Protocol):
    """What steering needs of a request.

    Attributes:
        began_s: When its handling began, in seconds since the epoch.
        delay_s: The delay of its response in seconds; None to have it read off the awaited call.
        channel: The channel that it answers to; None if that is gone.
    """

    began_s: float
    delay_s: float | None
    channel: Any

    def awaited_call(self) -> AwaitedCall | None:
        """Return the delayed call that the response waits for; None if none is known."""
        ...

    def connectionLost(self, reason: Failure) -> None:
        """Take the loss of the connection."""
        ...


def set_due(request: SteeredRequest, due_s: float, now_s: float) -> bool:
    """Make what a request waits for come at a time, in seconds since the epoch.

    It comes at once if that is past. Return False if it is not known what it waits for.
    """
    awaited = request.awaited_call()
    if awaited is None:
        return False
    due_s = max(due_s, now_s)
    awaited.call.reset(due_s - now_s)
    request.delay_s = max(0.0, due_s - request.began_s)
    return True


def set_delay(request: SteeredRequest, delay_of: Callable[[], float], now_s: float) -> bool:
    """Give a request another delay, in seconds; it is measured from when the request began."""
    if request.awaited_call() is None:
        return False  # so that no random delay is wasted
    return set_due(request, request.began_s + delay_of(), now_s)


def extend(request: SteeredRequest, seconds: float, now_s: float) -> bool:
    """Make a request wait longer; return False if it is not known what it waits for."""
    awaited = request.awaited_call()
    return awaited is not None and set_due(request, awaited.call.getTime() + seconds, now_s)


def abort(request: SteeredRequest) -> bool:
    """Drop the client of a request; return whether there was one."""
    channel = request.channel
    if channel is None:
        return False
    if not hasattr(channel, "abortConnection"):  # HTTP/1
        channel.transport.abortConnection()
        return True
    channel.abortConnection()  # of an HTTP/2 stream: the others continue
    if request.channel is channel:  # such a stream is forgotten, and nobody is notified
        request.connectionLost(Failure(error.ConnectionAborted()))
    return True
