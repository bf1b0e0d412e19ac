"""The quick part of Twisted's own reactor tests; all of it: tests/conformance."""

from __future__ import annotations

import select

import pytest

from tests.conformance import conformance

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not hasattr(select, "epoll"), reason="compares with epoll"),
]


@pytest.mark.parametrize(
    ("module", "least"),
    [
        ("test_core", 5),
        ("test_fdset", 5),
        ("test_socket", 5),
        ("test_threads", 5),
        ("test_tcp", 20),
        ("test_unix", 20),
    ],
)
def test_not_one_worse_than_epoll(module: str, least: int) -> None:
    results = conformance.compare(["epoll", "QtEPollReactor"], [module])
    ours, epoll = results["QtEPollReactor"], results["epoll"]
    assert ours.outcomes.keys() == epoll.outcomes.keys()
    assert ours.count()["ok"] > least
    assert conformance.worse(ours, epoll) == []


def test_hang_and_abort_are_survived() -> None:
    reactor = "tests.conformance.troubled.Troubled"
    result = conformance.run_module(reactor, "test_core", timeout_s=2.0)
    counts = result.count()
    assert (counts["hang"], counts["abort"]) == (1, 1)
    assert counts["ok"] > 5
    assert conformance.worse(conformance.Result(), result) == []
