"""Requests that wait can be seen and controlled, and the outcome of the others is shown."""

from __future__ import annotations

from tests.end_to_end.monitor import Client, running


def test_a_request_that_waits_is_finished_by_a_person() -> None:
    with running("--delay", "3600") as monitor:
        client = Client(monitor.url(), b"/slow")
        monitor.ask("click('waiting_action')")
        monitor.wait_until("find('waiting_view').model().rowCount()", 1)
        assert monitor.ask("find('waiting_view').model().index(0, 1).data()") == "/slow"
        monitor.ask("find('waiting_view').selectRow(0)")
        monitor.ask("click('waiting_finish_now_action')")
        assert b"Sorry to keep you waiting." in client.answer()
        monitor.wait_until("find('waiting_view').model().rowCount()", 0)
        monitor.wait_for_counts("Waiting 0", "Answered 1", "Interrupted 0 (0 %)")


def test_a_client_is_dropped_by_a_person_and_its_work_is_cancelled() -> None:
    with running("--delay", "3600") as monitor:
        client = Client(monitor.url(), b"/slow")
        monitor.ask("click('waiting_action')")
        monitor.wait_until("find('waiting_view').model().rowCount()", 1)
        monitor.ask("find('waiting_view').selectRow(0)")
        monitor.ask("click('waiting_abort_action')")
        monitor.wait_until("rows()", 1)
        assert monitor.ask("cells(0)")[6:] == ["aborted by this server", "cancelled cleanly"]
        client.close()
