from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from twisted.internet.testing import MemoryReactorClock, StringTransportWithDisconnection
from twisted.web.http_headers import Headers

from monitorapp.core.campaign.plan import CampaignPlan, Leaving
from monitorapp.core.campaign.summary import CampaignSummary
from monitorapp.core.chance.distribution import Fixed
from monitorapp.core.record.reason import Reason
from monitorapp.core.records.store import InterruptionStore
from monitorapp.web.campaign.run import GRACE_S, CampaignRun
from monitorapp.web.request.tracker import RequestTracker
from monitorapp.web.server.descriptors import DescriptorBudget
from tests.core.request.ends import end
from tests.factory import record

OWN = "http://127.0.0.1:8080/"
PLAN = CampaignPlan(count=3, at_once=3, leaving=Leaving.CLOSE, patience=Fixed(1))


class Timing:
    read_time_s = 0.0
    read_uncertainty_s = 0.0


class Run:
    def __init__(
        self,
        plan: CampaignPlan = PLAN,
        own_url: str = OWN,
        budget: DescriptorBudget | None = None,
    ) -> None:
        self.reactor: Any = MemoryReactorClock()
        self.store = InterruptionStore(1)  # eviction makes no difference
        self.tracker = RequestTracker(self.reactor, Timing(), origin="a-process")
        self.run = CampaignRun(
            self.reactor,
            plan,
            own_url,
            self.store,
            self.tracker,
            budget,
            "token",
            7,
        )
        self.summaries: list[CampaignSummary] = []

    def start(self) -> None:
        self.run.start().addCallback(self.summaries.append)
        self.reactor.advance(0)

    def accept(self, *transports: StringTransportWithDisconnection) -> None:
        clients, self.reactor.tcpClients[:] = list(self.reactor.tcpClients), []
        for index, (_, _, factory, _, _) in enumerate(clients):
            protocol = factory.buildProtocol(None)
            transport = transports[index] if transports else StringTransportWithDisconnection()
            transport.protocol = protocol
            protocol.makeConnection(transport)
        self.reactor.advance(0)

    def reach(self, count: int, agent: str = "monitorapp-client/token") -> None:
        for _ in range(count):
            self.tracker.begun.emit(Headers({b"User-Agent": [agent.encode()]}))

    def record(self, count: int, agent: str = "monitorapp-client/token") -> None:
        """Let the server interrupt requests and record that."""
        for _ in range(count):
            self.store.add(record(headers=(("User-Agent", agent),)))
            self.end(answered=False, agent=agent)

    def end(self, *, answered: bool, agent: str = "monitorapp-client/token") -> None:
        reason = None if answered else Reason.CLOSED
        self.tracker.ended.emit(end(agent=agent.encode(), reason=reason))

    def listens(self) -> bool:
        return any((self.store.added, self.tracker.begun, self.tracker.ended))

    def lines(self) -> list[str]:
        return self.summaries[0].lines()


def left(run: Run) -> None:
    """Let all clients ask and leave."""
    run.start()
    run.accept()
    run.reactor.advance(1)
    assert run.run.counts.interrupted == 3


def test_it_waits_for_the_records_and_agrees() -> None:
    run = Run()
    left(run)
    run.reach(1, "somebody else")
    run.record(1, "somebody else")
    run.reach(3)
    run.record(2)
    assert run.summaries == []
    run.record(1)
    assert run.summaries[0].agrees
    assert run.summaries[0].agent == "monitorapp-client/token"
    assert not run.listens()
    assert not run.reactor.getDelayedCalls()


def test_an_answer_that_crosses_a_leaving_client_is_no_loss() -> None:
    run = Run()
    left(run)
    run.reach(3)
    run.record(2)
    run.end(answered=True, agent="of somebody else")
    run.reactor.advance(GRACE_S / 2)
    assert run.summaries == []
    run.end(answered=True)
    assert run.summaries[0].agrees
    assert "1 of them while the client was leaving" in run.lines()[1]


def test_what_the_server_never_reads_is_no_disagreement() -> None:
    run = Run()
    left(run)
    run.reach(2)
    run.record(2)
    run.reactor.advance(GRACE_S * 0.9)
    assert run.summaries == []  # the third may come yet
    run.reactor.advance(GRACE_S)
    assert run.summaries[0].agrees
    assert run.lines()[1:3] == [
        "2 reached the server, 1 left before their request was read.",
        "The server recorded 2 interrupted responses: it agrees.",
    ]


