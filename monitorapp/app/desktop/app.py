"""The app: it joins the server, the records and the window."""

from __future__ import annotations

import secrets
import threading
from collections.abc import Callable, Sequence
from functools import partial
from random import Random
from types import TracebackType
from typing import Any, Final

from PyQt5.QtWidgets import QApplication
from twisted.internet.defer import Deferred
from twisted.internet.task import LoopingCall
from twisted.logger import ILogObserver, LogBeginner, Logger, LogPublisher
from twisted.python.failure import Failure
from twisted.python.threadable import isInIOThread

from monitorapp.app.options import Options
from monitorapp.app.recorder import Recording
from monitorapp.core.campaign.plan import CampaignPlan
from monitorapp.core.campaign.summary import CampaignSummary
from monitorapp.core.delay.delay import Delay, DelayPlan, FixedDelay
from monitorapp.core.record.identity import RequestId
from monitorapp.core.record.interruption import Interruption
from monitorapp.core.record.outcome import LATE_ERROR, Outcome, RequestOutcome
from monitorapp.core.record.story import format_seconds
from monitorapp.core.records.outcomes import Outcomes
from monitorapp.core.records.store import InterruptionStore
from monitorapp.core.statistics.rates import Rates
from monitorapp.core.statistics.waits import Patience
from monitorapp.core.text.visible import cut, visible
from monitorapp.ui.settings import Settings
from monitorapp.ui.widgets.message_bar import Severity
from monitorapp.ui.widgets.theme import Colours, ColourScheme
from monitorapp.ui.window.main_window import MainWindow
from monitorapp.ui.window.server_bar import ServerState
from monitorapp.web.campaign.impatient_client import ask_and_leave
from monitorapp.web.campaign.run import CampaignRun
from monitorapp.web.hosting.demo import DelayedResource
from monitorapp.web.request.observer import InterruptionObserver
from monitorapp.web.request.tracker import RequestTracker
from monitorapp.web.server.descriptors import descriptor_budget
from monitorapp.web.server.endpoint import (
    FREE_PORT,
    EndpointError,
    explain_listen_error,
    has_port,
    with_port,
)
from monitorapp.web.server.server import WebServer

COUNTS_INTERVAL_S: Final = 0.1
"""How often the counters are looked at."""


