"""However it ends, what is in flight is reported, and it ends soon and well."""

from __future__ import annotations

import signal
import time
from collections.abc import Callable

import pytest

from tests.end_to_end.monitor import Client, Monitor

IN_FLIGHT = 50
REPORT = "Async response demo interrupted response"


def by_signal(number: int) -> Callable[[Monitor], None]:
    return lambda monitor: monitor.process.send_signal(number)


def by_closing_the_window(monitor: Monitor) -> None:
    monitor.ask("find('main_window').close()")


def by_quit_action(monitor: Monitor) -> None:
    monitor.ask("click('quit_action')")


def by_application_quit(monitor: Monitor) -> None:
    monitor.ask("QApplication.quit()")


WAYS = [
    pytest.param(by_signal(signal.SIGTERM), id="SIGTERM"),
    pytest.param(by_signal(signal.SIGINT), id="SIGINT"),
    pytest.param(by_closing_the_window, id="window"),
    pytest.param(by_quit_action, id="Ctrl+Q"),
    pytest.param(by_application_quit, id="QApplication.quit"),
]


@pytest.mark.parametrize("box", [False, True], ids=["", "message box"])
@pytest.mark.parametrize("end", WAYS)
def test_all_ways_end_the_same_way(
    monitor: Monitor, end: Callable[[Monitor], None], box: bool
) -> None:
    url = monitor.url()
    clients = [Client(url) for _ in range(IN_FLIGHT)]
    monitor.wait_until("find('counter_waiting').text()", f"Waiting {IN_FLIGHT}")
    if box:
        monitor.ask("message_box()")
        monitor.wait_until("find('test_box').isVisible()", True)
    began = time.monotonic()
    end(monitor)
    code = monitor.wait()
    took_s = time.monotonic() - began
    assert code == 0, "\n".join(monitor.log)
    assert sum(REPORT in line for line in monitor.log) == IN_FLIGHT
    assert not [line for line in monitor.log if "Unhandled" in line or "Unexpected" in line]
    assert took_s < 10  # a hang, not a measurement
    for client in clients:
        client.socket.close()


def test_a_slot_that_raises_is_logged_and_shown_and_nothing_ends(monitor: Monitor) -> None:
    url = monitor.url()
    monitor.ask("fail_in_slot()")
    monitor.wait_for_log("ZeroDivisionError: in a slot")
    assert "in a slot" in monitor.ask("find('main_window').statusBar().currentMessage()")
    monitor.ask("fail_in_thread()")
    monitor.wait_for_log("ZeroDivisionError: in a thread")
    Client(url).close()
    monitor.wait_until("rows()", 1)
    assert monitor.end()[0] == 0
