"""The demo: a resource that keeps its clients waiting."""

from __future__ import annotations

from typing import Final

from twisted.internet.defer import Deferred
from twisted.internet.interfaces import IDelayedCall, IReactorTime
from twisted.python import log
from twisted.python.failure import Failure
from twisted.web.resource import Resource
from twisted.web.server import NOT_DONE_YET, Request

from monitorapp.core.delay.delay import Delay
from monitorapp.core.record.interruption import INTERRUPTED_MESSAGE
from monitorapp.web.request.request import TrackedRequest

ANSWER: Final = b"Sorry to keep you waiting."


class DelayedResource(Resource):
    """Answers GET and HEAD, of any path, after the current delay.

    If the client leaves first, the answer is cancelled and the Failure is logged.

    Args:
        clock: Schedules the answers.
        delay: Gives the delay of the next request.
    """

    isLeaf = True

    def __init__(self, clock: IReactorTime, delay: Delay) -> None:
        super().__init__()
        self._clock = clock
        self._delay = delay

    def render_GET(self, request: Request) -> int:
        """Answer later."""
        delay_s = self._delay.next_s()
        call = self._clock.callLater(delay_s, self.answer, request)
        if isinstance(request, TrackedRequest):
            request.delay_s = delay_s
        finished: Deferred[None] = request.notifyFinish()
        finished.addErrback(self.interrupted, call)
        return NOT_DONE_YET

    def answer(self, request: Request) -> None:
        """Answer now."""
        request.setHeader(b"Content-Type", b"text/plain")
        request.setHeader(b"Content-Length", b"%d" % len(ANSWER))
        request.write(ANSWER)
        request.finish()

    def interrupted(self, failure: Failure, call: IDelayedCall) -> None:
        """Cancel the answer of a client that left, and log that."""
        call.cancel()
        log.err(failure, INTERRUPTED_MESSAGE)
