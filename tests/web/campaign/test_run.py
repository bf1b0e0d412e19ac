from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from twisted.internet.testing import MemoryReactorClock, StringTransportWithDisconnection

from monitorapp.core.campaign.plan import CampaignPlan, FixedPatience, Leaving
from monitorapp.core.campaign.summary import CampaignSummary
from monitorapp.core.records.store import InterruptionStore
from monitorapp.web.campaign.run import GRACE_S, CampaignRun
from monitorapp.web.request.tracker import RequestTracker
from monitorapp.web.server.descriptors import DescriptorBudget
from tests.core.request.ends import end
from tests.factory import record

OWN = "http://127.0.0.1:8080/"
PLAN = CampaignPlan(count=3, at_once=3, leaving=Leaving.CLOSE, patience=FixedPatience(1))


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

    def accept(self) -> None:
        for _, _, factory, _, _ in self.reactor.tcpClients:
            protocol = factory.buildProtocol(None)
            transport = StringTransportWithDisconnection()
            transport.protocol = protocol
            protocol.makeConnection(transport)
        self.reactor.tcpClients.clear()
        self.reactor.advance(0)

    def record(self, count: int, agent: str = "monitorapp-client/token") -> None:
        for _ in range(count):
            self.store.add(record(headers=(("User-Agent", agent),)))

    def answer(self, agent: str = "monitorapp-client/token") -> None:
        self.tracker.ended.emit(end(agent=agent.encode()))


def test_an_answer_that_crosses_a_leaving_client_is_no_loss() -> None:
    run = Run()
    run.start()
    run.accept()
    run.reactor.advance(1)
    run.record(2)
    run.answer("of somebody else")
    run.reactor.advance(GRACE_S / 2)
    assert run.summaries == []
    run.answer()
    run.reactor.advance(GRACE_S)
    assert run.summaries[0].agrees
    assert "1 of them while the client was leaving" in "\n".join(run.summaries[0].lines())
    assert not run.tracker.ended


def test_it_waits_for_the_records_and_agrees() -> None:
    run = Run()
    run.start()
    run.accept()
    run.reactor.advance(1)
    assert run.run.counts.interrupted == 3
    run.record(1, "somebody else")
    run.record(2)
    assert run.summaries == []
    run.record(1)
    assert run.summaries[0].agrees
    assert run.summaries[0].agent == "monitorapp-client/token"
    assert not run.store.added
    assert not run.reactor.getDelayedCalls()


def test_after_the_grace_time_it_says_what_is_missing() -> None:
    run = Run()
    run.start()
    run.accept()
    run.reactor.advance(1)
    run.record(2)
    run.reactor.advance(GRACE_S)
    assert not run.summaries[0].agrees
    assert "1 fewer" in "\n".join(run.summaries[0].lines())
    assert not run.store.added


def test_records_that_come_before_the_end_count() -> None:
    run = Run()
    run.start()
    run.accept()
    run.record(3)
    run.reactor.advance(1)
    assert run.summaries[0].agrees


def test_another_host_is_not_compared_and_not_waited_for() -> None:
    run = Run(replace(PLAN, target="http://192.0.2.1/"))
    assert not run.run.is_own
    run.start()
    assert {client[:2] for client in run.reactor.tcpClients} == {("192.0.2.1", 80)}
    run.accept()
    run.reactor.advance(1)
    assert run.summaries[0].server is None


def test_the_app_s_end_ends_it_at_once() -> None:
    run = Run()
    run.start()
    run.accept()
    run.run.stop()
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
            "TLS knows no half-close",
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
