"""The first row, with one press of a button."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.end_to_end.certificate import server_certificate
from tests.end_to_end.monitor import Monitor, running


def interrupt_one(monitor: Monitor) -> None:
    monitor.url()
    assert monitor.ask("find('interrupt_one_action').isEnabled()")
    monitor.ask("click('interrupt_one_action')")
    monitor.wait_until("rows()", 1)


def test_one_press_is_one_row(monitor: Monitor) -> None:
    interrupt_one(monitor)
    monitor.ask("click('interrupt_one_action')")
    monitor.wait_until("rows()", 2)
    reasons = [monitor.ask(f"cells({row})[6]") for row in range(2)]
    assert reasons == ["closed by the client"] * 2  # another press is no try of a client
    assert (
        0.9 < float(monitor.ask("cells(0)[4]").removesuffix(" s")) < 30
    )  # there is no other end of its wait
    monitor.wait_until("find('counter_waiting').text()", "Waiting 0")


@pytest.mark.parametrize(
    ("endpoint", "scheme"),
    [
        ("ssl:0:interface=127.0.0.1:privateKey={folder}/server.pem", "https://127.0.0.1:"),
        ("tls:{folder}:port=0:interface=127.0.0.1", "https://127.0.0.1:"),
        ("unix:{folder}/web", "unix:"),
    ],
)
def test_it_works_over_tls_and_a_unix_socket_too(
    tmp_path: Path, endpoint: str, scheme: str
) -> None:
    server_certificate(tmp_path)
    with running("--delay", "30", "--listen", endpoint.format(folder=tmp_path)) as monitor:
        assert monitor.url().startswith(scheme)
        interrupt_one(monitor)
        assert monitor.ask("cells(0)[6]") == "closed by the client"
        monitor.wait_until("find('counter_waiting').text()", "Waiting 0")
        monitor.wait_until(
            "find('main_window').statusBar().currentMessage()", "The client gave up."
        )


def test_without_a_delay_it_says_why_not() -> None:
    with running("--delay", "0") as monitor:
        monitor.url()
        monitor.ask("click('interrupt_one_action')")
        shown = monitor.ask("find('main_window').statusBar().currentMessage()")
        assert shown == "No response can be interrupted without a delay. Choose one above 0 s."
        assert monitor.counts()[1] == "Answered 0"


def test_a_stopped_server_cannot_be_asked(monitor: Monitor) -> None:
    monitor.url()
    assert monitor.ask("find('interrupt_one_action').isEnabled()")
    monitor.ask("find('main_window').stop_requested.emit()")
    monitor.wait_until("find('interrupt_one_action').isEnabled()", False)
