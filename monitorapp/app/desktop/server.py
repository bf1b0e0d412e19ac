"""Joins the web server and the bars that start it, stop it and show its state."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Final

from twisted.logger import Logger
from twisted.python.failure import Failure

from monitorapp.app.uncaught import report_failure
from monitorapp.core.text.format import grouped
from monitorapp.ui.widgets.message_bar import MessageBar, Severity
from monitorapp.ui.window.main_window import MainWindow
from monitorapp.ui.window.server_bar import ServerState
from monitorapp.web.server.endpoint import (
    FREE_PORT,
    complete_endpoint,
    explain_listen_error,
    has_port,
    with_port,
)
from monitorapp.web.server.server import WebServer

START_SOURCE: Final = "server"
CROWDED_SOURCE: Final = "descriptors"
LEAVING_SOURCE: Final = "former address"


class ServerPresenter:
    """Starts and stops the server as the user asks, and shows its state.

    Args:
        server: The server.
        endpoint: Where it listens at first, as a Twisted endpoint string.
        window: Asks for it, and shows what it does.
        message_bar: Shows why it cannot listen, or accepts no new clients.
        announce: Called with a line for standard error once it listens.
    """

    def __init__(
        self,
        server: WebServer,
        endpoint: str,
        window: MainWindow,
        message_bar: MessageBar,
        announce: Callable[[str], None],
    ) -> None:
        self._server = server
        self._endpoint = endpoint
        self._window = window
        self._message_bar = message_bar
        self._announce = announce
        self._log = Logger()
        window.start_requested.connect(self.start)
        window.stop_requested.connect(self._stop)
        window.listen_requested.connect(self._listen)
        server.crowded.connect(self._show_crowded)
        server.leaving.connect(self._show_leaving)

    def start(self) -> None:
        """Listen on the last endpoint."""
        self._listen(self._endpoint)

    def _listen(self, text: str) -> None:
        endpoint = complete_endpoint(text)
        self._window.set_endpoint(endpoint)
        self._message_bar.clear_message(START_SOURCE)
        self._window.set_server_state(ServerState.STARTING)
        started = self._server.start(endpoint)
        started.addCallbacks(
            partial(self._show_listening, endpoint), partial(self._show_not_listening, endpoint)
        )
        started.addErrback(report_failure)

    def _stop(self) -> None:
        self._message_bar.clear_message(START_SOURCE)
        self._window.set_server_state(ServerState.STOPPING)
        stopped = self._server.stop()
        stopped.addCallback(lambda _: self._window.set_server_state(ServerState.STOPPED))
        stopped.addErrback(report_failure)

    def _show_listening(self, endpoint: str, url: str) -> None:
        self._endpoint = endpoint
        self._window.set_server_state(ServerState.LISTENING, url)
        self._announce(f"Listening on {url}")

    def _show_not_listening(self, endpoint: str, failure: Failure) -> None:
        if self._server.is_listening:  # where it did
            self._window.set_server_state(ServerState.LISTENING, self._server.url)
        else:
            self._endpoint = endpoint
            self._window.set_server_state(ServerState.STOPPED)
        assert failure.value is not None
        problem = explain_listen_error(failure.value, endpoint)
        self._log.error("{problem}", problem=problem)
        actions = [("&Try again", "message_try_again", partial(self._listen, endpoint))]
        if has_port(endpoint):
            free = with_port(endpoint, FREE_PORT)
            actions.append(("Use a &free port", "message_free_port", partial(self._listen, free)))
        self._message_bar.show_message(problem, Severity.ERROR, actions, source=START_SOURCE)

    def _show_leaving(self, is_leaving: bool) -> None:
        if not is_leaving:
            self._message_bar.clear_message(LEAVING_SOURCE)
            return
        self._message_bar.show_message(
            "Clients that still wait at the former address stay connected until they are answered.",
            Severity.INFO,
            [("&Drop them", "message_drop_leaving", self._server.drop_leaving)],
            source=LEAVING_SOURCE,
        )

    def _show_crowded(self, limit: int | None) -> None:
        if limit is None:
            self._log.info("New clients are accepted again.")
            self._message_bar.clear_message(CROWDED_SOURCE)
            return
        problem = (
            f"All {grouped(limit)} file descriptors are in use: new clients wait until others"
            " leave. Raise the limit (ulimit -n) and start again."
        )
        self._log.warn("{problem}", problem=problem)
        self._message_bar.show_message(problem, Severity.WARNING, source=CROWDED_SOURCE)
