"""The reactor's threads, for what can take long."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, TypeVar

from twisted.internet.threads import deferToThreadPool
from twisted.logger import Logger
from twisted.python.failure import Failure

from monitorapp.core.source.source import InThread

T = TypeVar("T")


def in_thread_of(reactor: Any) -> InThread:
    """Return what runs an iterator in a thread of the reactor's pool, see `InThread`."""
    log = Logger()

    def in_thread(
        steps: Callable[[], Iterator[T]],
        take: Callable[[T], object],
        end: Callable[[BaseException | None], object],
    ) -> None:
        def run() -> None:
            for item in steps():
                reactor.callFromThread(take, item)

        def fail(failure: Failure) -> None:
            end(failure.value)

        ended = deferToThreadPool(reactor, reactor.getThreadPool(), run)
        ended.addCallbacks(lambda _: end(None), fail)
        ended.addErrback(lambda failure: log.failure("Unexpected error", failure=failure))

    return in_thread
