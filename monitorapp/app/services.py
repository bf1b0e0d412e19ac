"""Everything that runs without a window: the server, its records, and what is made of them."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from random import Random
from typing import Any

from monitorapp.app.campaigns import Campaigns
from monitorapp.app.options import Options
from monitorapp.app.recorder import Recorder
from monitorapp.app.ticker import Ticker
from monitorapp.core.delay.delay import Delay, DelayPlan
from monitorapp.core.history.limits import HistoryLimits
from monitorapp.core.records.store import InterruptionStore
from monitorapp.core.records.tries import Tries
from monitorapp.core.request.store import EndStore
from monitorapp.core.statistics.rates import Rates
from monitorapp.web.hosting.demo import DelayedResource
from monitorapp.web.request.observer import InterruptionObserver
from monitorapp.web.request.tracker import RequestTracker
from monitorapp.web.server.server import WebServer


class Services:
    """Makes the services and joins them to one another; it starts none of them.

    Args:
        reactor: Runs everything. It knows when what it handles was read: see
            `monitorapp.web.request.tracker.EventTiming`.
        options: What the user asked for.
        plan: How delays are found at first.
        limits: What the history keeps.
        take_lag_s: Returns how late the latest turn of the reactor since the last call was, in
            seconds.

    Attributes:
        delay: The delay of the next request.
        tracker: The requests that wait, and how many have ended in which way.
        server: The web server.
        store: The interruptions that are kept.
        recorder: Takes each record into the store and the history.
        observer: The log observer that makes the records.
        ends: The ended requests that are kept, answered or not.
        rates: How many requests ended in each second.
        campaigns: Campaigns of impatient clients.
        ticker: A periodic signal to read figures.
    """

    def __init__(
        self,
        reactor: Any,
        options: Options,
        plan: DelayPlan,
        limits: HistoryLimits,
        take_lag_s: Callable[[], float],
    ) -> None:
        self._take_lag_s = take_lag_s
        self.delay = Delay(plan, seconds=reactor.seconds, random=Random(options.seed))
        self.tracker = RequestTracker(reactor, reactor, origin=secrets.token_hex(8))
        self.server = WebServer(
            reactor,
            DelayedResource(reactor, self.delay),
            self.tracker,
            options.vanished_after_s,
        )
        self.store = InterruptionStore(options.keep)
        tries = Tries(overlaps=self.tracker.overlaps)
        self.recorder = Recorder(
            reactor, self.store, options.history, limits, self.tracker.origin, tries
        )
        self.observer = InterruptionObserver(self.recorder.add)
        self.ends = EndStore()
        self.rates = Rates(self.tracker.wall, self.tracker.monotonic)
        self.campaigns = Campaigns(reactor, self.server, self.store, self.tracker)
        self.ticker = Ticker(reactor)
        self.tracker.outcome_changed.connect(self.recorder.note)
        self.tracker.ended.connect(self.ends.add)
        self.tracker.ended.connect(self.recorder.tries.note_end)
        self.ends.gathered.connect(self.recorder.add_ended)
        self.ticker.ticked.connect(self._record_rates)
        self.ticker.ticked.connect(self.ends.gather)

    def _record_rates(self) -> None:
        counts = self.tracker.counts
        self.rates.record(counts.answered, counts.interrupted, self._take_lag_s())
