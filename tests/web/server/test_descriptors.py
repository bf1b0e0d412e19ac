from __future__ import annotations

import resource
import sys

import pytest
from twisted.internet import tcp
from twisted.internet.testing import MemoryReactorClock
from twisted.web.resource import Resource

from monitorapp.web.request.tracker import RequestTracker
from monitorapp.web.server import descriptors
from monitorapp.web.server.descriptors import (
    DescriptorBudget,
    descriptor_budget,
    raise_descriptor_limit,
)
from monitorapp.web.server.server import CALM_S, WebServer
from tests.web.channel import ClockTiming

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="there is no such limit")


@pytest.mark.parametrize("limit", [64, 256, 1024, 65536, 1_000_000])
def test_some_descriptors_stay_spare(limit: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(resource, "getrlimit", lambda _: (limit, limit))
    monkeypatch.setattr(descriptors, "_open_descriptors", lambda: 20)
    budget = descriptor_budget()
    assert budget is not None
    assert budget.limit == limit
    assert budget.accepts >= 1
    # Twisted raises the number of accepts by up to 20 before it asks again.
    assert 20 + budget.connections + budget.accepts + 20 < limit


def test_without_a_limit_there_is_no_budget(monkeypatch: pytest.MonkeyPatch) -> None:
    infinity = resource.RLIM_INFINITY
    monkeypatch.setattr(resource, "getrlimit", lambda _: (infinity, infinity))
    assert descriptor_budget() is None


def test_open_descriptors_are_counted() -> None:
    budget = descriptor_budget()
    assert budget is not None
    assert budget.connections < budget.limit


def test_a_limit_that_cannot_be_raised_is_left(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise ValueError

    monkeypatch.setattr(resource, "setrlimit", refuse)
    raise_descriptor_limit()


class Port(tcp.Port):
    """A listening port of which only whether it accepts is asked."""

    def __init__(self) -> None:
        self.accepts = True
        self.numberAccepts = 500

    def stopReading(self) -> None:
        self.accepts = False

    def startReading(self) -> None:
        self.accepts = True


def test_clients_wait_while_there_are_no_descriptors_for_them() -> None:
    reactor = MemoryReactorClock()
    tracker = RequestTracker(reactor, ClockTiming(reactor), reactor.seconds, origin="a-process")
    server = WebServer(reactor, Resource(), tracker)
    port = server._port = Port()
    server._budget = DescriptorBudget(limit=128, connections=100, accepts=4)
    reported: list[int | None] = []
    server.crowded.connect(reported.append)
    for count in [99, 100, 101, 100, 99, 97, 96]:
        server._admit(count)
    assert (port.accepts, reported) == (False, [128])
    assert port.numberAccepts == 4
    server._admit(95)
    assert port.accepts
    reactor.advance(CALM_S - 1)
    server._admit(100)  # those that waited have filled it again: that is the same shortage
    assert (port.accepts, reported) == (False, [128])
    reactor.advance(CALM_S)
    server._admit(95)
    reactor.advance(CALM_S)
    assert (port.accepts, reported) == (True, [128, None])
    server._admit(100)
    assert (port.accepts, reported) == (False, [128, None, 128])
