from __future__ import annotations

import gc
import weakref
from collections.abc import Callable
from typing import Any

import pytest
from twisted.internet import error
from twisted.internet.defer import ensureDeferred
from twisted.internet.task import Clock, deferLater
from twisted.logger import Logger
from twisted.web.resource import Resource
from twisted.web.server import NOT_DONE_YET, Request

from monitorapp.core.delay.delay import Delay
from monitorapp.core.record.identity import RequestId
from monitorapp.core.record.interruption import INTERRUPTED_MESSAGE
from monitorapp.core.record.outcome import Outcome, RequestOutcome
from monitorapp.core.records.outcomes import Outcomes
from monitorapp.web.hosting.demo import DelayedResource
from tests.web.channel import TrackedSite

Reported = list[tuple[RequestId, RequestOutcome]]
Wait = Callable[[Clock, Request], object]


class Waiting(Resource):
    isLeaf = True

    def __init__(self, clock: Clock, wait: Wait) -> None:
        super().__init__()
        self._clock = clock
        self._wait = wait

    def render_GET(self, request: Request) -> int:
        self._wait(self._clock, request)
        return NOT_DONE_YET


def reported(site: TrackedSite) -> Reported:
    reported: Reported = []
    site.tracker.outcome_changed.connect(lambda *outcome: reported.append(outcome))
    return reported


def of_first(outcome: Outcome, wasted_s: float = 0.0) -> tuple[RequestId, RequestOutcome]:
    return RequestId("a-process", 1), RequestOutcome(outcome, wasted_s)


def ignores_the_loss(clock: Clock, request: Request) -> None:
    call = clock.callLater(3, lambda: None)
    request.notifyFinish().addErrback(lambda failure, call: None, call)


def finishes_late(clock: Clock, request: Request) -> None:
    def finish() -> None:
        with pytest.raises(RuntimeError, match="finish called on a request after its connection"):
            request.finish()

    request.notifyFinish().addErrback(lambda failure, call: None, clock.callLater(3, finish))


def writes_late(clock: Clock, request: Request) -> None:
    clock.callLater(2, request.write, b"late")
    clock.callLater(3, request.write, b"later")


def finishes_without_errback(clock: Clock, request: Request) -> None:
    def finish() -> None:
        with pytest.raises(RuntimeError):
            request.finish()

    clock.callLater(3, finish)


def cancels_late(clock: Clock, request: Request) -> None:
    call = clock.callLater(3, lambda: None)
    request.notifyFinish().addErrback(lambda _, call: clock.callLater(1, call.cancel), call)


def never_finishes(clock: Clock, request: Request) -> None:
    return


@pytest.mark.parametrize(
    ("wait", "expected"),
    [
        (ignores_the_loss, [(Outcome.RUNNING, 0.0), (Outcome.WENT_ON, 2.0)]),
        (cancels_late, [(Outcome.RUNNING, 0.0), (Outcome.WENT_ON, 1.0)]),
        (
            finishes_late,
            [(Outcome.RUNNING, 0.0), (Outcome.CRASHED, 2.0)],
        ),
        (
            writes_late,
            [(Outcome.UNKNOWN, 0.0), (Outcome.WENT_ON, 1.0), (Outcome.WENT_ON, 2.0)],
        ),
        (finishes_without_errback, [(Outcome.UNKNOWN, 0.0), (Outcome.CRASHED, 2.0)]),
        (never_finishes, [(Outcome.UNKNOWN, 0.0)]),
    ],
)
def test_what_becomes_of_the_work_is_reported(
    wait: Wait, expected: list[tuple[Outcome, float]]
) -> None:
    clock = Clock()
    with TrackedSite(Waiting(clock, wait), clock) as site:
        outcomes = reported(site)
        client = site.connect().get()
        clock.advance(1)
        client.leave()
        clock.pump([1, 1, 1, 1])
    assert outcomes == [of_first(*one) for one in expected]


def test_the_demo_answers_or_cancels_cleanly() -> None:
    clock = Clock()
    with TrackedSite(DelayedResource(clock, Delay(2)), clock) as site:
        outcomes = reported(site)
        site.connect().get().leave()
        site.connect().get()
        clock.advance(9)
    assert outcomes == [of_first(Outcome.CANCELLED)]  # of an answered one there is none


def test_a_late_crash_is_still_raised() -> None:
    clock, requests = Clock(), []
    with TrackedSite(Waiting(clock, lambda _, request: requests.append(request)), clock) as site:
        site.connect().get().leave()
        with pytest.raises(RuntimeError):
            requests[0].finish()


def test_following_the_work_keeps_no_request_alive() -> None:
    clock = Clock()
    kept: list[weakref.ref[Any]] = []

    def wait(clock: Clock, request: Request) -> None:
        kept.append(weakref.ref(request))
        call = clock.callLater(3, int)
        request.notifyFinish().addErrback(lambda _, call: None, call)

    with TrackedSite(Waiting(clock, wait), clock) as site:
        site.connect().get().leave()
        gc.collect()
        assert kept[0]() is None
        outcomes = reported(site)
        clock.advance(3)
    assert outcomes == [of_first(Outcome.WENT_ON, 3.0)]


def test_an_outcome_of_several_steps_is_counted_once() -> None:
    clock = Clock()
    outcomes = Outcomes()
    with TrackedSite(Waiting(clock, finishes_late), clock) as site:
        site.tracker.outcome_changed.connect(outcomes.note)
        site.connect().get().leave()
        assert outcomes.count(Outcome.RUNNING) == 1
        clock.advance(3)
    assert outcomes.count(Outcome.RUNNING) == 0
    assert outcomes.count(Outcome.CRASHED) == 1


def test_what_nobody_logs_is_counted_until_somebody_does() -> None:
    async def work(clock: Clock, request: Request) -> None:
        try:
            await request.notifyFinish()
        except error.ConnectionDone:
            await deferLater(clock, 1)
            Logger().failure(INTERRUPTED_MESSAGE)

    clock = Clock()
    with TrackedSite(Waiting(clock, lambda *of: ensureDeferred(work(*of))), clock) as site:
        site.connect().get().leave()
        assert site.tracker.counts.unlogged == 1
        clock.advance(1)
        assert site.tracker.counts.unlogged == 0
    with TrackedSite(Waiting(clock, never_finishes), clock) as site:
        site.connect().get().leave()
        assert site.tracker.counts.unlogged == 1
