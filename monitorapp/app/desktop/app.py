"""The app with its window: services, the window, and a presenter for each capability."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from PyQt5.QtWidgets import QApplication
from twisted.logger import ILogObserver, LogBeginner, Logger, LogPublisher

from monitorapp.app.desktop.campaign import CampaignPresenter
from monitorapp.app.desktop.clearing import ClearingPresenter
from monitorapp.app.desktop.counts import CountsPresenter
from monitorapp.app.desktop.delay import DelayPresenter
from monitorapp.app.desktop.history import HistoryPresenter
from monitorapp.app.desktop.interrupt_one import InterruptOnePresenter
from monitorapp.app.desktop.outcomes import OutcomesPresenter
from monitorapp.app.desktop.recording import RecordingPresenter
from monitorapp.app.desktop.server import ServerPresenter
from monitorapp.app.desktop.sources import SourcesPresenter
from monitorapp.app.desktop.theme import ThemePresenter
from monitorapp.app.desktop.waiting import WaitingPresenter
from monitorapp.app.options import Options
from monitorapp.app.services import Services
from monitorapp.app.shutdown import Shutdown, Stage
from monitorapp.app.threads import in_thread_of
from monitorapp.app.uncaught import UncaughtExceptions
from monitorapp.core.chance.distribution import Fixed
from monitorapp.ui.settings import Settings
from monitorapp.ui.widgets.theme import ColourScheme
from monitorapp.ui.window.main_window import MainWindow

HISTORY_LIMIT_S: Final = 3.0
"""How long the app waits at its end for what is still to be written."""


class App:
    """Composes the app: nothing else knows services and window alike.

    Args:
        reactor: Runs everything; a `monitorapp.reactor.QtLoopReactor`.
        application: The Qt application.
        options: What the user asked for on the command line.
        settings: What is kept from one run to the next.
        announce: Called with each line that is for standard error itself, not for the log.

    Attributes:
        services: All that runs without a window.
        uncaught: Takes the exceptions that nobody caught, once it is installed.
        window: The main window.
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
        self._log = Logger()
        self._publisher: LogPublisher | None = None
        self.uncaught = UncaughtExceptions(reactor, self.quit)
        plan = settings.delay_plan if options.delay_s is None else Fixed(options.delay_s)
        lag = reactor.lag
        self.services = services = Services(
            reactor, options, plan, settings.history_limits, lag.take_worst_s
        )
        self.window = window = MainWindow(services.store, settings, in_thread_of(reactor))

        server, delay, tracker, ticker = (
            services.server,
            services.delay,
            services.tracker,
            services.ticker,
        )
        panes, table_pane, message_bar = window.panes, window.table_pane, window.message_bar
        panes.rate.set_rates(services.rates)
        panes.patience.set_source(services.waits, lambda: table_pane.filter_bar.filter)
        self._server = ServerPresenter(server, options.listen, window, message_bar, announce)
        self._sources = sources = SourcesPresenter(table_pane, window.transfer, message_bar)
        # Qt's signals keep no receiver alive.
        self._presenters = (
            self._server,
            HistoryPresenter(
                window, sources, services.recorder, services.store, settings, in_thread_of(reactor)
            ),
            ThemePresenter(ColourScheme(application), settings, window),
            DelayPresenter(delay, tracker, ticker, window.delay_bar, window),
            CountsPresenter(tracker, services.store.outcomes, lag, ticker, window),
            WaitingPresenter(tracker, delay, panes.waiting, window.show_status),
            OutcomesPresenter(tracker, window.show_status),
            ClearingPresenter(services.store, window),
            CampaignPresenter(services.campaigns, ticker, panes.clients),
            InterruptOnePresenter(reactor, server, window),
            RecordingPresenter(services.recorder, window, message_bar),
        )
        window.closed.connect(self.quit)
        self.uncaught.reported.connect(window.show_status)
        self._shutdown = Shutdown(
            reactor,
            before=(
                Stage("counters", ticker.stop, limit_s=1),
                Stage("campaign", services.campaigns.stop, limit_s=1),
                Stage("searches", sources.close, limit_s=1),
                Stage("exports and imports", window.transfer.cancel, limit_s=1),
                Stage("window state", self._save_state, limit_s=1),
                Stage("server", server.stop, limit_s=3),
            ),
            # Requests that still wait are interrupted in between, and recorded.
            after=(
                Stage("log observer", self._stop_observing, limit_s=1),
                Stage("history", self._close_history, HISTORY_LIMIT_S),
                Stage("window", window.close, limit_s=1),
            ),
        )

    def start(self, beginner: LogBeginner, publisher: LogPublisher, text_log: ILogObserver) -> None:
        """Begin to log, show the window and start the server.

        Args:
            beginner: Begins the logging; nobody has used it before.
            publisher: Where the observer is removed in the end.
            text_log: The ordinary log that the user can read.
        """
        # All observers at once: what was logged until now comes to each exactly once.
        beginner.beginLoggingTo([text_log, self.services.observer], redirectStandardIO=False)
        self._publisher = publisher
        self._shutdown.install()
        self.window.show()
        self.services.ticker.start()
        self.services.recorder.start()
        self._reactor.callWhenRunning(self._server.start)

    def quit(self) -> None:
        """End the reactor, and with it the app."""
        if self._reactor.running:
            self._reactor.stop()

    def _save_state(self) -> None:
        self.window.save_state()
        problem = self._settings.problem()
        if problem is not None:
            self._log.warn("{problem}", problem=problem)

    def _stop_observing(self) -> None:
        if self._publisher is not None:
            self._publisher.removeObserver(self.services.observer)

    def _close_history(self) -> None:
        self.services.recorder.close(HISTORY_LIMIT_S)
