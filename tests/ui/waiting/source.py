"""Requests that wait, for tests."""

from __future__ import annotations

from collections.abc import Iterable

from monitorapp.core.record.identity import RequestId
from monitorapp.core.request.waiting import WaitingRequest


class Source:
    """Knows the requests with the numbers in `waiting`."""

    def __init__(self, numbers: Iterable[int] = ()) -> None:
        self.waiting = list(numbers)
        self.asked: list[int] = []
        self.has_errback = True
        self.remaining_s: float | None = 3.75

    def numbers(self) -> list[int]:
        return list(self.waiting)

    def facts(self, number: int) -> WaitingRequest | None:
        self.asked.append(number)
        if number not in self.waiting:
            return None
        return WaitingRequest(
            identity=RequestId("a-process", number),
            uri=f"/{number}?<b>",
            client="192.0.2.7:51234",
            waited_s=1.25,
            delay_s=5.0,
            remaining_s=self.remaining_s,
            bytes_written=1_234,
            headers_sent=True,
            has_errback=self.has_errback,
        )
