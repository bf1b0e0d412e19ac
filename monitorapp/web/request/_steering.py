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
        delay_s: The delay of its response in seconds; None to have it read off the awaited call.
        channel: The channel that it answers to; None if that is gone.
    """

    delay_s: float | None
    channel: Any

    def waited_s(self) -> float:
        """Return how long it has waited, in seconds."""
        ...

    def awaited_call(self) -> AwaitedCall | None:
        """Return the delayed call that the response waits for; None if none is known."""
        ...

    def connectionLost(self, reason: Failure) -> None:
        """Take the loss of the connection."""
        ...


def set_remaining(request: SteeredRequest, remaining_s: float) -> bool:
    """Make what a request waits for come in so many seconds; at once if that is negative.

    Return False if it is not known what it waits for.
    """
    awaited = request.awaited_call()
    if awaited is None:
        return False
    remaining_s = max(0.0, remaining_s)
    awaited.call.reset(remaining_s)
    request.delay_s = request.waited_s() + remaining_s
    return True


def set_delay(request: SteeredRequest, delay_of: Callable[[], float]) -> bool:
    """Give a request another delay, in seconds; it is measured from when the request began."""
    if request.awaited_call() is None:
        return False  # so that no random delay is wasted
    return set_remaining(request, delay_of() - request.waited_s())


def extend(request: SteeredRequest, seconds: float, now_s: float) -> bool:
    """Make a request wait longer; return False if it is not known what it waits for.

    Args:
        request: Which request.
        seconds: How much longer.
        now_s: The time by the clock of what it waits for.
    """
    awaited = request.awaited_call()
    return awaited is not None and set_remaining(request, awaited.call.getTime() - now_s + seconds)


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
