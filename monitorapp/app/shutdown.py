"""The shutdown of the app: stages, one after the other, none of which can keep it from ending."""

from __future__ import annotations

from collections.abc import Callable, Generator, Sequence
from dataclasses import dataclass
from typing import Any

from twisted.internet.defer import Deferred, inlineCallbacks, maybeDeferred
from twisted.internet.interfaces import IDelayedCall
from twisted.logger import Logger
from twisted.python.failure import Failure


@dataclass(frozen=True, slots=True)
class Stage:
    """A part of the end.

    Attributes:
        name: What it is called in the log.
        run: Does it. It may return a Deferred, but not in a stage after the reactor's end.
        limit_s: How long it may take, in seconds.
    """

    name: str
    run: Callable[[], object]
    limit_s: float


class Shutdown:
    """Runs stages in their order, some before the reactor ends its connections, some after.

    A stage that raises, or whose Deferred fails, is logged. One whose Deferred takes longer than
    its limit is logged and not waited for. The next one runs in any case. A stage that blocks
    must have a limit of its own, and can only be logged.

    Args:
        reactor: Ends. Its clock measures.
        before: Stages before it ends its connections; they can wait for Deferreds.
        after: Stages after that, when it reports nothing more.
    """

    def __init__(self, reactor: Any, before: Sequence[Stage], after: Sequence[Stage]) -> None:
        self._reactor = reactor
        self._before = tuple(before)
        self._after = tuple(after)
        self._log = Logger()

    def install(self) -> None:
        """Run the stages when the reactor shuts down."""
        self._reactor.addSystemEventTrigger("before", "shutdown", self.run_before)
        self._reactor.addSystemEventTrigger("after", "shutdown", self.run_after)

    @inlineCallbacks
    def run_before(self) -> Generator[Deferred[None], None, None]:
        """Run the stages before; return a Deferred of their end."""
        for stage in self._before:
            yield self._run(stage)

    def run_after(self) -> None:
        """Run the stages after."""
        for stage in self._after:
            self._run(stage)

    def _run(self, stage: Stage) -> Deferred[None]:
        """Return a Deferred that fires when a stage has ended or its time is over."""
        over: Deferred[None] = Deferred()
        began_s = self._reactor.seconds()
        done = maybeDeferred(stage.run)
        done.addErrback(self._report_failed, stage)
        if done.called and not done.paused:
            self._warn_if_late(stage, began_s)
            over.callback(None)
            return over
        limit: IDelayedCall = self._reactor.callLater(stage.limit_s, self._pass_over, stage, over)

        def end(_: object) -> None:
            if limit.active():
                limit.cancel()
                over.callback(None)

        done.addCallback(end)
        return over

    def _pass_over(self, stage: Stage, over: Deferred[None]) -> None:
        self._log.warn(
            "Shutdown: {stage} takes longer than {limit_s:g} s; continuing without it.",
            stage=stage.name,
            limit_s=stage.limit_s,
        )
        over.callback(None)

    def _warn_if_late(self, stage: Stage, began_s: float) -> None:
        took_s = self._reactor.seconds() - began_s
        if took_s > stage.limit_s:
            self._log.warn(
                "Shutdown: {stage} took {took_s:.1f} s, longer than {limit_s:g} s.",
                stage=stage.name,
                took_s=took_s,
                limit_s=stage.limit_s,
            )

    def _report_failed(self, failure: Failure, stage: Stage) -> None:
        self._log.failure("Shutdown: {stage} failed", failure=failure, stage=stage.name)
