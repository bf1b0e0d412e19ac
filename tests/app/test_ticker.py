from __future__ import annotations

import sys

import pytest
from twisted.internet.task import Clock

from monitorapp.app.ticker import TICK_S, Ticker


def test_it_ticks_between_start_and_stop() -> None:
    clock = Clock()
    ticker = Ticker(clock)
    ticks: list[float] = []
    ticker.ticked.connect(lambda: ticks.append(clock.seconds()))
    ticker.stop()
    ticker.start()
    assert ticks == [0]
    clock.advance(TICK_S)
    clock.advance(TICK_S)
    assert len(ticks) == 3
    ticker.stop()
    assert not clock.getDelayedCalls()


def test_a_listener_that_raises_stops_neither_it_nor_the_others(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    reported: list[object] = []
    monkeypatch.setattr(sys, "excepthook", lambda *caught: reported.append(caught[1]))
    clock = Clock()
    ticker = Ticker(clock)
    ticks: list[int] = []
    problem = RuntimeError("listener")

    def broken() -> None:
        raise problem

    ticker.ticked.connect(broken)
    ticker.ticked.connect(lambda: ticks.append(1))
    ticker.start()
    clock.advance(TICK_S)
    assert ticks == [1, 1]
    assert reported == [problem, problem]
