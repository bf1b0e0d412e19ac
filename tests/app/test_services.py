"""The services are joined to one another, with no window."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from twisted.logger import globalLogPublisher

from monitorapp.app.services import Services
from monitorapp.core.record.outcome import Outcome
from monitorapp.core.statistics.rates import Rates
from tests.app.memory import AppReactor, connect, make_services


@pytest.fixture
def reactor() -> AppReactor:
    return AppReactor()


@pytest.fixture
def services(reactor: AppReactor) -> Iterator[Services]:
    services = make_services(reactor)
    globalLogPublisher.addObserver(services.observer)
    services.server.start("tcp:8080:interface=127.0.0.1")
    yield services
    globalLogPublisher.removeObserver(services.observer)


def test_a_client_that_leaves_is_recorded_counted_and_judged(
    services: Services, reactor: AppReactor
) -> None:
    client = connect(reactor).get(b"/slow")
    assert services.tracker.counts.waiting == 1
    reactor.advance(1)
    client.leave()
    reactor.advance(0)
    (kept,) = services.store
    assert kept.path == "/slow"
    assert kept.delay_s == 5.0
    assert services.store.outcomes.count(Outcome.CANCELLED) == 1
    (ended,) = services.ends.blocks()
    assert ended.texts["path"] == ["/slow"]
    assert ended.texts["reason"] == [kept.reason.value]


def test_an_answer_ends_the_tries_of_a_client(services: Services, reactor: AppReactor) -> None:
    services.tracker.wall = services.tracker.monotonic = reactor.seconds
    for waited_s in (1, 1, 6, 1):
        client = connect(reactor).get(b"/slow")
        reactor.advance(waited_s)
        client.leave()
        reactor.advance(0)
    assert [one.tries for one in services.store] == [1, 2, 1]


def test_requests_beside_one_that_waits_are_no_tries(
    services: Services, reactor: AppReactor
) -> None:
    services.tracker.wall = services.tracker.monotonic = reactor.seconds
    services.delay.delay_s = 60
    connect(reactor).get(b"/slow")
    for path in (b"/slow", b"/slow", b"/other", b"/other", b"/slow"):
        reactor.advance(1)
        client = connect(reactor).get(path)
        reactor.advance(1)
        client.leave()
    assert [one.tries for one in services.store] == [1, 1, 1, 2, 1]


def test_the_delay_is_that_of_the_server(services: Services, reactor: AppReactor) -> None:
    services.delay.delay_s = 2
    client = connect(reactor).get()
    reactor.advance(1.9)
    assert client.received == b""
    reactor.advance(0.2)
    assert b"Sorry to keep you waiting." in client.received


def test_each_tick_is_put_to_its_second(services: Services, reactor: AppReactor) -> None:
    services.rates = Rates(reactor.seconds, reactor.seconds)
    services.ticker.start()
    reactor.advance(0.1)
    client = connect(reactor).get()
    client.leave()
    reactor.lag.record(0.25, reactor.seconds())
    reactor.advance(0.1)
    rates = services.rates.history()
    assert rates.interrupted == [1]
    assert rates.lag_s == [0.25]
