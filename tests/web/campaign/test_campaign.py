from __future__ import annotations

from random import Random
from typing import Any

from twisted.internet import error
from twisted.internet.defer import Deferred
from twisted.internet.interfaces import IStreamClientEndpoint
from twisted.internet.task import Clock
from twisted.internet.testing import StringTransportWithDisconnection
from twisted.python.failure import Failure
from zope.interface import implementer

from monitorapp.core.campaign.plan import CampaignPlan, Leaving
from monitorapp.core.campaign.summary import CampaignCounts
from monitorapp.core.chance.distribution import Fixed
from monitorapp.web.campaign.campaign import (
    FAILURES_IN_A_ROW,
    STARTS_A_TURN,
    Campaign,
)


@implementer(IStreamClientEndpoint)
class Endpoint:
    """Connects on request."""

    def __init__(self, refuses: bool = False) -> None:
        self.refuses = refuses
        self.attempts: list[tuple[Any, Deferred[Any]]] = []
        self.transports: list[StringTransportWithDisconnection] = []

    def connect(self, factory: Any) -> Deferred[Any]:
        attempt: Deferred[Any] = Deferred()
        self.attempts.append((factory, attempt))
        if self.refuses:
            attempt.errback(Failure(error.ConnectionRefusedError()))
        return attempt

    def accept(self) -> int:
        attempts, self.attempts = self.attempts, []
        for factory, attempt in attempts:
            protocol = factory.buildProtocol(None)
            transport = StringTransportWithDisconnection()
            transport.protocol = protocol
            protocol.makeConnection(transport)
            self.transports.append(transport)
            attempt.callback(protocol)
        return len(attempts)

    def answer(self) -> None:
        transports, self.transports = self.transports, []
        for transport in transports:
            protocol: Any = transport.protocol
            protocol.dataReceived(b"HTTP/1.1 200 OK\r\n\r\n")
            protocol.connectionLost(Failure(error.ConnectionDone()))


class Running:
    def __init__(
        self, count: int, at_once: int, leaving: Leaving = Leaving.CLOSE, refuses: bool = False
    ) -> None:
        self.clock = Clock()
        self.endpoint = Endpoint(refuses)
        plan = CampaignPlan(count=count, at_once=at_once, leaving=leaving, patience=Fixed(1))
        self.campaign = Campaign(self.clock, plan, self.endpoint, b"GET", Random(1))
        self.ends: list[CampaignCounts] = []
        self.campaign.start().addCallback(lambda _: self.ends.append(self.campaign.counts))

    def turns(self, count: int) -> None:
        for _ in range(count):
            self.clock.pump([0])


def test_no_more_are_open_at_a_time_than_planned() -> None:
    running = Running(10, 4)
    running.turns(5)
    assert len(running.endpoint.attempts) == 4
    assert running.endpoint.accept() == 4
    running.turns(5)
    assert running.endpoint.attempts == []
    assert running.campaign.counts == CampaignCounts(planned=10, asked=4)
    running.clock.advance(1)
    running.turns(5)
    assert running.campaign.counts.interrupted == 4
    assert running.endpoint.accept() == 4


def test_a_turn_begins_few_connections() -> None:
    running = Running(1000, 1000)
    began = []
    for _ in range(3):
        call = running.clock.calls[0]
        running.clock.calls.remove(call)
        call.func()
        began.append(len(running.endpoint.attempts))
    assert began == [STARTS_A_TURN, 2 * STARTS_A_TURN, 3 * STARTS_A_TURN]


def test_it_ends_once_with_all_accounted_for() -> None:
    running = Running(7, 3)
    while not running.ends:
        running.turns(2)
        running.endpoint.accept()
        running.endpoint.answer()
    running.turns(3)
    assert running.ends == [CampaignCounts(planned=7, asked=7, answered=7)]
    assert not running.clock.getDelayedCalls()


def test_a_server_that_refuses_all_is_asked_no_further() -> None:
    running = Running(100_000, 1000, refuses=True)
    running.turns(10)
    assert running.ends[0].failed == FAILURES_IN_A_ROW
    assert running.ends[0].asked == 0
    assert "refused" in running.ends[0].problem
    assert not running.clock.getDelayedCalls()


def test_a_few_failures_do_not_end_it() -> None:
    running = Running(5, 5)
    running.turns(1)
    running.endpoint.attempts.pop()[1].errback(Failure(error.ConnectionRefusedError()))
    running.endpoint.accept()
    running.clock.advance(0)
    running.clock.advance(1)
    assert running.ends[0].interrupted == 4
    assert running.ends[0].failed == 1


def test_cancelling_resets_who_waits_and_sends_no_more() -> None:
    running = Running(10, 4, Leaving.WAIT)
    running.turns(1)
    running.endpoint.attempts, connecting = running.endpoint.attempts[:3], running.endpoint.attempts
    running.endpoint.accept()
    running.campaign.cancel()
    assert connecting[3][1].called
    assert running.ends == [CampaignCounts(planned=10, asked=3, interrupted=3)]
    assert not running.clock.getDelayedCalls()
    running.campaign.cancel()
    assert len(running.ends) == 1


def test_cancelling_before_the_first_turn_ends_it() -> None:
    running = Running(10, 4)
    running.campaign.cancel()
    assert running.ends == [CampaignCounts(planned=10)]
    assert not running.clock.getDelayedCalls()
