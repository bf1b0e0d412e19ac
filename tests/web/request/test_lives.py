"""Whatever clients and users do, each request begins once and ends once."""

from __future__ import annotations

from collections import Counter
from contextlib import suppress

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, invariant, multiple, rule
from twisted.internet import error
from twisted.internet.task import Clock
from twisted.logger import Logger
from twisted.python.failure import Failure
from twisted.web.resource import Resource
from twisted.web.server import NOT_DONE_YET, Request

from monitorapp.core.record.identity import RequestId
from monitorapp.core.record.interruption import INTERRUPTED_MESSAGE
from monitorapp.core.record.outcome import RequestOutcome
from monitorapp.core.record.reason import Reason
from monitorapp.core.records.outcomes import Outcomes
from monitorapp.core.request.ended import RequestEnd
from tests.web.channel import Client, TrackedSite

ORIGINS = ("one-process", "another-process")


class Any(Resource):
    """Answers after a while; cleanly, or not, as its path says."""

    isLeaf = True

    def __init__(self, clock: Clock) -> None:
        super().__init__()
        self._clock = clock

    def render_GET(self, request: Request) -> int:
        call = self._clock.callLater(5, self._finish, request)
        if b"now" in request.uri:
            request.write(b"at once")

        def left(failure: Failure) -> None:
            if b"logs" in request.uri:
                Logger().failure(INTERRUPTED_MESSAGE, failure=failure)
            if b"cancels" in request.uri and call.active():
                call.cancel()

        if b"no-errback" not in request.uri:
            request.notifyFinish().addErrback(left)
        return NOT_DONE_YET

    def _finish(self, request: Request) -> None:
        with suppress(RuntimeError):  # its client has left
            request.finish()


class Lives(RuleBasedStateMachine):
    """Two servers, as of two processes, whose records, ends and outcomes come together."""

    clients = Bundle("clients")

    def __init__(self) -> None:
        super().__init__()
        self.clock = Clock()
        self.sites = [TrackedSite(Any(self.clock), self.clock, origin) for origin in ORIGINS]
        self.begun: list[RequestId] = []
        self.ends: list[RequestEnd] = []
        self.reported: list[RequestId] = []
        self.outcomes = Outcomes()
        for site in self.sites:
            site.tracker.ended.connect(self.ends.append)
            site.tracker.outcome_changed.connect(self.note)
        self.sites[0].__enter__()  # one observer is enough: it knows the current request

    def teardown(self) -> None:
        self.sites[0].__exit__()
        super().teardown()

    def note(self, request: RequestId, outcome: RequestOutcome) -> None:
        self.reported.append(request)
        self.outcomes.note(request, outcome)

    @rule(
        target=clients,
        server=st.sampled_from((0, 1)),
        uri=st.sampled_from((b"/", b"/logs", b"/logs-cancels", b"/no-errback", b"/now-logs")),
        count=st.integers(1, 3),
    )
    def ask(self, server: int, uri: bytes, count: int):  # type: ignore[no-untyped-def]
        site = self.sites[server]
        client = site.connect()
        for _ in range(count):  # one after the other is answered
            client.get(uri)
        return multiple(client)

    @rule(
        client=clients,
        exception=st.sampled_from(
            (error.ConnectionDone, error.ConnectionLost, error.ConnectionAborted)
        ),
    )
    def leave(self, client: Client, exception: type[Exception]) -> None:
        if not getattr(client, "has_left", False):
            client.has_left = True  # type: ignore[attr-defined]
            client.leave(exception())

    @rule(seconds=st.sampled_from((0, 1, 5)))
    def wait(self, seconds: int) -> None:
        self.clock.advance(seconds)

    @rule(server=st.sampled_from((0, 1)), data=st.data())
    def steer(self, server: int, data: st.DataObject) -> None:
        tracker = self.sites[server].tracker
        numbers = tracker.numbers()
        if numbers:
            number = data.draw(st.sampled_from(numbers))
            tracker.extend(number, data.draw(st.sampled_from((-9.0, 1.0))))

    @invariant()
    def each_is_in_one_place(self) -> None:
        for site, origin in zip(self.sites, ORIGINS, strict=True):
            counts = site.tracker.counts
            ended = [end for end in self.ends if end.origin == origin]
            waiting = site.tracker.numbers()
            assert counts.waiting == len(waiting)
            assert counts.answered == sum(end.answered for end in ended)
            assert counts.interrupted == sum(not end.answered for end in ended)
            places = [*waiting, *(end.number for end in ended)]
            assert sorted(places) == list(range(1, len(places) + 1))

    @invariant()
    def each_waits_under_its_name(self) -> None:
        for site, origin in zip(self.sites, ORIGINS, strict=True):
            for number in site.tracker.numbers():
                facts = site.tracker.facts(number)
                assert facts is not None
                assert facts.identity == RequestId(origin, number)

    @invariant()
    def only_what_was_interrupted_has_an_outcome(self) -> None:
        interrupted = {end.identity for end in self.ends if not end.answered}
        assert set(self.reported) == interrupted
        for record in self.sites[0].records:
            assert self.outcomes.of(record) is not None

    @invariant()
    def each_record_is_of_one_end(self) -> None:
        ends = {end.identity: end for end in self.ends}
        records = self.sites[0].records
        assert max(Counter(record.identity for record in records).values(), default=1) == 1
        for record in records:
            end = ends[record.identity]
            assert record.reason is end.reason is not Reason.OTHER
            assert (record.path, record.client) == (end.path, end.client)
            assert (record.waited_s, record.delay_s) == (end.waited_s, end.delay_s)
        unlogged = sum(site.tracker.counts.unlogged for site in self.sites)
        assert unlogged == sum(not end.answered for end in self.ends) - len(records)


Lives.TestCase.settings = settings(max_examples=60, stateful_step_count=25, deadline=None)
TestLives = Lives.TestCase
