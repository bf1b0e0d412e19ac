"""Launch, interrupt, watch, open, adjust."""

from __future__ import annotations

import time

from tests.end_to_end.monitor import Client, Monitor, running, start_client_process

ALL_OVER = "find('counter_waiting').text()"


def test_every_interruption_is_exactly_one_row() -> None:
    with running("--delay", "60") as monitor:
        url = monitor.url()
        answered = [Client(url, b"/answered/%d" % number) for number in range(80)]
        first = [Client(url, b"/left/%d" % number) for number in range(55)]
        monitor.wait_until(ALL_OVER, "Waiting 135")
        for number, client in enumerate(first):
            client.close() if number % 2 else client.reset()
        monitor.wait_until("rows()", 55)

        for row in (2, 1, 0):  # the rest comes while three rows are open
            monitor.ask(f"find('interruptions_view').model().toggle({row})")
        extra = monitor.ask("rows()") - 55
        assert extra > 0
        second = [Client(url, b"/left/%d" % number) for number in range(55, 110)]
        killed = [start_client_process(url) for _ in range(10)]
        monitor.wait_until("find('counter_interrupted').text()[:14]", "Interrupted 55")
        for number, client in enumerate(second):
            client.close() if number % 2 else client.reset()
        for process in killed:
            process.kill()
            process.wait()

        monitor.wait_until("find('counter_interrupted').text()[:15]", "Interrupted 120")
        monitor.ask("find('also_waiting_check').setChecked(True)")
        monitor.ask("click('delay_preset_0')")
        for client in answered:
            assert client.answer().startswith(b"HTTP/1.1 200 OK")
        monitor.wait_until("rows()", 120 + extra)
        monitor.wait_for_counts("Waiting 0", "Answered 80", "Interrupted 120 (60 %)")
        monitor.ask("find('interruptions_view').model().close_all()")
        paths = monitor.ask("[cells(row)[2] for row in range(rows())]")
        assert sorted(paths) == sorted(
            [f"/left/{number}" for number in range(110)] + ["/killed"] * 10
        )


def test_a_row_shows_the_facts_and_opens_into_its_story(monitor: Monitor) -> None:
    client = Client(monitor.url(), b"/report?year=2026")
    monitor.wait_until(ALL_OVER, "Waiting 1")
    time.sleep(0.05)
    client.close()
    monitor.wait_until("rows()", 1)
    moment, method, path, address, waited, delay, reason, outcome = monitor.ask("cells(0)")
    assert moment.count(":") == 2
    assert (method, path) == ("GET", "/report?year=2026")
    assert address.startswith("127.0.0.1:")
    assert 0.05 <= float(waited.removesuffix(" s")) < 10
    assert (delay, reason) == ("30.000 s", "closed by the client")
    assert outcome == "cancelled cleanly"

    monitor.ask("press('interruptions_view', 'Return', row=0)")
    opened = monitor.ask("rows()")
    assert opened > 5
    monitor.ask("press('interruptions_view', 'Left', row=0)")
    assert monitor.ask("rows()") == 1
    monitor.ask("press('interruptions_view', 'Right', row=0)")
    assert monitor.ask("rows()") == opened
    monitor.ask("press('interruptions_view', 'C', row=0)")
    monitor.ask("click('copy_action')")
    copied = monitor.ask("QApplication.clipboard().text()")
    for part in ("GET /report?year=2026", "DelayedResource.render_GET", "probe/1", "Traceback"):
        assert part in copied
    monitor.wait_for_log("Async response demo interrupted response")
    monitor.wait_for_log("Failure: twisted.internet.error.ConnectionDone")


def test_buttons_change_the_delay_while_it_runs(monitor: Monitor) -> None:
    url = monitor.url()
    waiting = Client(url, b"/before")
    monitor.wait_until(ALL_OVER, "Waiting 1")
    monitor.ask("click('delay_preset_0_5')")
    assert monitor.ask("find('delay_spin_box').value()") == 0.5
    began = time.monotonic()
    assert Client(url).answer().endswith(b"Sorry to keep you waiting.")
    assert time.monotonic() - began >= 0.5
    monitor.ask("click('delay_preset_0')")
    assert Client(url).answer().startswith(b"HTTP/1.1 200 OK")
    monitor.ask("click('delay_plus')")
    assert monitor.ask("find('delay_spin_box').value()") > 0
    monitor.ask("click('delay_minus')")
    assert monitor.ask("find('delay_spin_box').value()") == 0
    waiting.close()
    monitor.wait_until("rows()", 1)
    assert monitor.ask("cells(0)[5]") == "30.000 s"


def test_the_server_stops_and_starts_again(monitor: Monitor) -> None:
    url = monitor.url()
    client = Client(url)
    monitor.wait_until(ALL_OVER, "Waiting 1")
    monitor.ask("click('server_toggle')")
    monitor.wait_until("rows()", 1)
    assert monitor.ask("cells(0)[6]") == "server stopping"
    monitor.wait_until("find('server_toggle').text()", "Start")
    client.socket.close()
    monitor.ask("click('server_toggle')")
    monitor.wait_until("find('server_toggle').text()", "Stop")
    again = monitor.ask("find('server_address').text()")
    Client(again).close()
    monitor.wait_until("rows()", 2)


def test_clear_takes_all_rows_and_leaves_the_counters(monitor: Monitor) -> None:
    url = monitor.url()
    for _ in range(3):
        Client(url).close()
    monitor.wait_until("rows()", 3)
    monitor.ask("click('clear_action')")
    monitor.wait_until("rows()", 0)
    monitor.wait_for_counts("Waiting 0", "Answered 0", "Interrupted 3 (100 %)")
    Client(url, b"/new").close()
    monitor.wait_until("rows()", 1)
    monitor.wait_until("find('undo_clear_action').text()", "&Undo clear of 3 rows")
    monitor.ask("press('main_window', 'Z', ctrl=True)")
    monitor.wait_until("[cells(row)[2] for row in range(rows())]", ["/", "/", "/", "/new"])
    monitor.wait_for_counts("Waiting 0", "Answered 0", "Interrupted 4 (100 %)")


def test_only_the_newest_rows_are_kept() -> None:
    with running("--delay", "30", "--keep", "5") as monitor:
        url = monitor.url()
        for number in range(12):
            Client(url, b"/%d" % number).close()
            monitor.wait_until("find('counter_interrupted').text().split()[1]", f"{number + 1}")
        monitor.wait_until("rows()", 5)
        paths = monitor.ask("[cells(row)[2] for row in range(5)]")
        assert paths == ["/7", "/8", "/9", "/10", "/11"]


def test_the_last_delay_is_there_again_and_an_option_wins() -> None:
    with running() as monitor:
        monitor.url()
        assert monitor.ask("find('delay_spin_box').value()") == 5
        monitor.ask("click('delay_preset_30')")
        assert monitor.end()[0] == 0
    with running() as monitor:
        monitor.url()
        assert monitor.ask("find('delay_spin_box').value()") == 30
    with running("--delay", "1.25") as monitor:
        monitor.url()
        assert monitor.ask("find('delay_spin_box').value()") == 1.25


def test_the_empty_table_shows_a_command_that_works(monitor: Monitor) -> None:
    url = monitor.url()
    assert monitor.ask("find('empty_hint').isVisible()")
    monitor.ask("click('copy_command_action')")
    assert monitor.ask("QApplication.clipboard().text()") == f"curl -m 1 {url}"
    Client(url).close()
    monitor.wait_until("find('empty_hint').isVisible()", False)
