"""Listeners are called, whatever the others do."""

from __future__ import annotations

import sys
from types import TracebackType

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitorapp.core.signal import Signal


def test_listeners_are_called_in_their_order() -> None:
    signal: Signal[[int, str]] = Signal()
    heard: list[tuple[object, ...]] = []
    signal.connect(lambda number, text: heard.append((1, number, text)))
    signal.connect(lambda number, text: heard.append((2, number, text)))
    signal.emit(7, "x")
    assert heard == [(1, 7, "x"), (2, 7, "x")]


def test_it_is_true_while_somebody_listens() -> None:
    signal: Signal[[]] = Signal()
    assert not signal
    signal.connect(print)
    assert signal
    signal.disconnect(print)
    assert not signal


def test_one_that_is_not_connected_cannot_be_disconnected() -> None:
    signal: Signal[[]] = Signal()
    with pytest.raises(ValueError, match="not in list"):
        signal.disconnect(print)


def test_who_is_connected_meanwhile_is_called_from_the_next_time_on() -> None:
    signal: Signal[[]] = Signal()
    heard: list[int] = []

    def first() -> None:
        signal.connect(lambda: heard.append(2))
        signal.disconnect(first)

    signal.connect(first)
    signal.emit()
    assert heard == []
    signal.emit()
    assert heard == [2]


def test_one_that_raises_is_reported_and_starves_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    reported: list[BaseException] = []

    def report(
        _type: type[BaseException], exception: BaseException, _traceback: TracebackType | None
    ) -> None:
        reported.append(exception)

    monkeypatch.setattr(sys, "excepthook", report)
    signal: Signal[[]] = Signal()
    heard: list[str] = []
    problem = RuntimeError("listener")

    def broken() -> None:
        raise problem

    signal.connect(lambda: heard.append("before"))
    signal.connect(broken)
    signal.connect(lambda: heard.append("after"))
    signal.emit()
    assert heard == ["before", "after"]
    assert reported == [problem]


@given(st.lists(st.lists(st.integers(0, 5), max_size=3), min_size=6, max_size=6))
def test_whoever_disconnects_whom_each_other_is_called_once(gone_by: list[list[int]]) -> None:
    """`gone_by[n]` are disconnected while listener `n` is called."""
    signal: Signal[[]] = Signal()
    heard: list[int] = []
    connected = set(range(6))

    def listener(number: int) -> None:
        assert number in connected
        heard.append(number)
        for other in gone_by[number]:
            if other in connected:
                connected.remove(other)
                signal.disconnect(listeners[other])

    listeners = [lambda number=number: listener(number) for number in range(6)]
    for one in listeners:
        signal.connect(one)
    signal.emit()
    assert heard == sorted(set(heard))
    assert connected <= set(heard)
