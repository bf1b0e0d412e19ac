"""Joins the button "Interrupt one" and a client that gives up."""

from __future__ import annotations

from typing import Any

from twisted.python.failure import Failure

from monitorapp.app.uncaught import report_failure
from monitorapp.core.text.format import short_seconds
from monitorapp.ui.window.main_window import MainWindow
from monitorapp.web.campaign.client import ClientOutcome
from monitorapp.web.campaign.interrupt_one import ask_and_leave
from monitorapp.web.server.server import WebServer


class InterruptOnePresenter:
    """Sends a request to the server when the user wants one interrupted, and gives it up.

    Args:
        reactor: Connects and schedules.
        server: The server that is asked.
        window: Asks for it, and shows the result.
    """

    def __init__(self, reactor: Any, server: WebServer, window: MainWindow) -> None:
        self._reactor = reactor
        self._server = server
        self._window = window
        window.interrupt_one_requested.connect(self._interrupt_one)

    def _interrupt_one(self, patience_s: float) -> None:
        self._window.show_status(
            f"A client sends a request, and gives up after {short_seconds(patience_s)}…"
        )
        left = ask_and_leave(self._reactor, self._server.url, patience_s)
        left.addCallbacks(self._show_left, self._show_not_sent)
        left.addErrback(report_failure)

    def _show_left(self, left: ClientOutcome) -> None:
        self._window.show_status(left.value)

    def _show_not_sent(self, failure: Failure) -> None:
        self._window.show_status(
            f"No request could be sent to {self._server.url}: {failure.getErrorMessage()}"
        )
