"""Clients that leave in ways that Twisted Web alone does not see."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.end_to_end.leaving import ENDPOINTS, Peer
from tests.end_to_end.monitor import Client, Monitor, running


@pytest.mark.parametrize("reset", [False, True], ids=["FIN", "RST"])
@pytest.mark.parametrize("kilobytes", [20, 200, 400])
def test_a_client_that_pipelined_much_and_left_is_a_row(
    monitor: Monitor, kilobytes: int, reset: bool
) -> None:
    client = Client(monitor.url(), b"/pipelined")
    monitor.wait_until("find('counter_waiting').text()", "Waiting 1")
    client.socket.sendall(b"x" * kilobytes * 1000)
    client.reset() if reset else client.close()
    monitor.wait_until("rows()", 1)
    assert monitor.ask("cells(0)[2]") == "/pipelined"
    assert monitor.ask("cells(0)[6]") == ("reset" if reset else "closed by the client")


def test_a_client_that_sent_until_nothing_more_went_is_a_row(monitor: Monitor) -> None:
    client = Client(monitor.url(), b"/flooding")
    monitor.wait_until("find('counter_waiting').text()", "Waiting 1")
    client.socket.settimeout(0.3)
    with pytest.raises(TimeoutError):  # the server reads no more
        client.socket.sendall(b"x" * 100_000_000)
    client.reset()
    monitor.wait_until("rows()", 1)
    assert monitor.ask("cells(0)[2]") == "/flooding"
    assert monitor.ask("cells(0)[6]") == "reset"


@pytest.mark.parametrize("kilobytes", [20, 400, 100_000])
def test_over_a_unix_socket_too(kilobytes: int, tmp_path: Path) -> None:
    endpoint = ENDPOINTS["unix"].format(folder=tmp_path)
    with running("--delay", "3600", "--listen", endpoint) as monitor:
        client = Peer("unix", monitor.url(), "/pipelined")
        monitor.wait_until("find('counter_waiting').text()", "Waiting 1")
        client.socket.settimeout(0.3)
        if kilobytes < 1_000:
            client.socket.sendall(b"x" * kilobytes * 1000)
        else:
            with pytest.raises(TimeoutError):  # the server reads no more
                client.socket.sendall(b"x" * kilobytes * 1000)
        client.fin()
        monitor.wait_until("rows()", 1)
        assert monitor.ask("cells(0)[2]") == "/pipelined"
        assert monitor.ask("cells(0)[6]") == "closed by the client"
        assert monitor.ask("left()") == 1