class App:
    """Joins the web server, the log observer, the store and the window.

    Args:
        reactor: Runs everything; a `monitorapp.reactor.QtLoopReactor`.
        application: The Qt application.
        options: The command line.
        settings: What is kept from one run to the next.
        announce: Called with each line that is for standard error itself, not for the log.

    Attributes:
        window: The main window.
        tracker: Counts the requests.
        store: The interruptions that are kept.
    """

    def __init__(
        self,
        reactor: Any,
        application: QApplication,
        options: Options,
        settings: Settings,
        announce: Callable[[str], None],
    ) -> None:
        self._reactor = reactor
        self._settings = settings
        self._announce = announce
        self._endpoint = options.listen
        self._log = Logger()
        self._publisher: LogPublisher | None = None
        self._delay = Delay(
            settings.delay_plan if options.delay_s is None else FixedDelay(options.delay_s),
            seconds=reactor.seconds,
            random=Random(options.seed),
        )
        self.tracker = RequestTracker(reactor, reactor, origin=secrets.token_hex(8))
        self._outcomes = Outcomes(options.keep)
        self.tracker.outcome_changed.connect(self._outcomes.note)
        self.tracker.outcome_changed.connect(self._say_crashed)
        self._server = WebServer(
            reactor,
            DelayedResource(reactor, self._delay),
            self.tracker,
            options.vanished_after_s,
        )
        self._server.crowded.connect(self._show_crowded)
        self._observer = InterruptionObserver(self._publish)
        self._campaign: CampaignRun | None = None
        self._colour_scheme = ColourScheme(application)
        self.store = InterruptionStore(options.keep)
        self.window = MainWindow(self.store, settings)
        self._recording = Recording(reactor, self.store, self.window, settings, options.history)
        self.window.table_pane.set_outcomes(self._outcomes)
        self.window.panes.waiting.set_source(self.tracker)
        self._patience = Patience()
        self.tracker.ended.connect(self._patience.add)
        self.window.panes.patience.set_source(self._patience, lambda: self.window.filter_bar.filter)
        self._rates = Rates(reactor.seconds)
        self.window.panes.rate.set_rates(self._rates)
        self._counts = LoopingCall(self._show_counts)
        self._counts.clock = reactor
        self._connect()

    def start(self, beginner: LogBeginner, publisher: LogPublisher, text_log: ILogObserver) -> None:
        """Begin to log, show the window and start the server.

        Args:
            beginner: Begins the logging; nobody has used it before.
            publisher: Where the observer is removed in the end.
            text_log: The ordinary log that a person can read.
        """
        # All observers at once: what was logged until now comes to each exactly once.
        beginner.beginLoggingTo([text_log, self._observer], redirectStandardIO=False)
        self._publisher = publisher
        self._reactor.addSystemEventTrigger("before", "shutdown", self._shut_down)
        self._reactor.addSystemEventTrigger("after", "shutdown", self._stop_observing)
        self.window.set_delay_plan(self._delay.plan)
        self._choose_colours(self._settings.colours)
        self.window.show()
        self._counts.start(COUNTS_INTERVAL_S)
        self._recording.start()
        self._reactor.callWhenRunning(self.start_server)

    def start_server(self, endpoint: str | None = None) -> None:
        """Listen on an endpoint string, or on the last one."""
        if endpoint is not None:
            self._endpoint = endpoint
        self.window.set_endpoint(self._endpoint)
        self.window.message_bar.clear_message()
        self.window.set_server_state(ServerState.STARTING)
        started = self._server.start(self._endpoint)
        started.addCallbacks(self._listening, self._not_listening)
        started.addErrback(self._report_failure)

    def stop_server(self) -> None:
        """Stop listening and interrupt what waits."""
        self.window.set_server_state(ServerState.STOPPING)
        stopped = self._server.stop()
        stopped.addCallback(lambda _: self.window.set_server_state(ServerState.STOPPED))
        stopped.addErrback(self._report_failure)

    def quit(self) -> None:
        """End the reactor, and with it the app."""
        if self._reactor.running:
            self._reactor.stop()

    def report_exception(
        self,
        exception_type: type[BaseException],
        exception: BaseException,
        traceback: TracebackType | None,
    ) -> None:
        """Log an exception that nobody caught, and show it; for `sys.excepthook`."""
        if issubclass(exception_type, KeyboardInterrupt):
            self.quit()
            return
        self._report_failure(Failure(exception, exception_type, traceback))

    def report_thread_exception(self, caught: threading.ExceptHookArgs) -> None:
        """Do the same for an exception in a thread; for `threading.excepthook`."""
        exception = caught.exc_value or caught.exc_type()
        self._reactor.callFromThread(
            self.report_exception, caught.exc_type, exception, caught.exc_traceback
        )

    def _connect(self) -> None:
        window = self.window
        window.start_requested.connect(self.start_server)
        window.stop_requested.connect(self.stop_server)
        window.listen_requested.connect(lambda endpoint: self.start_server(endpoint.strip()))
        window.interrupt_one_requested.connect(self._interrupt_one)
        window.delay_plan_changed.connect(self._change_delay)
        window.delay_bar.reschedule_requested.connect(self._reschedule)
        window.clear_requested.connect(self.store.clear)
        window.colours_chosen.connect(self._choose_colours)
        window.closed.connect(self.quit)
        waiting = window.panes.waiting
        waiting.finish_requested.connect(
            lambda numbers: self._steer(numbers, self.tracker.finish_now)
        )
        waiting.abort_requested.connect(lambda numbers: self._steer(numbers, self.tracker.abort))
        waiting.extend_requested.connect(lambda numbers: self._steer(numbers, self._extend))
        window.panes.clients.start_requested.connect(self._start_campaign)
        window.panes.clients.cancel_requested.connect(self._cancel_campaign)

    def _publish(self, interruption: Interruption) -> None:
        if isInIOThread():
            self._recording.add(interruption)
        else:
            self._reactor.callFromThread(self._recording.add, interruption)

    def _show_counts(self) -> None:
        counts = self.tracker.counts
        self.window.set_counts(counts.waiting, counts.answered, counts.interrupted)
        self.window.set_outcomes(
            self._outcomes.count(Outcome.WENT_ON),
            self._outcomes.count(Outcome.CRASHED),
            counts.unlogged,
        )
        if self._campaign is not None:
            self.window.panes.clients.show_counts(self._campaign.counts)
        lag = self._reactor.lag
        self.window.set_lag(lag.now_s, lag.worst_s)
        self.window.delay_bar.set_progress(self._delay.progress)
        self._rates.record(counts.answered, counts.interrupted, lag.take_worst_s())

    def _show_crowded(self, limit: int | None) -> None:
        if limit is None:
            self._log.info("New clients are accepted again.")
            self.window.message_bar.clear_message()
            return
        problem = (
            f"All {limit:,} file descriptors are in use: new clients wait until others leave."
            " Raise the limit (ulimit -n) and start again."
        )
        self._log.warn("{problem}", problem=problem)
        self.window.message_bar.show_message(problem, Severity.WARNING)

    def _change_delay(self, plan: DelayPlan) -> None:
        self._delay.plan = plan

    def _reschedule(self) -> None:
        count = self.tracker.reschedule(self._delay.next_s)
        self.window.show_status(
            f"{count:,} waiting request{' has' if count == 1 else 's have'} a new delay"
        )

    def _extend(self, number: int) -> bool:
        return self.tracker.extend(number, self._delay.delay_s)

    def _steer(self, numbers: Sequence[int], steer: Callable[[int], bool]) -> None:
        """Do something with requests that wait, and say how many of them could not be reached."""
        missed = sum(not steer(number) for number in numbers)
        if missed:
            self.window.show_status(
                f"{missed:,} of {len(numbers):,}: ended meanwhile, or no delayed call is known"
                " that they wait for."
            )

    def _say_crashed(self, request: RequestId, outcome: RequestOutcome) -> None:
        if outcome.outcome is Outcome.CRASHED:
            wasted = format_seconds(outcome.wasted_s)
            self.window.show_status(
                f"Request {request.number:,} crashed {wasted} after its client had left:"
                f" {LATE_ERROR}"
            )

    def _interrupt_one(self, patience_s: float) -> None:
        self.window.show_status(f"A client asks, and gives up after {patience_s:g} s…")
        left = ask_and_leave(self._reactor, self._server.url, patience_s)
        left.addCallbacks(self._say_left, self._say_not_sent)
        left.addErrback(self._report_failure)

    def _say_left(self, left: bool) -> None:
        self.window.show_status(
            "The client gave up." if left else "The client was answered, or dropped, in time."
        )

    def _say_not_sent(self, failure: Failure) -> None:
        self.window.show_status(
            f"No request could be sent to {self._server.url}: {failure.getErrorMessage()}"
        )

    def _start_campaign(self, plan: CampaignPlan) -> None:
        pane = self.window.panes.clients
        try:
            self._campaign = campaign = CampaignRun(
                self._reactor,
                plan,
                self._server.url if self._server.is_listening else "",
                self.store,
                self.tracker,
                descriptor_budget(),
                token=secrets.token_hex(4),
                seed=secrets.randbelow(2**31) if plan.seed is None else plan.seed,
            )
        except ValueError as problem:
            pane.show_problem(str(problem))
            return
        pane.begin(campaign.agent, campaign.notice, is_own=campaign.is_own)
        ended = campaign.start()
        ended.addCallback(self._end_campaign)
        ended.addErrback(self._report_failure)

    def _end_campaign(self, summary: CampaignSummary) -> None:
        self._campaign = None
        self.window.panes.clients.show_summary(summary)

    def _cancel_campaign(self) -> None:
        if self._campaign is not None:
            self._campaign.cancel()

    def _choose_colours(self, colours: Colours) -> None:
        self._colour_scheme.apply(colours)
        self._settings.colours = colours
        self.window.set_colours(colours)

    def _listening(self, url: str) -> None:
        self.window.set_server_state(ServerState.LISTENING, url)
        self._announce(f"Listening on {url}")

    def _not_listening(self, failure: Failure) -> None:
        if failure.check(EndpointError) and self._server.is_listening:
            self.window.set_server_state(ServerState.LISTENING, self._server.url)
        else:
            self.window.set_server_state(ServerState.STOPPED)
        assert failure.value is not None
        problem = explain_listen_error(failure.value, self._endpoint)
        self._log.error("{problem}", problem=problem)
        actions = [("&Try again", "message_try_again", self.start_server)]
        if has_port(self._endpoint):
            free = with_port(self._endpoint, FREE_PORT)
            actions.append(
                ("Use a &free port", "message_free_port", partial(self.start_server, free))
            )
        self.window.message_bar.show_message(problem, Severity.ERROR, actions)

    def _report_failure(self, failure: Failure) -> None:
        self._log.failure("Unexpected error", failure=failure)
        message = (
            f"{failure.type.__name__ if failure.type else 'Error'}: {failure.getErrorMessage()}"
        )
        self.window.show_status(f"Unexpected error, see the log: {cut(visible(message), 200)}")

    def _shut_down(self) -> Deferred[None]:
        """Let what is in flight be reported before the reactor stops."""
        if self._counts.running:
            self._counts.stop()
        self._recording.stop()
        if self._campaign is not None:
            self._campaign.stop()
        self.window.save_state()
        problem = self._settings.problem()
        if problem is not None:
            self._log.warn("{problem}", problem=problem)
        return self._server.stop()

    def _stop_observing(self) -> None:
        if self._publisher is not None:
            self._publisher.removeObserver(self._observer)
        self._recording.close()
        self.window.close()
