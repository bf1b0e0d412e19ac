"""Clients that leave in ways that Twisted Web alone does not see."""

from __future__ import annotations

import pytest

from tests.end_to_end.monitor import Client, Monitor


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
