"""Find the rows that matter."""

from __future__ import annotations

from tests.end_to_end.monitor import Client, Monitor

WAITING = "find('counter_waiting').text()"


def interrupt(monitor: Monitor, path: bytes) -> None:
    client = Client(monitor.url(), path)
    monitor.wait_until(WAITING, "Waiting 1")
    client.close()
    monitor.wait_until(WAITING, "Waiting 0")


def test_the_table_is_filtered_while_rows_arrive(monitor: Monitor) -> None:
    for path in (b"/slow/1", b"/fast/1"):
        interrupt(monitor, path)
    monitor.wait_until("rows()", 2)
    monitor.ask("find('filter_box').setText('path:/slow')")
    assert monitor.ask("[cells(row)[2] for row in range(rows())]") == ["/slow/1"]
    interrupt(monitor, b"/fast/2")
    interrupt(monitor, b"/slow/2")
    monitor.wait_until("rows()", 2)
    monitor.wait_until("find('filter_count').text()", "2 of 4")

    monitor.ask("find('filter_box').setText('path:/slow (')")
    assert monitor.ask("find('filter_problem').text()") == "The parenthesis is not closed."
    assert monitor.ask("rows()") == 2

    monitor.ask("press('filter_box', 'Escape')")
    monitor.wait_until("rows()", 4)


def test_clearing_takes_the_hidden_rows_too(monitor: Monitor) -> None:
    interrupt(monitor, b"/slow")
    monitor.ask("find('filter_box').setText('nowhere')")
    monitor.wait_until("find('empty_hint_title').text()", "No row matches the filter.")
    monitor.ask("click('clear_action')")
    monitor.wait_until("find('rows_kept').text()", "0 rows")
    monitor.ask("find('filter_box').clear()")
    assert monitor.ask("rows()") == 0
