from __future__ import annotations

from twisted.internet.task import Clock

from monitorapp.core.campaign.summary import ServerCounts
from monitorapp.core.delay.delay import Delay
from monitorapp.core.records.store import InterruptionStore
from monitorapp.web.campaign._tally import ServerTally
from monitorapp.web.hosting.demo import DelayedResource
from tests.web.channel import TrackedSite

OWN = b"User-Agent: monitorapp-client/1\r\n"
OTHER = b"User-Agent: monitorapp-client/12\r\n"


def test_the_requests_of_one_agent_are_counted_as_they_begin_and_end() -> None:
    clock, store = Clock(), InterruptionStore(1)
    with TrackedSite(DelayedResource(clock, Delay(5)), clock) as site:
        tally = ServerTally(store, site.tracker, "monitorapp-client/1")
        seen: list[ServerCounts] = []
        tally.changed.connect(lambda: seen.append(tally.counts))
        site.connect().get(headers=OWN)  # before it begins to count
        tally.start()
        clients = [site.connect().get(headers=headers) for headers in (OWN, OTHER, OWN, b"")]
        assert tally.counts == ServerCounts(reached=2, answered=0, interrupted=0, recorded=0)
        assert tally.counts.waiting == 2
        for client in clients[:2]:
            client.leave()
        for record in site.records:
            store.add(record)
        assert tally.counts == ServerCounts(reached=2, answered=0, interrupted=1, recorded=1)
        tally.stop()
        clock.advance(5)
    assert tally.counts.waiting == 1
    assert seen[-1] == tally.counts
    assert len(seen) == 4