def test_as_long_as_requests_come_of_it_the_server_has_time() -> None:
    run = Run()
    left(run)
    for _ in range(3):
        run.reactor.advance(GRACE_S * 0.9)
        run.reach(1)
        assert run.summaries == []
    run.record(3)
    assert run.summaries[0].is_settled


def test_after_the_grace_time_it_says_what_is_missing() -> None:
    run = Run()
    left(run)
    run.reach(3)
    run.record(1)
    run.end(answered=False)
    run.reactor.advance(GRACE_S)
    assert not run.summaries[0].agrees
    assert run.lines()[1] == (
        "The server recorded 1 interrupted response: it does not agree. 1 request still waits"
        " there. 1 interrupted one has no record: the resource logs no interruption."
    )
    assert not run.listens()


def test_records_that_come_before_the_end_count() -> None:
    run = Run()
    run.start()
    run.accept()
    run.reach(3)
    run.record(3)
    run.reactor.advance(1)
    assert run.summaries[0].agrees


def test_another_host_is_not_compared_and_not_waited_for() -> None:
    run = Run(replace(PLAN, target="http://192.0.2.1/"))
    assert not run.run.is_own
    run.start()
    assert {client[:2] for client in run.reactor.tcpClients} == {("192.0.2.1", 80)}
    assert not run.listens()
    run.accept()
    run.reactor.advance(1)
    assert run.summaries[0].server is None


@pytest.mark.parametrize("are_gone", [False, True])
def test_the_app_s_end_ends_it_at_once(are_gone: bool) -> None:
    run = Run()
    run.start()
    run.accept()
    run.reach(2)
    if are_gone:
        run.reactor.advance(1)
        assert run.summaries == []
    run.run.stop()
    assert run.summaries[0].counts.interrupted == 3
    assert not run.reactor.getDelayedCalls()


class SlowlyLost(StringTransportWithDisconnection):
    """Reports the end of its connection later, as the reactor does."""

    def abortConnection(self) -> None:
        self.aborting = True


def test_at_the_app_s_end_no_record_is_waited_for_even_if_connections_go_later() -> None:
    run = Run()
    run.start()
    transports = [SlowlyLost() for _ in run.reactor.tcpClients]
    run.accept(*transports)
    run.reach(2)
    run.run.stop()
    assert run.summaries == []
    for transport in transports:
        transport.loseConnection()
    assert run.summaries[0].counts.interrupted == 3
    assert not run.reactor.getDelayedCalls()


@pytest.mark.parametrize(
    ("plan", "own_url", "problem"),
    [
        (PLAN, "", "The server does not listen. Start it, or name another one."),
        (replace(PLAN, target="gopher://a/"), OWN, "not to 'gopher://a/'"),
        (
            replace(PLAN, leaving=Leaving.HALF_CLOSE),
            "https://127.0.0.1:8443/",
            "TLS has no half-close",
        ),
    ],
)
def test_what_cannot_be_done_is_said_in_a_sentence(
    plan: CampaignPlan, own_url: str, problem: str
) -> None:
    with pytest.raises(ValueError, match=problem):
        Run(plan, own_url)


def test_no_more_clients_are_open_than_there_are_descriptors_for() -> None:
    budget = DescriptorBudget(limit=64, connections=5, accepts=1)
    run = Run(replace(PLAN, count=100), budget=budget)
    assert run.run.notice.startswith("Only 2 requests at a time: the process may open 64 files")
    run.start()
    assert len(run.reactor.tcpClients) == 2
    other = Run(replace(PLAN, target="http://192.0.2.1/"), budget=budget)
    assert other.run.notice == ""
    few = Run(replace(PLAN, count=2, at_once=1000), budget=budget)
    assert few.run.notice == ""


def test_an_own_certificate_is_not_doubted() -> None:
    run = Run(own_url="https://127.0.0.1:8443/")
    run.start()
    assert run.run.is_own
    assert run.reactor.tcpClients[0][:2] == ("127.0.0.1", 8443)
